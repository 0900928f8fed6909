package evidence

import (
	"cmp"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// What the page says beside the facts of a report.

// page is a report with what its page works out for its readers.
type page struct{ Report }

// Opening is one time that users were let in.
type Opening struct {
	Gate
	Passing
}

// Openings are the times that users were let in, in their order.
func (r Report) Openings() []Opening {
	var out []Opening
	for _, g := range r.Gates {
		for _, x := range g.Passed {
			if g.Opens {
				out = append(out, Opening{g, x})
			}
		}
	}
	slices.SortFunc(out, func(a, b Opening) int { return int(a.Event) - int(b.Event) })
	return out
}

// Authority is what let somebody pass a gate: the roles they held, of those that may. It takes none to break the glass.
func (r Report) Authority(x Passing) []Held {
	may := []workflows.Role{workflows.ReleaseManager, workflows.Engineering, workflows.SRE}
	switch {
	case x.Glass != nil:
		return nil
	case r.RiskAt(x).Tier().Managed:
		may = may[:1]
	}
	var out []Held
	for _, c := range r.Policies {
		for _, a := range c.People {
			if c.Hash != x.Policy || a.Person != x.By {
				continue
			}
			out = append(out, slices.DeleteFunc(slices.Clone(a.Roles), func(h Held) bool { return !slices.Contains(may, h.Role) })...)
		}
	}
	return out
}

// RiskAt is the risk of the release when a gate was passed.
func (r Report) RiskAt(x Passing) policy.Risk { return cmp.Or(x.Risk, r.Risk) }

// ManagerAt is who managed the release when a gate was passed.
func (r Report) ManagerAt(x Passing) workflows.PersonID {
	for _, m := range r.Managers {
		if x.Event < m.Event {
			return m.From
		}
	}
	return r.Manager
}

// Needs is what the risk asked of the gate when it was passed.
func (o Opening) Needs() Asks {
	if o.Needed != nil {
		return *o.Needed
	}
	return o.Asks
}

// Builds are those of the candidate with which a gate was passed.
func (p page) Builds(x Passing) map[string]string {
	var builds map[string]string
	for _, c := range p.Candidates {
		if c.Event < x.Event {
			builds = c.Builds
		}
	}
	return builds
}

// Fate says what became of a vote: a name that the words know.
func (p page) Fate(g Gate, v Vote) string {
	counted := func(x Passing) bool { return slices.Contains(x.Counted, v.Event) }
	switch n := len(g.Passed); {
	case n > 0 && g.Passed[n-1].Undone == nil && v.Ended == nil && v.Event > g.Passed[n-1].Event:
		return "later"
	case n > 0 && counted(g.Passed[n-1]):
		return "counted"
	case slices.ContainsFunc(g.Passed, counted):
		return "counted before"
	case v.Ended != nil:
		return v.Ended.How
	case v.Stale != 0:
		return "stale"
	case v.Value != release.OK && v.Value != release.NA && v.Value != release.ByPlan:
		return "against"
	case n > 0:
		return "not counted"
	}
	return "stands"
}

// Last is the newest published tip; nil: none was.
func (p page) Last() *Anchor {
	if len(p.Anchors) == 0 {
		return nil
	}
	return &p.Anchors[len(p.Anchors)-1]
}
