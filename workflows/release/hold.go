package release

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// HoldOn stops a release where it is. Any member may: it acts towards safety.
type HoldOn struct{ Why string }

// Resume lets a held release go on.
type Resume struct{ Note string }

// Needs says who may.
func (HoldOn) Needs() workflows.Need { return workflows.Member }

// Needs says who may; whoever put it on hold may take that back for a while.
func (Resume) Needs() workflows.Need { return workflows.Manager }

// Held happened: nothing of the release goes on.
type Held struct {
	By  workflows.PersonID `json:"by"`
	Why string             `json:"why"`
}

// Resumed happened: it goes on.
type Resumed struct {
	Note string `json:"note,omitempty"`
}

// Kind names the event.
func (Held) Kind() string { return "release.held" }

// Kind names the event.
func (Resumed) Kind() string { return "release.resumed" }

// Fits says that only a held release can be meant where none is named.
func (Resume) Fits(r Row) bool { return r.Held }

func (w HoldOn) decide(r Release, f Facts) ([]workflows.Event, error) {
	switch {
	case r.Over():
		return nil, over(r)
	case w.Why == "":
		return nil, workflows.Refuse(workflows.NeedsReason, "say why: others will ask").Type(f.line("hold", "-- why"))
	case r.Held != nil:
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("it is on hold already: %s (%s)", r.Held.Why, r.Held.By.At())).
			Type(f.line("status"))
	}
	return []workflows.Event{Held{By: f.Actor.Person, Why: w.Why}}, nil
}

func (w Resume) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Held == nil {
		return nil, workflows.Refuse(workflows.Unchanged, "it is not on hold").Type(f.line("status"))
	}
	return []workflows.Event{Resumed(w)}, nil
}

func (e Held) evolve(r Release, h workflows.Header) Release {
	r.Held = &Hold{By: e.By, Why: e.Why, At: h.At, Manual: true}
	return r
}

func (e Held) tell(r Release, _ workflows.Header) []workflows.Effect {
	return []workflows.Effect{post(r, "held")}
}

func (e Resumed) evolve(r Release, _ workflows.Header) Release {
	r.Held = nil
	return r
}

func (e Resumed) tell(Release, workflows.Header) []workflows.Effect { return nil }
