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

type writer struct{ reader }

func (w writer) Put(key, value []byte) error {
	if err := w.bucket.Put(key, bytes.Clone(value)); err != nil { // bbolt copies the key only
		return fmt.Errorf("put: %w", err)
	}
	return nil
}

func (w writer) Delete(key []byte) error {
	if err := w.bucket.Delete(key); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}
