package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
)

// queueModel drives the queue at random, with restarts, failing and lost commits, lost and unclear sends, beside a
// model of it and an outside that remembers what reached it.
func queueModel(t *testing.T, fresh Fresh) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{place: &place{open: fresh(t)}, slots: map[string]*slotModel{}, loose: map[int]bool{}, stuck: map[int]string{}}
		m.world = outside{ids: map[string]string{}, shows: map[string]int{}, owner: map[string]string{}}
		m.begin(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"enqueue": m.enqueue,
			"claim":   m.claim,
			"settle":  m.settle,
			"abandon": m.abandon,
			"cancel":  m.cancel,
			"resolve": m.resolve,
			"restart": m.restart,
			"wait":    func(t *rapid.T) { m.now += rapid.IntRange(1, 3).Draw(t, "minutes") },
			"":        m.check,
		})
		m.drain(rt)
		m.end(rt)
	})
}

// outside is the platform: it holds each key once, and remembers a message although it may not have said so.
type outside struct {
	ids   map[string]string // delivery → message
	shows map[string]int    // message → number
	owner map[string]string // slot → its message
}

// send carries out a claim and gives the message.
func (o outside) send(t *rapid.T, c storage.Claim) string {
	id := c.Edit
	if id == "" {
		id = fmt.Sprint("m", len(o.shows)+1)
		if c.Slot != "" && o.owner[c.Slot] != "" {
			t.Fatalf("slot %s posts %d beside %s", c.Slot, number(c.Delivery), o.owner[c.Slot])
		}
		if c.Slot != "" {
			o.owner[c.Slot] = id
		}
	}
	if was, ok := o.ids[c.ID]; ok {
		t.Fatalf("delivery %s reached the outside twice, as %s and %s", c.ID, was, id)
	}
	o.ids[c.ID], o.shows[id] = id, number(c.Delivery)
	return id
}

// slotModel is what a slot should be doing; zero stands for none.
type slotModel struct{ unsent, flight, shown int }

type machine struct {
	*place
	world outside
	now   int
	made  int
	slots map[string]*slotModel
	loose map[int]bool    // deliveries without a slot that must still reach the outside
	stuck map[int]string  // deliveries that wait for a human: their ids
	open  []storage.Claim // claims of this process that are not settled
	lost  []storage.Claim // claims that nobody will settle any more
	calm  bool            // no more faults
}

func (m *machine) slot(name string) *slotModel {
	if m.slots[name] == nil {
		m.slots[name] = &slotModel{}
	}
	return m.slots[name]
}

// try does something while the store may fail it, and reports whether it happened.
func (m *machine) try(t *rapid.T, op func() error) bool {
	fault := "none"
	if !m.calm {
		fault = rapid.SampledFrom([]string{"none", "none", "none", "none", "fail", "lost", "lost though done"}).Draw(t, "fault")
	}
	switch fault {
	case "fail":
		m.engine.Fail(ErrInjected)
	case "lost", "lost though done":
		m.engine.Lose(fault != "lost")
	}
	err := op()
	m.engine.Mend()
	switch {
	case fault == "none" && err != nil:
		t.Fatal(err)
	case err != nil && !errors.Is(err, ErrInjected):
		t.Fatalf("with fault %q: %v", fault, err)
	case err != nil && fault != "fail":
		m.reopen(t)
		return fault == "lost though done"
	}
	return err == nil
}

func (m *machine) reopen(t *rapid.T) {
	m.begin(t)
	m.lost, m.open = append(m.lost, m.open...), nil
}

func (m *machine) restart(t *rapid.T) { m.reopen(t) }

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

// check compares the slots with the model, and tries the claims that must settle nothing. The store is whole all along.
func (m *machine) check(t *rapid.T) {
	if r := verify(t, m.store); r.Found > 0 {
		t.Fatalf("the store is not whole: %+v", r.Findings)
	}
	view(t, m.store, func(tx *storage.Tx) error {
		for name, want := range m.slots {
			st, _, err := tx.Slot(name, town)
			if err != nil {
				return err
			}
			if (st.Unsent != "") != (want.unsent != 0) || (st.Flight != "") != (want.flight != 0) || (st.Message != "") != (want.shown != 0) {
				t.Fatalf("slot %s is %+v and should be %+v", name, st, *want)
			}
		}
		return nil
	})
	for _, c := range m.lost {
		if err := m.store.Settle(t.Context(), c, sent("lost")); !errors.Is(err, storage.ErrNoLongerClaimed) {
			t.Fatalf("lost claim %s, attempt %d: %v", c.ID, c.Attempt, err)
		}
	}
}

// drain sends whatever can be sent and then looks whether anything was lost.
func (m *machine) drain(t *rapid.T) {
	m.calm = true
	for range 1000 {
		for len(m.open) > 0 {
			m.settle(t)
		}
		if len(m.stuck) > 0 {
			m.resolve(t)
		}
		next, ok, err := m.store.NextDue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok && len(m.stuck) == 0 {
			break
		}
		for ok && at(m.now).Before(next) {
			m.now++
		}
		m.claim(t)
	}
	if left := queue(t, m.store); len(left) > 0 || len(m.loose) > 0 {
		t.Fatalf("left in the queue: %v; never sent: %v", left, m.loose)
	}
	for name, s := range m.slots {
		if s.unsent != 0 || s.flight != 0 || s.shown != 0 && m.world.shows[m.world.owner[name]] != s.shown {
			t.Fatalf("slot %s should show %+v and shows %d", name, *s, m.world.shows[m.world.owner[name]])
		}
	}
	m.check(t)
}
