package tags

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Take notes that a tag opened a release. It follows from that, in the same act.
type Take struct {
	Product workflows.Product
	Tag     workflows.Tagged
	Commit  string
	Release workflows.ReleaseID
}

// Took happened: a tag opened a release, which is somebody's to manage.
type Took struct {
	Tag     workflows.Tagged    `json:"tag"`
	Commit  string              `json:"commit"`
	Release workflows.ReleaseID `json:"release"`
	Lead    workflows.PersonID  `json:"lead"`
}

// Decline notes that a tag opens no release, and why, and so with others that came at the same time. The owners hear of it
// once.
type Decline struct {
	Product workflows.Product
	Tag     workflows.Tagged
	With    []workflows.Tagged
	Why     string
	Next    string // what people can type; empty: nothing
	Ours    bool   // the release that is there already has the tag's commit: nobody needs to hear of it
}

// Declined happened: a tag opened no release, though tags like it do. It carries the owners as they were, who hear of it.
type Declined struct {
	Tag  workflows.Tagged     `json:"tag"`
	With []string             `json:"with,omitempty"` // the others that it came with, of which the same is true, sorted
	Why  string               `json:"why"`
	Next string               `json:"next,omitempty"`
	To   []workflows.PersonID `json:"to,omitempty"`
}

// Needs says who may: only a machine that looks at tags.
func (Take) Needs() workflows.Need { return workflows.Machine }

// Needs says who may: only a machine that looks at tags.
func (Decline) Needs() workflows.Need { return workflows.Machine }

// Kind names the event.
func (Took) Kind() string { return "tags.took" }

// Kind names the event.
func (Declined) Kind() string { return "tags.declined" }

func (w Take) product() workflows.Product { return w.Product }

func (w Decline) product() workflows.Product { return w.Product }

func (w Take) decide(_ State, f Facts) []workflows.Event {
	return []workflows.Event{Took{Tag: w.Tag, Commit: w.Commit, Release: w.Release, Lead: f.Lead}}
}

func (w Decline) decide(s State, f Facts) []workflows.Event {
	if _, known := s.Of(w.Tag.Name); known {
		return nil
	}
	e := Declined{Tag: w.Tag, Why: workflows.Display(w.Why, 300), Next: w.Next}
	if !w.Ours {
		e.To = f.Owners
	}
	others, _ := s.News(w.With)
	for _, t := range others {
		e.With = append(e.With, t.Name)
	}
	slices.Sort(e.With)
	return []workflows.Event{e}
}

func (e Took) evolve(s State) State {
	return s.with(e.Tag.Name, Known{Object: e.Tag.Object, Release: e.Release, Commit: e.Commit})
}

func (e Declined) evolve(s State) State {
	return s.old(e.With).with(e.Tag.Name, Known{Object: e.Tag.Object})
}

func (e Took) tell() []workflows.Effect { return to([]workflows.PersonID{e.Lead}) }

func (e Declined) tell() []workflows.Effect { return to(e.To) }
