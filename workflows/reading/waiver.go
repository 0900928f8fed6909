package reading

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// soakKey stands, behind a definition of done, for the time that its stage stays open.
const soakKey = "soak"

// waived reads that a release manager let an item wait, or agreed that it may.
func (rd *Reading) waived(h workflows.Header, f *followed, e release.Waived) {
	rd.byManager(h, f, "waived "+e.Item)
	w := e.Waiver
	if why := rd.unfit(h, f, e.Item, w); why != "" {
		rd.wrongf(h, "the waiver of %s %s", e.Item, why)
	}
	f.waivers[e.Item], f.waived[e.Item] = w, f.items[e.Item]
}

// unfit says what is wrong with a waiver; nothing where it can stand.
func (rd *Reading) unfit(h workflows.Header, f *followed, full string, w release.Waiver) string {
	gate, key := split(full)
	_, ok := f.items[full]
	at := f.gate(gate)
	switch {
	case !ok && (key != soakKey || at < 0 || f.gates[at].Half != release.Done):
		return "is of no item that the release has"
	case f.broke(full) != nil:
		return "is of the review of a broken glass, which is never waived"
	case w.Why == "" || w.Owner == "":
		return "does not say why, and who owes it"
	case !h.At.Before(w.Until):
		return "was over before it was given"
	case len(w.Given) == 0:
		return "was given by nobody"
	}
	last := w.Given[len(w.Given)-1]
	switch {
	case last.By != h.By.Person:
		return "is in the name of " + last.By.At() + ", and " + h.By.At() + " gave it"
	case last.Manager && !rd.isManager(acting(h), f, last.By):
		return "says that " + last.By.At() + " managed the release"
	case last.For != "" && rd.deputised(momentOf(h, f), last.By, last.For) == no:
		return "says that " + last.By.At() + " was the deputy of " + last.For.At()
	case len(w.Given) > 1 && !agreed(f.waivers[full], w):
		return "names the agreement of others, which they gave to no such waiver"
	}
	return ""
}

// agreed reports whether all but the last who stand behind a waiver gave it before, to the same person until the same day.
func agreed(was, is release.Waiver) bool {
	return was.Owner == is.Owner && was.Until.Equal(is.Until) && slices.EqualFunc(was.Given, is.Given[:len(is.Given)-1], func(a, b release.Given) bool {
		return a.By == b.By && a.For == b.For && a.Manager == b.Manager && a.At.Equal(b.At)
	})
}

// waiverEnded reads that the date of a waiver came: time says so, nobody else.
func (rd *Reading) waiverEnded(h workflows.Header, f *followed, e release.WaiverEnded) {
	w, ok := f.waivers[e.Item]
	switch {
	case !ok:
		rd.wrongf(h, "a waiver of %q ran out, and there was none", e.Item)
	case h.By.Machine == "" || h.At.Before(w.Until):
		rd.wrongf(h, "%s says that the waiver of %s ran out, which lasts until %s", h.By.At(), e.Item, stamp(w.Until))
	}
}

// letsWait reports whether a waiver let an item wait at a moment: it was not over, and as many as the tier asks for stood
// behind it, each release manager at that moment, or of this release when they gave it and still of the team. It was about
// what the item asked for then.
func (rd *Reading) letsWait(h workflows.Header, f *followed, full string) bool {
	w, ok := f.waivers[full]
	if !ok || !h.At.Before(w.Until) || !alike(f.waived[full], f.items[full]) {
		return false
	}
	m := momentOf(h, f)
	var behind []workflows.PersonID
	for _, g := range w.Given {
		counts := rd.agrees(m, f, g) != no || g.Manager && rd.anyRole(m, g.By) != no
		if id := rd.canon(m.policy, g.By); counts && !slices.Contains(behind, id) {
			behind = append(behind, id)
		}
	}
	return len(behind) >= tiers[f.risk].waivers
}

// agrees says whether somebody's agreement is that of a release manager. A deputy's is, as long as the one in whose place
// they gave it is one.
func (rd *Reading) agrees(m moment, f *followed, g release.Given) said {
	if g.For != "" {
		return rd.holdsSelf(m, g.For, workflows.ReleaseManager, false)
	}
	return rd.manages(m, f, g.By)
}

// owes: whatever an earlier gate let through without is owed. A waiver that no longer holds stops the next gate; over
// what the glass was broken, the last one stays shut.
func (rd *Reading) owes(h workflows.Header, f *followed, at int) {
	for _, g := range f.gates[:f.passed] {
		for _, item := range g.Items {
			full := g.Full(item)
			_, waived := f.waivers[full]
			over := f.brokenOver(g.Key(), full)
			if !slices.Contains(f.owing, full) || !waived && at < len(f.gates)-1 {
				continue
			}
			if why, _, _ := rd.byVotes(h, f, g, item); why == "" || rd.letsWait(h, f, full) {
				continue
			}
			if waived {
				rd.wrongf(h, "the gate %s was passed, and the waiver of %s no longer held", f.gates[at].Key(), full)
			} else {
				rd.wrongf(h, "the gate %s was passed, and %s is owed since the glass was broken (event %d)", f.gates[at].Key(), full, over)
			}
		}
	}
}
