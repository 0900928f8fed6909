package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/readyroom/readyroom/storage"
)

// The codes of errors, as PostgreSQL's manual lists them, that mean something here.
const (
	codeConnection = "08" // a class
	codeUnclear    = "40003"
	codeSerialize  = "40001"
	codeDeadlock   = "40P01"
	codeDuplicate  = "23505"
	codeNoTable    = "42P01"
	codeHasTable   = "42P07"
	codeDiskFull   = "53100"
)

// sqlStamp signs a transaction in the row of the lease, and renews that.
const sqlStamp = `update @lease set last_commit = $1, expires = now() + $2::interval`

var errRolledBack = errors.New("the database rolled the transaction back")

// commit sends what was written, the transaction's own random name and the commit in one round trip.
func (e *Engine) commit(w *writer) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	name := rand.Text()
	var b pgx.Batch
	w.queue(&b)
	b.Queue(e.sql(sqlStamp), name, e.lease)
	b.Queue("commit").Exec(func(tag pgconn.CommandTag) error {
		if tag.String() != "COMMIT" {
			return errRolledBack
		}
		return nil
	})
	patient := context.WithoutCancel(w.ctx)
	ctx, cancel := e.patience(patient)
	defer cancel()
	err := w.conn.SendBatch(ctx, &b).Close()
	switch {
	case err == nil:
		return nil
	case nothingDone(err):
		return fmt.Errorf("commit: %w", full(err))
	}
	return e.settle(patient, name, fmt.Errorf("commit: %w", err))
}

// settle finds out how a commit ended that got no clear answer. It renews the lease, which changes the row that the
// commit stamps: either it is seen to have come first, or it has come too late and the database refuses it, even if it
// is still on its way.
func (e *Engine) settle(ctx context.Context, name string, err error) error {
	ctx, cancel := e.patience(ctx)
	defer cancel()
	for {
		last, askErr := e.renew(ctx)
		switch {
		case askErr == nil && last == name:
			return nil
		case askErr == nil:
			return err
		case errors.Is(askErr, ErrLost) || ctx.Err() != nil:
			return &storage.Unknown{Err: fmt.Errorf("%w; afterwards: %w", err, askErr)}
		}
		select {
		case <-ctx.Done():
		case <-time.After(e.wait / 100):
		}
	}
}

// nothingDone reports whether an error leaves no doubt that the transaction did nothing: the database said so, and in
// words that are not about the connection or its own end.
func nothingDone(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return errors.Is(err, errRolledBack)
	}
	severity := pg.SeverityUnlocalized
	if severity == "" {
		severity = pg.Severity
	}
	return severity == "ERROR" && pg.Code != codeUnclear && !strings.HasPrefix(pg.Code, codeConnection)
}

// conflict reports whether a transaction failed because of another one, and may do better when it is run again.
func conflict(err error) bool { return is(err, codeSerialize) || is(err, codeDeadlock) }

// full marks the error of a database that has no space left.
func full(err error) error {
	if is(err, codeDiskFull) {
		return fmt.Errorf("%w: %w", storage.ErrFull, err)
	}
	return err
}

func is(err error, code string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == code
}
