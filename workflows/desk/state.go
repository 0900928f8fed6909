package desk

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// decoder makes a reader of one event type from its zero value.
func decoder(zero workflows.Event) func(json.RawMessage) (workflows.Event, error) {
	t := reflect.TypeOf(zero)
	return func(data json.RawMessage) (workflows.Event, error) {
		p := reflect.New(t)
		if err := json.Unmarshal(data, p.Interface()); err != nil {
			return nil, err
		}
		return p.Elem().Interface().(workflows.Event), nil
	}
}

// cached is a folded state with the revision it was folded to.
type cached struct {
	rev   workflows.Revision
	state any
}

// cacheSize bounds how many folded states are kept; a miss only folds again.
const cacheSize = 4096

// cache keeps folded states by stream. Only what a commit made true is put in, so a reader may trust any entry that
// is not newer than the head it sees.
type cache struct {
	mu     sync.Mutex
	states map[workflows.Stream]cached
}

func newCache() *cache { return &cache{states: map[workflows.Stream]cached{}} }

func (c *cache) get(s workflows.Stream) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	got, ok := c.states[s]
	return got, ok
}

func (c *cache) put(s workflows.Stream, v cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.states[s]; ok && old.rev > v.rev {
		return
	}
	if len(c.states) >= cacheSize { // any victim will do: maps iterate in random order
		for victim := range c.states {
			delete(c.states, victim)
			break
		}
	}
	c.states[s] = v
}

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
		at.rev = rev
	}
	if at.rev == upto {
		return at, nil
	}
	err = tx.Events(stream, at.rev, func(r ledger.Record) (bool, error) {
		e, err := recorded(r)
		if err != nil {
			return false, err
		}
		at = cached{r.Revision, rooms[stream.Room()].evolve(at.state, e)}
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
