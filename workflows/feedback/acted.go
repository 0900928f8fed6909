package feedback

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// ToldUnsaid names what the manager of a release is told where a comment could not be made.
const ToldUnsaid = "unsaid"

// maxWhy is how much is kept of why a comment could not be made.
const maxWhy = 300

// Acted is how an act ended that an event of this room wished.
type Acted struct{ workflows.Acted }

// Commented happened: a comment is on its issue, or cannot be there, or nobody knows.
type Commented struct {
	Forge string             `json:"forge"`
	N     int                `json:"n"`
	Op    string             `json:"op"`
	Fate  workflows.Fate     `json:"fate"`
	Link  string             `json:"link,omitempty"`
	Why   string             `json:"why,omitempty"`
	Tells workflows.PersonID `json:"tells,omitempty"` // who is told that it is not there; of the same trouble once
}

// Kind names the event.
func (Commented) Kind() string { return "feedback.commented" }

func (w Acted) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if w.What != workflows.ActComment {
		return nil, nil
	}
	var c workflows.Comment
	if err := json.Unmarshal(w.Data, &c); err != nil {
		return nil, fmt.Errorf("the end of a comment: %w", err)
	}
	wished := func(x Comment) bool { return x.Op == c.Op && x.Fate != workflows.Done && x.Fate != w.Fate }
	if !slices.ContainsFunc(b.On(c.Forge, c.Issue), wished) { // it is on record, or none of ours
		return nil, nil
	}
	e := Commented{Forge: c.Forge, N: c.Issue, Op: c.Op, Fate: w.Fate, Link: w.Link}
	if w.Fate != workflows.Done {
		e.Why = workflows.Display(w.Why, maxWhy)
		if !b.troubled(e) {
			e.Tells = f.Manager
		}
	}
	return []workflows.Event{e}, nil
}

// Bygone says why a comment that was not made is no longer to be; empty: it still is.
func (b Feedback) Bygone(forge string, issue int, op string) string {
	all := b.On(forge, issue)
	i := slices.IndexFunc(all, func(x Comment) bool { return x.Op == op })
	switch {
	case i < 0:
		return "nobody waits for it any more"
	case all[i].Fate == workflows.Done:
		return "it is there"
	case slices.ContainsFunc(all[i+1:], func(x Comment) bool { return x.Fate == workflows.Done }):
		return "the issue was told what came later"
	}
	return ""
}

// troubled reports whether a comment failed in the same way before.
func (b Feedback) troubled(e Commented) bool {
	return slices.ContainsFunc(b.Issues, func(x Issue) bool {
		return slices.ContainsFunc(x.Comments, func(c Comment) bool { return c.Fate == e.Fate && c.Why == e.Why })
	})
}

func (e Commented) evolve(b Feedback, _ workflows.Header) Feedback {
	if b.find(e.Forge, e.N) < 0 {
		return b
	}
	return b.withIssue(e.Forge, e.N, func(x *Issue) {
		for i := range x.Comments {
			if x.Comments[i].Op == e.Op {
				x.Comments[i].Fate, x.Comments[i].Link, x.Comments[i].Why = e.Fate, e.Link, e.Why
			}
		}
	})
}

func (e Commented) tell(workflows.ReleaseID) []workflows.Effect {
	if e.Tells == "" {
		return nil
	}
	return []workflows.Effect{{Kind: workflows.Tell, What: ToldUnsaid, To: workflows.To{Person: e.Tells}}}
}
