package flag

import (
	"maps"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Kill turns a flag off everywhere at once, until it is set again.
type Kill struct{ Note string }

// Needs implements workflows.Intent.
func (Kill) Needs() workflows.Need { return workflows.Maker }

// decide does not ask what the press was based on: whatever the flag was changed to meanwhile, off is what was meant.
func (k Kill) decide(f Flag, facts Facts) ([]workflows.Event, error) {
	if err := f.known(facts); err != nil {
		return nil, err
	}
	if f.Killed != nil {
		return nil, workflows.Refuse(workflows.Unchanged, string(f.Key)+" was killed already by "+f.Killed.By.At()+": "+f.Killed.Note).
			By(facts.Actor.At()).Type("/release flag show " + string(f.Key))
	}
	if strings.TrimSpace(k.Note) == "" {
		return nil, workflows.Refuse(workflows.NeedsReason, "a kill says why").
			By(facts.Actor.At()).Type("/release flag kill " + string(f.Key) + " -- reason")
	}
	return []workflows.Event{Killed{From: maps.Clone(f.Percents), Note: k.Note}}, nil
}

// undo restores the environment users are in, or the only one that was open. The other environments are the team's
// own and stay off until they are set again: one line cannot say several percentages.
func (Kill) undo(before, _ Flag) (workflows.Environment, bool) {
	opened := before.opened()
	if len(opened) == 0 {
		return "", false
	}
	return opened[0], true
}

// Killed says that a flag was turned off everywhere.
type Killed struct {
	From map[workflows.Environment]int `json:"from,omitempty"` // what it was
	Note string                        `json:"note"`
}

// Kind implements workflows.Event.
func (Killed) Kind() string { return "flag.killed" }

func (e Killed) evolve(f Flag, h workflows.Header) Flag {
	f.Percents = nil
	f.Killed = &Stop{By: h.By, At: h.At, Note: e.Note}
	return f
}
