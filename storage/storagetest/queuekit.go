package storagetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// What the tests of the queue type: deliveries, and what is asked of a store, short enough to be read in a row.

const town = workflows.Place("console/#general")

// tell is a message with a number, due some minutes into the tests' time.
func tell(slot string, due, n int) storage.Delivery {
	return storage.Delivery{Kind: workflows.Tell, What: "card", Place: town, Slot: slot, Due: at(due), Data: data(n)}
}

func wake(slot string, due, n int) storage.Delivery {
	return storage.Delivery{Kind: workflows.Wake, What: "remind", Slot: slot, Due: at(due), Data: data(n)}
}

func answer(in string, due, n int) storage.Delivery {
	d := tell("", due, n)
	d.In = in
	return d
}

func enqueue(t tb, s *storage.Store, ds ...storage.Delivery) {
	t.Helper()
	update(t, s, func(tx *storage.Tx) error {
		for _, d := range ds {
			if err := tx.Enqueue(d); err != nil {
				return err
			}
		}
		return nil
	})
}

// claim claims what is due at a minute, for a minute.
func claim(t tb, s *storage.Store, minute int) []storage.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), at(minute), at(minute+1), 100)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func settle(t tb, s *storage.Store, c storage.Claim, o storage.Outcome) {
	t.Helper()
	if err := s.Settle(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
}

func sent(message string) storage.Outcome {
	return storage.Outcome{Result: storage.Sent, At: at(0), Message: message}
}

// number is the number that data put into a delivery.
func number(d storage.Delivery) (n int) {
	var v struct{ N int }
	_ = json.Unmarshal(d.Data, &v)
	return v.N
}

// queue lists "number state" of what is pending.
func queue(t tb, s *storage.Store) (out []string) {
	t.Helper()
	view(t, s, func(tx *storage.Tx) error {
		return tx.Deliveries(func(p storage.Pending) (bool, error) {
			out = append(out, fmt.Sprintf("%d %s", number(p.Delivery), p.State))
			return true, nil
		})
	})
	return out
}

// claims writes claims as "number edit thread", with a question mark when unresolved.
func claims(cs []storage.Claim) (out []string) {
	for _, c := range cs {
		line := strings.TrimRight(fmt.Sprintf("%d %s %s", number(c.Delivery), c.Edit, c.Thread), " ")
		if c.Unresolved {
			line += "?"
		}
		out = append(out, line)
	}
	return out
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// resolve is a human's word on a delivery.
func resolve(t tb, s *storage.Store, id string, o storage.Outcome) error {
	return s.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Resolve(id, o)
		return err
	})
}
