package desk

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
)

// A flag that was killed after somebody was asked about opening it to everyone stays killed: the answer was given to
// another question.
func TestKilledBetweenQuestionAndPress(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.must(h.ask("ana", "app@1.0", flag.New{Key: "inv"}))
	h.confirmed(h.ask("ana", "app@1.0", release.Advance{}))
	open := h.ask("ana", "app@1.0", flag.Set{Percent: 100})
	open.On.Flag = "inv"
	q := h.must(open)
	kill := h.ask("ben", "app@1.0", flag.Kill{Note: "wrong totals"})
	kill.On.Flag = "inv"
	h.must(kill)
	r, err := h.do(press(open, "late", q.Confirm.Key))
	if err == nil && r.Confirm == nil {
		t.Errorf("the press opened a killed flag: %v", r.Events)
	}
	if e, err := h.Evaluate("production", workflows.FlagKey("inv"), "anyone"); err != nil || e.Value {
		t.Errorf("it evaluates to %+v, %v", e, err)
	}
}
