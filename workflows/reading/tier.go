package reading

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// asks is what a tier asks of a release, written down a second time: a slip in the first must not hide here.
type asks struct {
	people    int           // whose votes a gate that opens to users holds
	each      int           // and each of its items
	soak      time.Duration // that a stage stays open
	authorOut bool          // a commit's author alone does not vouch for it
	owners    bool          // stand in for a role that nobody holds
	managed   bool          // a release manager passes the gates, nobody else
	waivers   int           // release managers who agree to a waiver
	evidence  bool          // an item that wants evidence has it
	adds      map[string][]string
}

var tiers = map[policy.Risk]asks{
	"low": {people: 1, each: 1, waivers: 1, owners: true},
	"normal": {people: 2, each: 1, waivers: 1, soak: 24 * time.Hour, authorOut: true, owners: true, adds: map[string][]string{
		"preview.ready": {"tests"}, "ga.ready": {"tests", "rollback-plan"}, "ga.done": {"validation"}}},
	"high": {people: 2, each: 2, waivers: 2, soak: 7 * 24 * time.Hour, authorOut: true, managed: true, evidence: true, adds: map[string][]string{
		"preview.ready": {"tests"}, "ga.done": {"validation"},
		"ga.ready": {"tests", "rollback-plan", "risk-assessment", "rollback-rehearsal", "compliance"}}},
}

// careful are the risks, from the least care to the most.
var careful = []policy.Risk{"low", "normal", "high"}

// complete: what the tier adds stands in each gate that is still to be passed, and asks for no less than it should.
func (rd *Reading) complete(h workflows.Header, f *followed) {
	for _, g := range f.gates[f.passed:] {
		for _, key := range tiers[f.risk].adds[g.Key()] {
			i := slices.IndexFunc(g.Items, func(item release.Item) bool { return item.Key == key })
			switch {
			case i < 0:
				rd.wrongf(h, "risk %s asks for %s/%s, and it is not there", f.risk, g.Key(), key)
			case weakened(g.Items[i]):
				rd.wrongf(h, "risk %s asks for %s/%s, and what is there asks for less", f.risk, g.Key(), key)
			}
		}
	}
}

// weakened: tests are of the very commit, and a rehearsal says nothing of what came a month later.
func weakened(i release.Item) bool {
	return i.Key == "tests" && i.Binds != release.ToCommit || i.Key == "rollback-rehearsal" && (i.Valid < 1 || i.Valid > 30)
}

// tiered reports whether the tier of a release adds an item where it stands.
func (f *followed) tiered(full string) bool {
	gate, key := split(full)
	return slices.Contains(tiers[f.risk].adds[gate], key)
}
