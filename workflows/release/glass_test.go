package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

const review = "ga.done/review-glass"

// broken is a release that an owner let out by breaking the glass.
func broken(t *testing.T, risk policy.Risk) *story {
	t.Helper()
	s := begin(t, New{ID: "app@1.0", Risk: risk})
	s.sign("ben", OK, wayItem)
	s.by("ana", BreakGlass{Why: "it is down"})
	return s
}

// Breaking the glass passes the gate, tells the owners, and leaves a review by somebody else and what was lacking to be
// made good before the release is closed.
func TestBreakGlass(t *testing.T) {
	s := broken(t, policy.Normal)
	if s.Stage() != workflows.GA || s.Tally.Glass != 1 || !s.said[1].(Passed).Glass {
		t.Fatalf("it is %s: %+v", s.Stage(), s.said)
	}
	if got := s.tells(); !slices.Equal(got, []string{"glass-broken ana"}) {
		t.Errorf("told %v", got)
	}
	s.owing(testsItem, logItem, "ga.ready/rollback-plan")
	s.waits(review, ToSign, 0, "ben", "leo", "mia") // and not who broke it
	s.at(24)
	s.sign("ben", OK, "announced", "healthy", "validation")
	no := s.no("ana", Sign{Items: []string{review}}, workflows.ItemOwnGlass, "item ask "+review)
	if !slices.Equal(no.Who, []string{"@ben", "@leo", "@mia"}) {
		t.Errorf("who can: %v", no.Who)
	}
	for _, w := range []Wish{Sign{Items: []string{review}, Value: NA, Note: "x"}, Waive{Item: review, Owner: "mia", Until: in(9), Why: "x"},
		MoveItem{Item: review, Gate: "ga.ready"}, DropItem{Item: review}} {
		want := workflows.NotAllowed
		if _, is := w.(MoveItem); is {
			want = workflows.Over // the other gate was passed
		}
		s.no("ben", w, want, "")
	}
	s.no("ben", PlanItem{Item: review, Owner: "mia", Due: in(9), What: "x"}, workflows.NotAllowed, "sign "+review)
	if n := len(s.Unreviewed(s.f.Book, s.f.Now)); n != 1 {
		t.Errorf("%d to review", n)
	}
	s.sign("ben", OK, review)
	if n := len(s.Unreviewed(s.f.Book, s.f.Now)); n != 0 {
		t.Errorf("%d to review", n)
	}
	no = s.refuses("ana", Advance{}, workflows.NotReady)
	if !strings.Contains(no.Why, "ga.ready/tests is owed since the glass was broken") || !slices.Contains(no.Next, "/release sign ga.ready/tests") {
		t.Errorf("why: %s", no.Why)
	}
	s.sign("ben", OK, testsItem, logItem) // of a gate that was passed
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.by("ana", Waive{Item: "ga.ready/rollback-plan", Owner: "mia", Until: in(9), Why: "x"})
	s.by("ana", Advance{})
}

func TestBreakGlassRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.no("ana", BreakGlass{}, workflows.NeedsReason, "advance --break-glass -- why")
	s.no("ana", BreakGlass{Why: "x", Stage: workflows.Preview}, workflows.GateClosed, "check")
	s.by("mia", HoldOn{Why: "wait"})
	s.no("ana", BreakGlass{Why: "x"}, workflows.OnHold, "resume")
	s.by("ana", Resume{})
	s.signAll("ana")
	s.no("ana", BreakGlass{Why: "x"}, workflows.Unchanged, "advance")
	s.by("ana", Advance{})
	s.no("ana", BreakGlass{Why: "x"}, workflows.GateClosed, "check") // closing can wait
	if BreakGlass.Needs(BreakGlass{}) != workflows.Owner {
		t.Error("not only owners break it")
	}
}

// What is owed and follows from a source is paid by that: nobody may sign it by hand.
func TestOwedFromASource(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal, Template: "simple"})
	s.f.Sources[Notes] = true
	s.by("ana", BreakGlass{Why: "it is down"})
	s.by("", Vouch{Source: Notes, OK: true, By: "ben", Note: "approved notes"})
	if len(s.said) != 1 || s.said[0].(Signed).Vote.Item != "ga.ready/changelog" {
		t.Errorf("said %v", s.said)
	}
	s.reads("ga.ready/changelog", Holds, "")
}

// At low risk, too, somebody else reviews it where there is anybody else; who is alone looks at it again themselves.
func TestReviewAtLow(t *testing.T) {
	s := broken(t, policy.Low)
	s.no("ana", Sign{Items: []string{review}}, workflows.ItemOwnGlass, "item ask")
	s.links("a2", "ana")
	s.f.Book.Roles[workflows.EveryRole] = policy.Members{People: []workflows.PersonID{"ana", "a2", "ben", "mia", "leo"}}
	s.no("a2", Sign{Items: []string{review}}, workflows.ItemOwnGlass, "item ask")
	s.f.Book.Roles = map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana"}}}
	s.sign("ana", OK, review)
	s.reads(review, Holds, "")
	if n := len(s.Unreviewed(s.f.Book, s.f.Now)); n != 0 {
		t.Errorf("%d to review", n)
	}
	s.f.Book.Roles[workflows.SRE] = policy.Members{People: []workflows.PersonID{"ben"}}
	s.reads(review, Holds, "") // ben reviews nothing
	s.f.Book.Roles[workflows.ReleaseManager] = policy.Members{People: []workflows.PersonID{"ben"}}
	s.reads(review, Open, workflows.ItemOwnGlass)
}

// Who broke the glass, and turns out to be whoever reviewed it, reviewed nothing.
func TestReviewByAnotherAccount(t *testing.T) {
	s := broken(t, policy.Normal)
	s.sign("ben", OK, review)
	s.reads(review, Holds, "")
	s.links("ben", "ana")
	s.reads(review, Open, workflows.ItemOwnGlass)
}

// Each broken glass has a review of its own, and one over a review does not lose it.
func TestGlassTwice(t *testing.T) {
	s := begin(t, New{ID: "app@inv", Template: "feature", Risk: policy.Low})
	s.by("ana", BreakGlass{Why: "one"})
	s.by("ana", BreakGlass{Why: "two"}) // over the review of the first
	s.by("ana", BreakGlass{Why: "three"})
	for _, full := range []string{"preview.done/review-glass", "ga.done/review-glass", "ga.done/review-glass2"} {
		if s.item(full).Item.Origin != OfGlass {
			t.Errorf("no review %s", full)
		}
	}
	if !slices.Contains(s.owes(), "preview.done/review-glass") || len(s.Unreviewed(s.f.Book, s.f.Now)) != 3 {
		t.Errorf("owed %v", s.owes())
	}
	s.sign("ben", OK, "preview.done/review-glass")
	if slices.Contains(s.owes(), "preview.done/review-glass") || len(s.Unreviewed(s.f.Book, s.f.Now)) != 2 {
		t.Errorf("owed %v", s.owes())
	}
}

// A gate that was passed by breaking the glass, taken back and passed as it should be, leaves nothing owed but the review.
func TestGlassRolledBack(t *testing.T) {
	s := broken(t, policy.Low)
	s.by("ana", RollBack{Why: "it was not that"})
	s.by("ana", Resume{})
	s.signAll("mia")
	s.by("ana", Advance{})
	s.owing()
	s.moves(commit("bbbbbbbb", "ana"))
	s.owing()
	s.sign("ben", OK, "announced", "healthy")
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.sign("mia", OK, review)
	s.by("ana", Advance{})
}
