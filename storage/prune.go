package storage

import (
	"context"
	"fmt"
	"time"
)

// prunePage is how many rows one transaction of Prune looks at.
const prunePage = 500

// aging are the tables whose rows are kept for a time only.
var aging = map[byte]func(k, frame []byte) (since time.Time, err error){
	tableAnswer: func(k, frame []byte) (time.Time, error) {
		var a Answer
		err := decode(k, frame, &a)
		return a.At, err
	},
	tableDone: func(k, frame []byte) (time.Time, error) {
		var d Delivered
		err := decode(k, frame, &d)
		return d.At, err
	},
	tableRow: func(k, frame []byte) (time.Time, error) {
		var row smallRow
		err := decode(k, frame, &row)
		return row.Until, err
	},
	tableDelivery: func(k, frame []byte) (time.Time, error) {
		var p Pending
		if err := decode(k, frame, &p); err != nil || p.State != Dead {
			return time.Time{}, err
		}
		return p.When, nil
	},
}

// Prune deletes what is older than a time: answers and what is remembered of sent deliveries, dead deliveries, and
// small rows whose until has passed by then. It says how many rows went, also when it fails half-way. It works in
// short transactions, so others are not kept waiting.
func (s *Store) Prune(ctx context.Context, before time.Time) (gone int, err error) {
	for _, t := range []byte{tableAnswer, tableDone, tableRow, tableDelivery} {
		for from := table(t); from.bytes != nil; {
			var n int
			if from, n, err = s.prune(ctx, from, before); err != nil {
				return gone, fmt.Errorf("prune: %w", err)
			}
			gone += n
		}
	}
	return gone, nil
}

// prune looks at one page of a table and says where the next begins; no key: there is none.
func (s *Store) prune(ctx context.Context, from key, before time.Time) (next key, gone int, err error) {
	letter := from.bytes[0]
	err = s.Update(ctx, func(t *Tx) error {
		next, gone = key{}, 0
		seen := 0
		return t.scan(from.to(table(letter).past()), func(k, frame []byte) (bool, error) {
			if seen++; seen > prunePage {
				next = key{bytes: append([]byte(nil), k...)}
				return false, nil
			}
			since, err := aging[letter](k, frame)
			if err != nil || since.IsZero() || !since.Before(before) {
				return true, err
			}
			gone++
			return true, t.delete(key{bytes: append([]byte(nil), k...)})
		})
	})
	return next, gone, err
}
