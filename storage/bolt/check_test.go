package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
)

// The sum follows whatever is written, and dropped.
func TestSum(t *testing.T) {
	t.Parallel()
	e := opened(t, made(t), Options{})
	key := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "key")) })
	rapid.Check(t, func(rt *rapid.T) {
		drop := rapid.Bool().Draw(rt, "drop")
		err := e.Update(t.Context(), func(w storage.Writer) error {
			for range rapid.IntRange(0, 20).Draw(rt, "n") {
				k, err := []byte(key.Draw(rt, "key")), error(nil)
				if rapid.Bool().Draw(rt, "delete") {
					err = w.Delete(k)
				} else {
					err = w.Put(k, rapid.SliceOfN(rapid.Byte(), 0, 700).Draw(rt, "value"))
				}
				if err != nil {
					return err
				}
			}
			if drop {
				return errors.ErrUnsupported
			}
			return nil
		})
		if drop != errors.Is(err, errors.ErrUnsupported) || err != nil && !drop {
			rt.Fatal(err)
		}
		if err := e.Check(t.Context()); err != nil {
			rt.Fatal(err)
		}
	})
}

// Rows that vanish, are of an older state or come from nowhere are found, though each is whole.
func TestCheckRows(t *testing.T) {
	for name, change := range map[string]func(*bbolt.Bucket) error{
		"a row is missing": func(b *bbolt.Bucket) error { return b.Delete([]byte("7")) },
		"a row is old":     func(b *bbolt.Bucket) error { return b.Put([]byte("7"), []byte("old")) },
		"a row is new":     func(b *bbolt.Bucket) error { return b.Put([]byte("new"), nil) },
		"a row moved": func(b *bbolt.Bucket) error {
			return errors.Join(b.Delete([]byte("7")), b.Put([]byte("77"), []byte(strings.Repeat("x", 500))))
		},
		"two rows changed places": func(b *bbolt.Bucket) error {
			return errors.Join(b.Put([]byte("1"), []byte("second")), b.Put([]byte("2"), []byte("first!")))
		},
	} {
		e := opened(t, made(t), Options{})
		put(t, e, "1", "first!")
		put(t, e, "2", "second")
		if err := e.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := e.db.Update(func(tx *bbolt.Tx) error { return change(tx.Bucket(bucketName)) }); err != nil {
			t.Fatal(err)
		}
		e.durable.Add(1)
		if err := e.Check(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "rows") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Findings are gathered until there are enough, and whoever asked is not kept waiting.
func TestGather(t *testing.T) {
	many := func(n int) <-chan error {
		c := make(chan error, n)
		for i := range n {
			c <- fmt.Errorf("page %d is lost", i)
		}
		close(c)
		return c
	}
	for n, want := range map[int]int{0: 0, 1: 1, maxFindings: maxFindings, maxFindings + 5: maxFindings} {
		whole, found := gather(t.Context(), many(n))
		got := 0
		if found != nil {
			got = strings.Count(found.Error(), "is lost")
		}
		if got != want || whole != (n <= maxFindings) || n > 0 && !errors.Is(found, ErrDamaged) {
			t.Errorf("of %d: %d findings, whole %t: %v", n, got, whole, found)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if whole, _ := gather(ctx, make(chan error)); whole {
		t.Error("it was looked at whole after its context ended")
	}
}

// cutPage changes a page of a database that holds something.
func cutPage(t *testing.T, change func(page []byte)) *Engine {
	t.Helper()
	path := made(t)
	e := opened(t, path, Options{})
	tx, err := e.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	root := int(tx.Bucket(bucketName).Root())
	if err := errors.Join(tx.Rollback(), e.Close()); err != nil {
		t.Fatal(err)
	}
	page := readFile(t, path)[root*pageSize():][:pageSize()]
	change(page)
	if err := overwrite(path, page, int64(root)*int64(pageSize())); err != nil {
		t.Fatal(err)
	}
	return opened(t, path, Options{})
}

// Pages that nobody counts, and one that says it goes on for ever, are found.
func TestCheckPages(t *testing.T) {
	e := cutPage(t, func(page []byte) { page[10]-- }) // the root of the tree loses its last entry, and so a page of rows
	if err := e.checkPages(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "unreachable") {
		t.Errorf("%v", err)
	}
	if err := e.checkRows(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	e = cutPage(t, func(page []byte) { // the pages of the first two entries change places
		first, second := page[24:32], page[40:48]
		old := bytes.Clone(first)
		copy(first, second)
		copy(second, old)
	})
	if err := e.checkRows(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "comes after") {
		t.Errorf("%v", err)
	}
	e = cutPage(t, func(page []byte) { page[15] = 0x7f })
	if err := e.Check(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "pages behind it") {
		t.Errorf("%v", err)
	}
}

// A check that was given up leaves an engine that can be closed, at once.
func TestCheckGivenUp(t *testing.T) {
	path := made(t)
	e := opened(t, path, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for e.ended.Load() == nil { // now and then bbolt is as quick
		if err := e.checkPages(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err := e.Update(t.Context(), putting("a", "1")); !errors.Is(err, errGivenUp) {
		t.Errorf("%v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, opened(t, path, Options{}), "a", "1")
}
