package release

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// ScopeDrop takes something out of the scope.
type ScopeDrop struct {
	N   int
	Why string
}

// Needs says who may before the cut-off.
func (ScopeDrop) Needs() workflows.Need { return workflows.Maker }

// Fits says that only a release that is not out can be meant where none is named.
func (ScopeDrop) Fits(r Row) bool { return r.Shipped.IsZero() }

func (w ScopeDrop) decide(r Release, f Facts) ([]workflows.Event, error) {
	number := fmt.Sprint(w.N)
	if _, err := r.scopes(f, w.Why, "scope drop", number); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(r.Scope, func(e Entry) bool { return e.N == w.N })
	switch {
	case i < 0 && w.N > 0 && w.N <= r.Scoped:
		return nil, workflows.Refuse(workflows.Unchanged, number+" was dropped already").Type(f.line("scope list"))
	case i < 0:
		return nil, workflows.Refuse(workflows.UnknownItem, fmt.Sprintf("nothing in the scope of %s has the number %s", r.ID.Name(), number)).Type(f.line("scope list"))
	case w.Why == "":
		return nil, workflows.Refuse(workflows.NeedsReason, "say why: whoever waits for it will ask").Type(f.line("scope drop", number, "-- why"))
	}
	return []workflows.Event{ScopeDropped{Entry: r.Scope[i], Why: w.Why}}, nil
}
