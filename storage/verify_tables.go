package storage

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// checks says of each table what its records must be. A table that is not here has no records.
var checks = map[byte]func(v *verifier, k, frame []byte) error{
	tableMeta:     (*verifier).meta,
	tableEvent:    (*verifier).event,
	tableStream:   (*verifier).entry,
	tableSummary:  (*verifier).summary,
	tableFind:     (*verifier).find,
	tableFold:     (*verifier).fold,
	tableAnswer:   func(_ *verifier, k, frame []byte) error { return decode(k, frame, new(Answer)) },
	tableRow:      func(_ *verifier, k, frame []byte) error { return decode(k, frame, new(smallRow)) },
	tableCounter:  func(_ *verifier, k, frame []byte) error { return decode(k, frame, new(uint64)) },
	tableDelivery: (*verifier).delivery,
	tableDue:      (*verifier).waits,
	tableHeld:     (*verifier).waits,
	tableSlot:     (*verifier).slot,
	tableDone:     (*verifier).done,
}

func (v *verifier) meta(k, frame []byte) error {
	var h head
	if err := decode(k, frame, &h); err != nil {
		return err
	}
	if len(k) > 1 || h != (head{schema, v.instance}) {
		return errors.New("it is not the head of this store")
	}
	return nil
}

func (v *verifier) summary(k, frame []byte) error {
	var row summaryRow
	if err := decode(k, frame, &row); err != nil {
		return err
	}
	f := fieldsOf(k)
	stream := workflows.Stream(f.text())
	for _, under := range row.Keys {
		if at, err := v.get(findKey(under, stream)); err != nil || at == nil {
			return fmt.Errorf("it is not found under %q", under)
		}
	}
	return nil
}

// find checks that an entry of the summaries' index leads to a summary that is found under it.
func (v *verifier) find(k, frame []byte) error {
	f := fieldsOf(k)
	under, stream := f.text(), workflows.Stream(f.text())
	var row summaryRow
	if ok, err := v.load(summaryKey(stream), &row); err != nil || !ok || !slices.Contains(row.Keys, under) {
		return fmt.Errorf("the summary of %q is not found under it", stream)
	}
	_, err := unseal(k, frame)
	return err
}

// fold checks a cached fold: it must not be ahead of its stream.
func (v *verifier) fold(k, frame []byte) error {
	var row foldRow
	if err := decode(k, frame, &row); err != nil {
		return err
	}
	f := fieldsOf(k)
	head, err := v.Head(workflows.Stream(f.text()))
	if err == nil && row.Revision > head {
		return fmt.Errorf("it is of revision %d of a stream of %d", row.Revision, head)
	}
	return err
}

func (v *verifier) delivery(k, frame []byte) error {
	var p Pending
	if err := decode(k, frame, &p); err != nil {
		return err
	}
	switch {
	case !bytes.Equal(k, deliveryKey(p.number()).bytes):
		return fmt.Errorf("it is the delivery %q", p.ID)
	case p.number() > v.given:
		return fmt.Errorf("its number was not given yet: the last was %d", v.given)
	case !slices.Contains([]State{Queued, Behind, Held, Claimed, Stuck, Dead}, p.State):
		return fmt.Errorf("its state is %q", p.State)
	}
	if entry, ok := p.index(); ok {
		if at, err := v.get(entry); err != nil || at == nil {
			return fmt.Errorf("it is %s and would never come up", p.State)
		}
	}
	if p.Slot == "" || p.State == Dead {
		return nil
	}
	if st, _, err := v.Slot(p.Slot, p.Place); err != nil || st.Unsent != p.ID && st.Flight != p.ID {
		return fmt.Errorf("it is %s, and its slot does not know of it", p.State)
	}
	return nil
}

// waits checks that an entry of the due queue, or of what is held, leads to a delivery that waits there.
func (v *verifier) waits(k, frame []byte) error {
	if len(k) <= 8 {
		return errors.New("no delivery stands there")
	}
	f := fields(k[len(k)-8:])
	_, err := v.indexed(k, frame, f.number())
	return err
}

// done checks what is remembered of a sent delivery: its number was given, and is not given again.
func (v *verifier) done(k, frame []byte) error {
	f := fieldsOf(k)
	if n := number(f.text()); n > v.given {
		return fmt.Errorf("its number was not given yet: the last was %d", v.given)
	}
	return decode(k, frame, new(Delivered))
}

// slot checks that what a slot says of deliveries is true of them.
func (v *verifier) slot(k, frame []byte) error {
	var st SlotState
	if err := decode(k, frame, &st); err != nil {
		return err
	}
	f := fieldsOf(k)
	name, place := f.text(), workflows.Place(f.text())
	for _, id := range []string{st.Unsent, st.Flight} {
		if id == "" {
			continue
		}
		p, err := v.pending(id)
		if err != nil {
			return err
		}
		if p.Slot != name || p.Place != place {
			return fmt.Errorf("the delivery %q is of another slot", id)
		}
	}
	return nil
}
