package release

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

const (
	testsItem = "ga.ready/tests"    // bound to the commit
	wayItem   = "ga.ready/way-back" // bound to nothing
)

// Every reason for which an item is open, and what ends it.
func TestItemReasons(t *testing.T) {
	lose := func(id workflows.PersonID) func(*story) {
		return func(s *story) {
			m := s.f.Book.Roles[workflows.EveryRole]
			m.People = slices.DeleteFunc(slices.Clone(m.People), func(x workflows.PersonID) bool { return x == id })
			s.f.Book.Roles[workflows.EveryRole] = m
		}
	}
	vote := func(who workflows.PersonID, v Value, item string) func(*story) {
		return func(s *story) { s.sign(who, v, item) }
	}
	move := func(id, author string) func(*story) {
		return func(s *story) { s.moves(commit(id, author)) }
	}
	ci := func(w Vouch) func(*story) {
		w.Source = CI
		return func(s *story) { s.machine(w) }
	}
	later := func(d time.Duration) func(*story) { return func(s *story) { s.f.Now = s.f.Now.Add(d) } }
	for name, c := range map[string]struct {
		risk policy.Risk
		item string
		acts []func(*story)
		want workflows.Reason // empty: it holds
		who  []workflows.PersonID
	}{
		"unsigned":                       {item: wayItem, want: workflows.ItemUnsigned, who: []workflows.PersonID{"ana", "ben", "leo", "mia"}},
		"signed":                         {item: wayItem, acts: []func(*story){vote("mia", OK, wayItem)}},
		"withdrawn":                      {item: wayItem, acts: []func(*story){vote("mia", OK, wayItem), vote("mia", Withdraw, wayItem)}, want: workflows.ItemUnsigned},
		"withdrawn by one of two":        {item: wayItem, acts: []func(*story){vote("mia", OK, wayItem), vote("ben", OK, wayItem), vote("mia", Withdraw, wayItem)}},
		"not applicable":                 {item: wayItem, acts: []func(*story){vote("mia", NA, wayItem)}, want: "na"},
		"stale":                          {item: testsItem, acts: []func(*story){vote("ben", OK, testsItem), move("bbbbbbbb", "ana")}, want: workflows.ItemStale},
		"stale, then signed again":       {item: testsItem, acts: []func(*story){vote("ben", OK, testsItem), move("bbbbbbbb", "ana"), vote("ben", OK, testsItem)}},
		"the candidate moved back":       {item: testsItem, acts: []func(*story){vote("ben", OK, testsItem), move("bbbbbbbb", "ana"), move("aaaaaaaa", "ana")}},
		"unbound ones do not go stale":   {item: wayItem, acts: []func(*story){vote("ben", OK, wayItem), move("bbbbbbbb", "ana")}},
		"needs work":                     {item: wayItem, acts: []func(*story){vote("ben", OK, wayItem), vote("mia", NeedsWork, wayItem)}, want: workflows.ItemNeedsWork, who: []workflows.PersonID{"ana"}},
		"needs work, its voter is happy": {item: wayItem, acts: []func(*story){vote("mia", NeedsWork, wayItem), vote("mia", OK, wayItem)}},
		"needs work, another says ok":    {item: wayItem, acts: []func(*story){vote("mia", NeedsWork, wayItem), vote("ben", OK, wayItem)}},
		"needs work, the ok was before":  {item: wayItem, acts: []func(*story){vote("ben", OK, wayItem), vote("mia", NeedsWork, wayItem)}, want: workflows.ItemNeedsWork},
		"needs work, the ok lost its role": {item: wayItem, acts: []func(*story){vote("mia", NeedsWork, wayItem), vote("ben", OK, wayItem), lose("ben")},
			want: workflows.ItemNeedsWork},
		"needs work, CI says ok":              {item: testsItem, acts: []func(*story){vote("mia", NeedsWork, testsItem), ci(Vouch{OK: true})}, want: workflows.ItemNeedsWork},
		"needs work twice, one is ok":         {item: wayItem, acts: []func(*story){vote("mia", NeedsWork, wayItem), vote("leo", NeedsWork, wayItem), vote("mia", OK, wayItem)}},
		"blocked":                             {item: wayItem, acts: []func(*story){vote("mia", Block, wayItem), vote("ben", OK, wayItem)}, want: workflows.ItemBlocked, who: []workflows.PersonID{"mia"}},
		"blocked, then withdrawn":             {item: wayItem, acts: []func(*story){vote("mia", Block, wayItem), vote("ben", OK, wayItem), vote("mia", Withdraw, wayItem)}},
		"blocked, then its voter's ok":        {item: wayItem, acts: []func(*story){vote("mia", Block, wayItem), vote("mia", OK, wayItem)}},
		"blocked, its voter lost the role":    {item: wayItem, acts: []func(*story){vote("mia", Block, wayItem), vote("ben", OK, wayItem), lose("mia")}},
		"needs work, its voter lost the role": {item: wayItem, acts: []func(*story){vote("mia", NeedsWork, wayItem), lose("mia")}, want: workflows.ItemUnsigned},
		"no longer allowed":                   {item: wayItem, acts: []func(*story){vote("ben", OK, wayItem), lose("ben")}, want: workflows.ItemUnauthorised},
		"one of two no longer allowed":        {item: wayItem, acts: []func(*story){vote("ben", OK, wayItem), vote("mia", OK, wayItem), lose("ben")}},
		"CI":                                  {item: testsItem, acts: []func(*story){ci(Vouch{OK: true})}},
		"CI takes it back":                    {item: testsItem, acts: []func(*story){ci(Vouch{OK: true}), ci(Vouch{})}, want: workflows.ItemUnsigned},
		"CI of another commit":                {item: testsItem, acts: []func(*story){ci(Vouch{OK: true, Commit: "bbbbbbbb"})}, want: workflows.ItemStale},
		"CI, the candidate moved":             {item: testsItem, acts: []func(*story){ci(Vouch{OK: true}), move("bbbbbbbb", "ana")}, want: workflows.ItemStale},
		"CI, just before it runs out":         {item: testsItem, acts: []func(*story){ci(Vouch{OK: true, Expires: monday.Add(time.Hour)}), later(time.Hour - 1)}},
		"expired":                             {item: testsItem, acts: []func(*story){ci(Vouch{OK: true, Expires: monday.Add(time.Hour)}), later(time.Hour)}, want: workflows.ItemExpired},
		"expired, and on record": {item: testsItem, acts: []func(*story){ci(Vouch{OK: true, Expires: monday.Add(time.Hour)}), later(time.Hour),
			func(s *story) { s.machine(Tick{}) }}, want: workflows.ItemExpired},
		"author alone": {risk: policy.Normal, item: testsItem, acts: []func(*story){vote("ana", OK, testsItem)}, want: workflows.ItemAuthorAlone,
			who: []workflows.PersonID{"ben", "mia"}},
		"author alone is allowed at low":   {item: testsItem, acts: []func(*story){vote("ana", OK, testsItem)}},
		"author and another":               {risk: policy.Normal, item: testsItem, acts: []func(*story){vote("ana", OK, testsItem), vote("ben", OK, testsItem)}},
		"another alone":                    {risk: policy.Normal, item: testsItem, acts: []func(*story){vote("mia", OK, testsItem)}},
		"author alone, unbound":            {risk: policy.Normal, item: wayItem, acts: []func(*story){vote("ana", OK, wayItem)}},
		"author alone, and CI":             {risk: policy.Normal, item: testsItem, acts: []func(*story){vote("ana", OK, testsItem), ci(Vouch{OK: true})}},
		"on the author's word":             {risk: policy.Normal, item: testsItem, acts: []func(*story){ci(Vouch{OK: true, By: "ana"})}, want: workflows.ItemAuthorAlone},
		"co-authors alone":                 {risk: policy.Normal, item: testsItem, acts: []func(*story){func(s *story) { s.moves(commit("bbbbbbbb", "ana", "ben")) }, vote("ana", OK, testsItem), vote("ben", OK, testsItem)}, want: workflows.ItemAuthorAlone, who: []workflows.PersonID{"mia"}},
		"co-authors, and a third":          {risk: policy.Normal, item: testsItem, acts: []func(*story){func(s *story) { s.moves(commit("bbbbbbbb", "ana", "ben")) }, vote("ana", OK, testsItem), vote("mia", OK, testsItem)}},
		"two who sign for each other":      {risk: policy.Normal, item: testsItem, acts: []func(*story){each("ana", "ben"), vote("ana", OK, testsItem), vote("ben", OK, testsItem)}},
		"one of two who wrote":             {risk: policy.Normal, item: testsItem, acts: []func(*story){each("ana", "ben"), vote("ana", OK, testsItem)}, want: workflows.ItemAuthorAlone},
		"an address that became known":     {risk: policy.Normal, item: testsItem, acts: []func(*story){vote("mia", OK, testsItem), known("mia", "ana@example.org")}, want: workflows.ItemAuthorAlone},
		"an address that is known no more": {risk: policy.Normal, item: testsItem, acts: []func(*story){vote("mia", OK, testsItem), known("mia", "")}, want: workflows.ItemUnauthorised},
	} {
		t.Run(name, func(t *testing.T) {
			if c.risk == "" {
				c.risk = policy.Low
			}
			s := begin(t, New{ID: "app@1.0", Risk: c.risk})
			for _, act := range c.acts {
				act(s)
			}
			state := Open
			switch c.want {
			case "":
				state = Holds
			case "na":
				state, c.want = NotApplicable, ""
			}
			s.reads(c.item, state, c.want)
			if got := s.item(c.item).Who; c.who != nil && !slices.Equal(got, c.who) {
				t.Errorf("whose turn: %v, want %v", got, c.who)
			}
		})
	}
}

