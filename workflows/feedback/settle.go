package feedback

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// Settle says that an entry was answered or put right.
type Settle struct {
	N    int
	What string // how; may be empty
}

// Needs says who may at all; whoever holds a role, manages the release, or is to see to the entry does in the end.
func (Settle) Needs() workflows.Need { return workflows.Member }

// Settled happened: an entry waits for nobody any more.
type Settled struct {
	N    int    `json:"n"`
	What string `json:"what,omitempty"`
}

// Kind names the event.
func (Settled) Kind() string { return "feedback.settled" }

func (w Settle) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if !f.answers() && !b.sees(w.N, f) { // before it is said whether there is such an entry
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("feedback is settled by whoever holds a role, manages %s, or was to see to it; %s does none of these",
			f.Release.Name(), f.Actor.At())).By(f.Book.Who(workflows.Holder, f.Manager, f.Now)...).Type(f.line("feedback list"))
	}
	e, err := b.entry(w.N, f)
	if err != nil {
		return nil, err
	}
	what, no := workflows.Prose("what was done", w.What, MaxWhat)
	if no != nil {
		return nil, no.Type(f.line("feedback done", fmt.Sprint(w.N), "-- what"))
	}
	if e.Done != nil {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("#%d is settled already", e.N)).Type(f.line("feedback plan", fmt.Sprint(e.N), "@owner --due friday"))
	}
	return []workflows.Event{Settled{N: e.N, What: what}}, nil
}

// answers reports whether the asker may settle any entry.
func (f Facts) answers() bool {
	return f.Book.Allows(f.Actor.Person, workflows.Holder, f.Manager, f.Now) == "" || f.Book.Allows(f.Actor.Person, workflows.Manager, f.Manager, f.Now) == ""
}

// sees reports whether the asker is to see to an entry.
func (b Feedback) sees(n int, f Facts) bool {
	return n >= 1 && n <= len(b.Entries) && b.Entries[n-1].Plan != nil && f.same(b.Entries[n-1].Plan.Owner, f.Actor.Person)
}

func (e Settled) evolve(b Feedback, h workflows.Header) Feedback {
	return b.change(e.N, func(x *Entry) { x.Done = &Settlement{What: e.What, By: h.By.Person, At: h.At} })
}

func (Settled) tell(id workflows.ReleaseID) []workflows.Effect {
	return []workflows.Effect{card(id), history(id)}
}
