package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Record is an event as it is stored: its header, the name of its kind, and the rest as its room wrote it.
type Record struct {
	workflows.Header
	Kind string
	Data json.RawMessage
}

// eventRow is a Record at rest; its names are for ever.
type eventRow struct {
	Seq      workflows.Seq      `json:"seq"`
	Stream   workflows.Stream   `json:"stream,omitempty"`
	Revision workflows.Revision `json:"rev,omitempty"`
	At       time.Time          `json:"at"`
	Person   workflows.PersonID `json:"by,omitempty"`
	Handle   workflows.Handle   `json:"handle,omitempty"`
	Machine  string             `json:"machine,omitempty"`
	As       workflows.Role     `json:"as,omitempty"`
	Ask      string             `json:"ask,omitempty"`
	Policy   string             `json:"policy,omitempty"`
	Template string             `json:"template,omitempty"`
	Kind     string             `json:"kind"`
	Data     json.RawMessage    `json:"data,omitempty"`
}

func (r Record) row() eventRow {
	return eventRow{
		Seq: r.Seq, Stream: r.Stream, Revision: r.Revision, At: r.At,
		Person: r.By.Person, Handle: r.By.Handle, Machine: r.By.Machine,
		As: r.As, Ask: r.Ask, Policy: r.Policy, Template: r.Template, Kind: r.Kind, Data: r.Data,
	}
}

func (e eventRow) record() Record {
	return Record{
		Header: workflows.Header{
			Seq: e.Seq, Stream: e.Stream, Revision: e.Revision, At: e.At,
			By: workflows.Actor{Person: e.Person, Handle: e.Handle, Machine: e.Machine},
			As: e.As, Ask: e.Ask, Policy: e.Policy, Template: e.Template,
		},
		Kind: e.Kind, Data: e.Data,
	}
}

// Append puts an event at the end of the ledger and of its stream, and gives it back as it stands there: Seq is the
// ledger's next, Revision the stream's next (none without a stream), and At, in UTC, not before the event before it.
func (t *Tx) Append(r Record) (Record, error) {
	if r.Kind == "" {
		return Record{}, errors.New("append an event without a kind")
	}
	seq, at, err := t.Tip()
	if err != nil {
		return Record{}, err
	}
	r.Seq, r.Revision, r.At = seq+1, 0, later(clean(r.At), at)
	if r.Stream != "" {
		rev, err := t.Head(r.Stream)
		if err != nil {
			return Record{}, err
		}
		r.Revision = rev + 1
		if err := t.put(streamKey(r.Stream).number(uint64(r.Revision)), r.Seq); err != nil {
			return Record{}, err
		}
	}
	t.moved = true
	return r, t.put(eventKey(r.Seq), r.row())
}

// clean drops what a clock reading has beside its instant: a monotonic part and a zone.
func clean(at time.Time) time.Time { return at.Round(0).UTC() }

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func eventKey(seq workflows.Seq) key        { return table(tableEvent).number(uint64(seq)) }
func streamKey(stream workflows.Stream) key { return table(tableStream).text(string(stream)) }

// Head is the revision of a stream: how many events it holds.
func (t *Tx) Head(stream workflows.Stream) (rev workflows.Revision, err error) {
	err = t.scan(streamKey(stream).all().backwards(), func(k, _ []byte) (bool, error) {
		f := fieldsOf(k)
		f.text()
		rev = workflows.Revision(f.number())
		return false, nil
	})
	return rev, err
}

// Tip is the number and the time of the ledger's last event; zero when it is empty.
func (t *Tx) Tip() (seq workflows.Seq, at time.Time, err error) {
	err = t.scan(table(tableEvent).all().backwards(), func(k, frame []byte) (bool, error) {
		r, err := readEvent(k, frame)
		seq, at = r.Seq, r.At
		return false, err
	})
	return seq, at, err
}

// Events visits the events of a stream behind a revision, in order, until fn says false.
func (t *Tx) Events(stream workflows.Stream, after workflows.Revision, fn func(Record) (bool, error)) error {
	k := streamKey(stream)
	return t.scan(k.number(uint64(after)+1).to(k.past()), func(ik, frame []byte) (bool, error) {
		after++
		var row eventRow
		var seq workflows.Seq
		if err := decode(ik, frame, &seq); err != nil {
			return false, err
		}
		if ok, err := t.load(eventKey(seq), &row); err != nil {
			return false, err
		} else if !ok || row.Seq != seq || row.Stream != stream || row.Revision != after {
			return false, damaged(ik, fmt.Sprintf("event %d is not revision %d of the stream", seq, after))
		}
		return fn(row.record())
	})
}

// Ledger visits all events behind a number, in order, until fn says false.
func (t *Tx) Ledger(after workflows.Seq, fn func(Record) (bool, error)) error {
	end := table(tableEvent).past()
	return t.scan(eventKey(after+1).to(end), func(k, frame []byte) (bool, error) {
		r, err := readEvent(k, frame)
		if err != nil {
			return false, err
		}
		if after++; r.Seq != after {
			return false, damaged(k, fmt.Sprintf("event %d is missing before it", after))
		}
		return fn(r)
	})
}

func readEvent(k, frame []byte) (Record, error) {
	var row eventRow
	if err := decode(k, frame, &row); err != nil {
		return Record{}, err
	}
	return row.record(), nil
}
