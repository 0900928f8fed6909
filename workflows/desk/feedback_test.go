package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
	"github.com/readyroom/readyroom/workflows/todo"
)

// preview is a house with a release that eve, whom nobody knows, has something to say about.
func preview(t *testing.T) *house {
	h := newHouse(t, coded)
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	return h
}

func (h *house) said(id workflows.ReleaseID) feedback.Feedback {
	h.Helper()
	b, err := h.Feedback(context.Background(), id)
	ok(h, err)
	return b
}

// Somebody whom nobody knows says something: it is on record by their account, under the id that the account would have,
// and under no other's. What they are refused leaves nothing, and no other wish is theirs.
func TestAnybodySays(t *testing.T) {
	h := preview(t)
	a := h.ask("eve", "app@search", feedback.Add{Text: "it is slow"})
	a.At = "chat/#news" // a public place
	got := h.must(a)
	id := team.PersonID("chat/eve")
	if by := got.Events[0].By; by != (workflows.Actor{Person: id, Handle: "chat/eve"}) {
		t.Errorf("by %+v", by)
	}
	last := h.ledger()[len(h.ledger())-1]
	if last.By.Person != id || last.Stream != "feedback/app@search" {
		t.Errorf("%+v", last.Header)
	}
	want := []feedback.Entry{{N: 1, Text: "it is slow", By: id, Account: "chat/eve", Outside: true, At: h.now, Place: "chat/#news", Stage: workflows.Before,
		Commit: h.release("app@search").Candidate.Commit.ID}}
	if diff := cmp.Diff(want, h.said("app@search").Entries); diff != "" {
		t.Error(diff)
	}
	if again := h.must(a); !again.Again || len(h.said("app@search").Entries) != 1 {
		t.Errorf("the same request again: %+v", again)
	}
	due := h.now.AddDate(0, 0, 3)
	h.unchanged("a stranger who is refused", func() {
		h.refuses(h.ask("eve", "app@search", feedback.Add{Text: "it is slow"}), workflows.Unchanged)
		h.refuses(h.ask("eve", "app@search", feedback.Add{Text: strings.Repeat("a", feedback.MaxText+1)}), workflows.Invalid)
		h.refuses(h.ask("eve", "app@nothing", feedback.Add{Text: "x"}), workflows.UnknownRelease)
		h.refuses(h.ask("eve", "app@search", feedback.PlanFor{N: 1, Owner: "mia", Due: due}), workflows.UnknownPerson)
		h.refuses(h.ask("eve", "app@search", feedback.Settle{N: 1}), workflows.UnknownPerson)
		dry := h.ask("eve", "app@search", feedback.Add{Text: "it crashes"})
		dry.Dry = true
		h.must(dry)
	})
}

// An account that turns out to be somebody's said what it said as theirs: the same is not taken again.
func TestWhoSaidItTurnsOut(t *testing.T) {
	h := preview(t)
	h.must(h.by("other/T9/EVE", feedback.Add{Text: "it is slow"}))
	h.link("mia", "other/T9/EVE")
	h.refuses(h.ask("mia", "app@search", feedback.Add{Text: "it is slow"}), workflows.Unchanged)
	h.must(h.ask("leo", "app@search", feedback.Add{Text: "it is slow"}))
}

// A stranger fills their share of one release, and the ledger grows by that much and no more.
func TestAFloodIsBounded(t *testing.T) {
	h := preview(t)
	before := len(h.ledger())
	for i := range 3 * feedback.MaxAccount {
		_, err := h.do(h.ask("eve", "app@search", feedback.Add{Text: fmt.Sprint("spam ", i)}))
		if no := refusalOf(err); (no == nil) != (i < feedback.MaxAccount) || no != nil && no.Reason != feedback.Full {
			t.Fatalf("the %d.: %v", i, err)
		}
	}
	if got := len(h.ledger()) - before; got != feedback.MaxAccount {
		t.Errorf("%d events", got)
	}
	h.must(h.ask("mia", "app@search", feedback.Add{Text: "what is all that?"}))
}

// What is planned waits for its owner until it is settled; the owner is told, and nobody else but the card.
func TestAPlanWaitsForItsOwner(t *testing.T) {
	h := preview(t)
	h.must(h.ask("eve", "app@search", feedback.Add{Text: "it is slow"}))
	due := h.now.AddDate(0, 0, 3)
	got := h.must(h.ask("ben", "app@search", feedback.PlanFor{N: 1, Owner: "mia", Due: due, What: "an index"}))
	if told := whats(got.Told); !slices.Contains(told, "feedback-planned chat/@mia") || len(told) != 2 {
		t.Errorf("told: %v", told)
	}
	waits := func(id workflows.PersonID) []todo.Entry {
		all, err := h.Todo(context.Background(), id, h.now)
		ok(t, err)
		return slices.DeleteFunc(all, func(e todo.Entry) bool { return e.Kind != todo.Answer })
	}
	want := []todo.Entry{{Release: "app@search", Kind: todo.Answer, Items: []string{"#1"}, Since: h.now, Due: due, Line: "feedback done app@search 1"}}
	if diff := cmp.Diff(want, waits("mia")); diff != "" {
		t.Error(diff)
	}
	if len(waits("ben")) > 0 {
		t.Error("it waits for who planned it")
	}
	h.must(h.ask("mia", "app@search", feedback.Settle{N: 1}))
	if len(waits("mia")) > 0 {
		t.Error("it waits though it is settled")
	}
}

