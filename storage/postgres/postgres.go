// Package postgres is the storage engine for teams who outgrow one machine: one table of keys and values in a schema
// of its own, and a lease that lets one process write. It owns the fence (who lost the lease commits nothing any more)
// and the care for a commit whose answer got lost. It uses plain transactions only, so that any database that speaks
// PostgreSQL's language will do: no advisory lock, no LISTEN, no extension.
//
// Every transaction runs on one snapshot (REPEATABLE READ), and every one that writes also stamps the single row of the
// lease. Of two that overlap the later to stamp therefore fails, which makes writes as good as serial without the cost
// of tracking what each has read; and taking the lease, which changes that row as well, ends whatever the old holder
// had begun.
//
// It knows nothing of what the keys and values mean, starts no goroutine of its own, and trusts no clock but the
// database's.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/readyroom/readyroom/storage"
)

// attempts is how often a transaction is run that the database asks to run again.
const attempts = 8

var errClosed = errors.New("engine is closed")

// Engine is a storage.Engine that holds the lease of its schema, or has lost it.
type Engine struct {
	views  *pgxpool.Pool
	writes *pgxpool.Pool // apart, so that views cannot starve a write: one connection writes, one asks how that ended
	sql    func(string) string
	holder string
	lease  time.Duration
	wait   time.Duration
	epoch  int64           // of the lease this engine took
	last   context.Context // for Close, which is given none: Open's, never cancelled

	writing chan struct{} // taken by whoever uses the lease
	closed  bool          // under writing
}

// View runs fn on a snapshot. Any process may view, whoever holds the lease.
func (e *Engine) View(ctx context.Context, fn func(storage.Reader) error) error {
	s, err := e.begin(ctx, e.views, "read only")
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer s.end()
	return s.run(func() error { return fn(reader{s}) })
}

// Update runs fn and commits, again and again while the database finds that it conflicts with another transaction. It
// wraps ErrLost once another process took the lease. A context that ends before the commit is sent ends the update;
// after that its outcome is awaited.
func (e *Engine) Update(ctx context.Context, fn func(storage.Writer) error) error {
	leave, err := e.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return repeated(func() error { return e.attempt(ctx, fn) })
}

func (e *Engine) attempt(ctx context.Context, fn func(storage.Writer) error) error {
	s, err := e.begin(ctx, e.writes, "read write")
	if err != nil {
		return fmt.Errorf("begin writing: %w", err)
	}
	defer s.end()
	if s.epoch != e.epoch {
		return ErrLost
	}
	w := &writer{reader: reader{s}, pending: map[string][]byte{}}
	if err := s.run(func() error { return fn(w) }); err != nil {
		return err
	}
	return e.commit(w)
}

// Close waits for the transactions that run, and gives up the lease. Where the database cannot be told, the lease runs
// out by itself.
func (e *Engine) Close() error {
	e.writing <- struct{}{}
	defer func() { <-e.writing }()
	if e.closed {
		return nil
	}
	e.closed = true
	err := e.release(e.last)
	e.shut()
	return err
}

// shut closes the connections.
func (e *Engine) shut() {
	e.writes.Close()
	e.views.Close()
}

// enter waits for the turn of one who uses the lease.
func (e *Engine) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case e.writing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if e.closed {
		<-e.writing
		return nil, errClosed
	}
	return func() { <-e.writing }, nil
}

// repeated calls do until it meets no conflict, or has met too many.
func repeated(do func() error) (err error) {
	for range attempts {
		if err = do(); !conflict(err) {
			return err
		}
	}
	return fmt.Errorf("gave up after %d attempts: %w", attempts, err)
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
