package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Claim is the right to send one delivery, and what sending it has to know. Settle ends it.
type Claim struct {
	Delivery
	Attempt    int
	Excused    int    // how many former attempts do not count
	Edit       string // the message that its slot shows and that is to be edited; empty: post
	Thread     string // the message in whose thread to answer; empty: in the open
	Unresolved bool   // a former attempt may have succeeded: reconcile before sending
}

// Claim takes up to limit deliveries that are due at now. It answers once the claims are durable: the intent comes
// before the effect. A claim that is not settled when now passes until comes again, as unresolved.
func (s *Store) Claim(ctx context.Context, now, until time.Time, limit int) ([]Claim, error) {
	if !until.After(now) {
		return nil, errors.New("claim deliveries: the claims would end before they begin")
	}
	if next, ok, err := s.NextDue(ctx); err != nil || !ok || next.After(now) {
		return nil, err
	}
	var claims []Claim
	err := s.Update(ctx, func(t *Tx) error {
		claims = nil
		return t.due(func(p Pending) (bool, error) {
			if p.When.After(now) || len(claims) >= limit {
				return false, nil
			}
			c, err := t.claim(p, s.options.Process, clean(until))
			claims = append(claims, c)
			return true, err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	return claims, nil
}

func (t *Tx) claim(p Pending, process string, until time.Time) (Claim, error) {
	if err := t.displace(p); err != nil {
		return Claim{}, err
	}
	p.Unresolved = p.Unresolved || p.State == Claimed
	p.State, p.Process, p.When = Claimed, process, until
	p.Attempt++
	c := Claim{Delivery: p.Delivery, Attempt: p.Attempt, Excused: p.Excused, Unresolved: p.Unresolved}
	if p.Slot != "" {
		st, _, err := t.Slot(p.Slot, p.Place)
		if err != nil {
			return Claim{}, err
		}
		if st.Unsent == p.ID {
			st.Unsent = ""
		}
		st.Flight, c.Edit = p.ID, st.Message
		if err := t.putSlot(p.Slot, p.Place, st); err != nil {
			return Claim{}, err
		}
	}
	if p.In != "" {
		st, _, err := t.Slot(p.In, p.Place)
		if err != nil {
			return Claim{}, err
		}
		c.Thread = st.Message
	}
	return c, t.store(p)
}

// NextDue is the time at which there is next something to claim, perhaps long past; ok is false when nothing waits
// for a time.
func (s *Store) NextDue(ctx context.Context) (next time.Time, ok bool, err error) {
	err = s.View(ctx, func(t *Tx) error {
		return t.due(func(p Pending) (bool, error) {
			next, ok = p.When, true
			return false, nil
		})
	})
	return next, ok, err
}

// Waiting lists the deliveries that wait for a human, in the order of enqueueing: Resolve settles them.
func (s *Store) Waiting(ctx context.Context) (waiting []Pending, err error) {
	err = s.View(ctx, func(t *Tx) error {
		return t.Deliveries(func(p Pending) (bool, error) {
			if p.State == Stuck || p.State == Dead {
				waiting = append(waiting, p)
			}
			return true, nil
		})
	})
	return waiting, err
}

// Delivered is what is remembered of a delivery that was sent, until it is pruned by age. Wakes leave nothing behind.
type Delivered struct {
	Message string           `json:"message,omitempty"`
	At      time.Time        `json:"at"`
	What    string           `json:"what,omitempty"`
	Stream  workflows.Stream `json:"stream,omitempty"`
	Place   workflows.Place  `json:"place,omitempty"`
}

func doneKey(id string) key { return table(tableDone).text(id) }

// Sent gives what is remembered of a sent delivery.
func (t *Tx) Sent(id string) (d Delivered, ok bool, err error) {
	ok, err = t.load(doneKey(id), &d)
	return d, ok, err
}

func (t *Tx) remember(p Pending, o Outcome) error {
	if p.Kind == workflows.Wake {
		return nil
	}
	return t.put(doneKey(p.ID), Delivered{Message: o.Message, At: clean(o.At), What: p.What, Stream: p.Stream, Place: p.Place})
}
