package release

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// testBook knows four people: ana and ben write code, mia writes none, leo's address nobody knows. All hold every role.
func testBook() *policy.Book {
	return &policy.Book{Owners: []workflows.PersonID{"ana"}, Hash: "policy",
		People: map[workflows.PersonID]workflows.Person{
			"ana": {ID: "ana", Code: []string{"ana@example.org"}}, "ben": {ID: "ben", Code: []string{"ben@example.org"}},
			"mia": {ID: "mia", NoCode: true}, "leo": {ID: "leo"}},
		Roles: map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana", "ben", "mia", "leo"}}}}
}

// commit makes a commit with a tree of its own.
func commit(id string, authors ...string) workflows.Commit {
	for i := range authors {
		authors[i] += "@example.org"
	}
	return workflows.Commit{ID: id, Tree: "tree of " + id, Under: map[string]string{"api/**": "api of " + id}, Authors: authors}
}

// story is a release as its events make it, with the facts that the next decision gets.
type story struct {
	*testing.T
	Release
	f    Facts
	rev  workflows.Revision
	said []workflows.Event
}

// begin opens a release whose candidate ana wrote.
func begin(t *testing.T, n New) *story {
	t.Helper()
	s := &story{T: t, f: Facts{Now: monday, Zone: time.UTC, At: "chat/#app", Bind: "chat/#app", Number: 1, Book: testBook(), Users: "production",
		Templates: Templates(), Default: DefaultTemplate, Found: workflows.Found{Commit: commit("aaaaaaaa", "ana")}, Sources: map[Source]bool{}}}
	if n.Risk == policy.Low {
		n.Why = "small" // where the template's is higher, lowering it needs a reason
	}
	s.by("ana", n)
	return s
}

// try is a wish of a person, decided and folded.
func (s *story) try(who workflows.PersonID, w Wish) error {
	s.Helper()
	s.f.Actor = workflows.Actor{Person: who}
	if who == "" {
		s.f.Actor = workflows.Actor{Machine: "ci"}
	}
	before := read(s.Release)
	events, err := Decide(s.Release, w, s.f)
	if read(s.Release) != before {
		s.Fatalf("deciding on %+v changed the release", w)
	}
	if err != nil {
		return err
	}
	s.said = events
	for _, e := range events {
		s.rev++
		s.Release = Evolve(s.Release, workflows.Recorded{Event: e, Header: workflows.Header{At: s.f.Now, Revision: s.rev, By: s.f.Actor}})
	}
	return nil
}

// by is a wish that has to succeed; machine is one of no person's.
func (s *story) by(who workflows.PersonID, w Wish) {
	s.Helper()
	if err := s.try(who, w); err != nil {
		s.Fatalf("%+v by %s: %v", w, who, err)
	}
}

func (s *story) machine(w Wish) { s.Helper(); s.by("", w) }

// refuses is a wish that has to be refused with a reason.
func (s *story) refuses(who workflows.PersonID, w Wish, want workflows.Reason) workflows.Refusal {
	s.Helper()
	err := s.try(who, w)
	var no *workflows.Refusal
	if !errors.As(err, &no) || no.Reason != want {
		s.Fatalf("%+v by %s: %v, want %s", w, who, err, want)
	}
	return *no
}

// sign votes on items by hand.
func (s *story) sign(who workflows.PersonID, v Value, items ...string) {
	s.Helper()
	w := Sign{Items: items, Value: v}
	if v != OK {
		w.Note = "because"
	}
	s.by(who, w)
}

// moves makes another commit the candidate.
func (s *story) moves(c workflows.Commit) {
	s.Helper()
	s.f.Found = workflows.Found{Commit: c}
	s.by("ana", SetCandidate{Ref: c.ID})
}

// item is how an item stands now.
func (s *story) item(full string) Status {
	s.Helper()
	for _, g := range s.Gates {
		for _, x := range CheckGate(s.Release, g, s.f.Book, s.f.Now).Items {
			if x.Full() == full {
				return x
			}
		}
	}
	s.Fatalf("no item %s", full)
	return Status{}
}

// reads holds an item to a state, and an open one to its reason.
func (s *story) reads(full string, state State, reason workflows.Reason) {
	s.Helper()
	if got := s.item(full); got.State != state || got.Reason != reason {
		s.Errorf("%s reads %s %q, want %s %q", full, got.State, got.Reason, state, reason)
	}
}

// signAll has somebody sign the whole of the next gate.
func (s *story) signAll(who ...workflows.PersonID) {
	s.Helper()
	g, _ := s.Next()
	for _, id := range who {
		for _, i := range g.Items {
			s.sign(id, OK, g.Full(i))
		}
	}
}

func (s *story) verdict() Verdict { return Check(s.Release, s.f.Book, s.f.Now) }

// read is all that a state says.
func read(r Release) string {
	b, err := json.Marshal(r)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func keys(items []Item) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.Key)
	}
	slices.Sort(out)
	return out
}
