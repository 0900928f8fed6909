package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
)

var commitTests = map[string]func(*testing.T, *place){
	"callers who wait share one commit, in order":        bubble(commitShared),
	"each function sees those before it, none its peers": bubble(commitOverlay),
	"a failed commit fails all, the refused too":         bubble(commitFails),
	"a declined function writes its refusal only":        commitDeclined,
	"a dry run writes nothing":                           commitDry,
	"a panic is its caller's alone":                      bubble(commitPanic),
	"a function that ends its goroutine harms nobody":    bubble(commitGoexit),
	"one who waits may leave":                            bubble(commitLeave),
	"one whose function runs waits for the outcome":      bubble(commitStays),
	"an unknown outcome poisons until reopened":          commitUnknown,
	"an engine may run functions again":                  commitAgain,
	"a full store lives":                                 commitFull,
	"many callers at once lose nothing":                  commitMany,
	"a transaction is not used after its end":            commitOver,
	"followers wake once per commit that concerns them":  commitMoved,
}

func bubble(test func(*testing.T, *place)) func(*testing.T, *place) {
	return func(t *testing.T, p *place) { synctest.Test(t, func(t *testing.T) { test(t, p) }) }
}

// crowd lines up callers behind one commit that is held, and lets them go.
type crowd struct {
	s       *storage.Store
	release func()
	wg      sync.WaitGroup
	errs    []error
}

func newCrowd(t *testing.T, p *place) *crowd {
	c := &crowd{s: testStore(t, p)}
	c.release = p.engine.Hold()
	c.join(t.Context(), func(*storage.Tx) error { return nil })
	return c
}

// join is one more caller; it waits in the queue when join returns.
func (c *crowd) join(ctx context.Context, fn func(*storage.Tx) error) {
	i := len(c.errs)
	c.errs = append(c.errs, nil)
	c.wg.Go(func() {
		err := errors.New("its goroutine ended")
		defer func() { c.errs[i] = err }()
		err = c.s.Update(ctx, fn)
	})
	synctest.Wait()
}

func (c *crowd) finish() []error {
	c.release()
	c.wg.Wait()
	return c.errs[1:]
}

func counted(tx *storage.Tx) error { _, err := tx.Next("n"); return err }

