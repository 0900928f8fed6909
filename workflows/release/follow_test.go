package release

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

// followed is a release whose candidate follows main.
func followed(t *testing.T) *story {
	s := begin(t, New{ID: "app@1.0.0", Template: "hotfix"})
	s.f.Forge.Repository = "acme/app"
	s.by("ana", SetCandidate{Ref: "refs/heads/main", Watch: true})
	return s
}

// pushes is a look after which the branch is where it is.
func (s *story) pushes(c workflows.Commit, apart bool) {
	s.Helper()
	s.f.Found = workflows.Found{Commit: c, Apart: apart}
	s.machine(Follow{})
}

func TestFollowMovesLikeSetCandidate(t *testing.T) {
	s := followed(t)
	if s.Watching() != "main" || s.Candidate.Moves != 0 || len(s.said) != 1 {
		t.Fatalf("to follow is one event and moves nothing: %+v, %+v", s.said, s.Candidate)
	}
	s.by("ben", Sign{Items: []string{"tests"}})
	s.f.Now = s.f.Now.Add(time.Hour)
	s.pushes(commit("bbbbbbbb", "ben"), false)
	s.reads("ga.ready/tests", Open, workflows.ItemStale)
	if c := s.Candidate; c.Commit.ID != "bbbbbbbb" || c.Commit.Ref != "main" || c.Moves != 1 || c.Watch != "main" || !s.Soaking.Equal(s.f.Now) || s.Tally.Stale != 1 {
		t.Errorf("it moved to %+v, soaking since %s", c, s.Soaking)
	}
	if e := s.said[0].(CandidateSet); e.From != "aaaaaaaa" || e.Forced {
		t.Errorf("it says %+v", e)
	}
	s.pushes(commit("cccccccc", "ben"), true)
	if e := s.said[0].(CandidateSet); e.From != "bbbbbbbb" || !e.Forced {
		t.Errorf("of a force push it says %+v", e)
	}
	if s.pushes(commit("cccccccc", "ben"), false); len(s.said) != 0 {
		t.Errorf("nothing moved, and it says %+v", s.said)
	}
}

func TestFollowOfWhatIsNotThere(t *testing.T) {
	s := followed(t)
	look := func(reason workflows.Reason) error {
		s.f.Found = workflows.Found{Missing: workflows.Refuse(reason, "no")}
		return s.try("", Follow{})
	}
	for i, want := range []int{1, 0, 0} {
		if err := look(workflows.UnknownRef); err != nil || len(s.said) != want {
			t.Errorf("look %d: %+v, %v", i, s.said, err)
		}
	}
	if err := look(workflows.NoRepository); err == nil {
		t.Error("who is not let see was believed")
	}
	if s.Candidate.Commit.ID != "aaaaaaaa" || !s.Candidate.Lost || s.Watching() != "main" {
		t.Errorf("the candidate is %+v", s.Candidate)
	}
	if s.pushes(commit("aaaaaaaa", "ana"), false); len(s.said) != 1 || s.Candidate.Lost {
		t.Errorf("it is back: %+v", s.said)
	}
	_ = look(workflows.UnknownRef)
	if s.pushes(commit("bbbbbbbb", "ana"), true); s.Candidate.Lost || s.Candidate.Commit.ID != "bbbbbbbb" {
		t.Errorf("it is back elsewhere: %+v", s.Candidate)
	}
}

