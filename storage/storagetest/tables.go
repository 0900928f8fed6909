package storagetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

var tableTests = map[string]func(*testing.T, *place){
	"a summary is found under its keys and no others": tablesFind,
	"summaries are found by the beginning of a key":   tablesPrefix,
	"a snapshot is good for its fold only":            tablesSnapshot,
	"an ask's answer is kept":                         tablesAnswer,
	"small rows live in their tables":                 tablesRows,
	"counters count from one":                         tablesCount,
	"what is old is pruned":                           tablesPrune,
	"what has no age is kept for ever":                tablesPruneNothing,
	"pruning turns many pages":                        tablesPrunePages,
	"a dropped summary is found no more":              tablesDrop,
}

// found lists "stream data" under a key.
func found(t *testing.T, s *storage.Store, key string, after workflows.Stream) (out []string) {
	t.Helper()
	view(t, s, func(tx *storage.Tx) error {
		return tx.Find(key, after, func(stream workflows.Stream, data json.RawMessage) (bool, error) {
			out = append(out, fmt.Sprintf("%s %s", stream, data))
			return true, nil
		})
	})
	return out
}

func putSummary(t *testing.T, s *storage.Store, stream workflows.Stream, n int, keys ...string) {
	t.Helper()
	update(t, s, func(tx *storage.Tx) error { return tx.PutSummary(stream, keys, data(n)) })
}

func tablesFind(t *testing.T, p *place) {
	s := p.begin(t)
	putSummary(t, s, "a/1", 1, "open", "app", "open")
	putSummary(t, s, "a/2", 2, "open")
	putSummary(t, s, "a/10", 3, "open", "app")
	putSummary(t, s, "a/3", 4, "open!")
	putSummary(t, s, "a/2", 5, "closed")
	putSummary(t, s, "a/1", 6, "open", "new")
	s = p.begin(t)
	defer p.end(t)
	for key, want := range map[string][]string{
		"open":   {`a/1 {"n":6}`, `a/10 {"n":3}`},
		"app":    {`a/10 {"n":3}`},
		"closed": {`a/2 {"n":5}`},
		"new":    {`a/1 {"n":6}`},
		"ope":    nil,
	} {
		if diff := cmp.Diff(want, found(t, s, key, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	if diff := cmp.Diff([]string{`a/10 {"n":3}`}, found(t, s, "open", "a/1")); diff != "" {
		t.Errorf("behind a/1 (-want +got):\n%s", diff)
	}
	view(t, s, func(tx *storage.Tx) error {
		if d, ok, err := tx.Summary("a/2"); !ok || err != nil || !same(d, data(5)) {
			t.Errorf("%s, %t, %v", d, ok, err)
		}
		if _, ok, err := tx.Summary("a/4"); ok || err != nil {
			t.Errorf("%t, %v", ok, err)
		}
		return nil
	})
	if n := len(keysOf(t, p, 'f')); n != 6 {
		t.Errorf("%d entries in the index", n)
	}
}

func tablesPrefix(t *testing.T, p *place) {
	s := testStore(t, p)
	putSummary(t, s, "a/1", 1, "id:app@1.0", "open")
	putSummary(t, s, "a/2", 2, "id:app@1.1", "id:app@é")
	putSummary(t, s, "a/3", 3, "id:apx@1.0")
	got := map[string]string{}
	update(t, s, func(tx *storage.Tx) error {
		return tx.FindPrefix("id:app@", func(k string, stream workflows.Stream, _ json.RawMessage) (bool, error) {
			got[k] = string(stream)
			return true, tx.PutSummary(stream, nil, nil) // what is written does not disturb the walk
		})
	})
	want := map[string]string{"id:app@1.0": "a/1", "id:app@1.1": "a/2", "id:app@é": "a/2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(keysOf(t, p, 'f')); n != 1 {
		t.Errorf("%d entries in the index", n)
	}
}

func tablesSnapshot(t *testing.T, p *place) {
	s := testStore(t, p)
	appendAll(t, s, 1, "a/x", "a/x")
	update(t, s, func(tx *storage.Tx) error {
		return errors.Join(tx.PutSnapshot("a/x", 2, 7, data(1)), tx.PutSnapshot("a/y", 1, 7, data(1)))
	})
	check := func(stream workflows.Stream, fold int, want bool) {
		t.Helper()
		view(t, s, func(tx *storage.Tx) error {
			rev, d, ok, err := tx.Snapshot(stream, fold)
			if ok != want || err != nil || ok && (rev != 2 || !same(d, data(1))) {
				t.Errorf("%s by fold %d: %d, %s, %t, %v", stream, fold, rev, d, ok, err)
			}
			return nil
		})
	}
	check("a/x", 7, true)
	check("a/x", 8, false)
	check("a/z", 7, false)
	check("a/y", 7, false) // it is ahead of its stream
	tamper(t, p, func(w storage.Writer) error { return w.Put(keysOf(t, p, 'c')[0], []byte("rot")) })
	check("a/x", 7, false)
}

func tablesAnswer(t *testing.T, p *place) {
	s := p.begin(t)
	want := storage.Answer{At: at(1), Print: "ana sign", Data: data(1)}
	update(t, s, func(tx *storage.Tx) error { return tx.PutAnswer("slack/1", want) })
	s = p.begin(t)
	defer p.end(t)
	view(t, s, func(tx *storage.Tx) error {
		got, ok, err := tx.Answer("slack/1")
		if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
			t.Errorf("%t, %v (-want +got):\n%s", ok, err, diff)
		}
		_, ok, err = tx.Answer("slack/2")
		if ok || err != nil {
			t.Errorf("%t, %v", ok, err)
		}
		return nil
	})
}

func tablesRows(t *testing.T, p *place) {
	s := testStore(t, p)
	update(t, s, func(tx *storage.Tx) error {
		return errors.Join(tx.PutRow("t", "b", data(1), time.Time{}), tx.PutRow("t", "a", data(2), at(1)),
			tx.PutRow("u", "a", data(3), at(1)), tx.PutRow("t", "b", data(4), at(1)), tx.PutRow("t", "c", data(5), at(1)))
	})
	update(t, s, func(tx *storage.Tx) error { return errors.Join(tx.DeleteRow("t", "c"), tx.DeleteRow("t", "d")) })
	var got []string
	view(t, s, func(tx *storage.Tx) error {
		if d, ok, err := tx.Row("t", "c"); ok || err != nil {
			t.Errorf("%s, %t, %v", d, ok, err)
		}
		return tx.Rows("t", func(k string, d json.RawMessage) (bool, error) {
			got = append(got, k+string(d))
			return true, nil
		})
	})
	if diff := cmp.Diff([]string{`a{"n":2}`, `b{"n":4}`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func tablesCount(t *testing.T, p *place) {
	s := p.begin(t)
	update(t, s, func(tx *storage.Tx) error {
		a, err1 := tx.Next("a")
		b, err2 := tx.Next("b")
		c, err3 := tx.Next("a")
		if a != 1 || b != 1 || c != 2 {
			t.Errorf("%d %d %d", a, b, c)
		}
		return errors.Join(err1, err2, err3)
	})
	s = p.begin(t)
	defer p.end(t)
	update(t, s, func(tx *storage.Tx) error {
		n, err := tx.Next("a")
		if n != 3 {
			t.Errorf("%d after opening again", n)
		}
		return err
	})
}
