// Package bolt is the storage engine for one process on one machine: a single file, kept by bbolt. It owns the care
// that the file needs: it is never made by accident, a failed commit is judged by what the file says afterwards, a bad
// page stops a transaction instead of the program, and a running sum of all rows tells when one has vanished.
//
// It knows nothing of what the rows mean.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"github.com/readyroom/readyroom/storage"
)

var (
	bucketName = []byte("readyroom")
	errLost    = errors.New("the database file was cut or replaced while it was open")
	errGivenUp = errors.New("a check of the database was given up")
)

// Engine is a storage.Engine on a file that is locked against other processes.
type Engine struct {
	db      *bbolt.DB
	writing sync.Mutex                      // held by an Update from beginning to end
	durable atomic.Uint64                   // number of the last transaction that is known to be on disk
	file    *os.File                        // bbolt's
	ended   atomic.Pointer[storage.Unknown] // why no transaction can begin any more
}

// begin starts a transaction. When the file was taken away under it, cut to nothing by a careless copy for example,
// bbolt keeps its locks as it panics: whoever begins later is refused, and does not wait for ever.
func (e *Engine) begin(writable bool) (tx *bbolt.Tx, err error) {
	if why := e.ended.Load(); why != nil {
		return nil, why
	}
	err = guard(func() (err error) { tx, err = e.db.Begin(writable); return err })
	switch {
	case errors.As(err, new(*crash)):
		return nil, e.end(fmt.Errorf("%w: %w", errLost, err))
	case err != nil:
		return nil, fmt.Errorf("begin a transaction: %w", err)
	}
	return tx, nil
}

// end lets no transaction begin any more; only opening anew helps.
func (e *Engine) end(why error) error {
	u := &storage.Unknown{Err: why}
	e.ended.Store(u)
	return u
}

// View runs fn on a snapshot. bbolt shows a commit to readers before it is on disk, so a View that saw one in flight
// waits for its end, and fails if nobody can say how it ended.
func (e *Engine) View(ctx context.Context, fn func(storage.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var saw uint64
	err := guard(func() error {
		tx, err := e.begin(false)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // a reader has nothing to roll back
		saw = uint64(tx.ID())
		return fn(reader{tx.Bucket(bucketName)})
	})
	if saw > e.durable.Load() {
		e.writing.Lock()
		vouched := e.vouch(saw)
		e.writing.Unlock()
		if vouched != nil {
			return vouched
		}
	}
	return err
}

// vouch says whether a transaction is on disk. The caller holds writing, so none is under way.
func (e *Engine) vouch(number uint64) error {
	if number > e.durable.Load() {
		return &storage.Unknown{Err: fmt.Errorf("transaction %d was read before it was on disk", number)}
	}
	return nil
}

// Update runs fn once and commits.
func (e *Engine) Update(ctx context.Context, fn func(storage.Writer) error) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := e.begin(true)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back, before it nothing can fail
	err = guard(func() error {
		w := newWriter(tx.Bucket(bucketName))
		if err := fn(w); err != nil {
			return err
		}
		return w.finish()
	})
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
	if e.ended.Load() != nil { // bbolt would wait for what never ends; the process keeps the map
		unlock(e.file)
		if err := e.file.Close(); !errors.Is(err, os.ErrClosed) {
			return err
		}
		return nil
	}
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
			err = &crash{p, debug.Stack()}
		}
	}()
	return fn()
}

// crash is a panic that was caught.
type crash struct {
	value any
	stack []byte
}

func (c *crash) Error() string { return fmt.Sprintf("panic in the database: %v\n%s", c.value, c.stack) }
