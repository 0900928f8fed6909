package storagetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// The tip is told to whoever listens, once for each commit that grew.

// listener is a store that tells its tip, and what it told.
type listener struct {
	*storage.Store
	told []ledger.Tip
}

func listen(t *testing.T, p *place) *listener {
	t.Helper()
	l := &listener{}
	var inside atomic.Bool
	var err error
	l.Store, err = storage.Open(t.Context(), p.start(t), storage.Options{Tip: func(tip ledger.Tip) {
		if inside.Swap(true) {
			t.Error("it is told twice at once")
		}
		l.told = append(l.told, tip)
		inside.Store(false)
	}})
	if err != nil {
		t.Fatal(err)
	}
	p.store = l.Store
	t.Cleanup(func() { p.end(t) })
	return l
}

// expect holds what was told to the tips of these sizes.
func (l *listener) expect(t *testing.T, sizes ...int) {
	t.Helper()
	var want []ledger.Tip
	for _, size := range sizes {
		want = append(want, tipAt(t, l.Store, size))
	}
	if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(l.told)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func appendOne(tx *storage.Tx) error { _, err := tx.Append(event("a/x", 1)); return err }

func logTold(t *testing.T, p *place) {
	l := listen(t, p)
	c := &crowd{s: l.Store, release: p.engine.Hold()}
	c.join(t.Context(), appendOne)
	for i := range 300 { // more than fit one batch
		c.join(t.Context(), func(tx *storage.Tx) error {
			if i%3 == 0 {
				return errors.Join(appendOne(tx), ErrInjected)
			}
			return appendOne(tx)
		})
	}
	c.finish()
	l.expect(t, 1, 1+170, 201)
	update(t, l.Store, counted)
	l.expect(t, 1, 1+170, 201)
}

// logToldFirst looks at what was told by the time each answer came.
func logToldFirst(t *testing.T, p *place) {
	l := listen(t, p)
	for size := 2; size < 20; size += 3 {
		update(t, l.Store, func(tx *storage.Tx) error { return errors.Join(appendOne(tx), appendOne(tx)) })
		l.expect(t, size)
		refused := l.Update(t.Context(), func(*storage.Tx) error { return &storage.Declined{Err: ErrInjected, Write: appendOne} })
		if !errors.Is(refused, ErrInjected) {
			t.Errorf("answer: %v", refused)
		}
		l.expect(t, size, size+1)
		l.told = nil
	}
}

func logUntold(t *testing.T, p *place) {
	l := listen(t, p)
	update(t, l.Store, appendOne)
	untold := func(name string, fn func(*storage.Tx) error) {
		t.Helper()
		_ = l.Update(t.Context(), fn)
		if len(l.told) != 1 {
			t.Errorf("%s was told: %v", name, l.told[1:])
			l.told = l.told[:1]
		}
	}
	untold("a refused event", func(tx *storage.Tx) error { return errors.Join(appendOne(tx), ErrInjected) })
	untold("a dry one", func(tx *storage.Tx) error { return errors.Join(appendOne(tx), &storage.Declined{}) })
	untold("a commit without events", counted)
	untold("a panic", func(tx *storage.Tx) error { _ = appendOne(tx); panic("at the disco") })
	p.engine.Fail(ErrInjected)
	untold("a failed commit", appendOne)
	p.engine.Lose(true)
	untold("a commit of which nobody knows", appendOne)
	untold("one after it", appendOne)
}

func logAgain(t *testing.T, p *place) {
	l := listen(t, p)
	update(t, l.Store, appendOne)
	p.engine.Repeat()
	update(t, l.Store, func(tx *storage.Tx) error { return errors.Join(appendOne(tx), appendOne(tx)) })
	p.engine.Repeat()
	_ = l.Update(t.Context(), func(*storage.Tx) error { return &storage.Declined{Err: ErrInjected, Write: appendOne} })
	l.expect(t, 1, 3, 4)
	holdTree(t, l.Store)
}

func logAgainLess(t *testing.T, p *place) {
	l := listen(t, p)
	c := &crowd{s: l.Store, release: p.engine.Hold()}
	c.join(t.Context(), counted)
	ran := 0
	c.join(t.Context(), func(tx *storage.Tx) error {
		if ran++; ran == 1 {
			return appendOne(tx)
		}
		return ErrInjected
	})
	c.join(t.Context(), counted)
	p.engine.Repeat()
	if errs := c.finish(); ran != 2 || !errors.Is(errs[0], ErrInjected) || errs[1] != nil {
		t.Errorf("it ran %d times: %v", ran, errs)
	}
	l.expect(t)
}
