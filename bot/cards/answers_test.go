package cards_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// TestQuestions draws what is asked before every step towards danger, and its dry run. A wish that asks and has no
// words of its own fails.
func TestQuestions(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	ask := func(by workflows.PersonID, wish workflows.Intent) workflows.Receipt {
		t.Helper()
		if !p.asks(wish) {
			t.Errorf("%T does not ask", wish)
		}
		r := p.receipt(by, wish, workflows.Told{Place: general, What: "x"}, workflows.Told{Place: "console/@mia", What: "x"})
		r.Confirm = &workflows.Pending{Key: "k3f9abcd", By: by, Until: p.now.Add(2 * time.Minute)}
		return r
	}
	show := func(heading string, r workflows.Receipt) {
		t.Helper()
		asked := cards.Question(r, p.view())
		if strings.Contains(asked.Title, "Go on?") {
			t.Errorf("%s: nothing words this question", heading)
		}
		dry := r
		dry.Dry = true
		pg.show(heading, drawn(asked), drawn(cards.DryRun(cards.Question(dry, p.view()), r.Told)))
	}
	shown := map[string]workflows.Receipt{}
	p.do("ana", release.New{ID: "app@invoices"})
	p.do("ana", flag.New{Key: "invoices"})
	gone := *p
	gone.watch = nil
	r := gone.receipt("ana", release.Set{Cancelled: true, Note: "superseded"})
	r.Confirm = &workflows.Pending{Key: "k3f9abcd", By: "ana", Until: p.now}
	show("cancel", r)
	for heading, wish := range map[string]release.Wish{
		"waive":           release.Waive{Item: "tests", Owner: "mia", Until: monday.Add(48 * time.Hour), Why: "the runner is down"},
		"break the glass": release.BreakGlass{Why: "nobody can log in"},
		"less care":       release.Set{Risk: policy.Low, Note: "a page of text"},
		"a checklist":     release.Set{Template: "hotfix"},
	} {
		other := *p
		other.watch = nil
		if heading == "less care" {
			other.do("ana", release.Set{Risk: policy.Normal})
		}
		if !other.asks(wish) {
			t.Errorf("%s is not asked", heading)
		}
		r := other.receipt("ana", wish, workflows.Told{Place: general, What: "x"})
		r.Confirm = &workflows.Pending{Key: "k3f9abcd", By: "ana", Until: p.now, Typed: map[bool]string{true: "invoices"}[heading == "waive"]}
		shown[heading] = r
	}
	for _, heading := range slices.Sorted(maps.Keys(shown)) {
		show(heading, shown[heading])
	}
	p.signAll("ana", "ben")
	show("release to everyone", ask("ana", release.Advance{}))
	p.do("ana", flag.Set{Percent: 10})
	show("a flag to everyone", ask("ben", flag.Set{Percent: 100}))
	p.do("ana", notes.Draft{})
	p.do("ana", notes.Approve{})
	show("publish", ask("ana", notes.Publish{}))
	p.do("ana", briefing.Draft{Fields: briefing.Fields{Changes: "Invoices", Help: "Ask"}})
	show("send the briefing", ask("ana", briefing.Send{}))
	back := ask("ben", release.RollBack{Why: "totals"})
	p.do("", flag.SetBack{Cause: "rollback"})
	back.Follows = p.past[len(p.past)-1:]
	show("roll back", back)
	undo := cards.Refusal(workflows.Refuse(workflows.Unchanged, "x"))
	cards.AddUndo(&undo, *back.Confirm, p.view())
	pg.show("undo", drawn(undo))
	pg.equals("questions")
}

// asks reports whether the wish's room wants a press first.
func (p *play) asks(wish workflows.Intent) bool {
	switch w := wish.(type) {
	case release.Wish:
		return release.Asks(p.rel, w, nil)
	case flag.Wish:
		return flag.Asks(p.flag, w, flag.Facts{Environments: envs})
	case notes.Wish:
		return notes.Asks(p.notes, w, notes.Facts{})
	case briefing.Wish:
		return briefing.Asks(p.brief, w, briefing.Facts{})
	}
	return false
}

