package storage

import (
	"fmt"
	"runtime/debug"

	"github.com/readyroom/readyroom/storage/internal/tree"
)

// Tx is a transaction over the store: what it wrote lies on an overlay above the engine's reader, so that dropping a
// refused function is forgetting its overlay. It is used by one goroutine and not after its function returned. What
// it hands out is copied and may be kept.
type Tx struct {
	base     Reader
	over     tree.Map[[]byte] // what was written here; nil: deleted
	instance string
	writable bool
	ended    bool
	moved    bool // appended or queued something that followers wait for
	grown    bool // appended to the ledger
}

// run calls fn on the transaction, turns a panic into its error, and ends the transaction.
func (t *Tx) run(fn func(*Tx) error) (err error) {
	defer func() {
		t.ended = true
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(t)
}

// get gives the frame under a key, nil when there is none.
func (t *Tx) get(k key) ([]byte, error) {
	if err := t.usable(k.err); err != nil {
		return nil, err
	}
	if frame, ok := t.over.Get(string(k.bytes)); ok {
		return frame, nil
	}
	return t.base.Get(k.bytes)
}

// load reads a row; ok is false when there is none.
func (t *Tx) load(k key, row any) (ok bool, err error) {
	frame, err := t.get(k)
	if err != nil || frame == nil {
		return false, err
	}
	return true, decode(k.bytes, frame, row)
}

func (t *Tx) put(k key, row any) error {
	if err := t.change(k); err != nil {
		return err
	}
	frame, err := encode(k.bytes, row)
	if err != nil {
		return err
	}
	return t.write(k, frame)
}

// write puts a frame.
func (t *Tx) write(k key, frame []byte) error {
	if err := t.change(k); err != nil {
		return err
	}
	t.over = t.over.Put(string(k.bytes), frame)
	return nil
}

// mark puts a row that says all it has to say by its key.
func (t *Tx) mark(k key) error { return t.put(k, true) }

func (t *Tx) delete(k key) error {
	if err := t.change(k); err != nil {
		return err
	}
	t.over = t.over.Put(string(k.bytes), nil)
	return nil
}

func (t *Tx) change(k key) error {
	if err := t.usable(k.err); err != nil {
		return err
	}
	if !t.writable {
		return errReadOnly
	}
	return nil
}

func (t *Tx) usable(err error) error {
	if t.ended {
		return errOver
	}
	return err
}

// scan visits the rows of a range as they stand now: what fn writes does not disturb it. fn
// gets each frame with its key.
func (t *Tx) scan(s span, fn func(k, frame []byte) (bool, error)) error {
	if err := t.usable(s.err); err != nil {
		return err
	}
	m := merge{reverse: s.Reverse, fn: fn, over: t.over.Between(s.From, s.To, s.Reverse)}
	m.next()
	if err := t.base.Scan(s.Range, m.visit); err != nil {
		return err
	}
	return m.rest()
}

// merge lays the entries of an overlay over those of a reader, in order.
type merge struct {
	reverse bool
	fn      func(k, frame []byte) (bool, error)
	over    *tree.Cursor[[]byte]
	key     string // the overlay's next entry
	frame   []byte
	more    bool // whether it has one
	stopped bool
}

func (m *merge) next() { m.key, m.frame, m.more = m.over.Next() }

// visit takes one entry of the reader, after those of the overlay that come before it.
func (m *merge) visit(k, frame []byte) (bool, error) {
	for m.more && m.key != string(k) && (m.key < string(k)) != m.reverse {
		if err := m.take(); err != nil || m.stopped {
			return false, err
		}
	}
	if m.more && m.key == string(k) {
		err := m.take()
		return !m.stopped, err
	}
	more, err := m.fn(k, frame)
	m.stopped = !more
	return more, err
}

// take hands over the overlay's next entry unless it is a deletion.
func (m *merge) take() error {
	k, frame := m.key, m.frame
	m.next()
	if frame == nil {
		return nil
	}
	more, err := m.fn([]byte(k), frame)
	m.stopped = !more
	return err
}

// rest hands over what the overlay has behind the reader's last entry.
func (m *merge) rest() error {
	for m.more && !m.stopped {
		if err := m.take(); err != nil {
			return err
		}
	}
	return nil
}
