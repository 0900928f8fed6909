package places

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Mend is a wish of the machine that delivers: a place took something.
type Mend struct{ Place workflows.Place }

// Mended happened: a place that took nothing takes what it gets again. It carries the owners as they were, who hear of
// it.
type Mended struct {
	Place workflows.Place      `json:"place"`
	Since time.Time            `json:"since"` // when it was known first that it took nothing
	To    []workflows.PersonID `json:"to,omitempty"`
}

// Kind names the event.
func (Mended) Kind() string { return "places.mended" }

// Needs says who may: only the machine that delivers.
func (Mend) Needs() workflows.Need { return workflows.Machine }

func (m Mend) place() workflows.Place { return m.Place }

func (m Mend) decide(s State, f Facts) ([]workflows.Event, error) {
	switch {
	case m.Place == "":
		return nil, workflows.Refuse(workflows.Invalid, "what takes something again is not said")
	case !s.Parked.Is():
		return nil, nil
	}
	return []workflows.Event{Mended{Place: m.Place, Since: s.Parked.Since, To: f.Owners}}, nil
}

func (e Mended) evolve(s State, _ time.Time) State {
	s.Place, s.Parked = e.Place, Case{}
	return s
}

func (e Mended) tell() []workflows.Effect { return toOwners(e.To, ToldMended) }
