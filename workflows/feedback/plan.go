package feedback

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// PlanFor says who sees to an entry, by when. A settled one is open again with it.
type PlanFor struct {
	N     int
	Owner workflows.PersonID
	Due   time.Time
	What  string
}

// Needs says who may.
func (PlanFor) Needs() workflows.Need { return workflows.Holder }

// Planned happened: somebody sees to an entry.
type Planned struct {
	N     int                `json:"n"`
	Owner workflows.PersonID `json:"owner"`
	Due   time.Time          `json:"due"`
	What  string             `json:"what,omitempty"`
	Again bool               `json:"again,omitempty"` // it had been settled
}

// Kind names the event.
func (Planned) Kind() string { return "feedback.planned" }

func (w PlanFor) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if f.Over {
		return nil, workflows.Refuse(workflows.Over, f.Release.Name()+" is over: nobody would see the plan").Type("/release list", f.line("feedback done", fmt.Sprint(w.N)))
	}
	e, err := b.entry(w.N, f)
	if err != nil {
		return nil, err
	}
	again := f.line("feedback plan", fmt.Sprint(w.N), "@owner --due friday")
	what, no := workflows.Prose("what will be done", w.What, MaxWhat)
	if no != nil {
		return nil, no.Type(again)
	}
	if w.Due.IsZero() || workflows.Overdue(w.Due, f.Now) {
		return nil, workflows.Refuse(workflows.Invalid, "a plan has a date that is still to come").In("due").Type(again)
	}
	owner, err := f.member(w.Owner, again)
	if err != nil {
		return nil, err
	}
	p := Planned{N: e.N, Owner: owner, Due: w.Due, What: what, Again: e.Done != nil}
	if was := e.Plan; e.Done == nil && was != nil && f.same(was.Owner, owner) && was.Due.Equal(p.Due) && was.What == what {
		return nil, workflows.Refuse(workflows.Unchanged, "it is planned so already").Type(f.line("feedback list"))
	}
	return []workflows.Event{p}, nil
}

// member gives the one id of somebody who can be asked to see to a thing.
func (f Facts) member(id workflows.PersonID, line string) (workflows.PersonID, error) {
	if _, known := f.Book.Person(id); !known {
		return "", workflows.Refuse(workflows.UnknownPerson, "nobody here is "+workflows.Display(id.At(), 40)).In("who").Type(line)
	}
	if !f.Book.IsMember(id, f.Now) {
		return "", workflows.Refuse(workflows.NotAllowed, id.At()+" has no role here and belongs to no audience").In("who").By("an owner").Type(line)
	}
	return f.Book.Canon(id), nil
}

func (e Planned) evolve(b Feedback, h workflows.Header) Feedback {
	return b.change(e.N, func(x *Entry) {
		x.Plan, x.Done = &Plan{Owner: e.Owner, Due: e.Due, What: e.What, By: h.By.Person, At: h.At}, nil
	})
}

func (e Planned) tell(id workflows.ReleaseID) []workflows.Effect {
	return []workflows.Effect{card(id), history(id), {Kind: workflows.Tell, What: "feedback-planned", To: workflows.To{Person: e.Owner}}}
}
