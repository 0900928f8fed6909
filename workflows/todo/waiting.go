package todo

import (
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Wait is what a person waits for in one release.
type Wait struct {
	Release release.Release
	Items   []release.Status // whose turn it is stands in each
	Scope   []release.Entry  // what was planned for them, and is not out yet
}

// Waiting is what of an open release a person waits for: open items that are others' turn and that they make true, asked
// to have signed, planned, or, at the next gate, manage; and what the release is to bring them.
func Waiting(id workflows.PersonID, r release.Release, b *policy.Book, now time.Time) Wait {
	w := Wait{Release: r}
	if r.Over() {
		return w
	}
	p := person{id: id, r: r, b: b, now: now}
	planned := p.planned()
	for n, g := range r.Gates[r.Passed:] {
		for _, s := range release.CheckGate(r, g, b, now).Open() {
			c := r.Care[s.Full()]
			stake := b.Canon(c.Owner) == id || c.Asked != nil && b.Canon(c.Asked.By) == id || planned[s.Full()] || n == 0 && p.manages()
			if stake && len(s.Who) > 0 && !slices.Contains(s.Who, id) && !p.pointless(s) && r.Held == nil {
				w.Items = append(w.Items, s)
			}
		}
	}
	mine := func(who string) bool {
		name, person := strings.CutPrefix(who, "@")
		return person && b.Canon(workflows.PersonID(name)) == id
	}
	for _, e := range r.Scope {
		if r.Shipped.IsZero() && slices.ContainsFunc(e.For, mine) {
			w.Scope = append(w.Scope, e)
		}
	}
	return w
}

// planned are the lines in which what this person planned is looked at again.
func (p person) planned() map[string]bool {
	lines := map[string]bool{}
	for _, v := range p.r.Votes {
		if plan := p.r.Care[v.Item].Plan; plan != nil && v.Value == release.ByPlan && p.b.Canon(v.By) == p.id {
			lines[plan.Line] = true
		}
	}
	return lines
}
