package desk

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// releaseFacts gathers what the release room decides by.
func (s *session) releaseFacts(t target, by workflows.Actor) (release.Facts, error) {
	f := release.Facts{Now: s.now, Zone: s.zone, Actor: by, As: s.ask.As, Basis: s.ask.Basis, At: s.ask.At, Book: s.book,
		Templates: s.rules.Templates, Raise: s.rules.Raise, Default: s.rules.Default, Found: s.found, Users: users(t.product), Checks: t.product.Forge.Checks,
		Sources: release.Sources(s.rules.Book, t.id.Product()), Lead: s.lead(t.product), Silent: s.d.looks.silence(t.id.Product(), t.product.Forge.Repository, s.now)}
	bound, err := s.boundTo(s.ask.At)
	if err != nil {
		return f, err
	}
	f.Bound = bound
	if f.Selector, err = s.selector(t.id, bound); err != nil {
		return f, err
	}
	if f.Base, err = s.base(t.id.Product(), t.id); err != nil {
		return f, err
	}
	if f.Flags, err = s.percents(t.id); err != nil {
		return f, err
	}
	if err := s.forgeFacts(t, &f); err != nil {
		return f, err
	}
	if !t.release.Exists() {
		return f, s.birthFacts(t, &f)
	}
	return f, nil
}

// birthFacts are those of a release that does not exist yet.
func (s *session) birthFacts(t target, f *release.Facts) error {
	rows, err := rowsUnder(s.tx, release.KeyTwin(t.id), 1)
	if err != nil {
		return err
	}
	f.Twin = first(rows).ID
	for _, place := range []workflows.Place{t.product.Home, s.ask.At} {
		taken, err := s.boundTo(place)
		if err != nil {
			return err
		}
		if taken == "" && place != "" && !place.IsDirect() {
			f.Bind = place
			break
		}
	}
	f.Number, err = s.tx.Next("release")
	return err
}

// severalBound stands for the releases of a channel that more than one is bound to: none of them is implied there.
const severalBound workflows.ReleaseID = "several releases"

// boundTo is the open release that a channel is bound to.
func (s *session) boundTo(p workflows.Place) (workflows.ReleaseID, error) {
	if p == "" {
		return "", nil
	}
	rows, err := rowsUnder(s.tx, release.KeyPlace(p), 2)
	if len(rows) > 1 {
		return severalBound, err
	}
	return first(rows).ID, err
}

// selector is how a line typed at the asker's place names the release: not at all where it is implied.
func (s *session) selector(id, bound workflows.ReleaseID) (string, error) {
	if bound == id || id == "" {
		return "", nil
	}
	if bound == "" {
		rows, err := rowsUnder(s.tx, release.KeyOpen, 2)
		if err != nil || len(rows) == 1 && rows[0].ID == id {
			return "", err
		}
	}
	return string(id), nil
}

// users is the environment users are in.
func users(p Product) workflows.Environment { return environments(p)[len(environments(p))-1] }

func environments(p Product) []workflows.Environment {
	if len(p.Environments) == 0 {
		return []workflows.Environment{"production"}
	}
	return p.Environments
}

// percents is how far each flag of a release is open, by environment.
func (s *session) percents(id workflows.ReleaseID) (map[workflows.FlagKey]map[workflows.Environment]int, error) {
	flags, err := flagsUnder(s.tx, flag.KeyOf(id))
	if err != nil || len(flags) == 0 {
		return nil, err
	}
	out := map[workflows.FlagKey]map[workflows.Environment]int{}
	for _, f := range flags {
		out[f.Key] = f.Percents
	}
	return out, nil
}

func (s *session) flagFacts(t target, by workflows.Actor) flag.Facts {
	return flag.Facts{Now: s.now, Actor: by, Basis: s.ask.Basis, Standing: t.release.Standing(), Environments: environments(t.product)}
}

