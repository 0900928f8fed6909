package flag

import (
	"github.com/readyroom/readyroom/workflows"
)

// SetBack is a rollback's wish: every environment goes back to what it was at an earlier moment, and never up. A
// rollback that opened something would be a release.
type SetBack struct {
	Percents map[workflows.Environment]int // the Percents of that moment; what is absent was off
	Cause    string                        // "rollback of app invoices"
}

// Needs implements workflows.Intent.
func (SetBack) Needs() workflows.Need { return workflows.Machine }

// decide answers with no event when nothing has to go down: a rollback touches flags that are off already, and must
// not fail over them.
func (s SetBack) decide(f Flag, facts Facts) ([]workflows.Event, error) {
	if err := f.known(facts); err != nil {
		return nil, err
	}
	e := Reverted{From: map[workflows.Environment]int{}, To: map[workflows.Environment]int{}, Cause: s.Cause}
	for env, now := range f.Percents {
		if then := max(0, s.Percents[env]); then < now {
			e.From[env], e.To[env] = now, then
		}
	}
	if len(e.To) == 0 {
		return nil, nil
	}
	return []workflows.Event{e}, nil
}

// Reverted says that a rollback set a flag back; both maps hold the environments that changed.
type Reverted struct {
	From  map[workflows.Environment]int `json:"from"`
	To    map[workflows.Environment]int `json:"to"`
	Cause string                        `json:"cause,omitempty"`
}

// Kind implements workflows.Event.
func (Reverted) Kind() string { return "flag.reverted" }

func (e Reverted) evolve(f Flag, _ workflows.Header) Flag {
	for env, percent := range e.To {
		f = f.with(env, percent)
	}
	return f
}
