package cards_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// TestFeedback draws what is answered to who says something, plans and settles, and what the card, the check and a vote
// say of it.
func TestFeedback(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	p.do("ana", release.New{ID: "app@invoices", Template: "feature"})
	list := func() string { return drawn(cards.Feedback(p.rel, p.said, p.book, p.view(), line)) }
	all := func(heading string) {
		pg.show(heading, list(), publicly(cards.PublicFeedback(p.rel.ID, p.said.Counts())))
		for _, fact := range cards.FeedbackFacts([]string{"feedback", "tests", "leftovers"}, p.said.Counts(), line) {
			pg.show(heading+": beside the votes", fact+"\n")
		}
	}
	all("nothing was said")
	p.outside("slack/T1/U9", feedback.Add{Text: "the totals\nare off by \u200da cent", Link: "https://forum.example.org/t/7"})
	pg.show("heard", publicly(cards.FeedbackHeard(p.rel.ID, 1)))
	all("one thing")
	p.do("zoe", feedback.Add{Text: "more colours"})
	p.do("mia", feedback.Add{Text: strings.Repeat("It stops. ", 90)})
	p.do("ana", feedback.Add{Text: "it is slow"})
	arranged := func(heading string, by workflows.PersonID, w feedback.Wish) {
		r := p.receipt(by, w)
		pg.show(heading, drawn(cards.FeedbackArranged(r.Events, p.said, line)))
	}
	arranged("planned", "ana", feedback.PlanFor{N: 3, Owner: "ben", Due: monday.AddDate(0, 0, 11)})
	arranged("planned with what", "ana", feedback.PlanFor{N: 1, Owner: "mia", Due: monday.AddDate(0, 0, 4), What: "round at the end"})
	arranged("settled", "ana", feedback.Settle{N: 2, What: "there are nine"})
	all("four things")
	pg.show("the card", p.card())
	arranged("the last that had no plan", "ana", feedback.Settle{N: 4})
	p.now = monday.AddDate(0, 0, 8)
	all("a plan is late")
	entries := todo.For("mia", []todo.Work{{Release: p.rel, Feedback: p.said}}, p.book, p.view().Week, p.now)
	pg.show("to do", drawn(cards.Todo("mia", entries, p.view())))
	arranged("open again", "ana", feedback.PlanFor{N: 2, Owner: "ben", Due: monday.AddDate(0, 0, 11)})
	for _, n := range []int{1, 2, 3} {
		arranged("all is settled", "ana", feedback.Settle{N: n})
	}
	all("all is settled")
	for i := range 42 {
		p.do("ana", feedback.Add{Text: fmt.Sprint("thing ", i)})
	}
	pg.show("more than a list shows", list())
	pg.equals("feedback")
}

// outside has an account that nobody here bears say something.
func (p *play) outside(by workflows.Handle, w feedback.Add) {
	p.t.Helper()
	id := workflows.PersonID(strings.ToLower(strings.ReplaceAll(string(by), "/", ".")))
	events, err := feedback.Decide(p.said, w, feedback.Facts{Now: p.now, Actor: workflows.Actor{Person: id, Handle: by}, At: general, Release: p.rel.ID,
		Stage: p.rel.Stage(), Commit: first.ID, Book: p.book})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range events {
		r := p.record(id, e)
		r.By.Handle = by
		p.said.Entries[len(p.said.Entries)-1].Account = by
	}
}

// TestFeedbackInPublic: whatever was said, planned and answered, and by whom, anyone reads the same numbers.
func TestFeedbackInPublic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := func() feedback.Feedback {
			person := func(what string) workflows.PersonID {
				return workflows.PersonID(rapid.StringMatching(`[a-z]{1,8}`).Draw(t, what))
			}
			b := feedback.Feedback{Release: "app@invoices"}
			for i := range 3 {
				e := feedback.Entry{N: i + 1, Text: secret(t, "text"), Link: secret(t, "link"), By: person("by"), Account: workflows.Handle(secret(t, "account")),
					At: moment(t, "at"), Place: workflows.Place(secret(t, "place")), Commit: secret(t, "commit")}
				if i > 0 && rapid.Bool().Draw(t, "planned") {
					e.Plan = &feedback.Plan{Owner: person("owner"), Due: moment(t, "due"), What: secret(t, "what")}
				}
				if i == 2 {
					e.Done = &feedback.Settlement{What: secret(t, "how"), By: person("settler"), At: moment(t, "settled")}
				}
				b.Entries = append(b.Entries, e)
			}
			return b
		}
		one, two := said(), said()
		if diff := cmp.Diff(publicly(cards.PublicFeedback(one.Release, one.Counts())), publicly(cards.PublicFeedback(two.Release, two.Counts()))); diff != "" {
			t.Fatalf("what was said shows in public:\n%s", diff)
		}
	})
}

// TestFeedbackIsNoNews: nothing of it is posted where anyone reads.
func TestFeedbackIsNoNews(t *testing.T) {
	r := release.Release{ID: "app@invoices"}
	for _, e := range feedback.Events() {
		for _, x := range feedback.Tell(feedback.Feedback{Release: r.ID}, workflows.Recorded{Event: e, Header: workflows.Header{Stream: "feedback/app@invoices", At: time.Time{}}}) {
			if m, ok := cards.PublicPost(x.What, e, r); ok {
				t.Errorf("%s tells the public by %s: %+v", e.Kind(), x.What, m)
			}
		}
	}
}
