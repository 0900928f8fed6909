package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Result says how an attempt ended.
type Result string

// The results of an attempt.
const (
	Sent       Result = "sent"        // it reached the outside; a wake was heard
	Retry      Result = "retry"       // certainly not sent; again at Again
	Unclear    Result = "unclear"     // it may have been sent; reconcile at Again
	Failed     Result = "failed"      // certainly not sent, and sending again would not help
	NeedsHuman Result = "needs_human" // it may have been sent, and nobody here can find out
)

// Outcome is how an attempt ended.
type Outcome struct {
	Result  Result
	At      time.Time // when that became known
	Again   time.Time // of Retry and Unclear
	Message string    // of Sent: the platform's id of the message; empty: the slot shows the one it showed
	Excused bool      // of Retry and Unclear: the attempt does not count, as where nothing was tried
	Gone    bool      // of Retry and Failed: the message to be edited exists no more, the slot posts anew
	Err     string
}

// Settle ends a claim. Settling one that is not current any more, because it was settled or came up again, changes
// nothing and answers ErrNoLongerClaimed.
func (s *Store) Settle(ctx context.Context, c Claim, o Outcome) error {
	err := s.Update(ctx, func(t *Tx) error {
		p, err := t.waiting(c.ID)
		if err != nil {
			return err
		}
		if p.State != Claimed || p.Attempt != c.Attempt {
			return ErrNoLongerClaimed
		}
		if err := t.displace(p); err != nil {
			return err
		}
		return t.settle(p, o)
	})
	if err != nil {
		return fmt.Errorf("settle delivery %q: %w", c.ID, err)
	}
	return nil
}

// Resolve is a human's word on a delivery that waits for one: Sent, it is there after all; Retry, send it (again);
// Failed, let it be. It gives the delivery as it waited; one that does not wait is ErrNoLongerClaimed.
func (t *Tx) Resolve(id string, o Outcome) (p Pending, err error) {
	p, err = t.waiting(id)
	switch {
	case err != nil:
	case p.State != Stuck && p.State != Dead:
		err = ErrNoLongerClaimed
	case o.Result == Failed:
		err = t.leave(p, o, t.drop)
	case o.Result == Sent || o.Result == Retry:
		err = t.settle(p, o)
	default:
		err = fmt.Errorf("%q is not a human's word", o.Result)
	}
	if err != nil {
		return p, fmt.Errorf("resolve delivery %q: %w", id, err)
	}
	return p, nil
}

// waiting loads a delivery that somebody names from outside.
func (t *Tx) waiting(id string) (p Pending, err error) {
	ok, err := t.load(deliveryKey(number(id)), &p)
	if err == nil && (!ok || p.ID != id) {
		err = ErrNoLongerClaimed
	}
	return p, err
}

// settle carries out what an outcome means for a displaced delivery.
func (t *Tx) settle(p Pending, o Outcome) error {
	p.Err, p.Process = o.Err, ""
	if o.Excused {
		p.Excused++
	}
	switch o.Result {
	case Sent:
		if err := t.remember(p, o); err != nil {
			return err
		}
		return t.leave(p, o, t.drop)
	case Failed:
		p.State, p.When, p.Unresolved = Dead, clean(o.At), false
		return t.leave(p, o, t.store)
	case Retry:
		p.State, p.When, p.Unresolved = Queued, clean(o.Again), false
		return t.retry(p, o)
	case Unclear:
		p.State, p.When, p.Unresolved = Queued, clean(o.Again), true
		t.moved = true
		return t.store(p)
	case NeedsHuman:
		p.State, p.When, p.Unresolved = Stuck, clean(o.At), true
		if err := t.store(p); err != nil || p.Slot == "" {
			return err
		}
		return t.release(p.Slot, p.Place)
	}
	return fmt.Errorf("unknown result %q", o.Result)
}

// leave ends a send: keep says what becomes of its row, and the slot is free for what waited behind it.
func (t *Tx) leave(p Pending, o Outcome, keep func(Pending) error) error {
	if err := keep(p); err != nil || p.Slot == "" {
		return err
	}
	st, err := t.land(p, o)
	if err != nil {
		return err
	}
	if err := t.putSlot(p.Slot, p.Place, st); err != nil {
		return err
	}
	if st.Unsent != "" && st.Flight == "" {
		next, err := t.pending(st.Unsent)
		if err != nil {
			return err
		}
		if err := t.displace(next); err != nil {
			return err
		}
		if err := t.place(next); err != nil {
			return err
		}
	}
	return t.release(p.Slot, p.Place)
}

// land is the slot's state once p is in flight no more.
func (t *Tx) land(p Pending, o Outcome) (SlotState, error) {
	st, _, err := t.Slot(p.Slot, p.Place)
	if st.Flight == p.ID {
		st.Flight = ""
	}
	if o.Gone {
		st.Message = ""
	}
	if o.Result == Sent && p.Kind != workflows.Wake {
		st.Shown = p.ID
		if o.Message != "" {
			st.Message = o.Message
		}
	}
	return st, err
}

// retry queues a delivery that was certainly not sent. Where its slot has a newer one by now, that one goes in its
// stead, and waits as long.
func (t *Tx) retry(p Pending, o Outcome) error {
	if p.Slot == "" {
		return t.place(p)
	}
	before, _, err := t.Slot(p.Slot, p.Place)
	if err != nil {
		return err
	}
	st, err := t.land(p, o)
	if err != nil {
		return err
	}
	newer := st.Unsent != "" || st.Flight != "" || number(st.Shown) > p.number()
	switch {
	case before.Flight != p.ID && newer: // p is dead, and another took over long ago
		return t.leave(p, o, t.drop)
	case st.Unsent != "":
		next, err := t.pending(st.Unsent)
		if err != nil {
			return err
		}
		if err := t.drop(next); err != nil {
			return err
		}
		p = replaced(p, next)
	}
	st.Unsent = p.ID
	if err := t.putSlot(p.Slot, p.Place, st); err != nil {
		return err
	}
	if err := t.place(p); err != nil {
		return err
	}
	return t.release(p.Slot, p.Place)
}
