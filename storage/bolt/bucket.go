package bolt

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/readyroom/readyroom/storage"
)

type reader struct{ bucket *bbolt.Bucket }

func (r reader) Get(key []byte) ([]byte, error) { return r.bucket.Get(key), nil }

func (r reader) Scan(in storage.Range, fn func(key, value []byte) (bool, error)) error {
	c := r.bucket.Cursor()
	first, step := c.Seek, c.Next
	if in.Reverse {
		first, step = func([]byte) ([]byte, []byte) { return seekBefore(c, in.To) }, c.Prev
	}
	for k, v := first(in.From); k != nil; k, v = step() {
		if bytes.Compare(k, in.From) < 0 || in.To != nil && bytes.Compare(k, in.To) >= 0 {
			return nil
		}
		if more, err := fn(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

// seekBefore goes to the last key before end; nil: to the last of all.
func seekBefore(c *bbolt.Cursor, end []byte) (k, v []byte) {
	if end == nil {
		return c.Last()
	}
	if k, _ := c.Seek(end); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// writer keeps the sum of all rows beside them.
type writer struct {
	reader
	rows *rowSum
}

// fill is how full a page is left when it is split. Most rows come in order, at the end of the ledger and of the
// tables beside it, where a page that was left half empty stays so.
const fill = 0.9

func newWriter(b *bbolt.Bucket) writer {
	b.FillPercent = fill
	return writer{reader{b}, newRowSum(b.Sequence())}
}

func (w writer) Put(key, value []byte) error {
	before := w.part(key)
	if err := w.bucket.Put(key, append([]byte{}, value...)); err != nil { // bbolt copies the key only
		return fmt.Errorf("put: %w", err)
	}
	w.rows.sum += w.rows.of(key, value) - before
	return nil
}

func (w writer) Delete(key []byte) error {
	before := w.part(key)
	if err := w.bucket.Delete(key); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	w.rows.sum -= before
	return nil
}

// part is what a row, if it is there, adds to the sum.
func (w writer) part(key []byte) uint64 {
	value := w.bucket.Get(key)
	if value == nil {
		return 0
	}
	return w.rows.of(key, value)
}

// finish writes the sum where it costs no row of its own: in the bucket's sequence number.
func (w writer) finish() error {
	if w.rows.sum == w.bucket.Sequence() {
		return nil
	}
	if err := w.bucket.SetSequence(w.rows.sum); err != nil {
		return fmt.Errorf("write the sum of the rows: %w", err)
	}
	return nil
}
