// Package tags is the room of a product's tags at its forge: which are known, which of them opened a release, and which
// could not. What is known opens nothing again, whoever asks how often; the owners hear once of each tag that opened no
// release though it should have, and of each that was moved.
//
// It reads no clock and does no I/O. What a version is, and what opening a release takes, it must not know.
package tags

import (
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Room names the streams of this room: "tags/app".
const Room = "tags"

// Told names what is told of a tag. What there is to say is in the event.
const Told = "tag"

// State is what is known of a product's tags.
type State struct {
	Forge   string           `json:"forge,omitempty"`   // where they are looked for
	Pattern string           `json:"pattern,omitempty"` // what they are like
	Old     []string         `json:"old,omitempty"`     // those that were there when that was looked at first, or came in a heap, sorted
	New     map[string]Known `json:"new,omitempty"`     // those that came since, by name
}

// Known is a tag that came while tags were looked at.
type Known struct {
	Object  string              `json:"object"`            // what it pointed at, when it was seen last
	Release workflows.ReleaseID `json:"release,omitempty"` // which it opened; empty: none
	Commit  string              `json:"commit,omitempty"`  // with which
}

// Of says what is known of a tag; ok is false where nothing is.
func (s State) Of(name string) (k Known, ok bool) {
	if k, ok = s.New[name]; ok {
		return k, true
	}
	_, ok = slices.BinarySearch(s.Old, name)
	return k, ok
}

// Begun reports whether tags like a pattern have been looked at before.
func (s State) Begun(forge, pattern string) bool { return s.Forge == forge && s.Pattern == pattern }

// News are, of the tags that are there, those that nobody knows, and those that point at something else than they did.
func (s State) News(all []workflows.Tagged) (fresh, moved []workflows.Tagged) {
	for _, t := range all {
		switch k, known := s.Of(t.Name); {
		case !known:
			fresh = append(fresh, t)
		case k.Object != "" && k.Object != t.Object:
			moved = append(moved, t)
		}
	}
	return fresh, moved
}

// Facts is what a decision needs beside the state.
type Facts struct {
	Owners []workflows.PersonID
	Lead   workflows.PersonID // who manages the release that a tag opens
}

// Wish is what can be wished of tags. Each verb's file holds its wish, decision, event and fold.
type Wish interface {
	workflows.Intent
	product() workflows.Product
	decide(State, Facts) []workflows.Event
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(State) State
	tell() []workflows.Effect
}

// StreamOf is the stream of a product's tags.
func StreamOf(p workflows.Product) workflows.Stream { return workflows.StreamOf(Room, string(p)) }

// ProductOf is the product whose tags a wish is about.
func ProductOf(w Wish) workflows.Product { return w.product() }

// Decide says what follows from a wish. It never changes s. No event and no refusal: that is known already.
func Decide(s State, w Wish, f Facts) ([]workflows.Event, error) { return w.decide(s, f), nil }

// Evolve folds one recorded event. It cannot fail, never changes s, and ignores what is not this room's.
func Evolve(s State, r workflows.Recorded) State {
	if e, ok := r.Event.(event); ok {
		s.New = maps.Clone(s.New)
		return e.evolve(s)
	}
	return s
}

// Tell says who hears of an event, by direct message.
func Tell(_ State, r workflows.Recorded) []workflows.Effect {
	if e, ok := r.Event.(event); ok {
		return e.tell()
	}
	return nil
}

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event { return []workflows.Event{Begun{}, Took{}, Declined{}, Moved{}} }

// Summary is found by nobody: whoever asks knows the product. It holds nothing that the state does not.
func Summary(State) workflows.Summary { return workflows.Summary{} }

// with knows a tag that came since; s is a copy.
func (s State) with(name string, k Known) State {
	if s.New == nil {
		s.New = map[string]Known{}
	}
	s.New[name] = k
	return s
}

// old takes tags for old; s is a copy.
func (s State) old(names []string) State {
	if len(names) > 0 {
		s.Old = slices.Concat(s.Old, names)
		slices.Sort(s.Old)
	}
	return s
}

func to(people []workflows.PersonID) []workflows.Effect {
	var out []workflows.Effect
	for i, id := range people {
		if id != "" && !slices.Contains(people[:i], id) {
			out = append(out, workflows.Effect{Kind: workflows.Tell, What: Told, To: workflows.To{Person: id}})
		}
	}
	return out
}
