package flag

import (
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

// Tell says who hears of an event; f is the flag after it. The release's card is edited and its thread gets a line:
// a flag posts nothing of its own.
func Tell(f Flag, r workflows.Recorded) []workflows.Effect {
	if _, ok := r.Event.(event); !ok {
		return nil
	}
	to := workflows.To{Release: f.Release}
	return []workflows.Effect{
		{Kind: workflows.Tell, What: "card", To: to, Slot: "card"},
		{Kind: workflows.Tell, What: "history", To: to, In: "card"},
	}
}
