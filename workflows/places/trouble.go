package places

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Fate is what became of what could not be told.
type Fate string

// The fates.
const (
	Parked  Fate = "parked"  // it waits, with all that follows there, until the place takes something again
	Failed  Fate = "failed"  // it was certainly not sent, and waits for a human
	Unclear Fate = "unclear" // it may have been sent, nobody can say, and it waits for a human
)

// ToldTrouble and ToldMended name what owners are told. That those messages themselves cannot be delivered is no news.
const (
	ToldTrouble = "trouble"
	ToldMended  = "mended"
)

// again is how old the word on what waits for a human must be for the same to be said once more.
const again = 24 * time.Hour

// maxWhy is how much is kept of a platform's words, in characters.
const maxWhy = 200

// Trouble is a wish of the machine that delivers: something could not be told in a place.
type Trouble struct {
	Place    workflows.Place  `json:"place"`
	Fate     Fate             `json:"fate"`
	What     string           `json:"what"`            // what could not be told: "card"
	About    workflows.Stream `json:"about,omitempty"` // of what it tells
	Delivery string           `json:"delivery"`        // its id, by which a human settles it
	Why      string           `json:"why"`             // in the platform's words
}

// Troubled happened: a place took something not. It carries the owners as they were, who hear of it.
type Troubled struct {
	Trouble
	To []workflows.PersonID `json:"to,omitempty"`
}

// Kind names the event.
func (Troubled) Kind() string { return "places.troubled" }

// Needs says who may: only the machine that delivers.
func (Trouble) Needs() workflows.Need { return workflows.Machine }

func (t Trouble) place() workflows.Place { return t.Place }

// decide records each trouble of a place once: that it takes nothing, until it is mended or for another reason; what
// waits for a human, unless the same was said a short while ago.
func (t Trouble) decide(s State, f Facts) ([]workflows.Event, error) {
	if !slices.Contains([]Fate{Parked, Failed, Unclear}, t.Fate) {
		return nil, workflows.Refuse(workflows.Invalid, "what became of it is not said")
	}
	t.Why = workflows.Display(t.Why, maxWhy)
	known := s.Waits
	if t.Fate == Parked {
		known = s.Parked
	}
	if known.Is() && known.Fate == t.Fate && known.Why == t.Why && (t.Fate == Parked || f.Now.Sub(known.Since) < again) {
		return nil, nil
	}
	return []workflows.Event{Troubled{Trouble: t, To: f.Owners}}, nil
}

func (e Troubled) evolve(s State, at time.Time) State {
	s.Place = e.Place
	c := Case{Trouble: e.Trouble, Since: at}
	if e.Fate != Parked {
		s.Waits = c
		return s
	}
	if s.Parked.Is() {
		c.Since = s.Parked.Since
	}
	s.Parked = c
	return s
}

func (e Troubled) tell() []workflows.Effect { return toOwners(e.To, ToldTrouble) }
