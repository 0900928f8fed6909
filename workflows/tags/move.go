package tags

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Move notes that a tag points at something else than it did. Nothing follows it.
type Move struct {
	Product workflows.Product
	Tag     workflows.Tagged
}

// Moved happened: a tag was moved. It carries the owners as they were, who hear of it, and who manages releases that tags
// open.
type Moved struct {
	Tag     workflows.Tagged     `json:"tag"`
	From    string               `json:"from"`              // what it pointed at
	Release workflows.ReleaseID  `json:"release,omitempty"` // which it had opened
	Commit  string               `json:"commit,omitempty"`  // with which
	To      []workflows.PersonID `json:"to,omitempty"`
}

// Needs says who may: only a machine that looks at tags.
func (Move) Needs() workflows.Need { return workflows.Machine }

// Kind names the event.
func (Moved) Kind() string { return "tags.moved" }

func (w Move) product() workflows.Product { return w.Product }

func (w Move) decide(s State, f Facts) []workflows.Event {
	k, ok := s.New[w.Tag.Name]
	if !ok || k.Object == w.Tag.Object {
		return nil
	}
	return []workflows.Event{Moved{Tag: w.Tag, From: k.Object, Release: k.Release, Commit: k.Commit, To: append(slices.Clone(f.Owners), f.Lead)}}
}

func (e Moved) evolve(s State) State {
	return s.with(e.Tag.Name, Known{Object: e.Tag.Object, Release: e.Release, Commit: e.Commit})
}

func (e Moved) tell() []workflows.Effect { return to(e.To) }
