package storage

import (
	"context"
	"errors"
	"fmt"
)

// ErrShut is wrapped by every answer of a store that could not be opened.
var ErrShut = errors.New("the store is not open")

// Shut is a store that could not be opened: every use of it answers why. So a process can go on saying so.
func Shut(why error) *Store {
	return &Store{engine: shut{fmt.Errorf("%w: %w", ErrShut, why)}, moved: make(chan struct{})}
}

// shut is the engine of such a store.
type shut struct{ err error }

func (s shut) View(context.Context, func(Reader) error) error   { return s.err }
func (s shut) Update(context.Context, func(Writer) error) error { return s.err }
func (shut) Close() error                                       { return nil }

// Poisoned says why the store answers nothing any more: an outcome was unknown, or it is Shut. Nil while it is sound.
func (s *Store) Poisoned() error {
	if e, ok := s.engine.(shut); ok {
		return e.err
	}
	return s.poisoned()
}
