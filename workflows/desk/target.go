package desk

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
)

// fitting is implemented by wishes that make sense for some releases only: a selector that is left out looks among
// those.
type fitting interface{ Fits(release.Row) bool }

// find resolves a release selector: a number, a whole name, a unique prefix; left out, the release bound to the place,
// else the only open one that fits. It never guesses.
func find(tx *storage.Tx, on workflows.Selectors, at workflows.Place, wish workflows.Intent) (release.Row, error) {
	fits := func(release.Row) bool { return true }
	if f, ok := wish.(fitting); ok {
		fits = f.Fits
	}
	if on.Release == "" {
		return implied(tx, at, fits)
	}
	return named(tx, on.Release)
}

func named(tx *storage.Tx, text string) (release.Row, error) {
	product, version, _ := strings.Cut(text, "@")
	if !workflows.ValidID(product) || version != "" && !workflows.ValidVersion(version) {
		return release.Row{}, unknownRelease(tx, text)
	}
	if strings.Trim(text, "0123456789") == "" {
		rows, err := rowsUnder(tx, "release/number/"+text, 1)
		if err == nil && len(rows) == 1 {
			return rows[0], nil
		}
		if err != nil {
			return release.Row{}, err
		}
		return release.Row{}, unknownRelease(tx, text) // a number is no beginning of a name: its release may be over long since
	}
	data, ok, err := tx.Summary(workflows.StreamOf(release.Room, text))
	if err != nil {
		return release.Row{}, fmt.Errorf("summary of %s: %w", text, err)
	}
	if ok {
		return row(data)
	}
	if r, ok, err := forgotten(tx, workflows.ReleaseID(text)); err != nil || ok {
		return r, err
	}
	const few = 10
	for _, key := range []string{release.KeyOpen, release.KeyAll} {
		rows, err := withPrefix(tx, key, text, few)
		switch {
		case err != nil:
			return release.Row{}, err
		case len(rows) == 1:
			return rows[0], nil
		case len(rows) > 1:
			return release.Row{}, which(workflows.Ambiguous, fmt.Sprintf("%s may be any of these", workflows.Display(text, 70)), rows)
		}
	}
	return release.Row{}, unknownRelease(tx, text)
}

func unknownRelease(tx *storage.Tx, text string) error {
	rows, err := rowsUnder(tx, release.KeyOpen, 1000)
	if err != nil {
		return err
	}
	var names []string
	for _, r := range rows {
		names = append(names, string(r.ID))
	}
	ref := workflows.Refuse(workflows.UnknownRelease, fmt.Sprintf("no release is called %s", workflows.Display(text, 70)))
	if ref.Nearest = workflows.Nearest(text, names, 3); len(ref.Nearest) > 0 {
		ref.Type("/release status " + ref.Nearest[0])
	}
	return ref.Type("/release list")
}

// implied finds the release that somebody means who names none.
func implied(tx *storage.Tx, at workflows.Place, fits func(release.Row) bool) (release.Row, error) {
	const few = 25
	bound, err := rowsUnder(tx, release.KeyPlace(at), few)
	switch {
	case err != nil || len(bound) == 1:
		return first(bound), err
	case len(bound) > 1: // one was rolled back after it had let the channel go to the other
		return release.Row{}, which(workflows.WhichRelease, fmt.Sprintf("%d are bound to this channel", len(bound)), bound)
	}
	open, err := rowsUnder(tx, release.KeyOpen, 1000)
	if err != nil {
		return release.Row{}, err
	}
	var fit []release.Row
	for _, r := range open {
		if fits(r) {
			fit = append(fit, r)
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) == 0 && len(open) == 0:
		return release.Row{}, workflows.Refuse(workflows.NoRelease, "nothing is open").Type("/release new PRODUCT@VERSION", "/release list shipped")
	case len(fit) == 0:
		return release.Row{}, workflows.Refuse(workflows.NoRelease, "no open release fits that").Type("/release list")
	}
	return release.Row{}, which(workflows.WhichRelease, fmt.Sprintf("%d are open, and this channel is bound to none", len(fit)), fit[:min(few, len(fit))])
}

func first(rows []release.Row) release.Row {
	if len(rows) == 0 {
		return release.Row{}
	}
	return rows[0]
}

// which lets the asker choose. The lines are completed by whoever knows what was typed.
func which(reason workflows.Reason, why string, rows []release.Row) *workflows.Refusal {
	ref := workflows.Refuse(reason, why)
	for _, r := range rows {
		ref.Choices = append(ref.Choices, workflows.Choice{Label: string(r.ID)})
	}
	return ref
}

func row(data json.RawMessage) (release.Row, error) {
	var r release.Row
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("row of a release: %w", err)
	}
	return r, nil
}

// rowsUnder lists up to limit releases found under a key, in the order of their names.
func rowsUnder(tx *storage.Tx, key string, limit int) ([]release.Row, error) {
	var out []release.Row
	err := tx.Find(key, "", func(_ workflows.Stream, data json.RawMessage) (bool, error) {
		r, err := row(data)
		if err != nil {
			return false, err
		}
		out = append(out, r)
		return len(out) < limit, nil
	})
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", key, err)
	}
	return out, nil
}

// withPrefix lists up to limit releases under a key whose name begins so.
func withPrefix(tx *storage.Tx, key, prefix string, limit int) ([]release.Row, error) {
	var out []release.Row
	// The prefix as a name comes just before every longer one; itself it is none, or it would have been found.
	err := tx.Find(key, workflows.StreamOf(release.Room, prefix), func(_ workflows.Stream, data json.RawMessage) (bool, error) {
		r, err := row(data)
		if err != nil || !strings.HasPrefix(string(r.ID), prefix) {
			return false, err
		}
		out = append(out, r)
		return len(out) < limit, nil
	})
	if err != nil {
		return nil, fmt.Errorf("find %s…: %w", prefix, err)
	}
	return out, nil
}

// releaseOf gives the release that a stream belongs to, as the session has it.
func (s *session) releaseOf(stream workflows.Stream) (release.Release, error) {
	id := stream.ID()
	if stream.Room() == flag.Room {
		w, err := s.on(stream)
		if err != nil {
			return release.Release{}, err
		}
		id = string(w.after.state.(flag.Flag).Release)
	}
	return s.release(workflows.ReleaseID(id))
}

// release gives a release as the session has it; the zero Release when there is none.
func (s *session) release(id workflows.ReleaseID) (release.Release, error) {
	w, err := s.on(workflows.StreamOf(release.Room, string(id)))
	if err != nil {
		return release.Release{}, err
	}
	return w.after.state.(release.Release), nil
}
