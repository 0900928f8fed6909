package desk

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

var (
	// errAgain says that what was looked up no longer fits what the transaction found.
	errAgain = errors.New("the looked-up facts no longer fit")
	// errReloaded says that another configuration came into force while it was looked up.
	errReloaded = errors.New("the configuration was replaced")
)

// maxLooks is how often Do looks up before it gives up.
const maxLooks = 3

// Do carries out one ask: looks up what its wish needs from outside, then decides and records in one transaction. The
// same id again changes nothing and gives the same receipt or refusal. Its error is a *workflows.Refusal, fit for
// people, or a fault.
func (d *Desk) Do(ctx context.Context, a workflows.Ask) (workflows.Receipt, error) {
	if a.ID == "" || a.Wish == nil {
		return workflows.Receipt{}, errors.New("ask without id or wish")
	}
	for looks := 0; looks < maxLooks; {
		receipt, err := d.attempt(ctx, d.rules.Load(), a)
		switch {
		case errors.Is(err, errReloaded):
			continue
		case errors.Is(err, errAgain):
			looks++
			continue
		}
		return receipt, d.unsaved(err, a.When)
	}
	d.deciding.RLock()
	defer d.deciding.RUnlock()
	receipt, err := d.refused(ctx, d.rules.Load(), a,
		workflows.Refuse(workflows.Unavailable, "the repository keeps changing under the question; ask again"))
	return receipt, d.unsaved(err, a.When)
}

// attempt looks and decides under one configuration, and commits only while that is in force.
func (d *Desk) attempt(ctx context.Context, r *rules, a workflows.Ask) (workflows.Receipt, error) {
	got, looked := d.look(ctx, r, a)
	d.deciding.RLock()
	defer d.deciding.RUnlock()
	switch {
	case d.rules.Load() != r:
		return workflows.Receipt{}, errReloaded
	case looked != nil:
		return d.refused(ctx, r, a, looked)
	}
	if err := d.takeIn(ctx, r, a, got); err != nil {
		return workflows.Receipt{}, err
	}
	return d.decide(ctx, r, a, got.query, got.found)
}

// decide runs the transaction.
func (d *Desk) decide(ctx context.Context, r *rules, a workflows.Ask, query workflows.Query, found workflows.Found) (workflows.Receipt, error) {
	var receipt workflows.Receipt
	var s *session
	err := d.store.Update(ctx, func(tx *storage.Tx) error {
		var err error
		if receipt, s = (workflows.Receipt{}), nil; a.Dry {
			receipt, err = d.dry(tx, r, a, query, found)
			return declined(err)
		}
		if again, ok, err := d.answered(tx, a); err != nil || ok {
			receipt = again
			return declined(err)
		}
		s, err = d.session(tx, r, a)
		if err != nil {
			return err
		}
		s.found = found
		if receipt, err = s.carryOut(query); err != nil {
			return d.refusal(r, a, s, err)
		}
		if s.idle() {
			return declined(nil)
		}
		return nil
	})
	if err == nil && s != nil && receipt.Confirm == nil {
		s.publish()
		if s.touchesFlags() {
			err = d.recompile(context.WithoutCancel(ctx), r) // what is committed is served, whoever still waits
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
func (d *Desk) dry(tx *storage.Tx, r *rules, a workflows.Ask, query workflows.Query, found workflows.Found) (workflows.Receipt, error) {
	s, err := d.session(tx, r, a)
	if err != nil {
		return workflows.Receipt{}, err
	}
	s.found = found
	receipt, err := s.decideAsk(query)
	receipt.Dry = true
	return receipt, err
}

// idle reports whether a machine asked and nothing came of it. That is not even remembered: whoever looks from time to time
// would fill the store with it, and to ask again costs nothing.
func (s *session) idle() bool { return s.ask.Bot != "" && len(s.order) == 0 && len(s.due) == 0 }

// meant reports whether a press still means what would happen now: what was asked about, an undo, or a plain no.
func (s *session) meant(press *workflows.Pending) bool {
	if press == nil {
		return false
	}
	return s.dismisses() || press.Undo || press.Plan == s.plan
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
	case meant && !s.typed(receipt.Confirm): // its risk was raised since it was asked
		return receipt, s.wrongVersion(press, receipt.Confirm.Typed)
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