// each makes a candidate with a commit of each person behind it, since the last one in GA.
func each(authors ...string) func(*story) {
	return func(s *story) {
		s.f.Base = "00000000"
		var log []workflows.Commit
		for _, a := range authors {
			log = append(log, commit("0000000"+a, a))
		}
		s.f.Found = workflows.Found{Commit: commit("bbbbbbbb", authors[0]), Log: log}
		s.by("ana", SetCandidate{Ref: "bbbbbbbb"})
	}
}

// known changes what the configuration knows of somebody's code; "" forgets it.
func known(id workflows.PersonID, address string) func(*story) {
	return func(s *story) {
		p := s.f.Book.People[id]
		p.NoCode, p.Code = false, nil
		if address != "" {
			p.Code = []string{address}
		}
		s.f.Book.People[id] = p
	}
}

// A gate that opens to users holds votes of as many people as its tier says; one that closes a stage need not.
func TestPeopleOfAGate(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	s.signAll("mia")
	v := s.verdict()
	if v.Go || len(v.Open()) > 0 || len(v.Whole) != 1 || v.Whole[0].Reason != workflows.ItemQuorum || !slices.Equal(v.Whole[0].Who, []workflows.PersonID{"ana", "ben", "leo"}) {
		t.Fatalf("signed by one: %+v", v.Whole)
	}
	no := s.refuses("ana", Advance{}, workflows.NotReady)
	if no.Head != "NO-GO" || len(no.Items) != 1 || no.Items[0].Reason != workflows.ItemQuorum {
		t.Errorf("%+v", no)
	}
	s.machine(Vouch{Source: CI, OK: true}) // no person
	if s.verdict().Go {
		t.Error("a machine counts as a second person")
	}
	s.sign("leo", OK, wayItem)
	if v := s.verdict(); !v.Go || !slices.Equal(v.Voters, []workflows.PersonID{"leo", "mia"}) {
		t.Errorf("signed by two: %+v", v)
	}
	s.by("ana", Advance{})
	s.f.Now = s.f.Now.Add(24 * time.Hour)
	s.signAll("mia")
	if !s.verdict().Go {
		t.Errorf("to close: %+v", s.verdict().Whole)
	}
}

