package bolt

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"strings"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// wantedOf is how much of a file is in use.
func wantedOf(path string) (int64, bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	return wanted(f)
}

// book gathers what a store holds, as text.
type book struct {
	strings.Builder
	last workflows.Seq
	errs []error
}

func (b *book) note(err error, parts ...any) {
	line, jerr := json.Marshal(parts)
	b.errs = append(b.errs, err, jerr)
	b.Write(append(line, '\n'))
}

// more is a note inside a visit.
func (b *book) more(parts ...any) (bool, error) {
	b.note(nil, parts...)
	return true, nil
}

// dump reads all that storage hands out, and changes nothing.
func dump(ctx context.Context, s *storage.Store) (*book, error) {
	b := &book{}
	err := s.Update(ctx, func(tx *storage.Tx) error {
		b.errs = append(b.errs, dumpTables(b, tx), dumpAsks(b, tx))
		n, err := tx.Next("number")
		b.note(err, n)
		return &storage.Declined{}
	})
	return b, errors.Join(append(b.errs, err)...)
}

func dumpTables(b *book, tx *storage.Tx) (err error) {
	b.last, _, err = tx.Last()
	return errors.Join(err,
		tx.Ledger(0, func(r ledger.Record) (bool, error) { return b.more("event", r) }),
		tx.FindPrefix("", func(k string, s workflows.Stream, data json.RawMessage) (bool, error) {
			return b.more("find", k, s, data)
		}),
		tx.Deliveries(func(p storage.Pending) (bool, error) {
			d, ok, err := tx.Sent(p.ID)
			b.note(err, "delivery", p, d, ok)
			return true, nil
		}),
		tx.Rows("roster", func(k string, data json.RawMessage) (bool, error) { return b.more("row", k, data) }))
}

func dumpAsks(b *book, tx *storage.Tx) (err error) {
	for i := range asks + 10 {
		a, ok, aerr := tx.Answer(fmt.Sprint("ask-", i))
		b.note(aerr, "answer", a, ok)
		d, ok, derr := tx.Sent(fmt.Sprint("00000000-", i))
		b.note(derr, "sent", d, ok)
	}
	for i := range streams {
		rev, data, ok, serr := tx.Snapshot(streamOf(i), 1)
		b.note(serr, "snapshot", rev, data, ok)
		err = errors.Join(err, tx.Events(streamOf(i), 0, func(r ledger.Record) (bool, error) { return b.more(r.Seq, r.Revision) }))
	}
	st, ok, serr := tx.Slot("card", "console/1")
	b.note(serr, "slot", st, ok)
	return err
}

// rows reads the file as the engine sees it.
func rows(ctx context.Context, e *Engine) (map[string]string, error) {
	all := map[string]string{}
	err := e.View(ctx, func(r storage.Reader) error {
		return r.Scan(storage.Range{}, func(k, v []byte) (bool, error) {
			if _, twice := all[string(k)]; twice {
				return false, fmt.Errorf("%q comes twice", k)
			}
			all[string(k)] = string(v)
			return true, nil
		})
	})
	return all, err
}

// sealed says whether a record's own checksum fits: its last four bytes are the CRC-32C of its key and what is before.
func sealed(k, frame string) bool {
	end := len(frame) - 4
	return end >= 0 && crc32.Checksum([]byte(k+frame[:end]), crc32.MakeTable(crc32.Castagnoli)) == binary.BigEndian.Uint32([]byte(frame[end:]))
}

// look opens a file and reads everything in it every way there is. found says at what step it was seen to be damaged.
func look(ctx context.Context, path string) (b *book, raw map[string]string, found string) {
	s, e, err := openStore(ctx, path, Options{reserve: 1}) // after a panic the map stays: let it be small
	if err != nil {
		return nil, nil, "open"
	}
	defer s.Close()
	if b, err = dump(ctx, s); err != nil {
		return nil, nil, "reading"
	}
	if raw, err = rows(ctx, e); err != nil {
		return nil, nil, "tree"
	}
	for k, v := range raw {
		if !sealed(k, v) {
			return nil, nil, "frame"
		}
	}
	switch {
	case e.checkRows(ctx) != nil:
		found = "rows"
	case e.checkPages(ctx) != nil:
		found = "pages"
	}
	return b, raw, found
}
