package reading

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// asks is what a tier asks of a gate, written down a second time: a slip in the first must not hide here.
type asks struct {
	people    int           // whose votes a gate that opens to users holds
	each      int           // and each of its items
	soak      time.Duration // that a stage stays open
	authorOut bool          // a commit's author alone does not vouch for it
	owners    bool          // stand in for a role that nobody holds
}

var tiers = map[policy.Risk]asks{
	"low":    {people: 1, each: 1, owners: true},
	"normal": {people: 2, each: 1, soak: 24 * time.Hour, authorOut: true, owners: true},
	"high":   {people: 2, each: 2, soak: 7 * 24 * time.Hour, authorOut: true},
}

// pass reads that a gate was passed, and says everything that stood against it at that moment.
func (rd *Reading) pass(h workflows.Header, f *followed, e release.Passed) {
	if f.held != 0 {
		rd.wrongf(h, "the gate %s was passed while the release was on hold (since event %d)", e.Gate, f.held)
	}
	if f.cancelled != 0 {
		rd.wrongf(h, "the gate %s was passed after the release was cancelled (event %d)", e.Gate, f.cancelled)
	}
	at := slices.IndexFunc(f.gates, func(g release.Gate) bool { return g.Key() == e.Gate })
	switch {
	case at < 0:
		rd.wrongf(h, "the gate %q was passed, and the release has none of that name", e.Gate)
		return
	case f.passed == len(f.gates):
		rd.wrongf(h, "the gate %s was passed, and all were passed before", e.Gate)
	case at != f.passed:
		rd.wrongf(h, "the gate %s was passed, and %s was next", e.Gate, f.gates[f.passed].Key())
	}
	g := f.gates[at]
	if commit := f.commit(); e.Commit != commit {
		rd.wrongf(h, "the gate %s was passed with %s, and the candidate was %s",
			e.Gate, workflows.ShortID(e.Commit), workflows.ShortID(commit))
	}
	rd.maker(h, f, e)
	rd.checklist(h, f, g, e)
	if until := f.since.Add(tiers[f.risk].soak); g.Half == release.Done && h.At.Before(until) {
		rd.wrongf(h, "the gate %s was passed at %s, and at risk %s the stage had to stay open until %s",
			e.Gate, stamp(h.At), f.risk, stamp(until))
	}
	f.passed, f.since = at+1, h.At
	if g.Stage == workflows.GA && g.Half == release.Ready {
		rd.ship(f, e.Commit)
	}
}

// ship notes that a release is in GA.
func (rd *Reading) ship(f *followed, commit string) {
	f.out = commit
	if commit != "" && len(f.paths) == 0 {
		p := f.id.Product()
		rd.shipped[p] = append(slices.DeleteFunc(rd.shipped[p], func(x *followed) bool { return x == f }), f)
	}
}

// maker: a gate is passed by engineering, sre, or a release manager.
func (rd *Reading) maker(h workflows.Header, f *followed, e release.Passed) {
	if h.By.Person == f.manager && f.manager != "" {
		return
	}
	m := momentOf(h, f)
	for _, role := range []workflows.Role{workflows.ReleaseManager, workflows.Engineering, workflows.SRE} {
		if rd.holds(m, h.By.Person, role, false) != no {
			return
		}
	}
	rd.wrongf(h, "%s passed the gate %s and had no role that may", h.By.At(), e.Gate)
}

// checklist holds each item of a gate, and the gate as a whole, to the votes.
func (rd *Reading) checklist(h workflows.Header, f *followed, g release.Gate, e release.Passed) {
	var voters []workflows.PersonID
	fine := true
	for _, item := range g.Items {
		why, by := rd.lacks(h, f, g, item)
		if why != "" {
			fine = false
			rd.wrongf(h, "the gate %s was passed, and %s did not hold: %s", g.Key(), item.Key, why)
		}
		voters = append(voters, by...)
	}
	slices.Sort(voters)
	voters = slices.Compact(voters)
	need := tiers[f.risk].people
	switch {
	case !fine:
	case g.Half == release.Ready && len(voters) < need:
		rd.wrongf(h, "the gate %s was passed with the votes of %s; at risk %s it needs those of %d different people",
			g.Key(), namesOf(voters), f.risk, need)
	case !within(e.Voters, voters):
		rd.wrongf(h, "the gate %s was passed on the votes of %s, and those that count are of %s",
			g.Key(), namesOf(e.Voters), namesOf(voters))
	}
}

// lacks says why an item did not hold by the votes of the ledger alone, and whose votes counted.
func (rd *Reading) lacks(h workflows.Header, f *followed, g release.Gate, item release.Item) (why string, by []workflows.PersonID) {
	votes := f.on(g.Full(item))
	if why := rd.objected(momentOf(h, f), item, votes); why != "" {
		return why, nil
	}
	var not []string
	machine := false
	for _, v := range votes {
		if !counts(v.Vote) {
			continue
		}
		switch why := rd.discounted(h, f, item, v); {
		case why != "":
			not = append(not, fmt.Sprintf("; the vote of %s (event %d) %s", voterOf(v.Vote), v.seq, why))
		case v.By == "":
			machine = true
		case !slices.Contains(by, v.By):
			by = append(by, v.By)
		}
	}
	tier := tiers[f.risk]
	switch {
	case machine:
		return "", by
	case len(by) == 0:
		return "no vote on it counts" + strings.Join(not, ""), nil
	case g.Half == release.Ready && len(by) < tier.each:
		return fmt.Sprintf("%s alone vouched for it, and risk %s asks for %d people", namesOf(by), f.risk, tier.each), nil
	}
	if tier.authorOut && item.Binds != release.Unbound {
		for _, w := range f.cand.Written {
			if !slices.ContainsFunc(by, func(id workflows.PersonID) bool { return rd.wrote(h.Policy, id, w.Authors) != yes }) {
				return fmt.Sprintf("only %s vouched for it, who wrote %s", namesOf(by), workflows.ShortID(w.Example)), nil
			}
		}
	}
	return "", by
}

func within(some, all []workflows.PersonID) bool {
	return !slices.ContainsFunc(some, func(id workflows.PersonID) bool { return !slices.Contains(all, id) })
}

func namesOf(ids []workflows.PersonID) string {
	if len(ids) == 0 {
		return "nobody"
	}
	return strings.Join(policy.Names(ids), ", ")
}
