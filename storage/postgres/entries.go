package postgres

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/readyroom/readyroom/storage"
)

const (
	sqlGet    = `select value from @entry where key = $1`
	sqlScan   = `select key, value from @entry where key >= $1`
	sqlPut    = `insert into @entry (key, value) select * from unnest($1::bytea[], $2::bytea[]) on conflict (key) do update set value = excluded.value`
	sqlDelete = `delete from @entry where key = any($1::bytea[])`

	// A scan often stops at its first entry, so its pages begin small and grow.
	firstPage, lastPage = 16, 1024
)

type entry struct{ Key, Value []byte }

type reader struct{ *session }

func (r reader) Get(key []byte) (value []byte, err error) {
	err = r.do(func(ctx context.Context) error {
		err := r.conn.QueryRow(ctx, r.e.sql(sqlGet), some(key)).Scan(&value)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return value, err
}

// Scan reads page by page, so that fn finds the connection free.
func (r reader) Scan(in storage.Range, fn func(key, value []byte) (bool, error)) error {
	for size := firstPage; ; size = min(4*size, lastPage) {
		entries, err := r.page(in, size)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if more, err := fn(e.Key, e.Value); err != nil || !more {
				return err
			}
		}
		if len(entries) < size {
			return nil
		}
		if last := entries[size-1].Key; in.Reverse {
			in.To = last
		} else {
			in.From = append(slices.Clip(last), 0)
		}
	}
}

func (r reader) page(in storage.Range, size int) (entries []entry, err error) {
	sql, args := sqlScan, []any{some(in.From), size}
	if in.To != nil {
		sql, args = sql+" and key < $3", append(args, in.To)
	}
	sql += " order by key"
	if in.Reverse {
		sql += " desc"
	}
	err = r.do(func(ctx context.Context) error {
		rows, err := r.conn.Query(ctx, r.e.sql(sql+" limit $2"), args...)
		if err != nil {
			return err
		}
		entries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[entry])
		return err
	})
	return entries, err
}

// writer collects what is written until the commit, or until something is read.
type writer struct {
	reader
	pending map[string][]byte // nil: deleted
}

func (w *writer) Put(key, value []byte) error {
	if len(key) == 0 {
		return errors.New("put without a key")
	}
	w.pending[string(key)] = some(bytes.Clone(value))
	return w.err
}

func (w *writer) Delete(key []byte) error {
	w.pending[string(key)] = nil
	return w.err
}

func (w *writer) Get(key []byte) ([]byte, error) {
	if err := w.flush(); err != nil {
		return nil, err
	}
	return w.reader.Get(key)
}

func (w *writer) Scan(in storage.Range, fn func(key, value []byte) (bool, error)) error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.reader.Scan(in, fn)
}

// flush sends what was written so far, for the database to see it when it is asked.
func (w *writer) flush() error {
	if len(w.pending) == 0 {
		return w.err
	}
	return w.do(func(ctx context.Context) error {
		var b pgx.Batch
		w.queue(&b)
		return full(w.conn.SendBatch(ctx, &b).Close())
	})
}

// queue moves what is pending into a batch of statements.
func (w *writer) queue(b *pgx.Batch) {
	var keys, values, gone [][]byte
	for _, k := range slices.Sorted(maps.Keys(w.pending)) {
		if v := w.pending[k]; v != nil {
			keys, values = append(keys, []byte(k)), append(values, v)
		} else {
			gone = append(gone, []byte(k))
		}
	}
	clear(w.pending)
	if len(keys) > 0 {
		b.Queue(w.e.sql(sqlPut), keys, values)
	}
	if len(gone) > 0 {
		b.Queue(w.e.sql(sqlDelete), gone)
	}
}

// some makes an empty value of none, which would be NULL.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
