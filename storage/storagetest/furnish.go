package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// Furnish puts records of every kind into a store that is new: events of streams and of none, the last of them an odd
// one of none; summaries with their index; a fold, an answer, small rows, a counter; and a delivery in each state.
func Furnish(t testing.TB, s *storage.Store) {
	t.Helper()
	update(t, s, func(tx *storage.Tx) error {
		for i, stream := range []string{"a/x", "", "a/y", "a/x", "a/x", "a/y", "", "a/z", "a/x", "a/y", ""} {
			if _, err := tx.Append(event(workflows.Stream(stream), 9-i)); err != nil {
				return err
			}
		}
		_, err := tx.Next("releases")
		return errors.Join(err,
			tx.PutSummary("a/x", []string{"open", "id:x"}, data(1)), tx.PutSummary("a/y", []string{"open"}, data(2)),
			tx.PutSummary("a/x", []string{"id:x", "new"}, data(3)), tx.PutSnapshot("a/x", 3, 1, data(4)),
			tx.PutAnswer("slack/1", storage.Answer{At: at(1), Print: "ana", Data: data(5)}),
			tx.PutRow("t", "a", data(6), at(1)), tx.PutRow("t", "b", nil, time.Time{}))
	})
	furnishQueue(t, s)
}

func furnishQueue(t testing.TB, s *storage.Store) {
	t.Helper()
	enqueue(t, s, tell("", 9, 1), tell("card", 1, 2), tell("", 1, 3), tell("", 1, 4), tell("poll", 1, 5), tell("late", 1, 7), tell("old", 1, 11))
	for _, c := range claim(t, s, 1) {
		switch number(c.Delivery) {
		case 2, 11:
			settle(t, s, c, sent(fmt.Sprint("m", c.ID)))
		case 4:
			settle(t, s, c, storage.Outcome{Result: storage.Failed, At: at(1)})
		case 5:
			settle(t, s, c, storage.Outcome{Result: storage.NeedsHuman, At: at(1)})
		case 7:
			settle(t, s, c, storage.Outcome{Result: storage.Unclear, At: at(1), Again: at(8)})
		}
	}
	enqueue(t, s, tell("poll", 1, 6), answer("late", 9, 8), tell("card", 9, 9), wake("w", 9, 10))
}
