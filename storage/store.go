package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/readyroom/readyroom/workflows/ledger"
)

// schema is the version of the layout this program writes.
const schema = 2

// Options of a store; the zero Options are good.
type Options struct {
	// Process names who claims deliveries. Claims under another name are of a process that is gone: opening makes
	// them due at once, as unresolved. Empty: a random name.
	Process string
	// Random gives the store's identity at the first opening; nil: the system's.
	Random io.Reader
	// Tip is told the ledger's tip after each commit that appended to it, before the commit is answered; so it can be
	// kept outside the database. It is never called twice at once.
	Tip func(ledger.Tip)
	// At is told where the store is between its steps, for tests that end the process there; see Points.
	At func(point string)
}

// The points that Options.At is told.
const (
	BeforeCommit = "storage.before_commit" // decided, nothing written
	AfterCommit  = "storage.after_commit"  // durable, nobody answered
	AfterTip     = "storage.after_tip"     // the tip is kept too, nobody answered
)

// Store is an open store. Its methods may be called by many goroutines.
type Store struct {
	engine   Engine
	options  Options
	instance string
	reading  bool // nothing is written to it
	commits  committer

	mu    sync.Mutex
	dead  error         // set once an outcome was unknown, or a record met that is damaged
	moved chan struct{} // closed and renewed by commits
}

// head is the one row of the table of the same purpose.
type head struct {
	Schema   int    `json:"schema"`
	Instance string `json:"instance"`
}

// Open makes a store of an engine. The first opening gives it its identity; a store that a newer program wrote, and
// one that holds records but no head, are refused. The engine stays the caller's to close when opening fails.
func Open(ctx context.Context, engine Engine, o Options) (*Store, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	name := make([]byte, 32)
	if _, err := io.ReadFull(o.Random, name); err != nil {
		return nil, fmt.Errorf("open store: name it: %w", err)
	}
	if o.Process == "" {
		o.Process = hex.EncodeToString(name[16:])
	}
	s := &Store{engine: engine, options: o, moved: make(chan struct{})}
	var h head
	err := s.Update(ctx, func(t *Tx) error {
		h = head{Schema: schema, Instance: hex.EncodeToString(name[:16])}
		if err := t.found(&h); err != nil {
			return err
		}
		return t.disown(o.Process)
	})
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.instance = h.Instance
	return s, nil
}

// Tip is the tip of the ledger as it stands.
func (s *Store) Tip(ctx context.Context) (tip ledger.Tip, err error) {
	err = s.View(ctx, func(t *Tx) error {
		size, _, err := t.Last()
		if err != nil {
			return err
		}
		tip, err = t.Tip(size)
		return err
	})
	return tip, err
}

// OpenToRead makes a store of an engine that nothing is written to: for a copy, or a store that nobody runs. It is
// refused as Open refuses, and an empty engine too.
func OpenToRead(ctx context.Context, engine Engine) (*Store, error) {
	s := &Store{engine: engine, reading: true, moved: make(chan struct{})}
	var h head
	err := s.View(ctx, func(t *Tx) error {
		ok, err := t.head(&h)
		if err == nil && !ok {
			err = damaged(table(tableMeta).bytes, "it is missing")
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.instance = h.Instance
	return s, nil
}

// head reads the head of a store that this program can read; ok is false when there is none.
func (t *Tx) head(h *head) (ok bool, err error) {
	ok, err = t.load(table(tableMeta), h)
	switch {
	case err != nil || !ok:
	case h.Schema < schema:
		err = fmt.Errorf("the store has schema %d, from before the first release; %d is known: %w", h.Schema, schema, ErrOlder)
	case h.Schema > schema:
		err = fmt.Errorf("the store has schema %d, %d is known: %w", h.Schema, schema, ErrNewer)
	}
	return ok, err
}

// found reads the head, or writes h as the head of an empty store.
func (t *Tx) found(h *head) error {
	var kept head
	if ok, err := t.head(&kept); err != nil || ok {
		*h = kept
		return err
	}
	err := t.scan(span{}, func(k, _ []byte) (bool, error) {
		return false, damaged(k, "it stands in a store without a head")
	})
	if err != nil {
		return err
	}
	return t.put(table(tableMeta), *h)
}

// Instance is the store's identity: random, given once, in hexadecimal.
func (s *Store) Instance() string { return s.instance }

// View runs fn on a snapshot of what is committed.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	if err := s.poisoned(); err != nil {
		return err
	}
	err := s.engine.View(ctx, func(r Reader) error {
		t := &Tx{base: r, instance: s.instance}
		return t.run(fn)
	})
	s.distrust(err)
	if dead := s.poisoned(); dead != nil { // what fn saw may be what nobody can vouch for
		return dead
	}
	return err
}

// Moved gives a channel that is closed by the next commit that appends an event or makes a delivery due. Take it
// before reading, and wait on it after.
func (s *Store) Moved() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.moved
}

func (s *Store) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.moved)
	s.moved = make(chan struct{})
}

// Close closes the engine; it waits for the transactions that run.
func (s *Store) Close() error {
	if err := s.engine.Close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// poisoned gives the error of every use after an outcome was unknown, nil otherwise.
func (s *Store) poisoned() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead == nil {
		return nil
	}
	return fmt.Errorf("the store must be opened anew: %w", s.dead)
}

// distrust makes of a damaged record that somebody met the end of all use: nobody can say what else is not as it was
// written. A store that is only read is read to say so.
func (s *Store) distrust(err error) {
	var d *Damaged
	if !s.reading && errors.As(err, &d) {
		s.die(d)
	}
}

// poison remembers an unknown outcome; other errors pass.
func (s *Store) poison(err error) {
	var u *Unknown
	if errors.As(err, &u) {
		s.die(u)
	}
}

// die makes every use from now on answer err; the first one stays.
func (s *Store) die(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead == nil {
		s.dead = err
	}
}
