package cards_test

import (
	"fmt"
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
)

// TestIssues draws what is answered to who has issues and others follow, what the lists say of what was said there, and what
// `scope add` says of where it is told.
func TestIssues(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	p.do("ana", release.New{ID: "app@invoices", Template: "feature"})
	lists := func(heading string) {
		pg.show(heading+": scope", drawn(cards.Scope(p.rel, func(workflows.ReleaseID) string { return "" }, p.said, home, p.view())))
		pg.show(heading+": feedback", drawn(cards.Feedback(p.rel, p.said, p.book, p.view(), line)))
	}
	add := func(heading string, w release.ScopeAdd) {
		r := p.receipt("ana", w)
		pg.show(heading, drawn(cards.ScopeAdded(r.Events, p.rel, home)), drawn(cards.ScopeAdded(r.Events, p.rel, workflows.Home{})))
	}
	add("for an issue", release.ScopeAdd{What: "#12", Title: "Totals", For: []string{"@mia", "https://github.com/acme/app/issues/14"}})
	add("for nobody", release.ScopeAdd{What: "ABC-7"})
	add("for who is elsewhere", release.ScopeAdd{What: "https://github.com/acme/lib/issues/77", For: []string{"https://tickets.example.org/7", "#14"}})
	p.found.Planned = nil
	for n := range 12 {
		p.found.Planned = append(p.found.Planned, workflows.Planned{Ref: fmt.Sprint("#", 100+n), For: []string{fmt.Sprint("https://tickets.example.org/t/", n)}})
	}
	from := p.receipt("ana", release.ScopeFrom{Milestone: "1.0"})
	pg.show("from a milestone", drawn(cards.ScopeAdded(from.Events, p.rel, home)))
	for n := 4; n < 16; n++ {
		p.do("ana", release.ScopeDrop{N: n, Why: "too much"})
	}
	follow := func(heading string, w feedback.Wish) {
		r := p.receipt("ana", w)
		pg.show(heading, drawn(cards.FollowsFor(p.rel, r.Events[0].Event, line)))
	}
	follow("an issue follows", feedback.FollowIssue{Ref: "#20"})
	follow("an issue waits until it ships", feedback.FollowIssue{Ref: "#21", Want: feedback.Ships})
	follow("no longer", feedback.FollowIssue{Ref: "#21", Want: feedback.Off})
	follow("somebody follows", feedback.Invite{Who: "mia", Want: feedback.Preview})
	lists("nothing was said")
	p.signAll("ana", "ben")
	p.do("ana", release.Advance{})
	p.do("", feedback.Inform{News: feedback.Opened, Asked: p.rel.Issues(home)})
	lists("on its way")
	p.commented(12, workflows.Done, "")
	p.commented(14, workflows.Refused, "the issue is locked")
	p.commented(20, workflows.Unclear, "HTTP status 502")
	pg.show("the manager", drawn(cards.Unsaid(p.past[len(p.past)-1], p.rel)), drawn(cards.Unsaid(p.past[len(p.past)-2], p.rel)))
	lists("said, refused and unclear")
	p.do("ben", release.RollBack{Why: "errors"})
	p.do("", feedback.Inform{News: feedback.TakenBack, Asked: p.rel.Issues(home)})
	p.commented(12, workflows.Done, "")
	lists("taken back")
	pg.equals("issues")
}
