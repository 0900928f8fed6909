package feedback_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/policy"
)

// A Monday.
var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// book: ana is engineering, mia of an audience, rob is known and no more; pat turned out to be mia.
func book() *policy.Book {
	b := &policy.Book{Owners: []workflows.PersonID{"own"}, People: map[workflows.PersonID]workflows.Person{},
		Roles:     map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana"}}},
		Audiences: []policy.Audience{{Name: "support", People: []workflows.PersonID{"mia"}}},
		Merged:    map[workflows.PersonID]workflows.PersonID{"pat": "mia"}}
	for _, id := range []workflows.PersonID{"own", "ana", "mia", "rob", "man"} {
		b.People[id] = workflows.Person{ID: id}
	}
	return b
}

func facts(by workflows.PersonID) feedback.Facts {
	b := book()
	return feedback.Facts{Now: monday, Actor: workflows.Actor{Person: by, Handle: workflows.Handle("chat/" + by)}, Inside: b.IsMember(by, monday), At: "chat/#app",
		Release: "app@invoices", Stage: workflows.Preview, Commit: "3f2a9c1", Manager: "man", Book: b, Previews: true}
}

// fold carries events out as somebody's.
func fold(b feedback.Feedback, events []workflows.Event, f feedback.Facts) feedback.Feedback {
	for _, e := range events {
		b = feedback.Evolve(b, record(e, f))
	}
	return b
}

func record(e workflows.Event, f feedback.Facts) workflows.Recorded {
	return workflows.Recorded{Event: e, Header: workflows.Header{Stream: "feedback/app@invoices", At: f.Now, By: f.Actor}}
}

// does carries a wish out that must be.
func does(t *testing.T, b feedback.Feedback, by workflows.PersonID, w feedback.Wish) feedback.Feedback {
	t.Helper()
	events, err := feedback.Decide(b, w, facts(by))
	if err != nil {
		t.Fatalf("%s wishes %+v: %v", by, w, err)
	}
	return fold(b, events, facts(by))
}

func refusal(err error) *workflows.Refusal {
	var no *workflows.Refusal
	if errors.As(err, &no) {
		return no
	}
	return &workflows.Refusal{}
}

var friday = time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC)

