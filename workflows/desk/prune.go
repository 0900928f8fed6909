package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Keep is how long what is not the ledger is kept; zero: for ever.
type Keep struct {
	Answers time.Duration // to requests: the same one again within that time changes nothing
	Sent    time.Duration // what is remembered of deliveries that were sent, or that could not be
	Closed  time.Duration // the summaries of releases that are over
}

// Pruned counts what went.
type Pruned struct {
	Rows     int // answers, memories of deliveries, questions nobody answered
	Releases int
}

// grace is how long a row stays after its time: clocks differ.
const grace = time.Hour

// Prune forgets what is older than it is to be kept. The ledger stays, so nothing is lost but the place in lists: a
// release that was pruned is found by its whole name, and by nothing else. What others may still need stays: the
// product's last whole-tree release in GA, and the release with the number 1, which may have named the product.
//
// It works in short transactions and may be ended at any time; done again with nothing new, it writes nothing.
func (d *Desk) Prune(ctx context.Context, now time.Time, k Keep) (Pruned, error) {
	ages := storage.Ages{Rows: now.Add(-grace)}
	if k.Answers > 0 {
		ages.Answers = now.Add(-k.Answers)
	}
	if k.Sent > 0 {
		ages.Sent = now.Add(-k.Sent)
	}
	var p Pruned
	var err error
	if p.Rows, err = d.store.Prune(ctx, ages); err != nil || k.Closed <= 0 {
		return p, d.unpruned(err, now)
	}
	for more := true; more && err == nil; {
		var n int
		n, more, err = d.pruneReleases(ctx, now.Add(-k.Closed))
		p.Releases += n
	}
	return p, d.unpruned(err, now)
}

func (d *Desk) unpruned(err error, now time.Time) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("prune: %w", d.unsaved(err, now))
}

// releasePage is how many releases one transaction prunes.
const releasePage = 50

// pruneReleases prunes one page of the releases that ended before a time, the oldest first.
func (d *Desk) pruneReleases(ctx context.Context, before time.Time) (gone int, more bool, err error) {
	err = d.store.Update(ctx, func(tx *storage.Tx) error {
		gone, more = 0, false
		return tx.FindPrefix(release.KeyOver, func(k string, _ workflows.Stream, data json.RawMessage) (bool, error) {
			if k >= release.KeyOverAt(before) {
				return false, nil
			}
			if gone == releasePage {
				more = true
				return false, nil
			}
			r, err := row(data)
			if err != nil {
				return false, err
			}
			ok, err := forget(tx, r)
			if ok {
				gone++
			}
			return true, err
		})
	})
	return gone, more, err
}

// forget prunes a release with what stands beside it, unless it is still needed. Its flags stay: programs go on
// asking for them.
func forget(tx *storage.Tx, r release.Row) (bool, error) {
	if r.Number == 1 {
		return false, nil
	}
	shipped, last, err := shippedAs(tx, r.ID)
	if err != nil || last {
		return false, err
	}
	if shipped != "" {
		if err := keepBase(tx, r.ID.Product(), shipped, r.ID); err != nil {
			return false, err
		}
	}
	for _, room := range append([]string{release.Room}, beside...) {
		if err := tx.DropSummary(workflows.StreamOf(room, string(r.ID))); err != nil {
			return false, fmt.Errorf("forget %s of %s: %w", room, r.ID, err)
		}
	}
	return true, nil
}

// shippedAs is the key under which a whole-tree release in GA is found, and whether it is the product's last; empty for
// all others.
func shippedAs(tx *storage.Tx, id workflows.ReleaseID) (key string, last bool, err error) {
	begin := release.KeyShipped(id.Product())
	keys, err := tx.SummaryKeys(workflows.StreamOf(release.Room, string(id)))
	if err != nil {
		return "", false, fmt.Errorf("keys of %s: %w", id, err)
	}
	for _, k := range keys {
		if strings.HasPrefix(k, begin) {
			key = k
		}
	}
	if key == "" {
		return "", false, nil
	}
	err = tx.FindPrefix(begin, func(k string, _ workflows.Stream, _ json.RawMessage) (bool, error) {
		last = k == key
		return false, nil
	})
	return key, last, err
}
