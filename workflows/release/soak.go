package release

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows/policy"
)

// soak is how long the stage where the release stands must stay open. Less care than it began with shortens nothing: a
// waiver alone does.
func (r Release) soak() time.Duration { return max(r.Soak, r.Risk.Tier().Soak) }

// enter begins a stage; r is a clone.
func (r Release) enter(at time.Time) Release {
	r.Entered, r.Soak = at, 0
	return r.soakFrom(at)
}

// soakFrom begins the soak anew. A waiver of the one before was about what had been open until then: it ends with it. r
// is a clone.
func (r Release) soakFrom(at time.Time) Release {
	r.Soaking = at
	for _, g := range r.Gates {
		if full := g.Key() + "/" + SoakKey; r.Care[full].Waiver != nil {
			r = r.arrange(full, func(c *Care) { c.Waiver = nil })
			r.Revisions[full]++
		}
	}
	return r
}

// soaksAs keeps the soak that runs as long as the risk asked for under which it began; r is a clone, still at that risk.
func (r Release) soaksAs(to policy.Risk) Release {
	if g, ok := r.Next(); !ok || g.Opens() {
		return r
	}
	switch was, is := r.soak(), to.Tier().Soak; {
	case is < was:
		r.Soak = was
	case is > was:
		r.Soaked = time.Time{} // its end is further off than the one on record
	}
	return r
}

// soakWhy says for how long the stage must stay open, and what asks for that.
func (r Release) soakWhy(g Gate) string {
	s := fmt.Sprintf("%s must stay open for %s at risk %s", g.Stage.Title(), days(r.soak()), r.Risk)
	if r.soak() > r.Risk.Tier().Soak {
		s = fmt.Sprintf("%s must stay open for %s: the risk was higher when it began", g.Stage.Title(), days(r.soak()))
	}
	return s
}