// The soak counts from when the stage was entered, and anew when the candidate moves.
func TestSoak(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	s.signAll("mia", "ben")
	s.by("ana", Advance{})
	s.signAll("mia")
	soak := func() bool {
		v := s.verdict()
		return slices.ContainsFunc(v.Whole, func(b Blocker) bool {
			return b.Reason == workflows.ItemSoak && b.Until.Equal(s.Soaking.Add(24*time.Hour))
		})
	}
	s.f.Now = monday.Add(24*time.Hour - 1)
	if !soak() {
		t.Error("a nanosecond before a day it has not soaked")
	}
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.f.Now = monday.Add(20 * time.Hour)
	s.moves(commit("bbbbbbbb", "ana"))
	s.f.Now = monday.Add(30 * time.Hour)
	if !soak() {
		t.Error("the candidate moved, and the soak did not begin again")
	}
	s.machine(Tick{})
	if len(s.said) > 0 {
		t.Errorf("on record too early: %v", s.said)
	}
	s.f.Now = monday.Add(44 * time.Hour)
	s.machine(Tick{})
	if diff := cmp.Diff([]workflows.Event{Soaked{workflows.GA, monday.Add(20 * time.Hour)}}, s.said); diff != "" || soak() {
		t.Error(diff)
	}
	s.machine(Tick{})
	if len(s.said) > 0 {
		t.Errorf("the end of a soak is on record twice")
	}
	s.by("ana", Advance{})
	if s.Stage() != workflows.Closed {
		t.Errorf("stage %s", s.Stage())
	}
}