// next is what the counter stands at, plus one.
func next(t tb, s *storage.Store) (n uint64) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *storage.Tx) (err error) {
		n, err = tx.Next("n")
		return errors.Join(err, &storage.Declined{})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func commitShared(t *testing.T, p *place) {
	c := newCrowd(t, p)
	before := p.engine.Commits()
	var order []int
	for i := range 300 { // more than fit one batch
		c.join(t.Context(), func(tx *storage.Tx) error {
			order = append(order, i)
			return counted(tx)
		})
	}
	if err := errors.Join(c.finish()...); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(order) || len(order) != 300 {
		t.Errorf("they ran in the order %v", order)
	}
	if n := p.engine.Commits() - before; n != 2 {
		t.Errorf("300 callers took %d commits", n)
	}
	if n := next(t, c.s); n != 301 {
		t.Errorf("the counter goes on with %d", n)
	}
}

func commitOverlay(t *testing.T, p *place) {
	c := newCrowd(t, p)
	no := errors.New("no")
	var saw []string
	look := func(tx *storage.Tx) {
		var rows []string
		_ = tx.Rows("t", func(k string, _ json.RawMessage) (bool, error) { rows = append(rows, k); return true, nil })
		saw = append(saw, strings.Join(rows, ""))
	}
	c.join(t.Context(), func(tx *storage.Tx) error { return tx.PutRow("t", "a", nil, at(0)) })
	c.join(t.Context(), func(tx *storage.Tx) error {
		look(tx)
		return errors.Join(tx.PutRow("t", "b", nil, at(0)), tx.DeleteRow("t", "a"), no)
	})
	c.join(t.Context(), func(tx *storage.Tx) error {
		look(tx)
		err := errors.Join(tx.DeleteRow("t", "a"), tx.PutRow("t", "c", nil, at(0)))
		look(tx)
		return err
	})
	errs := c.finish()
	if errs[0] != nil || !errors.Is(errs[1], no) || errs[2] != nil {
		t.Errorf("answers: %v", errs)
	}
	view(t, c.s, func(tx *storage.Tx) error { look(tx); return nil })
	if diff := cmp.Diff([]string{"a", "a", "c", "c"}, saw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func commitDeclined(t *testing.T, p *place) {
	s := testStore(t, p)
	no := errors.New("no")
	err := s.Update(t.Context(), func(tx *storage.Tx) error {
		if err := tx.PutRow("t", "wish", nil, at(0)); err != nil {
			return err
		}
		return fmt.Errorf("wrapped: %w", &storage.Declined{Err: no, Write: func(tx *storage.Tx) error {
			if _, ok, _ := tx.Row("t", "wish"); ok {
				t.Error("the refused wish is still there")
			}
			return tx.PutRow("t", "refusal", nil, at(0))
		}})
	})
	if !errors.Is(err, no) {
		t.Errorf("answer: %v", err)
	}
	view(t, s, func(tx *storage.Tx) error {
		_, wish, _ := tx.Row("t", "wish")
		_, refusal, _ := tx.Row("t", "refusal")
		if wish || !refusal {
			t.Errorf("wish %t, refusal %t", wish, refusal)
		}
		return nil
	})
	err = s.Update(t.Context(), func(*storage.Tx) error {
		return &storage.Declined{Err: no, Write: func(*storage.Tx) error { return ErrInjected }}
	})
	if !errors.Is(err, ErrInjected) {
		t.Errorf("a refusal that could not be written was answered by %v", err)
	}
}

func commitDry(t *testing.T, p *place) {
	s := testStore(t, p)
	before := p.engine.Commits()
	err := s.Update(t.Context(), func(tx *storage.Tx) error {
		return errors.Join(counted(tx), &storage.Declined{})
	})
	if err != nil || next(t, s) != 1 || p.engine.Commits() != before {
		t.Errorf("%v; counter %d, %d commits", err, next(t, s), p.engine.Commits()-before)
	}
}

func commitMany(t *testing.T, p *place) {
	s := testStore(t, p)
	const callers, calls = 16, 12
	var done atomic.Uint64
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for range calls {
				ctx, cancel := context.WithCancel(t.Context())
				if i%4 == 0 {
					go cancel()
				}
				switch err := s.Update(ctx, counted); {
				case err == nil:
					done.Add(1)
				case !errors.Is(err, context.Canceled) || i%4 != 0:
					t.Error(err)
				}
				cancel()
				_ = s.View(t.Context(), func(tx *storage.Tx) error { _, _, err := tx.Last(); return err })
			}
		})
	}
	wg.Wait()
	if n := next(t, s); n != done.Load()+1 || n < callers*calls*3/4 {
		t.Errorf("%d calls succeeded, the counter goes on with %d", done.Load(), n)
	}
}

func commitOver(t *testing.T, p *place) {
	s := testStore(t, p)
	var kept *storage.Tx
	update(t, s, func(tx *storage.Tx) error { kept = tx; return nil })
	if err := counted(kept); err == nil {
		t.Error("it was written to")
	}
	if _, _, err := kept.Last(); err == nil {
		t.Error("it was read")
	}
	if err := s.View(t.Context(), counted); err == nil {
		t.Error("a view was written to")
	}
}

func commitMoved(t *testing.T, p *place) {
	s := testStore(t, p)
	woken := func(fn func(*storage.Tx) error) bool {
		ch := s.Moved()
		_ = s.Update(t.Context(), fn)
		select {
		case <-ch:
			return true
		default:
			return false
		}
	}
	add := func(tx *storage.Tx) error { _, err := tx.Append(event("", 0)); return err }
	if !woken(add) {
		t.Error("an event woke nobody")
	}
	if !woken(func(tx *storage.Tx) error { return tx.Enqueue(storage.Delivery{Kind: "wake", Due: at(9)}) }) {
		t.Error("a delivery woke nobody")
	}
	if woken(counted) {
		t.Error("a number woke followers")
	}
	if woken(func(tx *storage.Tx) error { return errors.Join(add(tx), ErrInjected) }) {
		t.Error("what was refused woke followers")
	}
	p.engine.Fail(ErrInjected)
	if woken(add) {
		t.Error("what was not committed woke followers")
	}
}
