package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

// A release that was pruned is in no list, and all of it is still in its stream: whoever names it in full has it.

// forgotten is the row of a release whose summary was pruned, made anew; ok is false when there never was one.
func forgotten(tx *storage.Tx, id workflows.ReleaseID) (row release.Row, ok bool, err error) {
	r, err := refold(tx, id)
	if err != nil || !r.Exists() {
		return row, false, err
	}
	return release.Summary(r).Data.(release.Row), true, nil
}

// refold folds a release from its first event.
func refold(tx *storage.Tx, id workflows.ReleaseID) (r release.Release, err error) {
	stream := workflows.StreamOf(release.Room, string(id))
	err = tx.Events(stream, 0, func(rec ledger.Record) (bool, error) {
		e, err := recorded(rec)
		r = release.EvolveOwn(r, e)
		return true, err
	})
	if err != nil {
		return r, fmt.Errorf("events of %s: %w", stream, err)
	}
	return r, nil
}

// baseTable holds the rows of a product's whole-tree releases that were pruned after they came to GA: under the key that
// they were found by, the latest first. When what came after them is rolled back, they count again.
func baseTable(p workflows.Product) string { return "base/" + string(p) }

// maxBases is how many of them a product keeps: it takes as many rollbacks in a row, of releases long over, to need
// the last of them.
const maxBases = 16

// keepBase remembers a release in GA that is about to be pruned.
func keepBase(tx *storage.Tx, p workflows.Product, key string, id workflows.ReleaseID) error {
	data, err := json.Marshal(id)
	if err == nil {
		err = tx.PutRow(baseTable(p), key, data, time.Time{})
	}
	if err != nil {
		return fmt.Errorf("base of %s: %w", p, err)
	}
	n := 0
	return tx.Rows(baseTable(p), func(k string, _ json.RawMessage) (bool, error) {
		if n++; n <= maxBases {
			return true, nil
		}
		return true, tx.DeleteRow(baseTable(p), k)
	})
}

// forgottenBase is base, or the commit of a pruned release that came to GA after it, as long as users have that.
func (s *session) forgottenBase(p workflows.Product, but workflows.ReleaseID, base, key string) (string, error) {
	err := s.tx.Rows(baseTable(p), func(k string, data json.RawMessage) (bool, error) {
		if key != "" && k >= key {
			return false, nil
		}
		var id workflows.ReleaseID
		if err := json.Unmarshal(data, &id); err != nil || id == but {
			return true, err
		}
		r, err := s.release(id)
		if err != nil {
			return false, err
		}
		now := release.Summary(r)
		if !slices.Contains(now.Keys, k) {
			return true, nil // it was rolled back since
		}
		base = now.Data.(release.Row).Out
		return false, nil
	})
	if err != nil {
		return "", fmt.Errorf("pruned releases of %s: %w", p, err)
	}
	return base, nil
}

// relist puts what stands beside a pruned release back into the lists when something happens to it again.
func (s *session) relist(stream workflows.Stream, w *working) error {
	if stream.Room() != release.Room || w.before.rev == 0 {
		return nil
	}
	if _, ok, err := s.tx.Summary(stream); err != nil || ok {
		return err
	}
	for _, room := range beside {
		other := workflows.StreamOf(room, stream.ID())
		w, err := s.on(other)
		if err != nil {
			return err
		}
		if w.after.rev == 0 || w.after.rev != w.before.rev { // there is none, or it is written anyway
			continue
		}
		if err := s.summarise(other, w); err != nil {
			return err
		}
	}
	return nil
}
