package reading_test

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

const billing = workflows.Stream("release/billing@2")

// another opens billing@2, which asks for one vote a gate, and takes it so many gates on.
func (f *forger) another(gates int) {
	f.Helper()
	item := release.Item{Key: "alerts", Role: workflows.SRE}
	all := []release.Gate{{Stage: workflows.Preview, Half: release.Ready, Items: []release.Item{item}}, {Stage: workflows.Preview, Half: release.Done},
		{Stage: workflows.GA, Half: release.Ready, Items: []release.Item{item}}, {Stage: workflows.GA, Half: release.Done}}
	f.put("@ana", billing, release.Opened{ID: "billing@2", Number: 2, Template: "own", Risk: policy.Low, Manager: "ana", Gates: all})
	for _, g := range all[:gates] {
		for _, i := range g.Items {
			f.put("@ana", billing, release.Signed{Vote: release.Vote{Item: g.Full(i), By: "ana", Value: release.OK}})
		}
		f.put("@ana", billing, release.Passed{Gate: g.Key()})
	}
}

// comesAfter opens app@1.0 and says that it comes after billing@2, whatever it hears of it.
func (f *forger) comesAfter() {
	f.Helper()
	f.open("normal")
	lie := release.Dependency{ID: "billing@2", Stage: workflows.GA, Where: "in GA"} // what it says it heard is nobody's evidence
	f.put("@ana", forged, release.Changed{After: &[]release.Dependency{lie}})
	f.sign("preview.ready/alerts", "ana")
	f.sign("preview.ready/tests", "ben")
}

// A gate that opens to users is held to where the releases stand that this one comes after.
func TestGatesInOrder(t *testing.T) {
	const late = "app@1.0, event N: the gate preview.ready was passed, and billing@2, which it comes after, was not that far"
	forgeries{
		"both in preview":              {func(f *forger) { f.another(1); f.comesAfter(); f.pass("preview.ready") }, nil},
		"the other is further":         {func(f *forger) { f.another(4); f.comesAfter(); f.pass("preview.ready") }, nil},
		"the other is not in":          {func(f *forger) { f.another(0); f.comesAfter(); f.pass("preview.ready") }, []string{late}},
		"the other's stream has ended": {func(f *forger) { f.another(3); f.rd.End(billing); f.comesAfter(); f.pass("preview.ready") }, nil},
		"there is no other": {func(f *forger) { f.comesAfter(); f.pass("preview.ready") },
			[]string{"event N: the gate preview.ready was passed, and billing@2, which it comes after, is in no event before"}},
		"the other is on hold": {func(f *forger) {
			f.another(1)
			f.put("@ana", billing, release.Held{By: "ana", Why: "x"})
			f.comesAfter()
			f.pass("preview.ready")
		}, []string{"which it comes after, was on hold (since event 5)"}},
		"the other was cancelled": {func(f *forger) {
			f.another(0)
			f.put("@ana", billing, release.Cancelled{Why: "x"})
			f.comesAfter()
			f.pass("preview.ready")
		}, []string{"which it comes after, was cancelled (event 3)"}},
		"the other was taken back": {func(f *forger) {
			f.another(3)
			f.put("@ana", billing, release.RolledBack{By: "ana", Why: "x", Passed: 0})
			f.put("@ana", billing, release.Resumed{})
			f.comesAfter()
			f.pass("preview.ready")
		}, []string{late}},
		"it comes after none any more": {func(f *forger) {
			f.another(0)
			f.comesAfter()
			f.put("@ana", forged, release.Changed{After: &[]release.Dependency{}})
			f.pass("preview.ready")
		}, nil},
		"in preview is not enough for everybody": {func(f *forger) {
			f.another(2)
			f.comesAfter()
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * 3600e9)
			f.pass("preview.done")
			f.sign("ga.ready/tests", "ana", "mia")
			f.sign("ga.ready/rollback-plan", "mia")
			f.pass("ga.ready")
		}, []string{"event N: the gate ga.ready was passed, and billing@2, which it comes after, was not that far"}},
		"from the beginning": {func(f *forger) {
			f.another(0)
			f.put("@ana", forged, release.Opened{ID: "app@1.0", Number: 1, Template: "own", Risk: policy.Low, Manager: "ana",
				After: []release.Dependency{{ID: "billing@2"}}, Gates: []release.Gate{{Stage: workflows.Preview, Half: release.Ready}}})
			f.put("@ana", forged, release.Passed{Gate: "preview.ready"})
		}, []string{late, "with the votes of nobody"}},
	}.try(t)
}