// Low risk soaks not at all.
func TestNoSoakAtLow(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	for range 2 {
		s.signAll("ana")
		s.by("ana", Advance{})
	}
	if !s.Over() || s.Tally.Votes != 5 || !slices.Equal(s.Tally.Voters, []workflows.PersonID{"ana"}) {
		t.Errorf("%+v", s.Tally)
	}
}

// The tally counts votes, and those that went stale, each as often as it did.
func TestTally(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.sign("ben", OK, testsItem)
	s.sign("mia", OK, wayItem)
	s.machine(Vouch{Source: CI, OK: true})
	s.moves(commit("bbbbbbbb", "ana"))
	s.moves(commit("cccccccc", "ana"))
	s.moves(commit("aaaaaaaa", "ana"))
	s.moves(commit("bbbbbbbb", "ana"))
	if s.Tally.Votes != 2 || s.Tally.Stale != 4 || len(s.Tally.Voters) != 2 {
		t.Errorf("%+v", s.Tally)
	}
}

func TestWhatAVoteNeeds(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	s.f.Sources[Notes] = true
	for name, c := range map[string]struct {
		who  workflows.PersonID
		sign Sign
		as   workflows.Role
		want workflows.Reason
	}{
		"a note for na":          {who: "ben", sign: Sign{Items: []string{"tests"}, Value: NA}, want: workflows.NeedsReason},
		"a note for needs-work":  {who: "ben", sign: Sign{Items: []string{"tests"}, Value: NeedsWork}, want: workflows.NeedsReason},
		"a note for block":       {who: "ben", sign: Sign{Items: []string{"tests"}, Value: Block}, want: workflows.NeedsReason},
		"a code address":         {who: "leo", sign: Sign{Items: []string{"tests"}}, want: workflows.NotAllowed},
		"none for unbound":       {who: "leo", sign: Sign{Items: []string{"way-back"}}},
		"its source":             {who: "ben", sign: Sign{Items: []string{"changelog"}}, want: workflows.NotAllowed},
		"by hand without source": {who: "ben", sign: Sign{Items: []string{"tests"}}},
		"the item's role":        {who: "ben", sign: Sign{Items: []string{"tests"}}, as: workflows.SRE, want: workflows.NotAllowed},
		"a vote to withdraw":     {who: "mia", sign: Sign{Items: []string{"way-back"}, Value: Withdraw, Note: "x"}, want: workflows.Unchanged},
		"all or none":            {who: "leo", sign: Sign{Items: []string{"way-back", "tests"}}, want: workflows.NotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			s.T, s.f.As = t, c.as
			votes := len(s.Votes)
			if c.want == "" {
				s.by(c.who, c.sign)
				return
			}
			s.refuses(c.who, c.sign, c.want)
			if len(s.Votes) != votes {
				t.Error("a refused vote counts")
			}
		})
	}
	s.T, s.f.As = t, ""
	s.Candidate = nil
	s.refuses("ben", Sign{Items: []string{"tests"}}, workflows.NoCandidate)
	s.by("ben", Sign{Items: []string{"tests"}, Value: Block, Note: "no build at all"}) // says nothing of any commit
}

