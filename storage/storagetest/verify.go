package storagetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var verifyTests = map[string]func(*testing.T, *place){
	"an empty store is whole":               verifyEmpty,
	"one with records of every kind is too": verifyWhole,
	"a flipped bit in any table is found":   verifyFlips,
	"a lost end is found by a known tip":    verifyEnd,
}

// verify gives the report of a store, held to tips.
func verify(t tb, s *storage.Store, known ...ledger.Tip) storage.Report {
	t.Helper()
	r, err := s.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func verifyEmpty(t *testing.T, p *place) {
	s := testStore(t, p)
	want := storage.Report{Tip: tipAt(t, s, 0), Records: 1}
	if diff := cmp.Diff(want, verify(t, s, want.Tip)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func verifyWhole(t *testing.T, p *place) {
	s := p.begin(t)
	Furnish(t, s)
	var tips []ledger.Tip
	for size := range 12 {
		tips = append(tips, tipAt(t, s, size))
	}
	want := storage.Report{Tip: tips[11], At: at(9), Records: len(keysOf(t, p, 0))}
	if diff := cmp.Diff(want, verify(t, s, tips...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s = p.begin(t) // which takes the claims back
	defer p.end(t)
	if diff := cmp.Diff(want, verify(t, s, tips...)); diff != "" {
		t.Errorf("opened again (-want +got):\n%s", diff)
	}
	update(t, s, func(tx *storage.Tx) error { return tx.Resume() })
	if diff := cmp.Diff(want, verify(t, s, tips...)); diff != "" {
		t.Errorf("put back from a copy (-want +got):\n%s", diff)
	}
}

func verifyFlips(t *testing.T, p *place) {
	s := testStore(t, p)
	Furnish(t, s)
	seen := map[byte]bool{}
	for i, k := range keysOf(t, p, 0) {
		if seen[k[0]] {
			continue
		}
		seen[k[0]] = true
		bit := func(w storage.Writer) error {
			v, err := w.Get(k)
			if err != nil {
				return err
			}
			v = append([]byte(nil), v...)
			v[i*31%len(v)] ^= 1 << (i % 8)
			return w.Put(k, v)
		}
		tamper(t, p, bit)
		if r := verify(t, s); r.Found == 0 {
			t.Errorf("a bit of %q was flipped, and nothing found", k)
		}
		tamper(t, p, bit)
	}
	if r := verify(t, s); r.Found != 0 || len(seen) != 14 {
		t.Errorf("put back, in %d tables: %+v", len(seen), r)
	}
}

func verifyEnd(t *testing.T, p *place) {
	s := testStore(t, p)
	appendAll(t, s, 1, "", "", "", "", "", "", "")
	for size := 7; size > 0; size-- {
		was, now := tipAt(t, s, size), tipAt(t, s, size-1)
		event, entry := keysOf(t, p, 'e')[size-1], keysOf(t, p, 's')[size-1]
		tamper(t, p, func(w storage.Writer) error { return errors.Join(w.Delete(event), w.Delete(entry)) })
		if r := verify(t, s, now); r.Found != 0 || r.Tip != now {
			t.Errorf("cut to %d, by itself: %+v", size-1, r)
		}
		r := verify(t, s, now, was)
		why := fmt.Sprintf("there is no state of %d events, which a known tip is of: the ledger ends at %d", size, size-1)
		if diff := cmp.Diff([]storage.Finding{{Why: why}}, r.Findings); diff != "" || r.Found != 1 {
			t.Errorf("%d found (-want +got):\n%s", r.Found, diff)
		}
	}
}