func TestALife(t *testing.T) {
	var b feedback.Feedback
	b = does(t, b, "zoe", feedback.Add{Text: " it is slow\r\n", Link: "https://forum.example.org/t/7"})
	b = does(t, b, "mia", feedback.Add{Text: "the totals are wrong"})
	b = does(t, b, "rob", feedback.Add{Text: "more colours"})
	b = does(t, b, "ana", feedback.PlanFor{N: 3, Owner: "mia", Due: friday.AddDate(0, 0, 7), What: "three more"})
	b = does(t, b, "ana", feedback.PlanFor{N: 2, Owner: "pat", Due: friday})
	first := feedback.Entry{N: 1, Text: "it is slow", Link: "https://forum.example.org/t/7", By: "zoe", Account: "chat/zoe", Outside: true, At: monday, Place: "chat/#app",
		Stage: workflows.Preview, Commit: "3f2a9c1"}
	if diff := cmp.Diff(first, b.Entries[0]); diff != "" {
		t.Error(diff)
	}
	if got, want := b.Counts(), (feedback.Counts{Open: 1, Planned: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	numbers := func(entries []feedback.Entry) string {
		var out []string
		for _, e := range entries {
			out = append(out, fmt.Sprint(e.N))
		}
		return strings.Join(out, " ")
	}
	if got := numbers(b.Waiting()); got != "1 2 3" {
		t.Errorf("waiting: %s", got)
	}
	b = does(t, b, "mia", feedback.Settle{N: 2, What: "they add up"})
	b = does(t, b, "man", feedback.Settle{N: 1})
	if got := numbers(b.OwedBy("mia", book())); got != "3" {
		t.Errorf("mia owes %s", got)
	}
	b = does(t, b, "ana", feedback.PlanFor{N: 2, Owner: "ana", Due: friday}) // they did not
	if got := numbers(b.Waiting()); got != "2 3" || b.Entries[1].Done != nil {
		t.Errorf("open again: %s %+v", got, b.Entries[1])
	}
	b = does(t, b, "ana", feedback.Settle{N: 2})
	b = does(t, b, "mia", feedback.Add{Text: "the totals are wrong"}) // and they are again
	if got, want := b.Counts(), (feedback.Counts{Open: 1, Planned: 1, Done: 2}); got != want || got.All() != 4 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What is refused, by whom, and why; every refusal says what to type.
func TestRefused(t *testing.T) {
	var b feedback.Feedback
	b = does(t, b, "zoe", feedback.Add{Text: "it is slow"})
	b = does(t, b, "ana", feedback.Add{Text: "it crashes"})
	b = does(t, b, "ana", feedback.PlanFor{N: 2, Owner: "mia", Due: friday})
	b = does(t, b, "pat", feedback.Add{Text: "as mia"})
	b = does(t, b, "ana", feedback.Settle{N: 3})
	b = does(t, b, "mia", feedback.Add{Text: "of mia"})
	over := func(f *feedback.Facts) { f.Over = true }
	for name, c := range map[string]struct {
		by   workflows.PersonID
		wish feedback.Wish
		with func(*feedback.Facts)
		want workflows.Reason
	}{
		"nothing":                          {"zoe", feedback.Add{Text: " \n"}, nil, workflows.NeedsReason},
		"too much":                         {"zoe", feedback.Add{Text: strings.Repeat("ä", feedback.MaxText+1)}, nil, workflows.Invalid},
		"what turns the writing round":     {"zoe", feedback.Add{Text: "slow \u202e"}, nil, workflows.Invalid},
		"no text":                          {"zoe", feedback.Add{Text: "slow \xff"}, nil, workflows.Invalid},
		"no address":                       {"zoe", feedback.Add{Text: "slow", Link: "javascript:alert(1)"}, nil, workflows.Invalid},
		"an address with a blank":          {"zoe", feedback.Add{Text: "slow", Link: "https://a b"}, nil, workflows.Invalid},
		"a long address":                   {"zoe", feedback.Add{Text: "slow", Link: "https://" + strings.Repeat("a", feedback.MaxLink)}, nil, workflows.Invalid},
		"the same again":                   {"zoe", feedback.Add{Text: "it is slow"}, nil, workflows.Unchanged},
		"the same by another account":      {"pat", feedback.Add{Text: "of mia"}, nil, workflows.Unchanged},
		"about what is over":               {"zoe", feedback.Add{Text: "new"}, over, workflows.Over},
		"a plan for what is over":          {"ana", feedback.PlanFor{N: 1, Owner: "mia", Due: friday}, over, workflows.Over},
		"a plan for nothing":               {"ana", feedback.PlanFor{N: 9, Owner: "mia", Due: friday}, nil, feedback.UnknownEntry},
		"a plan for number 0":              {"ana", feedback.PlanFor{N: 0, Owner: "mia", Due: friday}, nil, feedback.UnknownEntry},
		"a plan for nobody":                {"ana", feedback.PlanFor{N: 1, Owner: "eve", Due: friday}, nil, workflows.UnknownPerson},
		"a plan for one of no role":        {"ana", feedback.PlanFor{N: 1, Owner: "rob", Due: friday}, nil, workflows.NotAllowed},
		"a plan without a date":            {"ana", feedback.PlanFor{N: 1, Owner: "mia"}, nil, workflows.Invalid},
		"a plan for yesterday":             {"ana", feedback.PlanFor{N: 1, Owner: "mia", Due: monday.AddDate(0, 0, -1)}, nil, workflows.Invalid},
		"the same plan":                    {"ana", feedback.PlanFor{N: 2, Owner: "pat", Due: friday}, nil, workflows.Unchanged},
		"a long plan":                      {"ana", feedback.PlanFor{N: 1, Owner: "mia", Due: friday, What: strings.Repeat("a", feedback.MaxWhat+1)}, nil, workflows.Invalid},
		"settled by who is to see to less": {"mia", feedback.Settle{N: 1}, nil, workflows.NotAllowed},
		"settled by one of no role":        {"rob", feedback.Settle{N: 1}, nil, workflows.NotAllowed},
		"what there is not, by one of none": {"rob", feedback.Settle{N: 9}, nil,
			workflows.NotAllowed},
		"settled by who said it":     {"zoe", feedback.Settle{N: 1}, nil, workflows.NotAllowed},
		"settled, what there is not": {"ana", feedback.Settle{N: 9}, nil, feedback.UnknownEntry},
		"settled again":              {"ana", feedback.Settle{N: 3}, nil, workflows.Unchanged},
		"settled with a long word":   {"ana", feedback.Settle{N: 1, What: strings.Repeat("a", feedback.MaxWhat+1)}, nil, workflows.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(c.by)
			if c.with != nil {
				c.with(&f)
			}
			events, err := feedback.Decide(b, c.wish, f)
			if no := refusal(err); no.Reason != c.want || len(events) > 0 || len(no.Next) == 0 {
				t.Errorf("%v %v", events, err)
			}
		})
	}
}

// A date without an hour is good until its day is over.
func TestAPlanForToday(t *testing.T) {
	b := does(t, feedback.Feedback{}, "zoe", feedback.Add{Text: "it is slow"})
	does(t, b, "ana", feedback.PlanFor{N: 1, Owner: "mia", Due: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
}

// Nobody fills the list: one account has its share, those from outside have theirs, and the team always has some left
// until all is taken. What is settled makes room.
func TestTheBounds(t *testing.T) {
	var b feedback.Feedback
	add := func(by workflows.PersonID, n int) workflows.Reason {
		f := facts(by)
		events, err := feedback.Decide(b, feedback.Add{Text: fmt.Sprint("thing ", n)}, f)
		b = fold(b, events, f)
		return refusal(err).Reason
	}
	for n := range feedback.MaxAccount {
		if no := add("zoe", n); no != "" {
			t.Fatalf("thing %d of zoe: %s", n, no)
		}
	}
	if no := add("zoe", 99); no != feedback.Full {
		t.Errorf("one more of zoe: %q", no)
	}
	for n := feedback.MaxAccount; n < feedback.MaxOutside; n++ {
		if no := add(workflows.PersonID(fmt.Sprint("eve", n/10)), n); no != "" {
			t.Fatalf("thing %d from outside: %s", n, no)
		}
	}
	if no := add("rob", 1); no != feedback.Full {
		t.Errorf("one more from outside: %q", no)
	}
	for n := feedback.MaxOutside; n < feedback.MaxOpen; n++ {
		if no := add("ana", n); no != "" {
			t.Fatalf("thing %d of the team: %s", n, no)
		}
	}
	if no := add("mia", 1); no != feedback.Full {
		t.Errorf("one more of the team: %q", no)
	}
	b = does(t, b, "ana", feedback.Settle{N: 1})
	if no := add("zoe", 99); no != "" {
		t.Errorf("zoe, after one was settled: %q", no)
	}
}

// Whom each event tells: the card, and of what is heard nobody else; who follows shows on no card.
func TestTold(t *testing.T) {
	var got []string
	for _, e := range []workflows.Event{feedback.Heard{N: 1}, feedback.Planned{N: 1, Owner: "mia"}, feedback.Settled{N: 1}, feedback.Followed{Account: "chat/zoe"},
		feedback.Unfollowed{}, feedback.Announced{To: []workflows.Handle{"chat/zoe", "chat/guest/joe"}}, feedback.Announced{},
		feedback.IssueFollowed{N: 1}, feedback.IssueUnfollowed{N: 1}, feedback.Informed{On: []feedback.Word{{N: 7}, {N: 8}}}, feedback.Commented{N: 7, Fate: workflows.Done}, feedback.Commented{N: 7, Tells: "man"}} {
		var whats []string
		for _, x := range feedback.Tell(feedback.Feedback{Release: "app@1"}, record(e, facts("ana"))) {
			whats = append(whats, fmt.Sprintf("%s %s%s", x.What, x.To.Release, string(x.To.Person)+string(x.To.Account)))
		}
		got = append(got, e.Kind()+": "+strings.Join(whats, ", "))
	}
	want := []string{"feedback.heard: card app@1", "feedback.planned: card app@1, history app@1, feedback-planned mia", "feedback.settled: card app@1, history app@1",
		"feedback.followed: ", "feedback.unfollowed: ", "feedback.announced: history app@1, followed chat/zoe, followed chat/joe", "feedback.announced: ",
		"feedback.issue_followed: ", "feedback.issue_unfollowed: ", "feedback.informed: history app@1, comment , comment ", "feedback.commented: ", "feedback.commented: unsaid man"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if feedback.Tell(feedback.Feedback{}, workflows.Recorded{}) != nil {
		t.Error("what is not this room's is told")
	}
}

func TestNeeds(t *testing.T) {
	if (feedback.Add{}).Needs() != workflows.Anyone || (feedback.PlanFor{}).Needs() != workflows.Holder || (feedback.Settle{}).Needs() != workflows.Member ||
		(feedback.Follow{}).Needs() != workflows.Anyone || (feedback.Announce{}).Needs() != workflows.Machine || (feedback.Inform{}).Needs() != workflows.Machine ||
		(feedback.Invite{}).Needs() != workflows.Anyone || (feedback.FollowIssue{}).Needs() != workflows.Anyone || (feedback.Acted{}).Needs() != workflows.Machine {
		t.Error("who may")
	}
	var wish workflows.Intent = feedback.Add{}
	if _, ok := wish.(workflows.Stranger); !ok {
		t.Error("nobody unknown may say anything")
	}
	row := feedback.Summary(does(t, feedback.Feedback{}, "zoe", feedback.Add{Text: "x"}))
	if !slices.Equal(row.Keys, []string{"feedback", "release/app@invoices/feedback"}) || row.Data.(feedback.Row).Open != 1 {
		t.Errorf("%+v", row)
	}
}
