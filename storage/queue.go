package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Delivery is one thing that is due at a time: a message, an act, a wake-up. One queue holds all three, in the order
// of due times and then of enqueueing.
type Delivery struct {
	ID     string               `json:"id"` // given by Enqueue, unique beyond this store: the key a platform may keep
	Kind   workflows.EffectKind `json:"kind"`
	What   string               `json:"what,omitempty"`
	Stream workflows.Stream     `json:"stream,omitempty"`
	Seq    workflows.Seq        `json:"seq,omitempty"` // the event it follows from; a replacement names its own
	Place  workflows.Place      `json:"place,omitempty"`
	Public bool                 `json:"public,omitempty"`
	Slot   string               `json:"slot,omitempty"` // deliveries of one slot and place replace, then edit, each other
	In     string               `json:"in,omitempty"`   // the slot at the same place whose message this answers in its thread
	Due    time.Time            `json:"due,omitzero"`   // zero: at once
	Data   json.RawMessage      `json:"data,omitempty"`
}

// State says where a delivery stands.
type State string

// The states of a delivery. Once sent, it is none any more: see Delivered.
const (
	Queued  State = "queued"  // comes due at When
	Behind  State = "behind"  // waits until the send before it in its slot is settled
	Held    State = "held"    // waits until the slot it answers in shows its message
	Claimed State = "claimed" // is being sent; unresolved at When
	Stuck   State = "stuck"   // nobody can say whether it was sent, since When: waits for a human
	Dead    State = "dead"    // cannot be sent, since When: waits for a human, or to be pruned
)

// Pending is a delivery with storage's bookkeeping.
type Pending struct {
	Delivery
	State      State     `json:"state"`
	When       time.Time `json:"when,omitzero"`
	Attempt    int       `json:"attempt,omitempty"`    // how often it was claimed, with what it replaced
	Excused    int       `json:"excused,omitempty"`    // how many of those attempts do not count
	Unresolved bool      `json:"unresolved,omitempty"` // a claim ended and nobody could say how
	Process    string    `json:"process,omitempty"`    // who claimed it
	Err        string    `json:"err,omitempty"`        // what went wrong last
}

// SlotState is what one slot shows and does at one place.
type SlotState struct {
	Message string `json:"message,omitempty"` // the id of the message it shows
	Shown   string `json:"shown,omitempty"`   // the id of the delivery that was sent last
	Unsent  string `json:"unsent,omitempty"`  // the id of the delivery that was not claimed yet, and may be replaced
	Flight  string `json:"flight,omitempty"`  // the id of the one whose send is not settled
}

func deliveryKey(n uint64) key { return table(tableDelivery).number(n) }

func slotKey(slot string, place workflows.Place) key {
	return table(tableSlot).text(slot).text(string(place))
}

func heldKey(slot string, place workflows.Place) key {
	return table(tableHeld).text(slot).text(string(place))
}

// number is the part of a delivery's id that orders it.
func (d Delivery) number() uint64 { return number(d.ID) }

func number(id string) uint64 {
	_, digits, _ := strings.Cut(id, "-")
	n, _ := strconv.ParseUint(digits, 10, 64)
	return n
}

// Enqueue puts a delivery into the queue. One with a slot takes the place of the slot's unsent one, with its id: a
// wake then comes at the new time, everything else at the earlier of both, though never before the time that a failed
// attempt asked to wait. What is being sent stays; the new one waits behind it.
func (t *Tx) Enqueue(d Delivery) error {
	switch d.Kind {
	case workflows.Tell, workflows.Act, workflows.Wake:
	default:
		return fmt.Errorf("enqueue a delivery of kind %q", d.Kind)
	}
	if !d.Due.IsZero() {
		d.Due = clean(d.Due)
	}
	p := Pending{Delivery: d, When: d.Due}
	if d.Slot != "" {
		return t.enqueueSlot(p)
	}
	if err := t.name(&p); err != nil {
		return err
	}
	return t.place(p)
}

func (t *Tx) enqueueSlot(p Pending) error {
	st, _, err := t.Slot(p.Slot, p.Place)
	if err != nil {
		return err
	}
	if st.Unsent != "" {
		old, err := t.pending(st.Unsent)
		if err != nil {
			return err
		}
		if err := t.displace(old); err != nil {
			return err
		}
		p = replaced(old, p)
	} else if err := t.name(&p); err != nil {
		return err
	}
	st.Unsent = p.ID
	if err := t.putSlot(p.Slot, p.Place, st); err != nil {
		return err
	}
	return t.place(p)
}

// replaced is what a newer delivery becomes when it takes the place of an unsent one of its slot.
func replaced(old, p Pending) Pending {
	p.ID, p.Attempt, p.Excused, p.Err = old.ID, old.Attempt, old.Excused, old.Err
	if p.Kind == workflows.Wake {
		return p
	}
	if old.Due.Before(p.Due) {
		p.Due = old.Due
	}
	p.When = p.Due
	if old.Attempt > 0 { // it failed once, and When is the time that the platform asked to wait for
		p.When = later(p.Due, old.When)
	}
	return p
}

// name gives a new delivery its id.
func (t *Tx) name(p *Pending) error {
	if len(t.instance) < 8 {
		return errors.New("enqueue before the store is open")
	}
	n, err := t.count(table(tableCounter))
	p.ID = fmt.Sprintf("%s-%d", t.instance[:8], n)
	return err
}

// pending loads a delivery that must be there.
func (t *Tx) pending(id string) (p Pending, err error) {
	k := deliveryKey(number(id))
	ok, err := t.load(k, &p)
	if err == nil && (!ok || p.ID != id) {
		err = damaged(k.bytes, fmt.Sprintf("delivery %q is missing", id))
	}
	return p, err
}

// Slot gives what a slot shows and does at a place; ok is false when it never did anything.
func (t *Tx) Slot(slot string, place workflows.Place) (st SlotState, ok bool, err error) {
	ok, err = t.load(slotKey(slot, place), &st)
	return st, ok, err
}

// putSlot writes a slot's state; an empty one leaves no row.
func (t *Tx) putSlot(slot string, place workflows.Place, st SlotState) error {
	if st == (SlotState{}) {
		return t.delete(slotKey(slot, place))
	}
	return t.put(slotKey(slot, place), st)
}

// Cancel drops the slot's unsent delivery; there need be none. What it shows and what is being sent stay.
func (t *Tx) Cancel(slot string, place workflows.Place) error {
	st, _, err := t.Slot(slot, place)
	if err != nil || st.Unsent == "" {
		return err
	}
	p, err := t.pending(st.Unsent)
	if err != nil {
		return err
	}
	if err := t.drop(p); err != nil {
		return err
	}
	st.Unsent = ""
	if err := t.putSlot(slot, place, st); err != nil {
		return err
	}
	return t.release(slot, place)
}

// Deliveries visits all deliveries that are not settled for good, in the order of enqueueing, until fn says false.
func (t *Tx) Deliveries(fn func(Pending) (bool, error)) error {
	return t.scan(table(tableDelivery).all(), func(k, frame []byte) (bool, error) {
		var p Pending
		if err := decode(k, frame, &p); err != nil {
			return false, err
		}
		return fn(p)
	})
}
