package reading

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// planned reads that what an item lacks is done later. The vote that says so stands before it, and the plan is looked at
// again in a later definition of done.
func (rd *Reading) planned(h workflows.Header, f *followed, e release.Planned) {
	if why := f.unplannable(h, e); why != "" {
		rd.wrongf(h, "the plan for %s %s", e.Item, why)
	}
	if was, ok := f.plans[e.Item]; ok && !samePlan(was, e.Plan) { // the votes of others rested on that one
		f.votes = slices.DeleteFunc(f.votes, func(v cast) bool {
			return v.Item == e.Item && v.Value == release.ByPlan && v.By != h.By.Person
		})
	}
	f.plans[e.Item], f.owners[e.Plan.Line] = e.Plan, e.Plan.Owner
	f.take(e.Plan.Line)
	f.put(e.Gate, e.Line)
	f.owners[e.Plan.Line] = e.Plan.Owner
}

func samePlan(a, b release.Planning) bool {
	return a.Owner == b.Owner && a.Due.Equal(b.Due) && a.What == b.What && a.Line == b.Line
}

// unplannable says what is wrong with a plan; nothing where it can stand.
func (f *followed) unplannable(h workflows.Header, e release.Planned) string {
	gate, _ := split(e.Item)
	at, to := f.gate(gate), f.gate(e.Gate)
	item, ok := f.items[e.Item]
	line := e.Gate + "/" + e.Line.Key
	old, there := f.items[line]
	switch {
	case !ok:
		return "is of no item that the release has"
	case !slices.ContainsFunc(f.votes, func(v cast) bool {
		return v.Item == e.Item && v.By == h.By.Person && v.Machine == release.ByHand && v.Value == release.ByPlan
	}):
		return "is by " + h.By.At() + ", who did not vote so"
	case f.broke(e.Item) != nil:
		return "is of the review of a broken glass, which is never put off"
	case e.Plan.Owner == "" || e.Plan.What == "" || e.Plan.Due.IsZero():
		return "does not say who does what until when"
	case to <= at || to < f.passed || f.gates[to].Half != release.Done:
		return "returns in " + e.Gate + ", which is no later definition of done"
	case e.Plan.Line != line || e.Line.Role != item.Role || e.Line.Origin != release.OfPlan:
		return "returns as something else"
	case there && old.Origin != release.OfPlan:
		return "returns in the place of " + line
	}
	return ""
}

// unplan takes the line of a plan away when no vote rests on the plan any more.
func (f *followed) unplan(full string) {
	p, ok := f.plans[full]
	if !ok || slices.ContainsFunc(f.votes, func(v cast) bool { return v.Item == full && v.Value == release.ByPlan }) {
		return
	}
	delete(f.plans, full)
	if gate, _ := split(p.Line); f.gate(gate) < f.passed {
		return
	}
	f.take(p.Line)
	f.forget(p.Line)
}
