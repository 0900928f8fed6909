package flag

import (
	"encoding/json"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// event closes the set of the room's events: each knows its own fold.
type event interface {
	workflows.Event
	evolve(f Flag, h workflows.Header) Flag
}

// Events gives a zero value of each event of the room, for the decoder.
func Events() []workflows.Event {
	return []workflows.Event{Created{}, Turned{}, Killed{}, Dated{}, Reverted{}}
}

// Evolve folds one event into the flag. It cannot fail, never changes its input, and ignores what is not its own.
func Evolve(f Flag, r workflows.Recorded) Flag {
	e, ok := r.Event.(event)
	if !ok {
		return f
	}
	f = e.evolve(f, r.Header)
	f.Revision = r.Revision
	return f
}

// History is the Data of a history line: enough to word it without the flag's state of that moment.
type History struct {
	Stream workflows.Stream `json:"stream"`
	Kind   string           `json:"kind"`
	By     workflows.Actor  `json:"by"`
	At     time.Time        `json:"at"`
	Event  json.RawMessage  `json:"event"` // decoded by Kind
}

// Tell says who hears of an event; f is the flag after it. The release's card is edited and its thread gets a line:
// a flag posts nothing of its own.
func Tell(f Flag, r workflows.Recorded) []workflows.Effect {
	if _, ok := r.Event.(event); !ok {
		return nil
	}
	to := workflows.To{Release: f.Release}
	card := workflows.Effect{Kind: workflows.Tell, What: "card", To: to, Slot: "card"}
	line := workflows.Effect{Kind: workflows.Tell, What: "history", To: to, In: "card"}
	if e, err := json.Marshal(r.Event); err == nil { // events are plain data; a test marshals each
		line.Data, _ = json.Marshal(History{Stream: r.Stream, Kind: r.Event.Kind(), By: r.By, At: r.At, Event: e})
	}
	return []workflows.Effect{card, line}
}
