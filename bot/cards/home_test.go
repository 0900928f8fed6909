package cards_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// pages is a page as the golden file shows it.
func pages(sections []chat.Message) string {
	var b strings.Builder
	for _, s := range sections {
		b.WriteString(drawn(s))
	}
	return b.String()
}

// home draws the page of a person of a play, with further releases beside its own.
func (p *play) home(id workflows.PersonID, others ...release.Release) string {
	page := cards.Page{Who: id, Book: p.book, Makes: id == "ana"}
	var works []todo.Work
	for _, r := range append([]release.Release{p.rel}, others...) {
		w := todo.Work{Release: r}
		if r.ID == p.rel.ID {
			w.Briefing = p.brief
		}
		works = append(works, w)
		page.Open = append(page.Open, todo.Waiting(id, r, p.book, p.now))
	}
	v := p.view()
	v.Me = id
	page.Entries = todo.For(id, works, p.book, v.Week, p.now)
	return pages(cards.Home(page, v))
}

// TestHome draws people's own pages while a feature goes its way.
func TestHome(t *testing.T) {
	pg := page{t: t}
	other := begin(t, team())
	other.do("ben", release.New{ID: "app@1.0.0", Template: "simple", Why: "small", Title: "Faster export of what people wrote down, in every format that there is", Target: monday.Add(2 * 24 * time.Hour)})
	other.rel.Number = 16
	p := begin(t, team())
	p.do("ana", release.New{ID: "app@invoices", Template: "feature", Title: "Invoices"})
	all := func(heading string) {
		for _, id := range []workflows.PersonID{"ana", "ben", "mia"} {
			pg.show(heading+": "+string(id), p.home(id, other.rel))
		}
	}
	all("nothing is signed")
	p.do("ana", release.Assign{Item: "preliminary-docs", Owner: "mia", Due: monday.Add(3 * 24 * time.Hour)})
	p.do("ana", release.Ask{Item: "audit", Who: "ben", Note: "please"})
	p.do("ben", release.Sign{Items: []string{"util"}, Value: release.NeedsWork, Note: "no dashboard"})
	p.do("ana", release.PlanItem{Item: "prod", Owner: "mia", Due: monday.Add(9 * 24 * time.Hour), What: "the second half"})
	p.do("ana", release.ScopeAdd{What: "#12", Title: "Totals", For: []string{"@mia"}})
	p.now = p.now.Add(30 * time.Hour)
	all("arranged")
	p.do("mia", release.HoldOn{Why: "wrong totals"})
	all("on hold")
	p.do("ana", release.Resume{})
	p.do("ana", notes.Draft{})
	p.do("ana", briefing.Draft{Fields: briefing.Fields{Changes: "Invoices.", Help: "Ask."}})
	p.do("ana", briefing.Send{})
	all("briefed")
	pg.show("nothing is open", pages(cards.Home(cards.Page{Who: "ana", Book: p.book, Makes: true}, p.view())))

	rows := []release.Row{{ID: "app@2.0.0", Stage: workflows.Before}, {ID: "app@invoices", Stage: workflows.Preview}, {ID: "app@1.0.0", Stage: workflows.Closed}}
	pg.show("an unknown account", pages(cards.PublicHome(rows, cards.Stranger(todo.Viewer{Join: "people: in readyroom.yaml"}, "slack/T1/U9"))))
	pg.show("no role", pages(cards.PublicHome(nil, cards.Stranger(todo.Viewer{Known: true, Person: workflows.Person{ID: "rob"}}, "slack/T1/U9"))))
	pg.show("as one message", drawn(cards.Joined(cards.PublicHome(rows, []string{"a line"}))))
	pg.equals("home")
}

// TestHomeIsShort: of many entries the first are shown, and what shows the others.
func TestHomeIsShort(t *testing.T) {
	p := begin(t, team())
	p.do("ana", release.New{ID: "app@1.0.0"})
	page := cards.Page{Who: "ana", Book: p.book}
	for i := range 40 {
		r := p.rel
		r.ID, r.Number = workflows.ReleaseID(fmt.Sprintf("app@1.%d", i)), uint64(100+i)
		page.Open = append(page.Open, todo.Waiting("ana", r, p.book, p.now))
		page.Open[i].Items = release.Check(r, p.book, p.now).Open()
		page.Entries = append(page.Entries, todo.Entry{Release: r.ID, Kind: todo.Sign, Items: strings.Split(strings.Repeat("item,", 60), ","), Line: "sign app@1 item"})
	}
	for _, m := range cards.Home(page, p.view()) {
		if len(m.Lines) != 11 || !strings.HasPrefix(m.Lines[10], "… and ") || len(m.Buttons) > 11 {
			t.Errorf("%d lines, %d buttons, the last line %q", len(m.Lines), len(m.Buttons), m.Lines[len(m.Lines)-1])
		}
		for _, l := range m.Lines {
			if len(l) > 200 {
				t.Errorf("a long line: %s", l)
			}
		}
	}
	if m := cards.PublicHome(make([]release.Row, 40), nil)[0]; len(m.Lines) != 11 {
		t.Errorf("%d public lines", len(m.Lines))
	}
}
