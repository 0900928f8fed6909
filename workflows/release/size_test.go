package release

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// at makes a commit of somebody, so many hours after monday, that changes files.
func at(id string, hours int, author string, files ...string) workflows.Commit {
	return workflows.Commit{ID: id, At: monday.Add(time.Duration(hours) * time.Hour), Authors: []string{author}, Files: files}
}

// How much a candidate brings is counted since the last one in GA; of a first release only its own commit is.
func TestSize(t *testing.T) {
	log := []workflows.Commit{at("c", 49, "ana@example.org", "a", "b"), at("b", 30, "x@example.org", "b"), at("a", 0, "ana@laptop", "c")}
	for name, c := range map[string]struct {
		base  string
		found workflows.Found
		want  Size
		words string
	}{
		"first":             {"", workflows.Found{Commit: log[0], Log: log}, Size{Commits: 1, Authors: 1, Files: 2}, "1 commit by 1 person"},
		"since the last":    {"0", workflows.Found{Commit: log[0], Log: log}, Size{Commits: 3, Authors: 2, Days: 3, Files: 3}, "3 commits by 2 people over 3 d"},
		"a merge, unlisted": {"0", workflows.Found{Commit: at("m", 49, "ben@example.org", "a", "b"), Log: log[1:]}, Size{Commits: 3, Authors: 3, Days: 3, Files: 2}, "3 commits by 3 people over 3 d"},
		"no dates":          {"0", workflows.Found{Commit: workflows.Commit{ID: "c"}, Log: []workflows.Commit{{ID: "b"}}}, Size{Commits: 2}, "2 commits by 0 people"},
		"one date":          {"0", workflows.Found{Commit: log[0], Log: []workflows.Commit{{ID: "b"}}}, Size{Commits: 2, Authors: 1}, "2 commits by 1 person"},
	} {
		b := testBook()
		ana := b.People["ana"]
		ana.Code = append(ana.Code, "ana@laptop")
		b.People["ana"] = ana
		got := sized(Facts{Base: c.base, Found: c.found, Book: b})
		if diff := cmp.Diff(c.want, got); diff != "" || got.String() != c.words {
			t.Errorf("%s: %s %s", name, got, diff)
		}
	}
	for s, want := range map[Size]bool{{}: false, {Commits: 100, Days: 30}: false, {Commits: 101}: true, {Days: 31}: true} {
		if s.Large() != want {
			t.Errorf("%+v is large: %v", s, !want)
		}
	}
}

// What is kept of the commits' messages is sorted, each once, and bounded: the newest stay.
func TestMentionsOfACandidate(t *testing.T) {
	f := Facts{Base: "0", Found: workflows.Found{Commit: workflows.Commit{ID: "c", Mentions: []string{"#3"}}, Mentions: []string{"#3", "#2"},
		Log: []workflows.Commit{{ID: "b", Mentions: []string{"#1", "#2"}}}}}
	got, more := mentions(f)
	if diff := cmp.Diff([]string{"#1", "#2", "#3"}, got); diff != "" || more {
		t.Error(diff, more)
	}
	f.Base = ""
	if got, _ = mentions(f); !slices.Equal(got, []string{"#3"}) {
		t.Errorf("of a first release: %v", got)
	}
	f.Base, f.Found.Mentions = "0", nil
	for n := range 3000 {
		f.Found.Mentions = append(f.Found.Mentions, fmt.Sprint("N-", n+1))
	}
	if got, more = mentions(f); len(got) != 2000 || !more || !slices.IsSorted(got) || !slices.Contains(got, "#3") || slices.Contains(got, "N-3000") {
		t.Errorf("%d are kept, more: %v", len(got), more)
	}
}

// The candidate keeps what its commits mention, and not a second time with the commit itself.
func TestBrings(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	s.by("ben", ScopeAdd{What: "https://github.com/acme/app/issues/12"})
	s.by("ben", ScopeAdd{What: "ABC-7"})
	s.f.Found.Planned = []workflows.Planned{{Title: "Undo"}}
	s.by("ben", ScopeFrom{Milestone: "1.0"})
	brings := func(want ...Brought) {
		t.Helper()
		var got []Brought
		for _, e := range s.Scope {
			got = append(got, s.Brings()(e))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	brings(Unknown, Unknown, Unknown) // a first release: nothing is read of it
	s.f.Base = "0"
	c := commit("bbbbbbbb", "ben")
	c.Mentions, c.Files = []string{"acme/app#12"}, []string{"a"}
	s.moves(c)
	if s.Candidate.Commit.Mentions != nil || s.Candidate.Commit.Files != nil || s.Candidate.Size.Files != 0 {
		t.Errorf("%+v", s.Candidate)
	}
	brings(In, NotIn, Unknown)
	if m := s.Missing(); len(m) != 1 || m[0].N != 2 {
		t.Errorf("missing %+v", m)
	}
	s.Candidate.More = true
	brings(In, Unknown, Unknown)
	s.Candidate.More, s.Candidate.Size = false, Size{} // as an older program wrote it
	brings(In, Unknown, Unknown)
	s.Candidate = nil
	brings(Unknown, Unknown, Unknown)
}

// The people that something is for hear that it reached them, each once.
func TestAskers(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: "low"})
	s.by("ben", ScopeAdd{What: "#1", For: []string{"@mia", "@leo", "https://tickets.example.org/1"}})
	s.by("ben", ScopeAdd{What: "#2", For: []string{"@mia"}})
	told := func(e workflows.Event) []workflows.PersonID {
		var out []workflows.PersonID
		for _, x := range Tell(s.Release, recordedAt(e, 1)) {
			if x.What == "asked-for" {
				out = append(out, x.To.Person)
			}
		}
		return out
	}
	both := []workflows.PersonID{"leo", "mia"}
	for _, c := range []struct {
		e    workflows.Event
		want []workflows.PersonID
	}{
		{Passed{To: workflows.Preview}, both}, {Passed{To: workflows.GA}, both}, {Passed{To: workflows.Between}, nil}, {Passed{To: workflows.Closed}, nil},
		{RolledBack{}, both}, {Held{}, nil},
	} {
		if diff := cmp.Diff(c.want, told(c.e)); diff != "" {
			t.Errorf("%+v: %s", c.e, diff)
		}
	}
	if got := s.Asked("leo"); len(got) != 1 || got[0].N != 1 {
		t.Errorf("for leo: %+v", got)
	}
}
