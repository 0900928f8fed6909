package storagetest

import (
	"crypto/sha256"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var logTests = map[string]func(*testing.T, *place){
	"every state of the ledger has its tree's tip": logTips,
	"every event is proven to every later tip":     logEntries,
	"every tip is proven to continue the earlier":  logGrowth,
	"a large ledger is proven":                     logLarge,
	"what is not there is not proven":              logRefuses,
	"refusals beside it leave the tree right":      bubble(logCrowd),
	"the tip is told once per commit that grew":    bubble(logTold),
	"the tip is told before the answer":            logToldFirst,
	"what is not known to be there is not told":    logUntold,
	"a commit that runs again is told once":        logAgain,
	"one that grows only at first is not told":     bubble(logAgainLess),
}

// merkle is the hash of a list of texts as RFC 6962 defines it.
func merkle(texts []string) tlog.Hash {
	switch len(texts) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256([]byte("\x00" + texts[0]))
	}
	k := 1
	for 2*k < len(texts) {
		k *= 2
	}
	left, right := merkle(texts[:k]), merkle(texts[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

// grown gives a store whose ledger got its events in commits of different sizes, and the events' texts.
func grown(t *testing.T, p *place, size int) (*storage.Store, []string) {
	t.Helper()
	s := testStore(t, p)
	for made, step := 0, 1; made < size; step = step*2 + 1 {
		n := min(step, size-made)
		appendAll(t, s, made%50, slices.Repeat([]workflows.Stream{"a/x", "", "a/y"}, n)[:n]...)
		made += n
	}
	return s, texts(t, s)
}

func texts(t *testing.T, s *storage.Store) (out []string) {
	t.Helper()
	for _, r := range records(t, s, 0) {
		text, err := r.Text()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

func tipAt(t *testing.T, s *storage.Store, size int) (tip ledger.Tip) {
	t.Helper()
	view(t, s, func(tx *storage.Tx) (err error) {
		tip, err = tx.Tip(workflows.Seq(size))
		return err
	})
	return tip
}

// holdTree compares the tips of all the ledger's states with a tree that is computed anew.
func holdTree(t *testing.T, s *storage.Store) {
	t.Helper()
	all := texts(t, s)
	for size := range len(all) + 1 {
		want := ledger.Tip{Instance: s.Instance(), Size: workflows.Seq(size), Hash: merkle(all[:size])}
		if got := tipAt(t, s, size); got != want {
			t.Errorf("the tip of %d events is %v, not %v", size, got, want)
		}
	}
	if tip, err := s.Tip(t.Context()); err != nil || tip != tipAt(t, s, len(all)) {
		t.Errorf("the tip is %v, %v", tip, err)
	}
}

func logTips(t *testing.T, p *place) {
	s, _ := grown(t, p, 300)
	holdTree(t, s)
}

func logEntries(t *testing.T, p *place) {
	s, all := grown(t, p, 300)
	hold := func(seq, size int) {
		tip := tipAt(t, s, size)
		e := entryOf(t, s, seq, size)
		r, err := tip.Record(e)
		if err != nil || e.Text != all[seq-1] || r.Seq != workflows.Seq(seq) {
			t.Errorf("event %d of %d: %+v, %v", seq, size, r, err)
		}
		for _, other := range []int{seq, size - 1, size + 1, 300} {
			if other == size || other < seq || other > 300 {
				continue
			}
			if _, err := tipAt(t, s, other).Record(e); !errors.Is(err, ledger.ErrProof) {
				t.Errorf("event %d, proven to the tip of %d, stands by that of %d: %v", seq, size, other, err)
			}
		}
	}
	for size := 1; size <= 33; size++ {
		for seq := 1; seq <= size; seq++ {
			hold(seq, size)
		}
	}
	for _, size := range []int{127, 128, 129, 255, 256, 257, 299, 300} {
		for seq := 1; seq <= size; seq += 7 {
			hold(seq, size)
		}
	}
}

func entryOf(t *testing.T, s *storage.Store, seq, size int) (e ledger.Entry) {
	t.Helper()
	view(t, s, func(tx *storage.Tx) (err error) {
		e, err = tx.Entry(workflows.Seq(seq), workflows.Seq(size))
		return err
	})
	return e
}

// continues holds one state of the ledger to an earlier one.
func continues(t *testing.T, s *storage.Store, older, size int) {
	t.Helper()
	view(t, s, func(tx *storage.Tx) error {
		proof, err := tx.Growth(workflows.Seq(older), workflows.Seq(size))
		if err != nil {
			return err
		}
		was, now := tipAt(t, s, older), tipAt(t, s, size)
		if err := now.Continues(was, proof); err != nil {
			t.Errorf("%d to %d: %v", older, size, err)
		}
		was.Hash[0] ^= 1
		if err := now.Continues(was, proof); err == nil {
			t.Errorf("%d continue %d others", size, older)
		}
		return nil
	})
}

func logGrowth(t *testing.T, p *place) {
	s, _ := grown(t, p, 300)
	for size := range 41 {
		for older := range size + 1 {
			continues(t, s, older, size)
		}
	}
	for older := 0; older <= 300; older += 3 {
		continues(t, s, older, 300)
	}
}

func logLarge(t *testing.T, p *place) {
	const most = 5000
	s, all := grown(t, p, most)
	seed := [2]uint64{rand.Uint64(), rand.Uint64()}
	random := rand.New(rand.NewPCG(seed[0], seed[1]))
	for range 60 {
		size := 1 + random.IntN(most)
		seq, older := 1+random.IntN(size), random.IntN(size+1)
		tip := tipAt(t, s, size)
		if tip.Hash != merkle(all[:size]) {
			t.Errorf("seed %v: the tip of %d is %v", seed, size, tip)
		}
		if _, err := tip.Record(entryOf(t, s, seq, size)); err != nil {
			t.Errorf("seed %v: event %d of %d: %v", seed, seq, size, err)
		}
		continues(t, s, older, size)
	}
}

func logRefuses(t *testing.T, p *place) {
	s, _ := grown(t, p, 5)
	for _, n := range []workflows.Seq{6, 7, 8, 1 << 40, 1 << 62, math.MaxInt64 - 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		view(t, s, func(tx *storage.Tx) error {
			if tip, err := tx.Tip(n); err == nil {
				t.Errorf("%d events have the tip %v", n, tip)
			}
			for _, m := range []workflows.Seq{0, 1, 5, n} {
				if e, err := tx.Entry(m, n); err == nil {
					t.Errorf("event %d of %d is proven: %v", m, n, e)
				}
				if proof, err := tx.Growth(m, n); err == nil {
					t.Errorf("from %d to %d is proven: %v", m, n, proof)
				}
			}
			if proof, err := tx.Growth(n, 5); err == nil {
				t.Errorf("from %d to 5 is proven: %v", n, proof)
			}
			return nil
		})
	}
}

func logCrowd(t *testing.T, p *place) {
	c := newCrowd(t, p)
	no := errors.New("no")
	add := func(tx *storage.Tx) error { _, err := tx.Append(event("a/x", 1)); return err }
	for i := range 40 {
		c.join(t.Context(), func(tx *storage.Tx) error {
			switch err := add(tx); i % 5 {
			case 1:
				return no
			case 2:
				return &storage.Declined{Err: no, Write: func(tx *storage.Tx) error { return errors.Join(add(tx), add(tx)) }}
			case 3:
				return &storage.Declined{}
			case 4:
				panic("at the disco")
			default:
				return err
			}
		})
	}
	for i, err := range c.finish() {
		if (err == nil) != (i%5 == 0 || i%5 == 3) {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	if n := len(records(t, c.s, 0)); n != 8+2*8 {
		t.Errorf("%d events", n)
	}
	holdTree(t, c.s)
}
