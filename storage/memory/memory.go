// Package memory is a storage engine that keeps everything in memory: for tests, and for a bot that may forget.
package memory

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/internal/tree"
)

var errClosed = errors.New("engine is closed")

// Engine is a storage.Engine in memory. A View keeps a snapshot and waits for nobody.
type Engine struct {
	writing sync.Mutex // one Update at a time

	mu     sync.Mutex
	data   tree.Map[[]byte]
	closed bool
	users  sync.WaitGroup
}

// New gives an empty engine.
func New() *Engine { return &Engine{} }

// Reopen gives a new engine that begins with what this one, closed, held in the end.
func (e *Engine) Reopen() *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &Engine{data: e.data}
}

// View runs fn on a snapshot.
func (e *Engine) View(ctx context.Context, fn func(storage.Reader) error) error {
	data, err := e.begin(ctx)
	if err != nil {
		return err
	}
	defer e.users.Done()
	return guard(func() error { return fn(reader{&data}) })
}

// Update runs fn on a snapshot and puts what it wrote in force.
func (e *Engine) Update(ctx context.Context, fn func(storage.Writer) error) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	data, err := e.begin(ctx)
	if err != nil {
		return err
	}
	defer e.users.Done()
	if err := guard(func() error { return fn(writer{reader{&data}}) }); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.data = data
	return nil
}

func (e *Engine) begin(ctx context.Context) (tree.Map[[]byte], error) {
	if err := ctx.Err(); err != nil {
		return tree.Map[[]byte]{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return tree.Map[[]byte]{}, errClosed
	}
	e.users.Add(1)
	return e.data, nil
}

// Close waits for the transactions that run; later ones are refused.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.users.Wait()
	return nil
}

// guard turns a panic into an error.
func guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

type reader struct{ data *tree.Map[[]byte] }

func (r reader) Get(key []byte) ([]byte, error) {
	value, _ := r.data.Get(string(key))
	return value, nil
}

func (r reader) Scan(in storage.Range, fn func(key, value []byte) (bool, error)) error {
	entries := r.data.Between(in.From, in.To, in.Reverse)
	for key, value, ok := entries.Next(); ok; key, value, ok = entries.Next() {
		if more, err := fn([]byte(key), value); err != nil || !more {
			return err
		}
	}
	return nil
}

type writer struct{ reader }

func (w writer) Put(key, value []byte) error {
	if len(key) == 0 {
		return errors.New("put without a key")
	}
	*w.data = w.data.Put(string(key), append([]byte{}, value...))
	return nil
}

func (w writer) Delete(key []byte) error {
	*w.data = w.data.Delete(string(key))
	return nil
}
