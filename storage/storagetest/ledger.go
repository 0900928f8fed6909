package storagetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var ledgerTests = map[string]func(*testing.T, *place){
	"an event comes back whole":                ledgerWhole,
	"numbers are contiguous, times never fall": ledgerOrder,
	"streams are an index into the order":      ledgerStreams,
	"names that would break keys are refused":  ledgerNames,
	"a record under another's key is noticed":  ledgerMoved,
	"a missing record is noticed":              ledgerGap,
	"the identity is given once":               storeIdentity,
	"a store without its head is refused":      storeHeadless,
}

// appendAll appends one event to each stream, n minutes into the tests' time.
func appendAll(t *testing.T, s *storage.Store, n int, streams ...workflows.Stream) {
	t.Helper()
	update(t, s, func(tx *storage.Tx) error {
		for _, stream := range streams {
			if _, err := tx.Append(event(stream, n)); err != nil {
				return err
			}
		}
		return nil
	})
}

func records(t *testing.T, s *storage.Store, after workflows.Seq) (out []ledger.Record) {
	t.Helper()
	view(t, s, func(tx *storage.Tx) error {
		return tx.Ledger(after, func(r ledger.Record) (bool, error) { out = append(out, r); return true, nil })
	})
	return out
}

func ledgerWhole(t *testing.T, p *place) {
	s := p.begin(t)
	want := ledger.Record{
		Header: workflows.Header{
			Stream: "release/app@1.0.0", At: time.Date(2024, 5, 6, 11, 0, 0, 123456789, time.FixedZone("", 7200)),
			By: workflows.Actor{Person: "ana", Handle: "console/ana", Machine: "clock"},
			As: "sre", Ask: "console/1", Policy: "p1", Template: "t1",
		},
		Kind: "release.signed", Data: []byte(`{"note":"<b>&é` + "\u2028" + `"}`),
	}
	var got ledger.Record
	update(t, s, func(tx *storage.Tx) (err error) { got, err = tx.Append(want); return err })
	want.Seq, want.Revision, want.At = 1, 1, want.At.UTC()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("as appended (-want +got):\n%s", diff)
	}
	s = p.begin(t)
	defer p.end(t)
	if diff := cmp.Diff([]ledger.Record{want}, records(t, s, 0)); diff != "" {
		t.Errorf("as kept (-want +got):\n%s", diff)
	}
}

func ledgerOrder(t *testing.T, p *place) {
	s := testStore(t, p)
	minutes := []int{3, 1, 5, 4, 4, 9, 0}
	for i, n := range minutes {
		if i == 3 {
			_ = s.Update(t.Context(), func(tx *storage.Tx) error { // leaves no hole
				_, err := tx.Append(event("a/x", 59))
				return errors.Join(err, ErrInjected)
			})
		}
		appendAll(t, s, n, "a/x", "")
	}
	last, prev := 0, at(0)
	for i, r := range records(t, s, 0) {
		if r.Seq != workflows.Seq(i+1) || r.At.Before(prev) || r.At.After(at(9)) {
			t.Errorf("event %d is number %d at %v after %v", i, r.Seq, r.At, prev)
		}
		last, prev = i+1, r.At
	}
	if last != 2*len(minutes) || len(records(t, s, 10)) != last-10 {
		t.Errorf("%d events, %d behind the tenth", last, len(records(t, s, 10)))
	}
	view(t, s, func(tx *storage.Tx) error {
		seq, when, err := tx.Last()
		if seq != workflows.Seq(last) || !when.Equal(at(9)) {
			t.Errorf("tip is %d at %v", seq, when)
		}
		return err
	})
}

func ledgerStreams(t *testing.T, p *place) {
	s := testStore(t, p)
	appendAll(t, s, 1, "a/x", "a/x.", "a/x", "", "a/", "a/x@1", "a/x")
	view(t, s, func(tx *storage.Tx) error {
		for stream, want := range map[workflows.Stream]workflows.Revision{"a/x": 3, "a/x.": 1, "a/": 1, "a": 0, "a/x@": 0} {
			if got, err := tx.Head(stream); got != want || err != nil {
				t.Errorf("%s is at %d, %v", stream, got, err)
			}
		}
		var got []workflows.Seq
		err := tx.Events("a/x", 1, func(r ledger.Record) (bool, error) {
			if r.Stream != "a/x" || int(r.Revision) != len(got)+2 {
				t.Errorf("revision %d of %s", r.Revision, r.Stream)
			}
			got = append(got, r.Seq)
			return true, nil
		})
		if diff := cmp.Diff([]workflows.Seq{3, 7}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return err
	})
}

func ledgerNames(t *testing.T, p *place) {
	s := testStore(t, p)
	for _, bad := range []workflows.Stream{"a\x00b", "a\xff", workflows.Stream(strings.Repeat("x", 4096))} {
		err := s.Update(t.Context(), func(tx *storage.Tx) error { _, err := tx.Append(event(bad, 0)); return err })
		if err == nil {
			t.Errorf("%.10q was taken", bad)
		}
	}
	if n := len(records(t, s, 0)); n != 0 {
		t.Errorf("%d events", n)
	}
}

// last is the ledger's last event, or why nobody can say.
func last(t tb, s *storage.Store) (seq workflows.Seq, when time.Time, err error) {
	err = s.View(t.Context(), func(tx *storage.Tx) error {
		seq, when, err = tx.Last()
		return err
	})
	return seq, when, err
}
