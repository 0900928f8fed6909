package storage

import (
	"bytes"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Every delivery has one row, and stands in at most one index: by time when it is queued or claimed, by the slot it
// answers in when it is held. place and displace alone keep row and index together.

func dueKey(when time.Time, id string) key { return table(tableDue).time(when).number(number(id)) }

// index is the entry under which a delivery comes up by itself; ok is false when something else brings it up.
func (p Pending) index() (k key, ok bool) {
	switch p.State {
	case Queued, Claimed:
		return dueKey(p.When, p.ID), true
	case Held:
		return heldKey(p.In, p.Place).number(p.number()), true
	}
	return key{}, false
}

// displace takes a delivery out of its index; its row stays.
func (t *Tx) displace(p Pending) error {
	if k, ok := p.index(); ok {
		return t.delete(k)
	}
	return nil
}

// drop takes a delivery out of the queue altogether.
func (t *Tx) drop(p Pending) error {
	if err := t.displace(p); err != nil {
		return err
	}
	return t.delete(deliveryKey(p.number()))
}

// store writes a displaced delivery in its present state.
func (t *Tx) store(p Pending) error {
	if k, ok := p.index(); ok {
		if err := t.mark(k); err != nil {
			return err
		}
	}
	return t.put(deliveryKey(p.number()), p)
}

// place writes a displaced delivery that wants to be sent: behind the send of its slot, held until it has a message to
// answer to, or queued.
func (t *Tx) place(p Pending) error {
	p.State, p.Process = Queued, ""
	if p.Slot != "" {
		st, _, err := t.Slot(p.Slot, p.Place)
		if err != nil {
			return err
		}
		if st.Flight != "" && st.Flight != p.ID {
			p.State = Behind
			return t.store(p)
		}
	}
	held, err := t.held(p)
	if err != nil {
		return err
	}
	if held {
		p.State = Held
	} else {
		t.moved = true
	}
	return t.store(p)
}

// held reports whether p answers in a thread whose first message is still on its way. Only an earlier delivery holds
// it back, so none can wait for each other; and none that waits for a human.
func (t *Tx) held(p Pending) (bool, error) {
	if p.In == "" || p.In == p.Slot {
		return false, nil
	}
	st, _, err := t.Slot(p.In, p.Place)
	if err != nil || st.Message != "" {
		return false, err
	}
	first := st.Flight
	if first == "" {
		first = st.Unsent
	}
	if first == "" || number(first) >= p.number() {
		return false, nil
	}
	q, err := t.pending(first)
	return q.State != Stuck, err
}

// release places anew whatever waits for a slot to show its message.
func (t *Tx) release(slot string, place workflows.Place) error {
	return t.scan(heldKey(slot, place).all(), func(k, frame []byte) (bool, error) {
		f := fieldsOf(k)
		f.text()
		f.text()
		p, err := t.indexed(k, frame, f.number())
		if err != nil {
			return false, err
		}
		if err := t.displace(p); err != nil {
			return false, err
		}
		return true, t.place(p)
	})
}

// due visits the deliveries that come up by themselves, in order, until fn says false.
func (t *Tx) due(fn func(Pending) (bool, error)) error {
	return t.scan(table(tableDue).all(), func(k, frame []byte) (bool, error) {
		f := fieldsOf(k)
		f.skipTime()
		p, err := t.indexed(k, frame, f.number())
		if err != nil {
			return false, err
		}
		return fn(p)
	})
}

// indexed loads the delivery that an index entry stands for.
func (t *Tx) indexed(entry, frame []byte, n uint64) (p Pending, err error) {
	if _, err := unseal(entry, frame); err != nil {
		return p, err
	}
	if _, err := t.load(deliveryKey(n), &p); err != nil {
		return p, err
	}
	if k, ok := p.index(); !ok || !bytes.Equal(k.bytes, entry) {
		return p, damaged(entry, "no delivery stands there")
	}
	return p, nil
}

// disown makes claims of other processes due at once, as unresolved: their outcome is known to nobody here.
func (t *Tx) disown(process string) error {
	return t.due(func(p Pending) (bool, error) {
		if p.State != Claimed || p.Process == process {
			return true, nil
		}
		if err := t.displace(p); err != nil {
			return false, err
		}
		p.State, p.Unresolved, p.When, p.Process = Queued, true, p.Due, ""
		return true, t.store(p)
	})
}
