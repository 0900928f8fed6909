package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The lease is one row. Its epoch grows with each process that takes it; its times are the database's.
const (
	sqlTake = `update @lease set epoch = epoch + 1, holder = $1, since = now(), expires = now() + $2::interval
		where expires <= now() returning epoch`
	sqlHolder  = `select holder, since, expires from @lease`
	sqlRenew   = `update @lease set expires = now() + $2::interval where epoch = $1 returning last_commit`
	sqlRelease = `update @lease set expires = now() where epoch = $1`
)

// takeWait is how long taking the lease may wait for its row, which its holder locks for moments only.
const takeWait = 2 * time.Second

// ErrLost is wrapped by the error of a process whose lease another has taken. It writes nothing any more, and has to
// open the store anew.
var ErrLost = errors.New("another process has taken the lease over")

// Held is the error of opening a store while another process has its lease. Times are the database's.
type Held struct {
	Holder       string
	Since, Until time.Time // Until is when the lease ends if it is not renewed
}

func (h *Held) Error() string {
	return fmt.Sprintf("%s holds the lease since %s, until %s unless it renews it",
		h.Holder, h.Since.UTC().Format(time.RFC3339), h.Until.UTC().Format(time.RFC3339))
}

// take makes the lease this process's if it is free, or was not renewed in time.
func (e *Engine) take(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, min(takeWait, e.wait))
	defer cancel()
	err := repeated(func() error {
		return e.writes.QueryRow(short, e.sql(sqlTake), e.holder, e.lease).Scan(&e.epoch)
	})
	switch {
	case err == nil:
		return nil
	case is(err, codeNoTable):
		return fmt.Errorf("%w: %w", ErrMissing, err)
	case ctx.Err() == nil && (errors.Is(err, pgx.ErrNoRows) || short.Err() != nil):
		return e.held(ctx)
	}
	return fmt.Errorf("take the lease: %w", err)
}

// held is the error that says who has the lease.
func (e *Engine) held(ctx context.Context) error {
	ctx, cancel := e.patience(ctx)
	defer cancel()
	h := &Held{}
	err := e.writes.QueryRow(ctx, e.sql(sqlHolder)).Scan(&h.Holder, &h.Since, &h.Until)
	if err != nil {
		return fmt.Errorf("read who holds the lease: %w", err)
	}
	return h
}

// Renew keeps the lease for another term; each Update does so as well. A process that may have nothing to write for a
// while calls it a few times in every term. It wraps ErrLost when another process took the lease meanwhile.
func (e *Engine) Renew(ctx context.Context) error {
	leave, err := e.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	_, err = e.renew(ctx)
	return err
}

// renew also gives the name of the last transaction that wrote.
func (e *Engine) renew(ctx context.Context) (last string, err error) {
	ctx, cancel := e.patience(ctx)
	defer cancel()
	err = repeated(func() error {
		return e.writes.QueryRow(ctx, e.sql(sqlRenew), e.epoch, e.lease).Scan(&last)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		err = ErrLost
	case err != nil:
		err = fmt.Errorf("renew the lease: %w", err)
	}
	return last, err
}

// release makes the lease free for others, unless one has it already.
func (e *Engine) release(ctx context.Context) error {
	ctx, cancel := e.patience(ctx)
	defer cancel()
	err := repeated(func() error {
		_, err := e.writes.Exec(ctx, e.sql(sqlRelease), e.epoch)
		return err
	})
	if err != nil {
		return fmt.Errorf("release the lease: %w", err)
	}
	return nil
}