func TestWhatEndsTheFollowing(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(*story)
		again workflows.Reason
	}{
		"another candidate": {func(s *story) { s.moves(commit("bbbbbbbb", "ana")) }, ""},
		"the same one":      {func(s *story) { s.moves(commit("aaaaaaaa", "ana")) }, ""},
		"cancelled":         {func(s *story) { s.by("ana", Set{Cancelled: true, Note: "no"}) }, workflows.Over},
		"GA": {func(s *story) {
			s.signAll("ben", "mia")
			s.by("ana", Advance{})
		}, workflows.Over},
	} {
		t.Run(name, func(t *testing.T) {
			s := followed(t)
			c.end(s)
			if s.Watching() != "" {
				t.Error("it follows still")
			}
			if s.pushes(commit("cccccccc", "ana"), false); len(s.said) != 0 {
				t.Errorf("it says %+v", s.said)
			}
			err := s.try("ana", SetCandidate{Ref: "main", Watch: true})
			if (err != nil) != (c.again != "") {
				t.Errorf("to follow again: %v", err)
			}
		})
	}
}

func TestWhatCannotBeFollowed(t *testing.T) {
	s := begin(t, New{ID: "app@1.0.0"})
	s.refuses("ana", SetCandidate{Ref: "main", Watch: true}, NotConfigured)
	s.f.Forge.Repository = "acme/app"
	s.refuses("ana", SetCandidate{Ref: "HEAD", Watch: true}, workflows.Invalid)
	s.by("ana", SetCandidate{Ref: "main", Watch: true})
	s.refuses("ana", SetCandidate{Ref: "main", Watch: true}, workflows.Unchanged)
	if q := (SetCandidate{Ref: "main", Watch: true}).Look(); q.Ref != "refs/heads/main" {
		t.Errorf("a tag of that name would do: %+v", q)
	}
}

// However often a branch is looked at, and whatever it does meanwhile, the candidate is where it was seen last, and each
// move is one event.
func TestFollowIsWhereTheBranchWasSeenLast(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := followed(t)
		last, moves := "aaaaaaaa", 0
		for range rapid.IntRange(0, 12).Draw(rt, "looks") {
			id := rapid.SampledFrom([]string{"aaaaaaaa", "bbbbbbbb", "cccccccc", ""}).Draw(rt, "at")
			if id == "" {
				s.f.Found = workflows.Found{Missing: workflows.Refuse(workflows.UnknownRef, "no")}
				s.machine(Follow{})
				continue
			}
			s.pushes(commit(id, "ana"), rapid.Bool().Draw(rt, "apart"))
			moved := slices.ContainsFunc(s.said, func(e workflows.Event) bool { _, ok := e.(CandidateSet); return ok })
			if moved != (id != last) {
				rt.Fatalf("%s → %s: %+v", last, id, s.said)
			}
			if moved {
				moves++
			}
			last = id
		}
		if s.Candidate.Commit.ID != last || s.Candidate.Moves != moves || s.Watching() != "main" {
			rt.Fatalf("the candidate is %+v, last seen was %s after %d moves", s.Candidate, last, moves)
		}
	})
}

func TestTaggedOpensASimpleRelease(t *testing.T) {
	s := begin(t, New{ID: "app@0.9.0"})
	s.Release = Release{}
	s.f.Lead, s.f.Default = "mia", "feature"
	tag := workflows.Tagged{Name: "v1.0.0", Object: "77777777", Commit: true}
	s.f.Found = workflows.Found{Commit: commit("bbbbbbbb", "ben"), Log: []workflows.Commit{commit("bbbbbbbb", "ben"), commit("aaaaaaaa", "ana")}}
	s.machine(Tagged{ID: "app@1.0.0", Tag: tag})
	if s.Template != "simple" || s.Manager != "mia" || s.RiskWhy != "as tags open it" || s.Candidate.Commit.Ref != "v1.0.0" || len(s.Candidate.Written) != 1 {
		t.Errorf("it opened %+v with %+v", s.Release, s.Candidate)
	}
	if e := s.said[0].(Opened); e.Tag == nil || *e.Tag != tag {
		t.Errorf("it says %+v", e)
	}
	s.refuses("", Tagged{ID: "app@1.0.0", Tag: tag}, workflows.Exists)
	s.Release, s.f.Lead = Release{}, ""
	s.refuses("", Tagged{ID: "app@1.1.0", Tag: tag}, workflows.NotAllowed)
}
