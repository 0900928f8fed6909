package release

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Withdrawn happened: somebody took a vote back.
type Withdrawn struct {
	Item string             `json:"item"`
	By   workflows.PersonID `json:"by,omitempty"`
	From Source             `json:"from,omitempty"` // the machine whose vote it was
	Note string             `json:"note,omitempty"`
}

// Kind names the event.
func (Withdrawn) Kind() string { return "release.withdrawn" }

// withdraw takes all that the asker said back: who voted by two accounts before those were linked takes both votes back.
func (s Sign) withdraw(r Release, f Facts, full string) ([]workflows.Event, error) {
	var out []workflows.Event
	for _, v := range r.votesOn(full) {
		if v.Machine == ByHand && f.Book.Canon(v.By) == f.Book.Canon(f.Actor.Person) {
			out = append(out, Withdrawn{Item: full, By: v.By, Note: s.Note})
		}
	}
	if len(out) == 0 {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("you have no vote on %s", full)).Type(f.line("item show", full))
	}
	return out, nil
}

func (e Withdrawn) evolve(r Release, _ workflows.Header) Release {
	r.Votes = slices.DeleteFunc(r.Votes, func(v Vote) bool {
		return v.Item == e.Item && v.Machine == e.From && (v.By == e.By || e.From != ByHand) // a source takes all back
	})
	r.Revisions[e.Item]++
	return r.unplan(e.Item)
}

func (e Withdrawn) tell(Release, workflows.Header) []workflows.Effect { return nil }
