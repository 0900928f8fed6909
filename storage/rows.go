package storage

import (
	"encoding/json"
	"time"
)

// Answer is what an ask was answered, kept so that the same ask again changes nothing.
type Answer struct {
	At    time.Time       `json:"at"`
	Print string          `json:"print"` // fingerprint of who asked what: another request under the same id is told apart
	Data  json.RawMessage `json:"data,omitempty"`
}

// PutAnswer keeps the answer to an ask.
func (t *Tx) PutAnswer(id string, a Answer) error {
	a.At = clean(a.At)
	return t.put(table(tableAnswer).text(id), a)
}

// Answer gives the answer to an ask; ok is false when it was not asked, or so long ago that its answer was pruned.
func (t *Tx) Answer(id string) (a Answer, ok bool, err error) {
	ok, err = t.load(table(tableAnswer).text(id), &a)
	return a, ok, err
}

// smallRow is a row of a kind that storage does not know.
type smallRow struct {
	Until time.Time       `json:"until,omitzero"`
	Data  json.RawMessage `json:"data,omitempty"`
}

func rowKey(name, k string) key { return table(tableRow).text(name).text(k) }

// PutRow keeps a small row in a table of the caller's naming. From until on it may be pruned; zero: never.
func (t *Tx) PutRow(name, k string, data json.RawMessage, until time.Time) error {
	if !until.IsZero() {
		until = clean(until)
	}
	return t.put(rowKey(name, k), smallRow{Until: until, Data: data})
}

// Row gives a small row, also one that could have been pruned.
func (t *Tx) Row(name, k string) (data json.RawMessage, ok bool, err error) {
	var row smallRow
	ok, err = t.load(rowKey(name, k), &row)
	return row.Data, ok, err
}

// DeleteRow deletes a small row; there need be none.
func (t *Tx) DeleteRow(name, k string) error { return t.delete(rowKey(name, k)) }

// Rows visits the rows of a table in the order of their keys until fn says false.
func (t *Tx) Rows(name string, fn func(k string, data json.RawMessage) (bool, error)) error {
	return t.scan(table(tableRow).text(name).all(), func(rk, frame []byte) (bool, error) {
		var row smallRow
		if err := decode(rk, frame, &row); err != nil {
			return false, err
		}
		f := fieldsOf(rk)
		f.text()
		return fn(f.text(), row.Data)
	})
}

// Next counts: 1, 2, 3 and so on, for each counter by itself. A number given in a commit that did not happen is given
// again.
func (t *Tx) Next(counter string) (uint64, error) { return t.count(table(tableCounter).text(counter)) }

func (t *Tx) count(k key) (n uint64, err error) {
	if _, err := t.load(k, &n); err != nil {
		return 0, err
	}
	n++
	return n, t.put(k, n)
}
