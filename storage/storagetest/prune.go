package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
)

func tablesPrune(t *testing.T, p *place) {
	s := testStore(t, p)
	update(t, s, func(tx *storage.Tx) error {
		return errors.Join(
			tx.PutAnswer("old", storage.Answer{At: at(1)}), tx.PutAnswer("new", storage.Answer{At: at(5)}),
			tx.PutRow("t", "old", nil, at(1)), tx.PutRow("t", "new", nil, at(5)), tx.PutRow("t", "ever", nil, time.Time{}),
			tx.Enqueue(tell("", 0, 1)), tx.Enqueue(tell("", 0, 2)), tx.Enqueue(tell("", 0, 3)), tx.Enqueue(tell("", 0, 4)),
			tx.Enqueue(tell("", 9, 5)))
	})
	c := claim(t, s, 1)
	settle(t, s, c[0], storage.Outcome{Result: storage.Sent, At: at(1), Message: "m1"})
	settle(t, s, c[1], storage.Outcome{Result: storage.Sent, At: at(5), Message: "m2"})
	settle(t, s, c[2], storage.Outcome{Result: storage.Failed, At: at(1)})
	settle(t, s, c[3], storage.Outcome{Result: storage.NeedsHuman, At: at(1)})
	if gone, err := s.Prune(t.Context(), storage.Ages{Answers: at(5), Sent: at(5), Rows: at(5)}); gone != 4 || err != nil {
		t.Errorf("%d rows went, %v", gone, err)
	}
	view(t, s, func(tx *storage.Tx) error {
		for id, want := range map[string]bool{"old": false, "new": true} {
			_, answer, err1 := tx.Answer(id)
			_, row, err2 := tx.Row("t", id)
			if answer != want || row != want {
				t.Errorf("%s: answer %t, row %t", id, answer, row)
			}
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
		}
		_, first, err1 := tx.Sent(c[0].ID)
		_, second, err2 := tx.Sent(c[1].ID)
		_, ever, err3 := tx.Row("t", "ever")
		if first || !second || !ever {
			t.Errorf("first sent %t, second sent %t, the lasting row %t", first, second, ever)
		}
		return errors.Join(err1, err2, err3)
	})
	if diff := cmp.Diff([]string{"4 stuck", "5 queued"}, queue(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func tablesPrunePages(t *testing.T, p *place) {
	s := testStore(t, p)
	update(t, s, func(tx *storage.Tx) error {
		for i := range 1234 {
			if err := tx.PutAnswer(fmt.Sprint(i), storage.Answer{At: at(i % 2)}); err != nil {
				return err
			}
		}
		return nil
	})
	for want := 617; want >= 0; want -= 617 {
		if gone, err := s.Prune(t.Context(), storage.Ages{Answers: at(1)}); gone != want || err != nil {
			t.Errorf("%d rows went, %v", gone, err)
		}
	}
}

// tablesPruneNothing: each table has an age of its own, and the zero one prunes nothing.
func tablesPruneNothing(t *testing.T, p *place) {
	s := testStore(t, p)
	update(t, s, func(tx *storage.Tx) error {
		return errors.Join(tx.PutAnswer("old", storage.Answer{At: at(1)}), tx.PutRow("t", "old", nil, at(1)),
			tx.Enqueue(tell("", 0, 1)), tx.Enqueue(tell("", 0, 2)))
	})
	c := claim(t, s, 1)
	settle(t, s, c[0], storage.Outcome{Result: storage.Sent, At: at(1), Message: "m1"})
	settle(t, s, c[1], storage.Outcome{Result: storage.Failed, At: at(1)})
	for _, step := range []struct {
		ages storage.Ages
		want int
	}{
		{storage.Ages{}, 0},
		{storage.Ages{Answers: at(1), Sent: at(1), Rows: at(1)}, 0}, // as old as that is not older
		{storage.Ages{Sent: at(2)}, 2},
		{storage.Ages{Rows: at(2)}, 1},
		{storage.Ages{Answers: at(2)}, 1},
	} {
		if gone, err := s.Prune(t.Context(), step.ages); gone != step.want || err != nil {
			t.Errorf("%+v: %d rows went, %v", step.ages, gone, err)
		}
	}
}

func tablesDrop(t *testing.T, p *place) {
	s := p.begin(t)
	appendAll(t, s, 1, "a/1", "a/2")
	putSummary(t, s, "a/1", 1, "open", "app")
	putSummary(t, s, "a/2", 2, "open")
	update(t, s, func(tx *storage.Tx) error { return tx.PutSnapshot("a/1", 1, 7, data(1)) })
	view(t, s, func(tx *storage.Tx) error {
		keys, err := tx.SummaryKeys("a/1")
		if diff := cmp.Diff([]string{"app", "open"}, keys); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		return err
	})
	update(t, s, func(tx *storage.Tx) error { return errors.Join(tx.DropSummary("a/1"), tx.DropSummary("a/9")) })
	s = p.begin(t)
	defer p.end(t)
	if diff := cmp.Diff([]string{`a/2 {"n":2}`}, found(t, s, "open", "")); diff != "" || found(t, s, "app", "") != nil {
		t.Errorf("what is found (-want +got):\n%s", diff)
	}
	view(t, s, func(tx *storage.Tx) error {
		_, summary, err1 := tx.Summary("a/1")
		_, _, snapshot, err2 := tx.Snapshot("a/1", 7)
		keys, err3 := tx.SummaryKeys("a/1")
		head, err4 := tx.Head("a/1")
		if summary || snapshot || keys != nil || head != 1 {
			t.Errorf("summary %t, snapshot %t, keys %v, %d events", summary, snapshot, keys, head)
		}
		return errors.Join(err1, err2, err3, err4)
	})
	if r, err := s.Verify(t.Context()); err != nil || r.Found > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
