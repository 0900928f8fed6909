package storage

import (
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Append puts an event at the end of the ledger and of its stream, and gives it back as it stands there: Seq is the
// ledger's next, Revision the stream's next (none without a stream), and At, in UTC, not before the event before it.
func (t *Tx) Append(r ledger.Record) (ledger.Record, error) {
	if r.Kind == "" {
		return ledger.Record{}, errors.New("append an event without a kind")
	}
	seq, at, err := t.Last()
	if err != nil {
		return ledger.Record{}, err
	}
	r.Seq, r.Revision, r.At = seq+1, 0, later(clean(r.At), at)
	if r.Stream == "" {
		err = t.mark(looseKey(r.Seq))
	} else {
		r.Revision, err = t.Head(r.Stream)
		r.Revision++
		err = errors.Join(err, t.put(streamKey(r.Stream).number(uint64(r.Revision)), r.Seq))
	}
	if err != nil {
		return ledger.Record{}, err
	}
	t.moved, t.grown = true, true
	return r, t.enter(r)
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
func looseKey(seq workflows.Seq) key        { return streamKey("").number(uint64(seq)) }

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

// Last is the number and the time of the ledger's last event; zero when it is empty.
func (t *Tx) Last() (seq workflows.Seq, at time.Time, err error) {
	err = t.scan(table(tableEvent).all().backwards(), func(k, frame []byte) (bool, error) {
		r, err := readEvent(k, frame)
		seq, at = r.Seq, r.At
		return false, err
	})
	return seq, at, err
}

// Events visits the events of a stream behind a revision, in order, until fn says false.
func (t *Tx) Events(stream workflows.Stream, after workflows.Revision, fn func(ledger.Record) (bool, error)) error {
	k := streamKey(stream)
	return t.scan(k.number(uint64(after)+1).to(k.past()), func(ik, frame []byte) (bool, error) {
		after++
		var seq workflows.Seq
		if err := decode(ik, frame, &seq); err != nil {
			return false, err
		}
		l, err := t.leaf(seq)
		if err != nil {
			return false, err
		}
		r, err := l.record()
		if err != nil || r.Stream != stream || r.Revision != after {
			return false, damaged(ik, fmt.Sprintf("event %d is not revision %d of the stream", seq, after))
		}
		return fn(r)
	})
}

// Loose visits the events without a stream behind a number, in order, until fn says false.
func (t *Tx) Loose(after workflows.Seq, fn func(ledger.Record) (bool, error)) error {
	return t.scan(looseKey(after+1).to(streamKey("").past()), func(k, frame []byte) (bool, error) {
		if _, err := unseal(k, frame); err != nil {
			return false, err
		}
		f := fieldsOf(k)
		f.text()
		l, err := t.leaf(workflows.Seq(f.number()))
		if err != nil {
			return false, err
		}
		r, err := l.record()
		if err != nil {
			return false, err
		}
		if r.Stream != "" {
			return false, damaged(k, fmt.Sprintf("event %d is of a stream", r.Seq))
		}
		return fn(r)
	})
}

// Ledger visits all events behind a number, in order, until fn says false.
func (t *Tx) Ledger(after workflows.Seq, fn func(ledger.Record) (bool, error)) error {
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

func readEvent(k, frame []byte) (ledger.Record, error) {
	l, err := unwrap(k, frame)
	if err != nil {
		return ledger.Record{}, err
	}
	return l.record()
}
