package notes

import (
	"errors"

	"github.com/readyroom/readyroom/workflows"
)

// Drafting drafts the notes of a release that nobody opened by hand. Where there is nothing to draft, nothing follows.
type Drafting struct{ Draft }

// Needs says that no person may: people draft by Draft.
func (Drafting) Needs() workflows.Need { return workflows.Machine }

func (w Drafting) decide(n Notes, f Facts) ([]workflows.Event, error) {
	events, err := w.Draft.decide(n, f)
	if no := new(workflows.Refusal); errors.As(err, &no) {
		return nil, nil
	}
	return events, err
}
