package storagetest

import (
	"errors"
	"fmt"
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
