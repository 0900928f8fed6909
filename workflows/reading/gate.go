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
	rd.asked(h, f, e)
	if e.Glass {
		rd.through(h, f, g, e)
	} else {
		rd.maker(h, f, e)
		rd.inOrder(h, f, g)
		rd.checklist(h, f, g, e)
		rd.soaked(h, f, g)
		rd.owes(h, f, at)
	}
	for _, item := range g.Items {
		if why, _, _ := rd.byVotes(h, f, g, item); why != "" {
			f.owing = append(f.owing, g.Full(item))
		}
	}
	f.passed = at + 1
	f.enter(h.At)
	if g.Stage == workflows.GA && g.Half == release.Ready {
		rd.ship(f, e.Commit)
	}
}

// asked reads which machines were asked when a gate was passed: without glass, what they said then was well.
func (rd *Reading) asked(h workflows.Header, f *followed, e release.Passed) {
	for _, full := range e.Seen {
		item, there := f.items[full]
		well := f.checks.Commit == e.Commit && f.checks.State == workflows.CheckPassed
		switch {
		case !there || item.From == release.ByHand:
			rd.wrongf(h, "the gate %s was passed having asked the machines for %s, of which they say nothing", e.Gate, full)
		case item.From == release.CI && !e.Glass && !well:
			rd.wrongf(h, "the gate %s was passed having asked the machines for %s, and the checks were last found %s of %s", e.Gate, full,
				f.checks.State, workflows.ShortID(f.checks.Commit))
		}
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

// enter begins a stage, and with it its soak.
func (f *followed) enter(at time.Time) {
	f.soak = 0
	f.soakFrom(at)
}

// soakFrom begins a soak. What let the one before be shorter was about that one.
func (f *followed) soakFrom(at time.Time) {
	f.since = at
	for _, g := range f.gates {
		delete(f.waivers, g.Key()+"/"+soakKey)
	}
}

// soaked: a stage stays open for a while, unless that is waived.
func (rd *Reading) soaked(h workflows.Header, f *followed, g release.Gate) {
	until := f.since.Add(max(f.soak, tiers[f.risk].soak))
	if g.Half == release.Done && h.At.Before(until) && !rd.letsWait(h, f, g.Key()+"/"+soakKey) {
		rd.wrongf(h, "the gate %s was passed at %s, and at risk %s the stage had to stay open until %s",
			g.Key(), stamp(h.At), f.risk, stamp(until))
	}
}

// maker: a gate is passed by engineering, sre, or a release manager; at high risk by a release manager alone.
func (rd *Reading) maker(h workflows.Header, f *followed, e release.Passed) {
	m := momentOf(h, f)
	if rd.manages(m, f, h.By.Person) != no {
		return
	}
	for _, role := range []workflows.Role{workflows.Engineering, workflows.SRE} {
		if !tiers[f.risk].managed && rd.holds(m, h.By.Person, role, false) != no {
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
	default:
		rd.votersOf(h, e, voters)
	}
}

// votersOf: nobody is named as a voter whose vote did not count.
func (rd *Reading) votersOf(h workflows.Header, e release.Passed, voters []workflows.PersonID) {
	if !within(rd.canonical(h.Policy, e.Voters), voters) {
		slices.Sort(voters)
		rd.wrongf(h, "the gate %s was passed on the votes of %s, and those that count are of %s",
			e.Gate, namesOf(e.Voters), namesOf(slices.Compact(voters)))
	}
}

// lacks says why an item did not hold, by the votes of the ledger and by what was waived, and whose votes counted. No
// waiver outdoes a block.
func (rd *Reading) lacks(h workflows.Header, f *followed, g release.Gate, item release.Item) (why string, by []workflows.PersonID) {
	why, by, blocked := rd.byVotes(h, f, g, item)
	if full := g.Full(item); why == "" || blocked || f.broke(full) != nil || !rd.letsWait(h, f, full) {
		return why, by
	}
	return "", nil
}

// byVotes says why an item did not hold by the votes of the ledger alone, whose votes counted, and whether it was blocked.
func (rd *Reading) byVotes(h workflows.Header, f *followed, g release.Gate, item release.Item) (why string, by []workflows.PersonID, blocked bool) {
	votes := rd.on(h, f, g.Full(item))
	if v := rd.objected(momentOf(h, f), f, item, votes); v != nil {
		return fmt.Sprintf("%s said %s (event %d)", voterOf(v.Vote), v.Value, v.seq), nil, v.Value == release.Block
	}
	var not []string
	var counted []cast
	for _, v := range votes {
		if !counts(v.Vote) {
			continue
		}
		if why := rd.discounted(h, f, item, v); why != "" {
			not = append(not, fmt.Sprintf("; the vote of %s (event %d) %s", voterOf(v.Vote), v.seq, why))
			continue
		}
		counted = append(counted, v)
		if id := rd.canon(h.Policy, v.By); id != "" && !slices.Contains(by, id) {
			by = append(by, id)
		}
	}
	if len(counted) == 0 {
		return "no vote on it counts" + strings.Join(not, ""), nil, false
	}
	if slices.ContainsFunc(counted, func(v cast) bool { return v.By == "" }) { // a machine's own word is enough
		return "", by, false
	}
	return rd.tooLittle(h, f, g, item, counted, by), by, false
}

// tooLittle says what the tier asks of an item beyond the votes that count; nothing where they are enough.
func (rd *Reading) tooLittle(h workflows.Header, f *followed, g release.Gate, item release.Item, counted []cast, by []workflows.PersonID) string {
	tier := tiers[f.risk]
	claims := func(v cast) bool { return v.Value == release.OK } // a plan, and that it does not apply, claim nothing that could be shown
	shows := func(v cast) bool { return v.Evidence != "" }
	switch {
	case g.Half == release.Ready && len(by) < tier.each:
		return fmt.Sprintf("%s alone vouched for it, and risk %s asks for %d people", namesOf(by), f.risk, tier.each)
	case tier.evidence && item.Evidence != "" && slices.ContainsFunc(counted, claims) && !slices.ContainsFunc(counted, shows):
		return fmt.Sprintf("no vote has the %s, and risk %s asks for it", item.Evidence, f.risk)
	case !tier.authorOut || item.Binds == release.Unbound:
		return ""
	}
	for _, w := range f.cand.Written {
		if !slices.ContainsFunc(by, func(id workflows.PersonID) bool { return rd.wrote(h.Policy, id, w.Authors) != yes }) {
			return fmt.Sprintf("only %s vouched for it, who wrote %s", namesOf(by), workflows.ShortID(w.Example))
		}
	}
	return ""
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
