package evidence

import (
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// Pick chooses what goes into a bundle beside a release's own streams, out of the ledger's events without a stream: what
// was refused about it, that the whole database was put back from a copy since, and of the published tips the first after each of its events, and the newest. Both lists are in
// the ledger's order.
func Pick(id workflows.ReleaseID, own, loose []workflows.Recorded) []workflows.Recorded {
	var picked, tips []workflows.Recorded
	for _, e := range loose {
		switch x := e.Event.(type) {
		case ledger.Refused:
			if about(id, x) {
				picked = append(picked, e)
			}
		case ledger.Anchored:
			tips = append(tips, e)
		case ledger.Restored:
			picked = append(picked, e)
		}
	}
	return append(picked, pins(own, tips)...)
}

// Policies are the hashes of the configurations that events were decided under, each once.
func Policies(events ...workflows.Recorded) []string {
	found := map[string]bool{}
	for _, e := range events {
		if e.Policy != "" && isAct(e) {
			found[e.Policy] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// pins are, of the published tips, the first that covers each event, and the newest.
func pins(own, tips []workflows.Recorded) []workflows.Recorded {
	var out []workflows.Recorded
	var covered workflows.Seq
	for i, e := range tips {
		size := e.Event.(ledger.Anchored).Size
		first := slices.ContainsFunc(own, func(o workflows.Recorded) bool { return covered < o.Seq && o.Seq <= size })
		if first || i == len(tips)-1 {
			out = append(out, e)
		}
		covered = max(covered, size)
	}
	return out
}

// Tips are the published tips among picked events, by size: what a bundle needs proofs for.
func Tips(instance string, picked []workflows.Recorded) []ledger.Tip {
	found := map[workflows.Seq]ledger.Tip{}
	for _, e := range picked {
		if a, ok := e.Event.(ledger.Anchored); ok {
			found[a.Size] = ledger.Tip{Instance: instance, Size: a.Size, Hash: a.Hash}
		}
	}
	var out []ledger.Tip
	for _, size := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[size])
	}
	return out
}

// Groups are the streams of the groups to which picked configurations give roles, in the order of their names.
func Groups(picked []workflows.Recorded) []workflows.Stream {
	found := map[workflows.Stream]bool{}
	for _, e := range picked {
		p, _ := e.Event.(ledger.Policy)
		for g := range groups(p) {
			platform, group, _ := strings.Cut(g, "/")
			found[team.StreamOf(team.Roster{Platform: platform, Group: group})] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// InForce are, of the rosters of one group, those that were the last to have arrived when a vote was cast, a gate passed, or what
// it asks for changed or waived.
func InForce(own, rosters []workflows.Recorded) []workflows.Recorded {
	found := map[workflows.Seq]workflows.Recorded{}
	for _, e := range own {
		switch e.Event.(type) {
		case release.Signed, release.Passed, release.Waived, release.RiskSet, release.Adopted, release.ItemMoved, release.ItemDropped, release.GlassBroken:
			if i := slices.IndexFunc(rosters, func(r workflows.Recorded) bool { return r.Seq > e.Seq }); i != 0 && len(rosters) > 0 {
				last := rosters[len(rosters)-1]
				if i > 0 {
					last = rosters[i-1]
				}
				found[last.Seq] = last
			}
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b workflows.Recorded) int { return int(a.Seq) - int(b.Seq) })
}
