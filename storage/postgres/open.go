package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrMissing is wrapped when the database has no store and none was to be made.
var ErrMissing = errors.New("there is no store in this schema")

// Options of opening; the zero Options open what is there.
type Options struct {
	Create bool          // make schema and tables where there is no store
	Schema string        // empty: readyroom
	Holder string        // who holds the lease, in words for those who are refused: a host and a process
	Lease  time.Duration // how long the lease lasts without being renewed; zero: 15 s
	Wait   time.Duration // how long the database may take for one answer; zero: 5 s
}

// made is the store in its first state: an empty table, and a lease that nobody has.
var made = []string{
	`create schema if not exists @schema`,
	`create table @entry (key bytea primary key, value bytea not null)`,
	`create table @lease (one boolean primary key default true check (one), epoch bigint not null, holder text not null,
		since timestamptz not null, expires timestamptz not null, last_commit text not null)`,
	`insert into @lease (epoch, holder, since, expires, last_commit) values (0, '', now(), now(), '')`,
}

// Open takes the lease of the store in a database. While another process has it, that is refused with *Held, within
// two seconds of being connected.
func Open(ctx context.Context, dsn string, o Options) (*Engine, error) {
	schema := cmp.Or(o.Schema, "readyroom")
	name := pgx.Identifier{schema}.Sanitize()
	e := &Engine{
		sql:     strings.NewReplacer("@schema", name, "@entry", name+".entry", "@lease", name+".lease").Replace,
		holder:  cmp.Or(o.Holder, "a process without a name"),
		lease:   cmp.Or(o.Lease, 15*time.Second),
		wait:    cmp.Or(o.Wait, 5*time.Second),
		last:    context.WithoutCancel(ctx),
		writing: make(chan struct{}, 1),
	}
	if err := e.connect(ctx, dsn); err != nil {
		return nil, fmt.Errorf("open store in schema %s: %w", schema, err)
	}
	if err := e.start(ctx, o.Create); err != nil {
		e.shut()
		return nil, fmt.Errorf("open store in schema %s: %w", schema, err)
	}
	return e, nil
}

// connect prepares connections. All of them go to a server that takes writes: a follower would show what is no longer
// so.
func (e *Engine) connect(ctx context.Context, dsn string) error {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return err
	}
	config.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	if e.views, err = pgxpool.NewWithConfig(ctx, config.Copy()); err != nil {
		return err
	}
	config.MaxConns, config.MinConns, config.MinIdleConns = 2, 0, 0
	if e.writes, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		e.views.Close()
	}
	return err
}

// start takes the lease, and makes the store first where that is wanted.
func (e *Engine) start(ctx context.Context, create bool) error {
	if err := e.check(ctx); err != nil {
		return err
	}
	err := e.take(ctx)
	if create && errors.Is(err, ErrMissing) {
		if err := e.create(ctx); err != nil {
			return fmt.Errorf("create: %w", err)
		}
		err = e.take(ctx)
	}
	return err
}

// check refuses a database that answers a commit before it is durable.
func (e *Engine) check(ctx context.Context) error {
	ctx, cancel := e.patience(ctx)
	defer cancel()
	var sync *string
	err := e.writes.QueryRow(ctx, `select current_setting('synchronous_commit', true)`).Scan(&sync)
	if err == nil && sync != nil && *sync == "off" {
		err = errors.New("synchronous_commit is off: a crash could lose what was confirmed")
	}
	return err
}

// create makes the whole store or nothing. Of two processes that try, one makes it.
func (e *Engine) create(ctx context.Context) error {
	ctx, cancel := e.patience(ctx)
	defer cancel()
	err := pgx.BeginFunc(ctx, e.writes, func(tx pgx.Tx) error {
		for _, sql := range made {
			if _, err := tx.Exec(ctx, e.sql(sql)); err != nil {
				return err
			}
		}
		return nil
	})
	if is(err, codeHasTable) || is(err, codeDuplicate) { // another process was faster; taking the lease shows
		return nil
	}
	return err
}