// TestAnswers draws what whoever did something is told.
func TestAnswers(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	signed := func(heading string, by workflows.PersonID, s release.Sign) {
		events := p.do(by, s)
		pg.show(heading, drawn(cards.Signed(events, p.rel, p.book, p.view(), line)))
	}
	set := func(heading string, s release.Set) {
		pg.show(heading, drawn(cards.Set(p.receipt("ana", s))))
	}
	arranged := func(heading string, by workflows.PersonID, w release.Wish) {
		events := p.do(by, w)
		pg.show(heading, drawn(cards.Arranged(events, p.rel, p.book, p.view(), line)))
	}
	flagged := func(heading string, w flag.Wish) {
		r := p.receipt("ana", w)
		pg.show(heading, drawn(cards.FlagChanged(r.Before.(flag.Flag), r.After.(flag.Flag), p.view())))
	}
	p.found.Commit = workflows.Commit{}
	p.do("ana", release.New{ID: "app@2.0.0", Template: "hotfix"})
	pg.show("a card without a candidate", p.card())
	p.found.Commit = first
	before := p.rel
	p.do("ana", release.SetCandidate{Ref: "HEAD"})
	pg.show("the first candidate", drawn(cards.Moved(before, p.rel, p.facts("ana"), p.view(), line, false)))
	p.found.Commit, before = second, p.rel
	p.do("ana", release.SetCandidate{Ref: "HEAD"})
	pg.show("a candidate that nobody voted on", drawn(cards.Moved(before, p.rel, p.facts("ana"), p.view(), line, false)))
	target, title := monday.Add(4*24*time.Hour+8*time.Hour), "Totals"
	set("set", release.Set{Target: &target, Title: &title})
	signed("needs work", "ben", release.Sign{Items: []string{"way"}, Value: release.NeedsWork, Note: "who would do it?"})
	signed("one of several", "ana", release.Sign{Items: []string{"tests"}})
	signed("a later gate", "ben", release.Sign{Items: []string{"retrospective"}})
	signed("the last two", "ana", release.Sign{Items: []string{"way", "on-call"}})
	pg.show("one person is not enough", p.card())
	p.found.Commit, before = first, p.rel
	p.do("ana", release.SetCandidate{Ref: "HEAD"})
	pg.show("a candidate that ends a vote", drawn(cards.Moved(before, p.rel, p.facts("ana"), p.view(), line, false)))
	signed("withdrawn", "ana", release.Sign{Items: []string{"on-call"}, Value: release.Withdraw})
	p.do("mia", release.HoldOn{Why: "wait"})
	signed("signed while on hold", "ben", release.Sign{Items: []string{"tests"}})
	flagged("a flag is made", flag.New{Key: "invoices"})
	flagged("a flag expires", flag.Expire{Never: true})
	flagged("a flag in an earlier environment", flag.Set{Env: "staging", Percent: 100})
	flagged("a flag is killed", flag.Kill{Note: "wrong"})
	arranged("an item is added", "mia", release.AddItem{Key: "runbook"})
	arranged("an item is assigned", "ana", release.Assign{Item: "runbook", Owner: "mia", Due: target})
	arranged("a signature is asked for", "ana", release.Ask{Item: "runbook", Who: "ben"})
	arranged("an item is waived", "ana", release.Waive{Item: "runbook", Owner: "mia", Until: target, Why: "nobody is on call before Friday"})
	arranged("an item is planned", "ana", release.PlanItem{Item: "on-call", Owner: "ben", Due: target, What: "a rota for the holidays"})
	arranged("an item is moved", "ana", release.MoveItem{Item: "runbook", Gate: "ga.done"})
	pg.show("a card with all of that", p.card())
	set("more care", release.Set{Risk: policy.High})
	arranged("a waiver that wants a second word", "ana", release.Waive{Item: "compliance", Owner: "mia", Until: target, Why: "the auditor is on leave"})
	set("less care", release.Set{Risk: policy.Low, Note: "an internal tool"})
	set("a new manager", release.Set{Manager: "ben"})
	cancelled := p.receipt("ben", release.Set{Cancelled: true, Note: "superseded"})
	would := cards.Set(cancelled)
	pg.show("cancelled", drawn(would))
	pg.show("a dry run of it", drawn(cards.DryRun(would, []workflows.Told{{Place: general, What: "card", Edit: true}, {Place: "console/@mia", What: "held"}})))
	pg.show("a card after it was cancelled", p.card(), publicly(cards.PublicCard(p.rel)))
	pg.equals("answers")
}
