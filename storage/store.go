package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
)

// schema is the version of the layout this program writes.
const schema = 1

// Options of a store; the zero Options are good.
type Options struct {
	// Process names who claims deliveries. Claims under another name are of a process that is gone: opening makes
	// them due at once, as unresolved. Empty: a random name.
	Process string
	// Random gives the store's identity at the first opening; nil: the system's.
	Random io.Reader
}

// Store is an open store. Its methods may be called by many goroutines.
type Store struct {
	engine   Engine
	process  string
	instance string
	commits  committer

	mu    sync.Mutex
	dead  *Unknown      // set once an outcome was unknown
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
	s := &Store{engine: engine, process: o.Process, moved: make(chan struct{})}
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

// found reads the head, or writes h as the head of an empty store.
func (t *Tx) found(h *head) error {
	k := table(tableMeta)
	ok, err := t.load(k, h)
	switch {
	case err != nil:
		return err
	case ok && h.Schema > schema:
		return fmt.Errorf("the store has schema %d, %d is known: %w", h.Schema, schema, ErrNewer)
	case ok:
		return nil
	}
	err = t.scan(span{}, func(k, _ []byte) (bool, error) {
		return false, damaged(k, "it stands in a store without a head")
	})
	if err != nil {
		return err
	}
	return t.put(k, *h)
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

// poison remembers an unknown outcome; other errors pass.
func (s *Store) poison(err error) {
	var u *Unknown
	if !errors.As(err, &u) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead == nil {
		s.dead = u
	}
}
