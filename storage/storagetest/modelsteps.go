package storagetest

import (
	"errors"
	"slices"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
)

// The steps that the model of the queue takes, in any order: rapid calls each by its name.

func (m *machine) enqueue(t *rapid.T) {
	slot := rapid.SampledFrom([]string{"", "card", "poll"}).Draw(t, "slot")
	m.made++
	d := tell(slot, m.now+rapid.IntRange(-1, 2).Draw(t, "due"), m.made)
	if slot == "" {
		d.In = rapid.SampledFrom([]string{"", "card"}).Draw(t, "in")
	}
	done := m.try(t, func() error {
		return m.store.Update(t.Context(), func(tx *storage.Tx) error { return tx.Enqueue(d) })
	})
	switch {
	case done && slot == "":
		m.loose[m.made] = true
	case done:
		m.slot(slot).unsent = m.made
	}
}

func (m *machine) cancel(t *rapid.T) {
	slot := rapid.SampledFrom([]string{"card", "poll"}).Draw(t, "slot")
	done := m.try(t, func() error {
		return m.store.Update(t.Context(), func(tx *storage.Tx) error { return tx.Cancel(slot, town) })
	})
	if done {
		m.slot(slot).unsent = 0
	}
}

func (m *machine) claim(t *rapid.T) {
	if !m.calm && rapid.IntRange(0, 4).Draw(t, "fail") == 0 {
		m.engine.Fail(ErrInjected)
	}
	cs, err := m.store.Claim(t.Context(), at(m.now), at(m.now+2), rapid.IntRange(1, 4).Draw(t, "limit"))
	m.engine.Mend()
	if err != nil && !errors.Is(err, ErrInjected) {
		t.Fatal(err)
	}
	for _, c := range cs {
		m.open = slices.DeleteFunc(m.open, func(o storage.Claim) bool {
			if o.ID == c.ID {
				m.lost = append(m.lost, o)
			}
			return o.ID == c.ID
		})
		m.claimed(t, c)
		m.open = append(m.open, c)
	}
}

// claimed holds a claim to the model.
func (m *machine) claimed(t *rapid.T, c storage.Claim) {
	n := number(c.Delivery)
	if c.Due.After(at(m.now)) {
		t.Fatalf("%d is due at %v", n, c.Due)
	}
	if c.Thread != m.world.owner[c.In] && (c.Thread != "" || m.slot(c.In).shown != 0) {
		t.Fatalf("%d answers to %q", n, c.Thread)
	}
	if c.Slot == "" {
		if !m.loose[n] {
			t.Fatalf("%d came though it was settled", n)
		}
		return
	}
	s := m.slot(c.Slot)
	switch {
	case c.Unresolved && s.flight == n:
	case !c.Unresolved && s.flight == 0 && s.unsent == n:
		s.flight, s.unsent = n, 0
	default:
		t.Fatalf("slot %s: %d came, unresolved %t, beside %+v", c.Slot, n, c.Unresolved, *s)
	}
	if (c.Edit != "") != (s.shown != 0) {
		t.Fatalf("slot %s shows %d and edits %q", c.Slot, s.shown, c.Edit)
	}
}

// takeOpen draws one of the claims that wait to be settled.
func (m *machine) takeOpen(t *rapid.T) storage.Claim {
	if len(m.open) == 0 {
		t.Skip("nothing is claimed")
	}
	i := rapid.IntRange(0, len(m.open)-1).Draw(t, "claim")
	c := m.open[i]
	m.open = slices.Delete(m.open, i, i+1)
	return c
}

// attempt is what a careful sender does with a claim: look before sending again, and say what it knows.
func (m *machine) attempt(t *rapid.T, c storage.Claim) storage.Outcome {
	if message, ok := m.world.ids[c.ID]; ok {
		if !c.Unresolved {
			t.Fatalf("%d reached the outside and comes as if it had not", number(c.Delivery))
		}
		return storage.Outcome{Result: storage.Sent, At: at(m.now), Message: message}
	}
	result := storage.Sent
	if !m.calm {
		result = rapid.SampledFrom([]storage.Result{
			storage.Sent, storage.Sent, storage.Retry, storage.Unclear, storage.Failed, storage.NeedsHuman,
		}).Draw(t, "result")
	}
	o := storage.Outcome{Result: result, At: at(m.now), Again: at(m.now + rapid.IntRange(0, 2).Draw(t, "again"))}
	switch result {
	case storage.Sent:
		o.Message = m.world.send(t, c)
	case storage.Unclear, storage.NeedsHuman:
		if rapid.Bool().Draw(t, "reached") {
			m.world.send(t, c)
		}
	}
	return o
}

func (m *machine) settle(t *rapid.T) {
	c := m.takeOpen(t)
	o := m.attempt(t, c)
	if m.try(t, func() error { return m.store.Settle(t.Context(), c, o) }) {
		m.settled(c.Delivery, o)
	}
}

// settled is the model's part of an outcome.
func (m *machine) settled(d storage.Delivery, o storage.Outcome) {
	n := number(d)
	if o.Result == storage.NeedsHuman || o.Result == storage.Failed {
		m.stuck[n] = d.ID
	}
	if d.Slot == "" {
		if o.Result == storage.Sent {
			delete(m.loose, n)
		}
		return
	}
	s := m.slot(d.Slot)
	switch o.Result {
	case storage.Sent:
		s.shown, s.flight = n, 0
	case storage.Failed:
		s.flight = 0
	case storage.Retry:
		if s.flight = 0; s.unsent == 0 {
			s.unsent = n
		}
	}
}

// abandon loses a claim, after or before it reached the outside; later it must settle nothing.
func (m *machine) abandon(t *rapid.T) {
	c := m.takeOpen(t)
	if _, ok := m.world.ids[c.ID]; !ok && rapid.Bool().Draw(t, "reached") {
		m.world.send(t, c)
	}
}

// resolve is a human who looks outside.
func (m *machine) resolve(t *rapid.T) {
	if len(m.stuck) == 0 {
		t.Skip("nothing waits for a human")
	}
	waiting, err := m.store.Waiting(t.Context())
	if err != nil || len(waiting) != len(m.stuck) {
		t.Fatalf("%d wait for a human, not %d; %v", len(waiting), len(m.stuck), err)
	}
	p := waiting[rapid.IntRange(0, len(waiting)-1).Draw(t, "which")]
	o := storage.Outcome{Result: storage.Retry, At: at(m.now), Again: at(m.now)}
	if message, ok := m.world.ids[p.ID]; ok {
		o.Result, o.Message = storage.Sent, message
	}
	if !m.try(t, func() error { return resolve(t, m.store, p.ID, o) }) {
		return
	}
	n := number(p.Delivery)
	delete(m.stuck, n)
	if s := m.slot(p.Slot); p.Slot != "" && p.State == storage.Dead && (s.unsent != 0 || s.flight != 0 || s.shown > n) {
		return // a newer one shows what it would have
	}
	m.settled(p.Delivery, o)
}
