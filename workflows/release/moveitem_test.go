package release

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// An item takes along what was said and arranged of it: votes that count, and such as do not any more.
func TestMoveItem(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.sign("ben", OK, testsItem)
	s.by("ana", Assign{Item: "tests", Owner: "leo", Due: in(3)})
	s.moves(commit("bbbbbbbb", "ana"))
	s.sign("mia", OK, testsItem)
	before := s.Release
	s.by("ana", MoveItem{Item: "tests", Gate: "ga.done"})
	s.reads("ga.done/tests", Holds, "")
	if len(s.votesOn("ga.done/tests")) != 2 || len(s.votesOn(testsItem)) != 0 || s.OwnerOf("ga.done/tests") != "leo" || s.OwnerOf(testsItem) != "ana" {
		t.Errorf("after the move: %s", read(s.Release))
	}
	s.sign("mia", Withdraw, "ga.done/tests")
	s.reads("ga.done/tests", Open, workflows.ItemStale)
	s.Release = before
	s.by("ana", MoveItem{Item: "tests", Gate: "ga.done"})
	line, ok := Undo(before, s.Release, recorded(s.said))
	if !ok || line != "item move 1 ga.done/tests ga.ready" {
		t.Errorf("undo: %q", line)
	}
	s.f.Basis = before.BasisOf(testsItem)
	s.by("ana", MoveItem{Item: "ga.done/tests", Gate: "ga.ready"})
	s.reads(testsItem, Holds, "")
	s.no("mia", Sign{Items: []string{testsItem}}, workflows.Changed, "item show") // drawn before the moves
}

// A gate that lost an item passes without it, and the other does not.
func TestMovedItemCounts(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.by("ana", MoveItem{Item: "way-back", Gate: "ga.done"})
	s.sign("ana", OK, testsItem, logItem)
	s.by("ana", Advance{})
	s.sign("ana", OK, "announced", "healthy")
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.sign("ana", OK, "ga.done/way-back")
	s.by("ana", Advance{})
}

func TestMoveRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.no("ana", MoveItem{Item: "tests", Gate: "ga.redy"}, workflows.Invalid, "item move "+testsItem+" ga.done")
	s.no("ana", MoveItem{Item: "tests", Gate: "preview.ready"}, workflows.Invalid, "item move "+testsItem)
	s.no("ana", MoveItem{Item: "tests", Gate: "ga.ready"}, workflows.Unchanged, "item show")
	s.no("ana", MoveItem{Item: "tets", Gate: "ga.done"}, workflows.UnknownItem, "item move tests")
	s.by("ana", AddItem{Key: "tests", Gate: "ga.done"})
	s.no("ana", MoveItem{Item: testsItem, Gate: "ga.done"}, workflows.Exists, "item show ga.done/tests")
	s.by("ben", later("x", 9))
	no := s.no("ana", MoveItem{Item: wayItem, Gate: "ga.done"}, workflows.NotAllowed, "item show "+wayItem)
	if !strings.Contains(no.Why, "rests on a plan, which returns as "+wayLine) {
		t.Errorf("why: %s", no.Why)
	}
	s.no("ana", MoveItem{Item: wayLine, Gate: "ga.ready"}, workflows.NotAllowed, "item show "+wayLine)
	s.sign("ana", OK, testsItem, logItem)
	s.by("ana", Advance{})
	s.no("ana", MoveItem{Item: logItem, Gate: "ga.done"}, workflows.Over, "rollback plan")
	s.no("ana", MoveItem{Item: "healthy", Gate: "ga.ready"}, workflows.Over, "rollback plan")
}

// What the risk asks in a gate stays there, also where the template asked it before, or somebody did.
func TestMoveWhatARiskAsks(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	for _, item := range []string{"rollback-plan", "tests", "validation"} {
		no := s.no("ana", MoveItem{Item: item, Gate: map[bool]string{true: "ga.ready", false: "ga.done"}[item == "validation"]}, workflows.NotAllowed, "item show")
		if !strings.Contains(no.Why, "is asked there by risk normal") {
			t.Errorf("%s: %s", item, no.Why)
		}
	}
	s.by("ana", MoveItem{Item: "way-back", Gate: "ga.done"})
}
