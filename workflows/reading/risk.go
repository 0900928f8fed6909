package reading

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// weighed reads that a release is treated with another care. Less is a release manager's word, with a reason; more may
// follow from what a candidate touches, or from what a machine saw.
func (rd *Reading) weighed(h workflows.Header, f *followed, e release.RiskSet) {
	lower := slices.Index(careful, e.To) < slices.Index(careful, f.risk)
	if lower || h.By.Machine == "" && (e.Rule == "" || f.moved != h.Ask) {
		rd.byManager(h, f, "set the risk to "+string(e.To))
	}
	switch {
	case e.From != f.risk:
		rd.wrongf(h, "the risk was set from %s, and it was %s", e.From, f.risk)
	case lower && e.Why == "":
		rd.wrongf(h, "the risk was lowered from %s to %s, and nobody said why", e.From, e.To)
	}
	if f.passed > 0 && f.passed < len(f.gates) && f.gates[f.passed].Half == release.Done { // less care shortens no soak that runs
		f.soak = max(f.soak, tiers[f.risk].soak)
	}
	f.risk = e.To
	rd.known(h, f.risk)
	rd.fitted(h, f, e.Gates)
}

// fitted exchanges the gates that are to be passed for those that the risk asks for.
func (rd *Reading) fitted(h workflows.Header, f *followed, gates []release.Gate) {
	brings := func(gate string, item release.Item) bool {
		return item.Origin == release.OfRisk && slices.Contains(tiers[f.risk].adds[gate], item.Key)
	}
	rd.rearranged(h, f, gates, brings, func(item release.Item) bool { return item.Origin != release.OfRisk })
}

// adopted reads that a release goes by another template.
func (rd *Reading) adopted(h workflows.Header, f *followed, e release.Adopted) {
	rd.byManager(h, f, "adopted the template "+e.Template)
	brought := func(item release.Item) bool {
		return item.Origin == release.OfPerson || item.Origin == release.OfPlan || item.Origin == release.OfGlass
	}
	rd.rearranged(h, f, e.Gates, func(_ string, item release.Item) bool { return !brought(item) }, brought)
}

// rearranged exchanges the gates. Those that were passed are as they were; in the others comes what may, and stays what
// must. A vote on what asks for something else now is gone.
func (rd *Reading) rearranged(h workflows.Header, f *followed, gates []release.Gate, may func(gate string, i release.Item) bool, must func(release.Item) bool) {
	was := f.items
	for i, g := range f.gates {
		at := slices.IndexFunc(gates, func(x release.Gate) bool { return x.Key() == g.Key() })
		var now []release.Item
		if at >= 0 {
			now = gates[at].Items
		}
		if i < f.passed && (at != i || !slices.Equal(g.Items, now)) {
			rd.wrongf(h, "it changes the gate %s, which was passed", g.Key())
			continue
		}
		for _, item := range g.Items {
			same := func(x release.Item) bool { // what somebody added makes way for a namesake of the other template's
				return x == item || item.Origin == release.OfPerson && x.Origin == release.OfTemplate && x.Key == item.Key
			}
			if must(item) && !slices.ContainsFunc(now, same) {
				rd.wrongf(h, "it takes %s away, or makes another item of it", g.Full(item))
			}
		}
	}
	for _, g := range gates {
		for _, item := range g.Items {
			if old, ok := was[g.Full(item)]; (!ok || old != item) && !may(g.Key(), item) {
				rd.wrongf(h, "it brings %s, which does not follow from it", g.Full(item))
			}
		}
	}
	f.arrange(gates)
	f.votes = slices.DeleteFunc(f.votes, func(v cast) bool {
		old, had := was[v.Item]
		now, has := f.items[v.Item]
		return had && has && !alike(old, now)
	})
	rd.complete(h, f)
}

// alike reports whether two items ask for the same.
func alike(a, b release.Item) bool {
	return a.Key == b.Key && a.Text == b.Text && a.Role == b.Role && a.Binds == b.Binds && a.From == b.From
}

// known: a risk that nobody here knows asks for nothing.
func (rd *Reading) known(h workflows.Header, risk policy.Risk) {
	if _, ok := tiers[risk]; !ok {
		rd.wrongf(h, "nobody here knows the risk %q, nor what it asks for", risk)
	}
}
