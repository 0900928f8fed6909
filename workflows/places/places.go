// Package places is the room of places that give trouble: channels and direct messages that take nothing until somebody
// mends them there, and what could not be told somewhere and waits for a human. The owners hear of both.
//
// It reads no clock, does no I/O, and knows neither other rooms nor what a place is on its platform.
package places

import (
	"regexp"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Room names the streams of this room: "places/slack.T1.C1".
const Room = "places"

// KeyParked is the key under which the places are found that take nothing.
const KeyParked = Room + "/parked"

// State is what was recorded of one place.
type State struct {
	Place  workflows.Place `json:"place,omitempty"`
	Parked Case            `json:"parked,omitzero"` // why it takes nothing; zero: it takes what it gets
	Waits  Case            `json:"waits,omitzero"`  // what waited for a human last
}

// Case is one delivery that could not be made, and since when that is known.
type Case struct {
	Trouble
	Since time.Time `json:"since,omitzero"`
}

// Is reports whether there is a case.
func (c Case) Is() bool { return !c.Since.IsZero() }

// Facts is what a decision needs beside the state.
type Facts struct {
	Now    time.Time
	Owners []workflows.PersonID
}

// Wish is what can be wished of a place. Each verb's file holds its wish, decision, event and fold.
type Wish interface {
	workflows.Intent
	place() workflows.Place
	decide(State, Facts) ([]workflows.Event, error)
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(State, time.Time) State
	tell() []workflows.Effect
}

// Decide says what follows from a wish, or refuses. It never changes s. No event and no refusal: that is known already.
func Decide(s State, w Wish, f Facts) ([]workflows.Event, error) {
	if p := w.place(); p.Platform() == "" {
		return nil, workflows.Refuse(workflows.Invalid, "no place is meant")
	}
	return w.decide(s, f)
}

// Evolve folds one recorded event. It cannot fail, never changes s, and ignores what is not this room's.
func Evolve(s State, e workflows.Recorded) State {
	if ev, ok := e.Event.(event); ok {
		return ev.evolve(s, e.At)
	}
	return s
}

// Tell says who hears of an event: the owners, by direct message.
func Tell(_ State, e workflows.Recorded) []workflows.Effect {
	if ev, ok := e.Event.(event); ok {
		return ev.tell()
	}
	return nil
}

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event { return []workflows.Event{Troubled{}, Mended{}} }

// Summary is the state itself; while the place takes nothing, it is found as such.
func Summary(s State) workflows.Summary {
	if s.Parked.Is() {
		return workflows.Summary{Keys: []string{KeyParked}, Data: s}
	}
	return workflows.Summary{Data: s}
}

// plainPlace is what places with ids look like: their slashes may become dots, and no two of them become one.
var plainPlace = regexp.MustCompile(`^[a-z0-9]+(?:/@?[A-Z0-9]+)+$`)

// maxID keeps a stream's name short.
const maxID = 64

// StreamOf is the stream of a wish's place. Where its name is not fit for one, a digest stands for it; its "_" keeps the
// two apart.
func StreamOf(w Wish) workflows.Stream {
	p := string(w.place())
	if plainPlace.MatchString(p) && len(p) <= maxID {
		return workflows.StreamOf(Room, strings.ReplaceAll(strings.ReplaceAll(p, "/@", "."+direct+"."), "/", "."))
	}
	return workflows.StreamOf(Room, "_."+workflows.Digest(p)[:32])
}

// direct stands for the @ of direct messages: ids are in capitals.
const direct = "dm"

func toOwners(owners []workflows.PersonID, what string) []workflows.Effect {
	var out []workflows.Effect
	for _, id := range owners {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: what, To: workflows.To{Person: id}})
	}
	return out
}
