package release

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

const (
	wayLine = "ga.done/way-back-plan"
	logItem = "ga.ready/changelog"
)

// later is a plan of the way back that mia carries out.
func later(what string, days int) PlanItem {
	return PlanItem{Item: "way-back", Owner: "mia", Due: in(days), What: what}
}

// A plan counts, and returns in the next definition of done with its owner and its date; that gate is not passed without.
func TestPlan(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.by("ben", later("the third step is not tried yet", 9))
	if got := s.tells(); !slices.Equal(got, []string{"planned mia"}) {
		t.Errorf("told %v", got)
	}
	s.reads(wayItem, IsPlanned, "")
	s.reads(wayLine, Open, workflows.ItemUnsigned)
	if c := s.Care[wayLine]; c.Owner != "mia" || !c.Due.Equal(in(9)) {
		t.Errorf("%+v", c)
	}
	if line := s.item(wayLine).Item; line.Role != workflows.SRE || line.Text != "the third step is not tried yet" || line.Origin != OfPlan {
		t.Errorf("it returns as %+v", line)
	}
	s.sign("ben", OK, testsItem, logItem)
	s.by("ben", Advance{})
	s.sign("mia", OK, "ga.done/announced")
	s.sign("ben", OK, "ga.done/healthy")
	s.refuses("ben", Advance{}, workflows.NotReady)
	s.no("ben", Sign{Items: []string{wayItem}, Value: Withdraw}, workflows.Over, "rollback plan") // its gate was passed by it
	s.by("ben", RollBack{Why: "errors"})
	s.by("ana", Resume{})
	s.reads(wayItem, IsPlanned, "")
	s.by("ben", Advance{})
	s.sign("cem", OK, wayLine)
	s.by("ben", Advance{})
}

// A plan that is taken back, or made good, takes its line along with all that was said of it.
func TestPlanTakenBack(t *testing.T) {
	for name, back := range map[string]Sign{"withdrawn": {Items: []string{wayItem}, Value: Withdraw}, "made good": {Items: []string{wayItem}}} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
			s.by("ben", later("one", 9))
			s.sign("cem", OK, wayLine)
			s.by("ben", back)
			if _, _, there := s.find(wayLine); there || s.Care[wayItem].Plan != nil || s.Care[wayLine].Owner != "" {
				t.Errorf("left: %s", read(s.Release))
			}
			s.by("ben", later("another", 9))
			s.reads(wayLine, Open, workflows.ItemUnsigned) // what cem said was said of one
		})
	}
}

// Somebody else's ok beside a plan leaves the plan, and takes nothing from either.
func TestOkBesideAPlan(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.by("ben", later("one", 9))
	s.sign("cem", OK, wayItem)
	s.reads(wayItem, IsPlanned, "")
	if _, _, there := s.find(wayLine); !there {
		t.Error("its line is gone")
	}
	s.sign("ben", Withdraw, wayItem)
	s.reads(wayItem, Holds, "")
}

// Another plan keeps the line, asks its signers anew, and does not stand on the word of who agreed to the first.
func TestPlanChanged(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.by("ben", later("one", 9))
	s.by("cem", later("one", 9))
	if n := len(s.votesOn(wayItem)); n != 2 {
		t.Fatalf("%d agreed", n)
	}
	s.sign("ben", OK, wayLine)
	s.by("cem", later("one", 12)) // the line asks for the same, later
	s.reads(wayLine, Holds, "")
	if v := s.votesOn(wayItem); len(v) != 1 || v[0].By != "cem" {
		t.Errorf("votes for the new date: %+v", v)
	}
	s.by("cem", later("two", 12))
	s.reads(wayLine, Open, workflows.ItemUnsigned)
	if n := s.Count(); n != 6 {
		t.Errorf("%d items", n)
	}
	s.no("cem", later("two", 12), workflows.Unchanged, "item show "+wayItem)
}

