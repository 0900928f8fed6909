//go:build unix

package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/storagetest"
)

func TestEngine(t *testing.T) {
	dsn := dsn(t)
	storagetest.Run(t, func(*testing.T) func() (storage.Engine, error) {
		schema := fresh()
		return func() (storage.Engine, error) {
			// Not the test's own context: some tests run in a bubble, which that is not of.
			return Open(context.Background(), dsn, Options{Create: true, Schema: schema})
		}
	})
}

// opened opens a store with the given options, in a new schema if they name none.
func opened(t *testing.T, dsn string, o Options) *Engine {
	t.Helper()
	if o.Schema == "" {
		o.Schema, o.Create = fresh(), true
	}
	e, err := Open(t.Context(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// beside runs a statement over a connection of its own, as another process would.
func beside(t *testing.T, e *Engine, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), e.sql(sql)); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, e *Engine, k string) {
	t.Helper()
	if err := e.Update(t.Context(), putting(k)); err != nil {
		t.Fatal(err)
	}
}

func putting(k string) func(storage.Writer) error {
	return func(w storage.Writer) error { return w.Put([]byte(k), nil) }
}

// keys lists what the store holds.
func keys(t *testing.T, e *Engine) (keys []string) {
	t.Helper()
	err := e.View(t.Context(), func(r storage.Reader) error {
		return r.Scan(storage.Range{}, func(k, _ []byte) (bool, error) {
			keys = append(keys, string(k))
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func hold(t *testing.T, e *Engine, want ...string) {
	t.Helper()
	if got := keys(t, e); !slices.Equal(got, want) {
		t.Errorf("it holds %q, want %q", got, want)
	}
}

// A key without a value is not a key that is absent.
func TestEmptyValue(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	err := e.Update(t.Context(), func(w storage.Writer) error {
		return errors.Join(w.Put([]byte("a"), nil), w.Put([]byte("b"), []byte{}))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = e.View(t.Context(), func(r storage.Reader) error {
		for _, k := range []string{"a", "b", "c"} {
			v, err := r.Get([]byte(k))
			if err != nil || len(v) != 0 || (v == nil) != (k == "c") {
				t.Errorf("%s: %#v, %v", k, v, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What was written is seen by the same transaction, also where it is read again page after page.
func TestReadsItsWrites(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	put(t, e, "gone")
	err := e.Update(t.Context(), func(w storage.Writer) error {
		var want, got []string
		for i := range 3 * lastPage {
			want = append(want, fmt.Sprintf("%05d", i))
			if err := w.Put([]byte(want[i]), nil); err != nil {
				return err
			}
		}
		if err := w.Delete([]byte("gone")); err != nil {
			return err
		}
		err := w.Scan(storage.Range{Reverse: true}, func(k, _ []byte) (bool, error) {
			got = append(got, string(k))
			return true, w.Put([]byte("seen"), k)
		})
		slices.Reverse(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(keys(t, e)); n != 3*lastPage+1 {
		t.Errorf("%d keys", n)
	}
}

// The page after a key begins with the very next one.
func TestPageBorders(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	var want []string
	for i := range 5 * firstPage {
		want = append(want, strings.Repeat("\x00", i+1))
	}
	err := e.Update(t.Context(), func(w storage.Writer) (err error) {
		for _, k := range want {
			err = errors.Join(err, w.Put([]byte(k), nil))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	hold(t, e, want...)
}

// A context that ends while the function runs ends the update, and the engine lives.
func TestCancelled(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	for _, read := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		err := e.Update(ctx, func(w storage.Writer) error {
			cancel()
			if read {
				_, _ = w.Get([]byte("a"))
			}
			return w.Put([]byte("a"), nil)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("update: %v", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := e.View(ctx, func(r storage.Reader) error {
		cancel()
		_, err := r.Get([]byte("a"))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err = e.Update(t.Context(), func(storage.Writer) error {
		return errors.Join(e.Update(ctx, func(storage.Writer) error { return nil }), e.Renew(ctx))
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one that waited for its turn: %v", err)
	}
	hold(t, e)
}

// What a transaction leaves behind cannot be used.
func TestOver(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	var kept storage.Writer
	if err := e.Update(t.Context(), func(w storage.Writer) error { kept = w; return nil }); err != nil {
		t.Fatal(err)
	}
	_, err := kept.Get([]byte("a"))
	scan := kept.Scan(storage.Range{}, func(_, _ []byte) (bool, error) { return true, nil })
	for _, err := range []error{err, scan, kept.Put([]byte("a"), nil), kept.Delete([]byte("a"))} {
		if !errors.Is(err, errOver) {
			t.Errorf("it answers %v", err)
		}
	}
}

// More views than there are connections for do not keep a write inside one of them from its end.
func TestManyViews(t *testing.T) {
	e := opened(t, dsn(t)+" pool_max_conns=2", Options{})
	inner := e.View(t.Context(), func(storage.Reader) error {
		return e.View(t.Context(), func(storage.Reader) error { return e.Update(t.Context(), putting("a")) })
	})
	if inner != nil {
		t.Error(inner)
	}
	hold(t, e, "a")
}

func TestSecret(t *testing.T) {
	for _, dsn := range []string{"postgres://u:hunter2@h/d?sslmode=odd", "host=/nowhere user=u password=hunter2"} {
		_, err := Open(t.Context(), dsn, Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}
