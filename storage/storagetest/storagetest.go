// Package storagetest is what a storage engine has to pass, and the faults that tests put into one. It knows engines
// by storage's port alone.
package storagetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Fresh makes room for one empty store and gives the way to open it: each call opens what the one before, closed by
// then, left.
type Fresh func(t *testing.T) (open func() (storage.Engine, error))

// Run tests an engine with everything that storage builds on it.
func Run(t *testing.T, fresh Fresh) {
	for _, group := range []struct {
		name  string
		tests map[string]func(*testing.T, *place)
	}{
		{"port", portTests},
		{"commit", commitTests},
		{"ledger", ledgerTests},
		{"log", logTests},
		{"verify", verifyTests},
		{"tables", tableTests},
		{"queue", queueTests},
		{"slots", slotTests},
	} {
		for name, test := range group.tests {
			t.Run(group.name+"/"+name, func(t *testing.T) { test(t, &place{open: fresh(t)}) })
		}
	}
	t.Run("queue/model", func(t *testing.T) { queueModel(t, fresh) })

}

// place is where one test keeps its store.
type place struct {
	open   func() (storage.Engine, error)
	engine *Faulty
	store  *storage.Store
}

// tb is the part of testing.TB that rapid has as well.
type tb interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// start opens the engine.
func (p *place) start(t tb) *Faulty {
	t.Helper()
	e, err := p.open()
	if err != nil {
		t.Fatal(err)
	}
	p.engine = Wrap(e)
	return p.engine
}

// begin opens the store, after closing what was open: a restart.
func (p *place) begin(t tb) *storage.Store {
	t.Helper()
	p.end(t)
	s, err := storage.Open(t.Context(), p.start(t), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.store = s
	return s
}

// testStore is begin for a test that restarts nothing.
func testStore(t *testing.T, p *place) *storage.Store {
	t.Helper()
	s := p.begin(t)
	t.Cleanup(func() { p.end(t) })
	return s
}

func (p *place) end(t tb) {
	t.Helper()
	if p.store == nil {
		return
	}
	if err := p.store.Close(); err != nil {
		t.Fatal(err)
	}
	p.store = nil
}

// update and view fail the test when the store does.
func update(t tb, s *storage.Store, fn func(*storage.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t tb, s *storage.Store, fn func(*storage.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// at is an instant n minutes into the tests' time.
func at(n int) time.Time { return time.Date(2024, 5, 6, 9, n, 0, 0, time.UTC) }

func data(n int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"n":%d}`, n)) }

func event(stream workflows.Stream, n int) ledger.Record {
	return ledger.Record{Header: workflows.Header{Stream: stream, At: at(n)}, Kind: "test.happened", Data: data(n)}
}

func same(a, b []byte) bool { return bytes.Equal(a, b) }