// What an earlier gate let through is planned into a gate that is still to come, never into one that was passed.
func TestPlanOfADebt(t *testing.T) {
	s := begin(t, New{ID: "app@inv", Template: "feature", Risk: policy.Low})
	s.by("ana", Waive{Item: "audit-logs", Owner: "mia", Until: in(3), Why: "soon"})
	s.signAll("ana")
	s.sign("ana", Withdraw, "preview.ready/audit-logs")
	s.by("ana", Advance{})
	s.signAll("ana")
	s.by("ana", Advance{})
	s.by("ana", PlanItem{Item: "preview.ready/audit-logs", Owner: "mia", Due: in(9), What: "log the rest"})
	if p := s.Care["preview.ready/audit-logs"].Plan; p.Line != "ga.done/audit-logs-plan" {
		t.Errorf("it returns as %s", p.Line)
	}
	s.owing()
	s.sign("ana", Withdraw, "preview.ready/audit-logs")
	s.owing("preview.ready/audit-logs")
}

func TestPlanRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	again := "item plan " + wayItem + " @owner --due friday"
	s.no("ben", later("", 9), workflows.NeedsReason, again)
	s.no("ben", later("x", -1), workflows.Invalid, again)
	s.no("ben", PlanItem{Item: "way-back", Owner: "mia", What: "x"}, workflows.Invalid, again)
	s.no("ben", PlanItem{Item: "way-back", Owner: "zed", Due: in(9), What: "x"}, workflows.UnknownPerson, again)
	s.no("mia", later("x", 9), workflows.NotAllowed, "item show "+wayItem)
	s.no("ben", later(strings.Repeat("x", MaxItemText+1), 9), workflows.Invalid, again)
	s.no("ben", later("from the left \u202e", 9), workflows.Invalid, again)
	s.no("ben", PlanItem{Item: "healthy", Owner: "mia", Due: in(9), What: "x"}, workflows.GateClosed, "item waive ga.done/healthy")
	s.by("ben", later("x", 0)) // today is not over
	s.sign("ben", OK, testsItem, logItem)
	s.by("ben", Advance{})
	s.no("ben", later("y", 9), workflows.Over, "rollback plan")
}

// The names of lines stay within what a key may be, and differ from what is there.
func TestPlanKeys(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	long := strings.Repeat("k", 32)
	for _, key := range []string{long, long[:31] + "x", "way-back-x"} {
		s.by("ana", AddItem{Gate: "ga.ready", Key: key, Text: "so"})
		s.by("ana", PlanItem{Item: "ga.ready/" + key, Owner: "mia", Due: in(9), What: "x"})
	}
	seen := map[string]bool{}
	for _, i := range s.Gates[1].Items {
		if seen[i.Key] || !workflows.ValidID(i.Key) {
			t.Errorf("%s", i.Key)
		}
		seen[i.Key] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d items", len(seen))
	}
}

// A full checklist takes no plan more.
func TestPlanOfAFullList(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	for i := s.Count(); i < MaxItems; i++ {
		s.by("ana", AddItem{Gate: "ga.done", Key: fmt.Sprintf("own-x%dx", i), Text: "so"})
	}
	s.no("ana", later("x", 9), workflows.Invalid, "item list")
	s.no("ana", AddItem{Key: "runbook"}, workflows.Invalid, "item list")
}

// The undo of a plan takes it back; where its signer had said something before, there is none.
func TestPlanUndo(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	before := s.Release
	s.by("ana", later("x", 9))
	if line, ok := Undo(before, s.Release, recorded(s.said)); !ok || line != "sign 1 ga.ready/way-back withdraw -- the plan is taken back" {
		t.Errorf("undo: %q %v", line, ok)
	}
	s.sign("ana", OK, wayItem)
	before = s.Release
	s.by("ana", later("x", 9))
	if line, ok := Undo(before, s.Release, recorded(s.said)); ok {
		t.Errorf("undo: %q", line)
	}
}
