// Package bolt is the storage engine for one process on one machine: a single file, kept by bbolt. It owns the care
// that the file needs: it is never made by accident, a failed commit is judged by what the file says afterwards, and a
// bad page stops a transaction instead of the program.
package bolt

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"github.com/readyroom/readyroom/storage"
)

var bucketName = []byte("readyroom")

// Engine is a storage.Engine on a file that is locked against other processes.
type Engine struct {
	db      *bbolt.DB
	writing sync.Mutex    // held by an Update from beginning to end
	durable atomic.Uint64 // number of the last transaction that is known to be on disk
}

// View runs fn on a snapshot. bbolt shows a commit to readers before it is on disk, so a View that saw one in flight
// waits for its end, and fails if nobody can say how it ended.
func (e *Engine) View(ctx context.Context, fn func(storage.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var saw uint64
	err := guard(func() error {
		tx, err := e.db.Begin(false)
		if err != nil {
			return fmt.Errorf("begin reading: %w", err)
		}
		defer tx.Rollback() //nolint:errcheck // a reader has nothing to roll back
		saw = uint64(tx.ID())
		return fn(reader{tx.Bucket(bucketName)})
	})
	if saw > e.durable.Load() {
		e.writing.Lock()
		durable := e.durable.Load()
		e.writing.Unlock()
		if saw > durable {
			return &storage.Unknown{Err: fmt.Errorf("transaction %d was read before it was on disk", saw)}
		}
	}
	return err
}

// Update runs fn once and commits.
func (e *Engine) Update(ctx context.Context, fn func(storage.Writer) error) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := e.db.Begin(true)
	if err != nil {
		return fmt.Errorf("begin writing: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back, before it nothing can fail
	err = guard(func() error { return fn(writer{reader{tx.Bucket(bucketName)}}) })
	if err != nil {
		return err
	}
	number := uint64(tx.ID())
	if err := e.commit(tx); err != nil {
		return e.verdict(number, err)
	}
	e.durable.Store(number)
	return nil
}

// commit makes a panic on the way an unknown outcome.
func (e *Engine) commit(tx *bbolt.Tx) (err error) {
	broken := true
	perr := guard(func() error {
		err = tx.Commit()
		broken = false
		return nil
	})
	if broken {
		return &storage.Unknown{Err: perr}
	}
	return err
}

// Close waits for the transactions that run, closes the file and gives up its lock.
func (e *Engine) Close() error {
	if err := e.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// guard turns a panic into an error, and so the fault of touching a page that the file does not have.
func guard(fn func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in the database: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}
