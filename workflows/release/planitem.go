package release

import (
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// PlanItem is a holder's vote that something may be done later: by whom, by when, what. It counts for its item, and returns
// as an item of the next definition of done.
type PlanItem struct {
	Item  string // as typed
	Owner workflows.PersonID
	Due   time.Time
	What  string
}

// Needs says who may: a holder of the item's role.
func (PlanItem) Needs() workflows.Need { return workflows.Holder }

// Planned happened: what an item lacks will be done, and is looked at again in a later gate.
type Planned struct {
	Item string   `json:"item"`
	Plan Planning `json:"plan"`
	Gate string   `json:"gate"` // in which it returns
	Line Item     `json:"line"` // as that
}

// Kind names the event.
func (Planned) Kind() string { return "release.planned" }

func (w PlanItem) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	g, item, err := r.Select(w.Item, f, "item plan")
	if err != nil {
		return nil, err
	}
	full := g.Full(item)
	owner, err := w.wellFounded(r, f, g, item)
	if err != nil {
		return nil, err
	}
	what, no := workflows.Prose("what will be done", w.What, MaxItemText)
	if no != nil {
		return nil, no.Type(f.line("item plan", full, "@owner --due friday -- what"))
	}
	w.What = what
	later := r.laterDone(g.Key())
	sign := Sign{Items: []string{full}, Value: ByPlan, Note: w.What}
	events, err := sign.one(r, f, g, item)
	if err != nil {
		return nil, err
	}
	p := Planning{Owner: owner, Due: w.Due, What: w.What, Line: later + "/" + r.free(later, item.Key, "-plan")}
	was := r.Care[full].Plan
	if was != nil && was.gate() == later { // the plan was changed: its line stays
		p.Line = was.Line
	}
	if was != nil && was.same(p) && r.stands(events[0].(Signed).Vote) {
		return nil, workflows.Refuse(workflows.Unchanged, "you planned it so already, and it counts as it stands").Type(f.line("item show", full))
	}
	line := Item{Key: p.Line[len(later)+1:], Text: w.What, Role: item.Role, Evidence: item.Evidence, Lead: item.Lead, Origin: OfPlan}
	return append(events, Planned{Item: full, Plan: p, Gate: later, Line: line}), nil
}

func (w PlanItem) wellFounded(r Release, f Facts, g Gate, item Item) (workflows.PersonID, error) {
	full := g.Full(item)
	again := f.line("item plan", full, "@owner --due friday -- what")
	switch {
	case w.What == "":
		return "", workflows.Refuse(workflows.NeedsReason, "say what will be done").Type(again)
	case w.Due.IsZero() || Overdue(w.Due, f.Now):
		return "", workflows.Refuse(workflows.Invalid, "a plan has a date that is still to come").In("due").Type(again)
	case item.Origin == OfGlass:
		return "", workflows.Refuse(workflows.NotAllowed, "what broke the glass is reviewed, not planned").Type(f.line("sign", full))
	case r.laterDone(g.Key()) == "":
		return "", workflows.Refuse(workflows.GateClosed, fmt.Sprintf("«%s» is the last gate: there is no later one in which %s could be looked at again", g.Title(), item.Key)).
			By(f.Book.Who(workflows.Manager, r.Manager, f.Now)...).Type(f.line("item waive", full, "@owner --until friday -- why"))
	case r.Care[full].Plan == nil && r.Count() >= MaxItems:
		return "", tooManyItems(r, f)
	}
	return f.member(w.Owner, again)
}

func (e Planned) evolve(r Release, _ workflows.Header) Release {
	p, was := e.Plan, r.Care[e.Item].Plan
	if was != nil && !was.same(p) {
		r = r.replan(e.Item)
	}
	r = r.arrange(e.Item, func(c *Care) { c.Plan = &p })
	if _, line, ok := r.find(p.Line); !ok || !line.asks(e.Line) {
		r = r.take(p.Line).forget(p.Line)
	}
	r = r.take(p.Line).put(e.Gate, e.Line)
	return r.arrange(p.Line, func(c *Care) { c.Owner, c.Due = p.Owner, p.Due })
}

// replan takes the votes of others away that rested on the plan before: the one with the new plan was cast last.
func (r Release) replan(full string) Release {
	last := len(r.Votes) - 1
	for i, v := range r.Votes {
		if v.Item == full && v.Value == ByPlan {
			last = i
		}
	}
	var out []Vote
	for i, v := range r.Votes {
		if v.Item == full && v.Value == ByPlan && i != last {
			r.Tally.Stale++
			continue
		}
		out = append(out, v)
	}
	r.Votes = out
	return r
}

// same reports whether two plans say the same: a vote for the one is a vote for the other.
func (p Planning) same(q Planning) bool {
	return p.Owner == q.Owner && p.Due.Equal(q.Due) && p.What == q.What && p.Line == q.Line
}

// gate is the key of the gate in which a plan returns.
func (p Planning) gate() string {
	gate, _, _ := strings.Cut(p.Line, "/")
	return gate
}

func (e Planned) tell(Release, workflows.Header) []workflows.Effect {
	return []workflows.Effect{told("planned", e.Plan.Owner)}
}

// unplan takes the line of a plan away once no vote rests on the plan any more, unless its gate was passed with it.
func (r Release) unplan(full string) Release {
	p := r.Care[full].Plan
	if p == nil {
		return r
	}
	for _, v := range r.votesOn(full) {
		if v.Value == ByPlan {
			return r
		}
	}
	r = r.arrange(full, func(c *Care) { c.Plan = nil })
	if r.gate(p.gate()) < r.Passed {
		return r
	}
	return r.take(p.Line).forget(p.Line)
}
