package desk

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// errAgain says that what was looked up no longer fits what the transaction found.
var errAgain = errors.New("the looked-up facts no longer fit")

// maxLooks is how often Do looks up before it gives up.
const maxLooks = 3

// Do carries out one ask: looks up what its wish needs from outside, then decides and records in one transaction. The
// same id again changes nothing and gives the same receipt or refusal. Its error is a *workflows.Refusal, fit for
// people, or a fault.
func (d *Desk) Do(ctx context.Context, a workflows.Ask) (workflows.Receipt, error) {
	if a.ID == "" || a.Wish == nil {
		return workflows.Receipt{}, errors.New("ask without id or wish")
	}
	for range maxLooks {
		query, found, err := d.look(ctx, a)
		if err != nil {
			return d.refused(ctx, a, err)
		}
		receipt, err := d.decide(ctx, a, query, found)
		if !errors.Is(err, errAgain) {
			return receipt, unsaved(err)
		}
	}
	return d.refused(ctx, a, workflows.Refuse(workflows.Unavailable, "the repository keeps changing under the question; ask again"))
}

// decide runs the transaction.
func (d *Desk) decide(ctx context.Context, a workflows.Ask, query workflows.Query, found workflows.Found) (workflows.Receipt, error) {
	var receipt workflows.Receipt
	var s *session
	err := d.store.Update(ctx, func(tx *storage.Tx) error {
		var err error
		if receipt, s = (workflows.Receipt{}), nil; a.Dry {
			receipt, err = d.dry(tx, a, query, found)
			return declined(err)
		}
		if again, ok, err := d.answered(tx, a); err != nil || ok {
			receipt = again
			return declined(err)
		}
		s, err = d.session(tx, a)
		if err != nil {
			return err
		}
		s.found = found
		if receipt, err = s.carryOut(query); err != nil {
			return d.refusal(a, s, err)
		}
		return nil
	})
	if err == nil && s != nil && receipt.Confirm == nil {
		s.publish()
		if s.touchesFlags() {
			err = d.compile(context.WithoutCancel(ctx)) // what is committed is served, whoever still waits
		}
	}
	return receipt, err
}

// declined drops whatever was written and hands the error on after the commit of the batch: a refusal rests on state
// that only the commit makes true.
func declined(err error) error {
	if err == nil {
		return &storage.Declined{}
	}
	return &storage.Declined{Err: err}
}

// dry does everything but write.
func (d *Desk) dry(tx *storage.Tx, a workflows.Ask, query workflows.Query, found workflows.Found) (workflows.Receipt, error) {
	s, err := d.session(tx, a)
	if err != nil {
		return workflows.Receipt{}, err
	}
	s.found = found
	receipt, err := s.decideAsk(query)
	receipt.Dry = true
	return receipt, err
}

// unsaved words what the store could not do for people.
func unsaved(err error) error {
	var unknown *storage.Unknown
	switch {
	case errors.As(err, &unknown):
		return workflows.Refuse(workflows.NotSaved, "I could not confirm that this was saved. Do not ship. Ask again in a minute").
			By("whoever runs this bot").Type("/release status")
	case errors.Is(err, storage.ErrFull):
		return workflows.Refuse(workflows.DiskFull, "the disk is full: nothing was changed").By("whoever runs this bot").Type("/release status")
	}
	return err
}

// meant reports whether a press still means what would happen now: what was asked about, an undo, or a plain no.
func (s *session) meant(press *workflows.Pending) bool {
	if press == nil {
		return false
	}
	_, no := s.ask.Wish.(workflows.Dismiss)
	return no || press.Undo || press.Plan == s.plan
}

// carryOut decides the ask and writes what follows, or stores the question that must be answered first.
func (s *session) carryOut(query workflows.Query) (workflows.Receipt, error) {
	press, err := s.pressed()
	if err != nil {
		return workflows.Receipt{}, err
	}
	receipt, err := s.decideAsk(query)
	if err != nil {
		return receipt, err
	}
	switch meant := s.meant(press); {
	case meant:
		receipt.Confirm = nil
	case receipt.Confirm != nil:
		return receipt, errors.Join(s.putPending(receipt.Confirm), s.answer(receipt))
	case press != nil:
		return receipt, workflows.Refuse(workflows.Changed, "it changed since you were asked: look again, then ask again").Type("/release status")
	}
	if press != nil {
		press.Used = true
	}
	if err := errors.Join(s.putPending(press), s.putPending(receipt.Undo)); err != nil {
		return receipt, err
	}
	if err := s.flush(); err != nil {
		return receipt, err
	}
	return receipt, s.answer(receipt)
}