// Nothing that was said, and nobody who said it, is read in a public channel.
func TestFeedbackIsOfTheTeam(t *testing.T) {
	const secret = "the customer's data was lost"
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	news := h.ask("ana", "app@1.0", release.Set{Here: true})
	news.At = "chat/#news"
	_, _ = h.do(news)
	a := h.ask("eve", "app@1.0", feedback.Add{Text: secret})
	a.At = "chat/#news"
	h.must(a)
	h.must(h.ask("ana", "app@1.0", feedback.PlanFor{N: 1, Owner: "mia", Due: h.now.AddDate(0, 0, 1), What: secret}))
	h.must(h.ask("ana", "app@1.0", feedback.Settle{N: 1, What: secret}))
	f := &chattest.Fake{}
	h.step(f, h.now)
	for _, p := range f.Got() {
		p.Message.Buttons = nil // by which anyone says something, and follows
		if said := fmt.Sprintf("%+v", p.Message); p.Place == "chat/#news" && (strings.Contains(said, secret) || strings.Contains(said, "eve") || strings.Contains(said, "feedback")) {
			t.Errorf("%s reads %s", p.Place, said)
		}
	}
}

// A release that is over takes nothing more; what it left is settled still, and read when it was forgotten.
func TestFeedbackOfWhatIsOver(t *testing.T) {
	h := preview(t)
	h.must(h.ask("ana", "", release.New{ID: "app@2.0", Risk: "low"}))
	h.must(h.ask("eve", "app@2.0", feedback.Add{Text: "it is slow"}))
	h.must(h.ask("eve", "app@2.0", feedback.Add{Text: "it crashes"}))
	h.confirmed(h.ask("ana", "app@2.0", release.Set{Cancelled: true, Note: "not now"}))
	h.refuses(h.ask("eve", "app@2.0", feedback.Add{Text: "more"}), workflows.Over)
	h.refuses(h.ask("ana", "app@2.0", feedback.PlanFor{N: 1, Owner: "mia", Due: h.now.AddDate(0, 0, 1)}), workflows.Over)
	h.must(h.ask("ana", "app@2.0", feedback.Settle{N: 1}))
	h.later(48 * time.Hour)
	pruned, err := h.Prune(context.Background(), h.now, Keep{Closed: time.Hour})
	if err != nil || pruned.Releases != 1 {
		t.Fatal(pruned, err)
	}
	h.must(h.ask("ana", "app@2.0", feedback.Settle{N: 2}))
	if c := h.said("app@2.0").Counts(); c != (feedback.Counts{Done: 2}) {
		t.Errorf("%+v", c)
	}
	if lines, _, err := findings(h.store); err != nil || len(lines) > 0 {
		t.Errorf("%v %v", lines, err)
	}
}

// The evidence of a release holds what was said about it and that those who follow were told, and neither asks who its users
// are nor lists them.
func TestEvidenceHoldsFeedback(t *testing.T) {
	h := preview(t)
	h.must(h.ask("eve", "app@search", feedback.Add{Text: "it is slow"}))
	h.must(h.ask("ana", "app@search", feedback.PlanFor{N: 1, Owner: "mia", Due: h.now.AddDate(0, 0, 1)}))
	h.must(h.ask("mia", "app@search", feedback.Settle{N: 1, What: "an index"}))
	h.must(h.ask("eve", "app@search", feedback.Follow{Want: feedback.Ships}))
	h.must(h.ask("eve", "app@search", feedback.Follow{Want: feedback.Preview}))
	h.must(h.ask("joe", "app@search", feedback.Follow{Want: feedback.Preview}))
	h.must(h.ask("joe", "app@search", feedback.Follow{Want: feedback.Off}))
	h.pass("app@search")
	h.link("mia", "chat/eve")
	b := h.evidence("app@search")
	text, err := b.Text()
	ok(t, err)
	read, err := evidence.Read(text)
	ok(t, err)
	report, err := evidence.Check(read)
	ok(t, err)
	ok(t, evidence.CheckPage(report, evidence.Markdown(report)))
	var heard []string
	for _, e := range report.Timeline {
		if strings.HasPrefix(e.Kind, "feedback.") {
			heard = append(heard, fmt.Sprint(e.Kind, " ", e.Facts["n"], e.Facts["what"], e.Facts["who"], e.Facts["why"], e.Facts["to"]))
		}
	}
	want := []string{"feedback.heard 1it is slow", "feedback.planned 1@mia", "feedback.settled 1an index", "feedback.announced that its tech preview is open1 who follows it"}
	if diff := cmp.Diff(want, heard); diff != "" || len(report.Other) > 0 {
		t.Error(diff, report.Other)
	}
	for _, p := range report.Policies {
		for _, a := range p.People {
			if a.Person == team.PersonID("chat/eve") {
				t.Error("who said something is listed among those who acted")
			}
		}
	}
}

// The need is weighed as the release's risk reads the book: at high risk owners do not stand in for a role nobody has.
func TestOwnersAnswerWhereTheyStandIn(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Book.Roles = map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ben"}}}
	})
	h.must(h.ask("ben", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("eve", "app@1.0", feedback.Add{Text: "it is slow"}))
	h.must(h.ask("ana", "app@1.0", feedback.PlanFor{N: 1, Owner: "ben", Due: h.now.AddDate(0, 0, 1)})) // as owner for the roles nobody has
	h.refuses(h.ask("leo", "app@1.0", feedback.Settle{N: 1}), workflows.NotAllowed)
	h.must(h.ask("ana", "app@1.0", feedback.Settle{N: 1}))
}
