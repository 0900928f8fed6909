package release

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// MoveItem takes an item to another gate that is still to be passed. Its votes go with it.
type MoveItem struct {
	Item string // as typed
	Gate string // "ga.ready"
}

// Needs says who may: a release manager.
func (MoveItem) Needs() workflows.Need { return workflows.Manager }

// ItemMoved happened: an item stands in another gate.
type ItemMoved struct {
	Item string `json:"item"` // its full name until then
	Gate string `json:"gate"`
}

// Kind names the event.
func (ItemMoved) Kind() string { return "release.item_moved" }

func (w MoveItem) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	g, item, err := r.Select(w.Item, f, "item move")
	if err != nil {
		return nil, err
	}
	full, to := g.Full(item), r.gate(w.Gate)
	switch {
	case to < 0:
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s has no gate %s: there are %s", r.ID.Name(), workflows.Display(w.Gate, 40), strings.Join(r.gateKeys(), ", "))).
			Type(w.elsewhere(r, f, g, item))
	case r.Gates[to].Key() == g.Key():
		return nil, workflows.Refuse(workflows.Unchanged, full+" stands there already").Type(f.line("item show", full))
	case r.gate(g.Key()) < r.Passed:
		return nil, r.behindIt(g, f)
	case to < r.Passed:
		return nil, r.behindIt(r.Gates[to], f)
	case item.Origin == OfGlass || item.Origin == OfPlan || r.required(g.Key(), item):
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s is asked there by %s", full, r.askedBy(g, item))).Type(f.line("item show", full))
	case r.Care[full].Plan != nil:
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s rests on a plan, which returns as %s: whoever signed with it takes it back first", full, r.Care[full].Plan.Line)).
			Type(f.line("item show", full))
	case hasItem(r.Gates[to].Items, item.Key):
		return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s/%s is there already", w.Gate, item.Key)).Type(f.line("item show", w.Gate+"/"+item.Key))
	}
	if err := r.signable(r.Gates[to], item, f); err != nil {
		return nil, err
	}
	return []workflows.Event{ItemMoved{Item: full, Gate: w.Gate}}, nil
}

// elsewhere is a line that moves the item to some gate where it can go, or shows it where there is none.
func (w MoveItem) elsewhere(r Release, f Facts, from Gate, item Item) string {
	for _, to := range r.Gates[r.Passed:] {
		if to.Key() != from.Key() && !r.required(from.Key(), item) {
			return f.line("item move", from.Full(item), to.Key())
		}
	}
	return f.line("item show", from.Full(item))
}

func (e ItemMoved) evolve(r Release, _ workflows.Header) Release {
	_, item, ok := r.find(e.Item)
	if !ok {
		return r
	}
	to := e.Gate + "/" + item.Key
	if item.Origin == OfTemplate {
		item.Origin = OfMove
	}
	r = r.forget(to).take(e.Item).put(e.Gate, item)
	for i, v := range r.Votes {
		if v.Item == e.Item {
			r.Votes[i].Item = to
		}
	}
	if c, ok := r.Care[e.Item]; ok {
		delete(r.Care, e.Item)
		r.Care[to] = c
	}
	if by, ok := r.Adders[e.Item]; ok {
		delete(r.Adders, e.Item)
		r.Adders[to] = by
	}
	r.Revisions[to] = max(r.Revisions[to], r.Revisions[e.Item]) + 1
	return r
}

func (e ItemMoved) tell(Release, workflows.Header) []workflows.Effect { return nil }
