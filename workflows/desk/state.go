package desk

import (
	"encoding/json"
	"fmt"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// load folds a stream up to a revision (0: its head): from the cache, else a snapshot, else the beginning.
func (d *Desk) load(tx *storage.Tx, stream workflows.Stream, upto workflows.Revision) (cached, error) {
	head, err := tx.Head(stream)
	if err != nil {
		return cached{}, fmt.Errorf("head of %s: %w", stream, err)
	}
	if upto == 0 || upto > head {
		upto = head
	}
	at := cached{state: rooms[stream.Room()].zero}
	if c, ok := d.cache.get(stream); ok && c.rev <= upto {
		at = c
	} else if rev, data, ok, err := tx.Snapshot(stream, foldVersion); err != nil {
		return cached{}, fmt.Errorf("snapshot of %s: %w", stream, err)
	} else if ok && rev <= upto {
		if at.state, err = rooms[stream.Room()].thaw(data); err != nil {
			return cached{}, fmt.Errorf("snapshot of %s: %w", stream, err)
		}
		at.rev, at.text = rev, len(data)
	}
	if at.rev == upto {
		return at, nil
	}
	err = tx.Events(stream, at.rev, func(r ledger.Record) (bool, error) {
		e, err := recorded(r)
		if err != nil {
			return false, err
		}
		at = cached{r.Revision, rooms[stream.Room()].evolve(at.state, e), at.text + len(r.Data)}
		return r.Revision < upto, nil
	})
	return at, err
}

// recorded decodes a stored record.
func recorded(r ledger.Record) (workflows.Recorded, error) {
	e, err := decode(r.Stream, r.Kind, r.Data)
	return workflows.Recorded{Header: r.Header, Event: e}, err
}

// stored encodes an event as its record.
func stored(r workflows.Recorded) (ledger.Record, error) {
	data, err := json.Marshal(r.Event)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("event %s: %w", r.Event.Kind(), err)
	}
	return ledger.Record{Header: r.Header, Kind: r.Event.Kind(), Data: data}, nil
}
