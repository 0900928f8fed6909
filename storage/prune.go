package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// prunePage is how many rows one transaction of Prune looks at.
const prunePage = 500

// Ages says how old what is forgotten is; of what a time is zero, all is kept.
type Ages struct {
	Answers time.Time // answers given before
	Sent    time.Time // what is remembered of deliveries sent before, and dead deliveries that failed before
	Rows    time.Time // small rows whose until has passed by then
}

// aging is a table whose rows are kept for a time only.
type aging struct {
	table byte
	since func(k, frame []byte) (time.Time, error) // zero: kept
	kept  func(Ages) time.Time                     // from then on
}

var agingTables = []aging{
	{tableAnswer, func(k, frame []byte) (time.Time, error) {
		var a struct{ At time.Time }
		err := decode(k, frame, &a)
		return a.At, err
	}, Ages.answers},
	{tableDone, func(k, frame []byte) (time.Time, error) {
		var d Delivered
		err := decode(k, frame, &d)
		return d.At, err
	}, Ages.sent},
	{tableDelivery, func(k, frame []byte) (time.Time, error) {
		var p Pending
		if err := decode(k, frame, &p); err != nil || p.State != Dead {
			return time.Time{}, err
		}
		return p.When, nil
	}, Ages.sent},
	{tableRow, func(k, frame []byte) (time.Time, error) {
		var row struct{ Until time.Time }
		err := decode(k, frame, &row)
		return row.Until, err
	}, Ages.rows},
}

func (a Ages) answers() time.Time { return a.Answers }
func (a Ages) sent() time.Time    { return a.Sent }
func (a Ages) rows() time.Time    { return a.Rows }

// Prune deletes what is older than its age. It says how many rows went, also when it fails half-way. It works in short
// transactions, so others are not kept waiting and the end of the process harms nothing. The ledger stays as it is.
func (s *Store) Prune(ctx context.Context, ages Ages) (gone int, err error) {
	for _, a := range agingTables {
		before := a.kept(ages)
		if before.IsZero() {
			continue
		}
		for from := table(a.table); from.bytes != nil; {
			var n int
			if from, n, err = s.prune(ctx, a, from, before); err != nil {
				return gone, fmt.Errorf("prune: %w", err)
			}
			gone += n
		}
	}
	return gone, nil
}

// prune looks at one page of a table and says where the next begins; no key: there is none.
func (s *Store) prune(ctx context.Context, a aging, from key, before time.Time) (next key, gone int, err error) {
	err = s.Update(ctx, func(t *Tx) error {
		next, gone = key{}, 0
		seen := 0
		return t.scan(from.to(table(a.table).past()), func(k, frame []byte) (bool, error) {
			if seen++; seen > prunePage {
				next = key{bytes: append([]byte(nil), k...)}
				return false, nil
			}
			since, err := a.since(k, frame)
			if err != nil || since.IsZero() || !since.Before(before) {
				return true, err
			}
			gone++
			return true, t.delete(key{bytes: append([]byte(nil), k...)})
		})
	})
	return next, gone, err
}

// DropSummary forgets what was worked out from a stream: its summary, the keys that one is found under, and the cached
// fold. There need be none. The stream stays, and whoever has it folded again may put them back.
func (t *Tx) DropSummary(stream workflows.Stream) error {
	var old summaryRow
	if _, err := t.load(summaryKey(stream), &old); err != nil {
		return err
	}
	for _, k := range old.Keys {
		if err := t.delete(findKey(k, stream)); err != nil {
			return err
		}
	}
	if err := t.delete(table(tableFold).text(string(stream))); err != nil {
		return err
	}
	return t.delete(summaryKey(stream))
}

// SummaryKeys gives the keys that a stream's summary is found under, sorted; none when it has no summary.
func (t *Tx) SummaryKeys(stream workflows.Stream) ([]string, error) {
	var row summaryRow
	_, err := t.load(summaryKey(stream), &row)
	return row.Keys, err
}
