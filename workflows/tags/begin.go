package tags

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Begin takes all tags that are there for old: whoever begins to look at a repository, or for others than before, opens
// nothing for what was tagged until then.
type Begin struct {
	Product workflows.Product
	Forge   string
	Pattern string
	Tags    []workflows.Tagged
}

// Begun happened: tags like a pattern are looked at from here on.
type Begun struct {
	Forge   string   `json:"forge"`
	Pattern string   `json:"pattern"`
	Old     []string `json:"old,omitempty"` // all that were there and that nobody knew, sorted
}

// Needs says who may: only a machine that looks at tags.
func (Begin) Needs() workflows.Need { return workflows.Machine }

// Kind names the event.
func (Begun) Kind() string { return "tags.begun" }

func (w Begin) product() workflows.Product { return w.Product }

func (w Begin) decide(s State, _ Facts) []workflows.Event {
	if s.Begun(w.Forge, w.Pattern) {
		return nil
	}
	e := Begun{Forge: w.Forge, Pattern: w.Pattern}
	fresh, _ := s.News(w.Tags)
	for _, t := range fresh {
		e.Old = append(e.Old, t.Name)
	}
	slices.Sort(e.Old)
	e.Old = slices.Compact(e.Old)
	return []workflows.Event{e}
}

func (e Begun) evolve(s State) State {
	s.Forge, s.Pattern = e.Forge, e.Pattern
	return s.old(e.Old)
}

func (Begun) tell() []workflows.Effect { return nil }
