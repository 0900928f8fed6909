package cards_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

const (
	general = workflows.Place("console/#general")
	support = workflows.Place("console/#support")
	news    = workflows.Place("console/#news")
)

// A Monday.
var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// play is one release with all that the other rooms hold of it, made by what people wish: cards are drawn from states
// that can come about.
type play struct {
	t       testing.TB
	now     time.Time
	book    *policy.Book
	found   workflows.Found
	base    string // the last candidate in GA of the product
	named   map[string]release.Other
	rel     release.Release
	flag    flag.Flag
	notes   notes.Notes
	brief   briefing.Briefing
	said    feedback.Feedback
	past    []workflows.Recorded
	sites   map[workflows.Environment]release.Site
	checked bool                     // whether machines say anything of commits
	watch   func(workflows.Recorded) // sees each event with the states right after its act
	forge   notes.Outside            // where notes go beside the channels
	as      workflows.ReleaseID      // of the notes, where they are of a version
}

// alone is the book of a console without a configuration.
func alone() *policy.Book {
	return &policy.Book{Owners: []workflows.PersonID{"you"}, People: map[workflows.PersonID]workflows.Person{
		"you": {ID: "you", Name: "You", Code: []string{"you@example.org"}, Handles: []workflows.Handle{"console/you"}}}}
}

// team is a book of four with an audience and a public channel.
func team() *policy.Book {
	person := func(id workflows.PersonID, code ...string) workflows.Person {
		return workflows.Person{ID: id, Code: code, NoCode: len(code) == 0, Handles: []workflows.Handle{"console/" + workflows.Handle(id)}}
	}
	return &policy.Book{
		Owners: []workflows.PersonID{"ana"},
		People: map[workflows.PersonID]workflows.Person{"ana": person("ana", "ana@example.org"), "ben": person("ben", "ben@example.org"),
			"mia": person("mia"), "zoe": person("zoe")},
		Roles: map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana", "ben"}},
			workflows.Support: {People: []workflows.PersonID{"mia"}}},
		Audiences: []policy.Audience{{Name: "news", Place: news, Public: true},
			{Name: "support", People: []workflows.PersonID{"mia", "zoe"}, Place: support, Quota: 80}},
	}
}

func commit(id, subject string, authors ...string) workflows.Commit {
	id += strings.Repeat("0", 40-len(id))
	return workflows.Commit{ID: id, Ref: "HEAD", Tree: "t" + id[1:], Subject: subject, At: monday.Add(-time.Hour), Authors: authors}
}

var (
	older  = commit("7c3d5e0", "fix: dates", "ana@example.org")
	first  = commit("3f2a9c1", "feat: export invoices", "ana@example.org")
	second = commit("8be1d02", "fix: totals", "ben@example.org")
)

func begin(t testing.TB, book *policy.Book) *play {
	return &play{t: t, now: monday, book: book, found: workflows.Found{Commit: first, Branch: "main", Log: []workflows.Commit{first},
		SinceAs: "the beginning"}}
}

// do carries out one wish of a person ("": of the bot) in its room and gives what happened.
func (p *play) do(by workflows.PersonID, wish workflows.Intent) []workflows.Recorded {
	p.t.Helper()
	events, err := p.decide(by, wish)
	if err != nil {
		p.t.Fatalf("%s wishes %#v: %v", by, wish, err)
	}
	var out []workflows.Recorded
	for _, e := range events {
		r := p.record(by, e)
		out = append(out, r)
	}
	for _, r := range out {
		p.past = append(p.past, r)
		if p.watch != nil {
			p.watch(r)
		}
	}
	return out
}

func (p *play) record(by workflows.PersonID, e workflows.Event) workflows.Recorded {
	room, _, _ := strings.Cut(e.Kind(), ".")
	id := string(p.rel.ID)
	switch opened, is := e.(release.Opened); {
	case is:
		id = string(opened.ID)
	case room == flag.Room:
		id = "invoices"
	}
	r := workflows.Recorded{Event: e, Header: workflows.Header{Seq: workflows.Seq(len(p.past) + 1), Stream: workflows.StreamOf(room, id),
		Revision: workflows.Revision(len(p.past) + 1), At: p.now, By: actor(by)}}
	p.rel, p.flag = release.Evolve(p.rel, r), flag.Evolve(p.flag, r)
	p.notes, p.brief, p.said = notes.Evolve(p.notes, r), briefing.Evolve(p.brief, r), feedback.Evolve(p.said, r)
	return r
}

func actor(by workflows.PersonID) workflows.Actor {
	if by == "" {
		return workflows.Actor{Machine: "clock"}
	}
	return workflows.Actor{Person: by}
}

