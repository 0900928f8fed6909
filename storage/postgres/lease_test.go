//go:build unix

package postgres

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
)

func TestMissing(t *testing.T) {
	dsn, schema := dsn(t), fresh()
	if _, err := Open(t.Context(), dsn, Options{Schema: schema}); !errors.Is(err, ErrMissing) {
		t.Errorf("no schema: %v", err)
	}
	e := opened(t, dsn, Options{})
	put(t, e, "a")
	e.Close()
	again := opened(t, dsn, Options{Schema: unquoted(e), Create: true})
	hold(t, again, "a")
	again.Close()
	beside(t, e, `drop table @lease`)
	if _, err := Open(t.Context(), dsn, Options{Schema: unquoted(e), Create: true}); !errors.Is(err, ErrMissing) {
		t.Errorf("a store without its lease: %v", err)
	}
}

func unquoted(e *Engine) string { return strings.Trim(e.sql("@schema"), `"`) }

// Of many who make and open a store at once, one has it.
func TestCreateTogether(t *testing.T) {
	dsn, schema := dsn(t), fresh()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var got []*Engine
	for range 6 {
		wg.Go(func() {
			e, err := Open(t.Context(), dsn, Options{Schema: schema, Create: true})
			if err != nil && !errors.As(err, new(*Held)) {
				t.Error(err)
			}
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, e)
			}
		})
	}
	wg.Wait()
	for _, e := range got {
		e.Close()
	}
	if len(got) != 1 {
		t.Errorf("%d have the lease", len(got))
	}
}

func TestNotDurable(t *testing.T) {
	_, err := Open(t.Context(), dsn(t)+" options='-c synchronous_commit=off'", Options{Schema: fresh(), Create: true})
	if err == nil || !strings.Contains(err.Error(), "synchronous_commit") {
		t.Errorf("%v", err)
	}
}

func TestHeld(t *testing.T) {
	e := opened(t, dsn(t), Options{Holder: "host-a/17", Lease: time.Hour})
	try := func() *Held {
		t.Helper()
		start := time.Now()
		_, err := Open(t.Context(), dsn(t), Options{Schema: unquoted(e), Holder: "host-b/4"})
		h := &Held{}
		if !errors.As(err, &h) || time.Since(start) > takeWait+time.Second {
			t.Fatalf("%v after %v", err, time.Since(start))
		}
		if text := err.Error(); !strings.Contains(text, "host-a/17") || !strings.Contains(text, h.Since.UTC().Format(time.RFC3339)) {
			t.Error(text)
		}
		return h
	}
	h := try()
	if h.Holder != "host-a/17" || h.Until.Sub(h.Since) != time.Hour {
		t.Errorf("%+v", h)
	}
	put(t, e, "a")
	written := try()
	if err := e.Renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if renewed := try(); !written.Until.After(h.Until) || !renewed.Until.After(written.Until) || renewed.Since != h.Since {
		t.Errorf("opened %+v, written %+v, renewed %+v", h, written, renewed)
	}
	e.Close()
	opened(t, dsn(t), Options{Schema: unquoted(e)})
}

// One who opens while the holder, late, is renewing is not kept waiting.
func TestHeldAndLocked(t *testing.T) {
	e := opened(t, dsn(t), Options{Holder: "host-a/17"})
	beside(t, e, `update @lease set expires = now()`)
	conn := connected(t)
	for _, sql := range []string{"begin", "select * from @lease for update"} {
		if _, err := conn.Exec(t.Context(), e.sql(sql)); err != nil {
			t.Fatal(err)
		}
	}
	defer conn.Close(t.Context())
	start := time.Now()
	_, err := Open(t.Context(), dsn(t), Options{Schema: unquoted(e), Wait: 200 * time.Millisecond})
	if !errors.As(err, new(*Held)) || time.Since(start) > time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestTakenOver(t *testing.T) {
	old := opened(t, dsn(t), Options{Lease: 100 * time.Millisecond})
	put(t, old, "a")
	var next *Engine
	for next == nil {
		e, err := Open(t.Context(), dsn(t), Options{Schema: unquoted(old)})
		if err != nil && !errors.As(err, new(*Held)) {
			t.Fatal(err)
		}
		next = e
	}
	defer next.Close()
	if next.epoch != old.epoch+1 {
		t.Errorf("epoch %d after %d", next.epoch, old.epoch)
	}
	err := old.Update(t.Context(), func(storage.Writer) error { t.Error("it ran"); return nil })
	if !errors.Is(err, ErrLost) {
		t.Errorf("update: %v", err)
	}
	if err := old.Renew(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("renew: %v", err)
	}
	hold(t, old, "a")
	if err := old.Close(); err != nil {
		t.Error(err)
	}
	// The old one gave up nothing that was not its own.
	if _, err := Open(t.Context(), dsn(t), Options{Schema: unquoted(old)}); !errors.As(err, new(*Held)) {
		t.Errorf("a third: %v", err)
	}
	if err := next.Renew(t.Context()); err != nil {
		t.Error(err)
	}
	put(t, next, "b")
}

// The lease is lost between the beginning of a transaction and its commit.
func TestLostInTheMiddle(t *testing.T) {
	old := opened(t, dsn(t), Options{})
	put(t, old, "a")
	runs := 0
	err := old.Update(t.Context(), func(w storage.Writer) error {
		runs++
		beside(t, old, `update @lease set expires = now()`)
		next := opened(t, dsn(t), Options{Schema: unquoted(old)})
		put(t, next, "b")
		return errors.Join(w.Put([]byte("c"), nil), w.Delete([]byte("a")))
	})
	if !errors.Is(err, ErrLost) || runs != 1 {
		t.Errorf("%v after %d runs", err, runs)
	}
	hold(t, old, "a", "b")
}
