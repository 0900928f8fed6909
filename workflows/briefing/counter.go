package briefing

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Counter tells everyone who ever acknowledged the briefing that the release was rolled back.
type Counter struct {
	Stage workflows.Stage // where the release stands now
	Why   string
}

// Needs says who may: it follows from a rollback.
func (Counter) Needs() workflows.Need { return workflows.Machine }

// Countered says who was told of a rollback, and what.
type Countered struct {
	To    []workflows.PersonID `json:"to"` // sorted
	Stage workflows.Stage      `json:"stage"`
	Why   string               `json:"why,omitempty"`
}

// Kind names the event.
func (Countered) Kind() string { return "briefing.countered" }

func (c Counter) decide(b Briefing, _ Facts) ([]workflows.Event, error) { //nolint:unparam // the shape of a wish
	var to []workflows.PersonID
	for _, a := range b.Acks {
		to = append(to, a.Person)
	}
	slices.Sort(to)
	if b.Sent.Digest == "" {
		return nil, nil
	}
	events := []workflows.Event{Countered{To: slices.Compact(to), Stage: c.Stage, Why: c.Why}}
	if b.Met != "" {
		events = append(events, QuotaLost{Digest: b.Met, Why: "the release was rolled back"})
	}
	return events, nil
}

func (e Countered) evolve(b Briefing, h workflows.Header) Briefing {
	b.Counter, b.Void = &Reversal{Stage: e.Stage, Why: e.Why, At: h.At}, len(b.Acks)
	return b
}

func (e Countered) tell(b Briefing) []workflows.Effect {
	var out []workflows.Effect
	for _, p := range e.To {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: "counter-briefing", To: workflows.To{Person: p}, First: true})
	}
	var shown []workflows.Audience
	for _, s := range b.To {
		shown = append(shown, s.Audience)
	}
	return append(out, show(shown)...) // what they read no longer holds, and says so
}
