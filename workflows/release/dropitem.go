package release

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// DropItem takes an item away that somebody added to this release, while nobody has voted on it.
type DropItem struct {
	Item string // as typed
	Why  string
}

// Needs says who may: any member, of whom the item decides: who added it, the release manager.
func (DropItem) Needs() workflows.Need { return workflows.Member }

// ItemDropped happened: a gate has an item less.
type ItemDropped struct {
	Item string `json:"item"`
	Why  string `json:"why,omitempty"`
}

// Kind names the event.
func (ItemDropped) Kind() string { return "release.item_dropped" }

func (w DropItem) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	g, item, err := r.Select(w.Item, f, "item drop")
	if err != nil {
		return nil, err
	}
	full := g.Full(item)
	mine := item.Origin == OfPerson && f.Book.Canon(r.Adders[full]) == f.Book.Canon(f.Actor.Person)
	switch {
	case r.gate(g.Key()) < r.Passed:
		return nil, r.behindIt(g, f)
	case item.Origin == OfGlass:
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s is asked by %s: it is reviewed", full, r.askedBy(g, item))).Type(f.line("sign", full))
	case item.Origin != OfPerson || r.required(g.Key(), item):
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s is asked by %s: it is signed, or waived for a while", full, r.askedBy(g, item))).
			Type(f.line("sign", full, "na -- why"), f.line("item waive", full, "@owner --until friday -- why"))
	case !mine && f.Book.For(r.Risk).Allows(f.Actor.Person, workflows.Manager, r.Manager, f.Now) != "":
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s added %s", r.Adders[full].At(), full)).
			By(once([]string{r.Adders[full].At()}, f.Book.Who(workflows.Manager, r.Manager, f.Now))...).Type(f.line("item show", full))
	case len(r.votesOn(full)) > 0:
		return nil, workflows.Refuse(workflows.Changed, fmt.Sprintf("%s has votes: what was said of it is not taken away", full)).
			Type(f.line("sign", full, "na -- why"))
	}
	return []workflows.Event{ItemDropped{Item: full, Why: w.Why}}, nil
}

// askedBy is who brought an item, for people.
func (r Release) askedBy(g Gate, i Item) string {
	switch {
	case r.required(g.Key(), i):
		return "risk " + string(r.Risk)
	case i.Origin == OfPlan:
		return "a plan"
	case i.Origin == OfGlass:
		return "a broken glass"
	}
	return "the template " + r.Template
}

func (e ItemDropped) evolve(r Release, _ workflows.Header) Release {
	return r.take(e.Item).forget(e.Item)
}

func (e ItemDropped) tell(Release, workflows.Header) []workflows.Effect { return nil }