// flagsUnder lists the flags found under a key.
func flagsUnder(tx *storage.Tx, key string) ([]flag.Flag, error) {
	var out []flag.Flag
	err := tx.Find(key, "", func(_ workflows.Stream, data json.RawMessage) (bool, error) {
		f, err := rooms[flag.Room].thaw(data)
		if err == nil {
			out = append(out, f.(flag.Flag))
		}
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("flags under %s: %w", key, err)
	}
	return out, nil
}

// notesFacts gathers what the notes room decides by.
func (s *session) notesFacts(t target, by workflows.Actor) (notes.Facts, error) {
	f := notes.Facts{Now: s.now, Actor: by, As: s.ask.As, Basis: s.ask.Basis, Standing: t.release.Standing(), Title: t.release.Title,
		Day: notes.Day(t.release.Target, s.now, s.rules.Week.Zone), Found: s.found, Candidate: candidate(t.release), Channels: s.channels(t.release), Counts: t.release.Vouched(release.Notes, by.Person)}
	base, err := s.base(t.id.Product(), t.id)
	if err != nil {
		return f, err
	}
	if base != "" && f.Found.Since == base {
		f.Found.SinceAs = "the last candidate in GA (" + workflows.ShortID(base) + ")"
		if f.Found.Aside {
			f.Found.SinceAs += ", which " + workflows.ShortID(f.Found.Commit.ID) + " does not contain"
		}
	}
	w, err := s.on(workflows.StreamOf(notes.Room, string(t.id)))
	if err != nil {
		return f, err
	}
	if p := w.after.state.(notes.Notes).Planned; p != nil {
		f.May = s.bookOf(t).Allows(p.By, workflows.Manager, t.release.Manager, s.now) == ""
	}
	f.Outside, f.Manager = beyond(t), t.release.Manager
	f.Selector, err = s.selectorFrom(t.id)
	return f, err
}

// ownTag is the tag of a release's version; empty: nothing says how it is called.
func ownTag(t target) string {
	tag, version := t.product.Forge.Tag, t.id.Version()
	if strings.Contains(tag, "v"+TagVersion) { // app@v1.0.0 is not tagged vv1.0.0
		version = strings.TrimPrefix(version, "v")
	}
	return strings.ReplaceAll(tag, TagVersion, version)
}

// beyond is where the notes of a release go beside the channels.
func beyond(t target) notes.Outside {
	forge := t.product.Forge
	o := notes.Outside{Forge: forge.Repository, Releases: forge.Releases, Tag: ownTag(t),
		Branch: t.product.Branch, Changelog: t.product.Changelog}
	if o.Forge == "" {
		o.Repository = t.product.Repository
	}
	return o
}

func candidate(r release.Release) string {
	if r.Candidate == nil {
		return ""
	}
	return r.Candidate.Commit.ID
}

// channels is where notes are published: the public audiences' channels; while no audience is configured, the
// release's own.
func (s *session) channels(r release.Release) []notes.Channel {
	var out []notes.Channel
	for _, a := range s.book.Audiences {
		if a.Public && a.Place != "" {
			out = append(out, notes.Channel{Audience: a.Name, Place: a.Place, Public: true})
		}
	}
	if len(s.book.Audiences) > 0 {
		return out
	}
	for _, p := range r.Places {
		out = append(out, notes.Channel{Place: p})
	}
	return out
}

// briefingFacts gathers what the briefing room decides by.
func (s *session) briefingFacts(t target, by workflows.Actor) (briefing.Facts, error) {
	selector, err := s.selectorFrom(t.id)
	return briefing.Facts{Now: s.now, Actor: by, As: s.ask.As, Basis: s.ask.Basis, Standing: t.release.Standing(), Selector: selector,
		Audiences: todo.Audiences(s.book)}, err
}

// selectorFrom is selector for the ask's own place.
func (s *session) selectorFrom(id workflows.ReleaseID) (string, error) {
	bound, err := s.boundTo(s.ask.At)
	if err != nil {
		return "", err
	}
	return s.selector(id, bound)
}