// The very same vote again is no second event; any difference is.
func TestSameVoteAgain(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.sign("ben", OK, testsItem)
	s.refuses("ben", Sign{Items: []string{testsItem}}, workflows.Unchanged)
	s.sign("ben", OK, testsItem, wayItem)
	if len(s.said) != 1 || s.said[0].(Signed).Vote.Item != wayItem {
		t.Errorf("%+v", s.said)
	}
	s.by("ben", Sign{Items: []string{testsItem}, Evidence: "https://ci.example.org/1"})
	s.moves(commit("bbbbbbbb", "ana"))
	s.by("ben", Sign{Items: []string{testsItem}, Evidence: "https://ci.example.org/1"})
	if len(s.Votes) != 2 || s.Tally.Votes != 4 {
		t.Errorf("%d votes stand, %d were cast", len(s.Votes), s.Tally.Votes)
	}
}

// A press on what changed since it was drawn does not count; two presses of the same drawing both do.
func TestBasis(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.f.Basis = s.BasisOf(testsItem)
	drawn := s.f.Basis
	s.sign("ana", OK, testsItem)
	s.sign("ben", OK, testsItem)
	s.f.Basis = workflows.Basis{}
	s.sign("mia", NeedsWork, testsItem)
	s.f.Basis = drawn
	s.refuses("leo", Sign{Items: []string{testsItem}}, workflows.Changed)
	s.f.Basis = s.BasisOf(testsItem)
	drawn = s.f.Basis
	s.sign("leo", OK, testsItem)
	s.f.Basis = workflows.Basis{}
	s.moves(commit("bbbbbbbb", "ana"))
	s.f.Basis = drawn
	s.refuses("leo", Sign{Items: []string{testsItem}}, workflows.Changed)
}

// What is on hold, over or passed.
func TestNotNow(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.signAll("ana")
	s.by("mia", HoldOn{Why: "errors"})
	no := s.refuses("ana", Advance{}, workflows.OnHold)
	if no.Why != "@mia put it on hold: errors" {
		t.Error(no.Why)
	}
	s.refuses("ben", HoldOn{Why: "too"}, workflows.Unchanged)
	s.refuses("ben", HoldOn{}, workflows.NeedsReason)
	s.by("ana", Resume{})
	s.refuses("ana", Resume{}, workflows.Unchanged)
	s.refuses("ana", Advance{Stage: workflows.Preview}, workflows.GateClosed)
	s.refuses("ana", Advance{Stage: workflows.Closed}, workflows.GateClosed)
	s.by("ana", Advance{Stage: workflows.GA})
	s.refuses("ben", Sign{Items: []string{testsItem}}, workflows.Over)
	s.refuses("ana", Set{Cancelled: true, Note: "no"}, workflows.GateClosed)
	s.signAll("ana")
	s.by("ana", Advance{Stage: workflows.Closed})
	for _, w := range []Wish{Advance{}, Sign{Items: []string{"healthy"}}, SetCandidate{}, HoldOn{Why: "x"}, Set{Here: true}} {
		s.refuses("ana", w, workflows.Over)
	}
	other := begin(t, New{ID: "app@2.0"})
	other.refuses("ana", Set{Cancelled: true}, workflows.NeedsReason)
	other.by("ana", Set{Cancelled: true, Note: "no"})
	other.refuses("ana", Advance{}, workflows.Over)
	other.refuses("ana", RollBack{Why: "x"}, "nothing_to_roll_back")
}
