package slackfake

import (
	"context"
	"slices"
)

// PressNewest presses the newest of what bears the label, with or without dots behind it, in several channels, as somebody does
// who looks at what came in last. A modal that is open covers everything.
func (p *Person) PressNewest(ctx context.Context, label string, channels ...string) Result {
	p.f.t.Helper()
	return p.act(ctx, "", label, func(string) (all []surface) {
		for i, id := range channels {
			if _, err := p.channel(id); err != nil {
				continue
			}
			seen := p.surfaces(id)
			if len(seen) == 1 && seen[0].view != nil {
				return seen
			}
			all = append(all, seen...)
			if i > 0 {
				slices.SortStableFunc(all, func(a, b surface) int { return tsTime(b.ts()).Compare(tsTime(a.ts())) })
			}
		}
		return all
	}, func(b, e block) (block, bool) {
		if v, ok := bears(label)(b, e); ok {
			return v, true
		}
		return bears(label+"…")(b, e)
	})
}