func (p *play) decide(by workflows.PersonID, wish workflows.Intent) ([]workflows.Event, error) {
	standing := p.rel.Standing()
	switch w := wish.(type) {
	case release.Wish:
		return release.Decide(p.rel, w, p.facts(by))
	case flag.Wish:
		if n, is := w.(flag.New); is {
			n.Release = p.rel.ID
			w = n
		}
		return flag.Decide(p.flag, w, flag.Facts{Now: p.now, Actor: actor(by), Standing: standing, Environments: envs})
	case notes.Wish:
		if p.as != "" {
			standing.Release = p.as
		}
		return notes.Decide(p.notes, w, notes.Facts{Outside: p.forge, Manager: p.rel.Manager, May: true, Now: p.now, Actor: actor(by), As: workflows.Engineering, Standing: standing, Title: p.rel.Title,
			Candidate: p.rel.Candidate.Commit.ID, Found: p.found, Channels: []notes.Channel{{Audience: "news", Place: news, Public: true}}})
	case briefing.Wish:
		return briefing.Decide(p.brief, w, briefing.Facts{Now: p.now, Actor: actor(by), Standing: standing, Audiences: todo.Audiences(p.book)})
	}
	if w, is := wish.(feedback.Wish); is {
		f := feedback.Facts{Now: p.now, Actor: actor(by), Inside: p.book.IsMember(by, p.now), At: general, Release: p.rel.ID, Stage: p.rel.Stage(), Over: p.rel.Over(),
			Manager: p.rel.Manager, Book: p.book, Cancelled: p.rel.Cancelled, Previews: p.rel.Previews(),
			Home: home, Account: "console/mia"}
		if by != "" {
			f.Actor.Handle = workflows.Handle("console/" + by)
		}
		if p.rel.Candidate != nil {
			f.Commit = p.rel.Candidate.Commit.ID
		}
		return feedback.Decide(p.said, w, f)
	}
	p.t.Fatalf("no room for %T", wish)
	return nil, nil
}

// home is where the release's product has its issues.
var home = workflows.Home{Host: "github.com", Repository: "acme/app"}

// commented says how the last comment on an issue ended.
func (p *play) commented(n int, fate workflows.Fate, why string) {
	p.t.Helper()
	all := p.said.On(home.Repository, n)
	end := workflows.Acted{What: workflows.ActComment, Data: fmt.Appendf(nil, `{"forge":%q,"issue":%d,"op":%q}`, home.Repository, n, all[len(all)-1].Op), Fate: fate, Why: why}
	if fate == workflows.Done {
		end.Link = fmt.Sprintf("https://github.com/acme/app/issues/%d#issuecomment-1", n)
	}
	p.do("", feedback.Acted{Acted: end})
}

var envs = []workflows.Environment{"staging", "production"}

// receipt carries a wish out and gives what the desk would answer with.
func (p *play) receipt(by workflows.PersonID, wish workflows.Intent, told ...workflows.Told) workflows.Receipt {
	p.t.Helper()
	before := *p
	events := p.do(by, wish)
	r := workflows.Receipt{Stream: events[0].Stream, Events: events, Told: told}
	switch r.Stream.Room() {
	case release.Room:
		r.Before, r.After = before.rel, p.rel
	case flag.Room:
		r.Before, r.After = before.flag, p.flag
	case notes.Room:
		r.Before, r.After = before.notes, p.notes
	case feedback.Room:
		r.Before, r.After = before.said, p.said
	default:
		r.Before, r.After = before.brief, p.brief
	}
	return r
}

// signAll makes the next gate hold: the first signs all there is, the others what still lacks a vote that counts, and
// the last adds theirs where votes of several people are wanted.
func (p *play) signAll(who ...workflows.PersonID) {
	p.t.Helper()
	for _, id := range who {
		for _, s := range p.check().Open() {
			p.do(id, release.Sign{Items: []string{s.Full()}, Evidence: "https://example.org/" + s.Item.Key})
		}
	}
	if v := p.check(); !v.Go && len(v.Open()) == 0 {
		p.do(who[len(who)-1], release.Sign{Items: []string{v.Items[0].Full()}})
	}
}

func (p *play) view() cards.View { return cards.View{Zone: time.UTC, Now: p.now} }

func (p *play) check() release.Verdict { return release.Check(p.rel, p.book, p.now) }

func (p *play) progress() []briefing.AudienceProgress {
	return briefing.Progress(p.brief, todo.Audiences(p.book))
}

func (p *play) whole() cards.Whole {
	w := cards.Whole{Release: p.rel, Book: p.book, Briefing: p.progress(), Feedback: p.said.Counts()}
	if p.flag.Exists() {
		w.Flags = []flag.Flag{p.flag}
	}
	return w
}

func (p *play) card() string { return drawn(cards.Card(p.whole(), p.view())) }

// line writes what is typed where the release is bound.
func line(verb string, words ...string) string {
	return strings.TrimRight("/release "+verb+" "+strings.Join(words, " "), " ")
}

// facts is what the release room decides by when somebody asks.
func (p *play) facts(by workflows.PersonID) release.Facts {
	f := release.Facts{Now: p.now, Zone: time.UTC, Actor: actor(by), At: general, Bind: general, Book: p.book, Templates: release.Templates(),
		Default: release.DefaultTemplate, Found: p.found, Base: p.base, Number: 17, Users: "production", Named: p.named,
		Envs: envs, Sites: p.sites, Forge: release.Forge{Repository: "acme/app", Deploys: map[workflows.Environment]string{"staging": "", "production": "deploy.yml"}},
		Sources: map[release.Source]bool{release.CI: p.checked}}
	if p.flag.Exists() {
		f.Flags = map[workflows.FlagKey]map[workflows.Environment]int{p.flag.Key: p.flag.Percents}
	}
	return f
}
