package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var errOver = errors.New("transaction is over")

// session is one transaction of the database. After a statement failed it is of no use: it goes on answering that
// error, and that is its outcome whatever the function made of it.
type session struct {
	e     *Engine
	ctx   context.Context
	conn  *pgxpool.Conn
	epoch int64 // of the lease, as of this snapshot
	err   error
}

// begin starts a transaction in one round trip. PostgreSQL takes the snapshot at the first query, so there is one.
func (e *Engine) begin(ctx context.Context, pool *pgxpool.Pool, mode string) (*session, error) {
	s := &session{e: e, ctx: ctx}
	err := s.do(func(ctx context.Context) (err error) {
		if s.conn, err = pool.Acquire(ctx); err != nil {
			return err
		}
		var b pgx.Batch
		b.Queue("begin isolation level repeatable read " + mode)
		if mode == "read write" { // a process that stands still must not keep its locks
			b.Queue(fmt.Sprintf("set local idle_in_transaction_session_timeout = %d", max(e.lease.Milliseconds(), 1)))
		}
		b.Queue(e.sql(`select epoch from @lease`)).QueryRow(func(row pgx.Row) error { return row.Scan(&s.epoch) })
		return s.conn.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

// end rolls back what was not committed, and gives the connection back.
func (s *session) end() {
	s.err = errOver
	if s.conn == nil {
		return
	}
	if pg := s.conn.Conn(); !pg.IsClosed() && pg.PgConn().TxStatus() != 'I' {
		ctx, cancel := s.e.patience(context.WithoutCancel(s.ctx))
		defer cancel()
		_, _ = pg.Exec(ctx, "rollback") // the pool hangs up on a connection that is still in a transaction
	}
	s.conn.Release()
}

// run calls the function of a transaction.
func (s *session) run(fn func() error) error {
	err := guard(fn)
	if s.err != nil {
		return s.err
	}
	return err
}

// do is one exchange with the database, which has to answer in time.
func (s *session) do(ask func(context.Context) error) error {
	if s.err != nil {
		return s.err
	}
	ctx, cancel := s.e.patience(s.ctx)
	defer cancel()
	if s.err = ask(ctx); s.err != nil && s.ctx.Err() != nil {
		s.err = fmt.Errorf("%w: %w", s.ctx.Err(), s.err)
	}
	return s.err
}

// patience is a context that ends when an answer has been awaited for too long.
func (e *Engine) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, e.wait)
}
