//go:build unix

package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/readyroom/readyroom/storage"
)

// A real conflict: the row of the lease changes while the transaction runs.
func TestConflict(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	for name, c := range map[string]struct{ conflicts, runs int }{
		"once":   {1, 2},
		"always": {attempts, attempts},
	} {
		runs := 0
		err := e.Update(t.Context(), func(w storage.Writer) error {
			if runs++; runs <= c.conflicts {
				beside(t, e, `update @lease set holder = 'someone'`)
			}
			return w.Put([]byte(name), nil)
		})
		if runs != c.runs || (err == nil) != (c.runs > c.conflicts) || err != nil && !conflict(err) {
			t.Errorf("%s: %d runs, %v", name, runs, err)
		}
	}
	hold(t, e, "once")
}

// refuse makes the database fail a write of the key "bad", at once or at the commit.
func refuse(t *testing.T, e *Engine, code string, atCommit bool) {
	t.Helper()
	beside(t, e, fmt.Sprintf(`create or replace function @schema.refuse() returns trigger language plpgsql as
		$$ begin if new.key = 'bad' then raise 'refused' using errcode = '%s'; end if; return new; end $$`, code))
	kind := "trigger refuse before"
	if atCommit {
		kind = "constraint trigger refuse after"
	}
	timing := map[bool]string{true: "deferrable initially deferred"}[atCommit]
	beside(t, e, fmt.Sprintf(`create %s insert on @entry %s for each row execute function @schema.refuse()`, kind, timing))
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		code string
		full bool
		runs int
	}{
		{codeDiskFull, true, 1},
		{codeSerialize, false, attempts},
		{codeDeadlock, false, attempts},
		{"P0001", false, 1},
		{codeUnclear, false, 1},
		{"08007", false, 1},
	} {
		for _, atCommit := range []bool{false, true} {
			e := opened(t, dsn(t), Options{})
			refuse(t, e, c.code, atCommit)
			runs := 0
			err := e.Update(t.Context(), func(w storage.Writer) error {
				runs++
				return errors.Join(w.Put([]byte("bad"), nil), w.Put([]byte("other"), nil))
			})
			if !is(err, c.code) || errors.Is(err, storage.ErrFull) != c.full || runs != c.runs || errors.As(err, new(*storage.Unknown)) {
				t.Errorf("%s, at commit %t: %v after %d runs", c.code, atCommit, err, runs)
			}
			hold(t, e)
			put(t, e, "good")
			e.Close()
		}
	}
}

// A commit that the database says it cannot vouch for, although it happened, is asked after.
func TestUnclear(t *testing.T) {
	for err, want := range map[error]bool{
		&pgconn.PgError{Code: codeDiskFull, Severity: "ERROR"}:                                true,
		&pgconn.PgError{Code: codeDiskFull, Severity: "FEHLER", SeverityUnlocalized: "ERROR"}: true,
		&pgconn.PgError{Code: codeUnclear, SeverityUnlocalized: "ERROR"}:                      false,
		&pgconn.PgError{Code: "08006", SeverityUnlocalized: "ERROR"}:                          false,
		&pgconn.PgError{Code: "57P01", SeverityUnlocalized: "FATAL"}:                          false,
		io.ErrUnexpectedEOF:      false,
		context.DeadlineExceeded: false,
		errRolledBack:            true,
	} {
		if got := nothingDone(fmt.Errorf("wrapped: %w", err)); got != want {
			t.Errorf("%v: %t", err, got)
		}
	}
}

// A server that hangs up in the middle of a transaction costs that one alone.
func TestTerminated(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	for _, read := range []bool{false, true} {
		err := e.Update(t.Context(), func(w storage.Writer) error {
			beside(t, e, `select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'`)
			if read {
				_, _ = w.Get([]byte("a"))
			}
			return w.Put([]byte("a"), nil)
		})
		if err == nil || errors.As(err, new(*storage.Unknown)) {
			t.Errorf("answer: %v", err)
		}
		hold(t, e)
	}
	put(t, e, "b")
}

// A statement that failed decides the transaction, whatever its function says.
func TestFailedRead(t *testing.T) {
	e := opened(t, dsn(t), Options{})
	refuse(t, e, codeDeadlock, false)
	runs := 0
	err := e.Update(t.Context(), func(w storage.Writer) error {
		runs++
		_ = w.Put([]byte("bad"), nil)
		_, _ = w.Get([]byte("bad"))
		return nil
	})
	if !is(err, codeDeadlock) || runs != attempts {
		t.Errorf("%v after %d runs", err, runs)
	}
	hold(t, e)
}

// A transaction that stands still for as long as the lease lasts is ended, lest its locks stay.
func TestStandsStill(t *testing.T) {
	e := opened(t, dsn(t), Options{Lease: 50 * time.Millisecond})
	err := e.Update(t.Context(), func(w storage.Writer) error {
		time.Sleep(200 * time.Millisecond)
		_, err := w.Get([]byte("a"))
		return err
	})
	if err == nil {
		t.Error("it went on")
	}
	put(t, e, "a")
}
