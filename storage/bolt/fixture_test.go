package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var noon = time.Date(2024, 5, 6, 12, 0, 0, 0, time.UTC)

// zeros names every store alike, so that two of them can be compared.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// openStore opens both layers. Closing the store closes the engine.
func openStore(ctx context.Context, path string, o Options) (*storage.Store, *Engine, error) {
	e, err := Open(path, o)
	if err != nil {
		return nil, nil, err
	}
	s, err := storage.Open(ctx, e, storage.Options{Process: "test", Random: zeros{}})
	if err != nil {
		return nil, nil, errors.Join(err, e.Close())
	}
	return s, e, nil
}

// steadyStore makes a store whose file is the same, byte for byte, each time the same is written: bbolt's quicker way
// to find free pages takes any.
func steadyStore(ctx context.Context, path string) (*storage.Store, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{FreelistType: bbolt.FreelistArrayType, InitialMmapSize: leastMap})
	if err != nil {
		return nil, err
	}
	db.AllocSize = growth
	e := &Engine{db: db}
	if err := e.check(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return storage.Open(ctx, e, storage.Options{Process: "test", Random: zeros{}})
}

func streamOf(i int) workflows.Stream { return workflows.Stream(fmt.Sprintf("release/app@1.%d", i%3)) }

func text(n int) json.RawMessage { return json.RawMessage(`"` + strings.Repeat("x", n) + `"`) }

// act is one ask: what a person's word writes, once for each id, with a message of some weight.
func act(i, weight int) func(*storage.Tx) error {
	id, stream := fmt.Sprint("ask-", i), streamOf(i)
	return func(tx *storage.Tx) error {
		if _, done, err := tx.Answer(id); err != nil || done {
			return err
		}
		header := workflows.Header{Stream: stream, At: noon, By: workflows.Actor{Person: "ana"}, Ask: id}
		r, err := tx.Append(ledger.Record{Header: header, Kind: "release.signed", Data: text(40)})
		if err != nil {
			return err
		}
		return errors.Join(
			tx.PutSummary(stream, []string{"open", "app"}, fmt.Appendf(nil, `{"rev":%d}`, r.Revision)),
			tx.Enqueue(storage.Delivery{Kind: workflows.Tell, What: id, Stream: stream, Due: noon, Data: text(weight)}),
			tx.PutAnswer(id, storage.Answer{At: noon, Print: "ana", Data: text(20)}),
		)
	}
}

// standing says how an ask stands: "whole", "none", or what there is of it.
func standing(tx *storage.Tx, i int) (string, error) {
	id := fmt.Sprint("ask-", i)
	_, answered, err := tx.Answer(id)
	events, sent := 0, 0
	err = errors.Join(err,
		tx.Events(streamOf(i), 0, func(r ledger.Record) (bool, error) {
			if r.Ask == id {
				events++
			}
			return true, nil
		}),
		tx.Deliveries(func(p storage.Pending) (bool, error) {
			if p.What == id {
				sent++
			}
			return true, nil
		}))
	switch {
	case answered && events == 1 && sent == 1:
		return "whole", err
	case !answered && events == 0 && sent == 0:
		return "none", err
	}
	return fmt.Sprintf("half: %d events, %d deliveries, answered %t", events, sent, answered), err
}

const (
	streams = 3
	asks    = 40
)

// everything writes records of every kind.
func everything(ctx context.Context, s *storage.Store) error {
	for i := range asks {
		if err := s.Update(ctx, act(i, 100+i*20)); err != nil {
			return err
		}
	}
	err := s.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.Append(ledger.Record{Header: workflows.Header{At: noon}, Kind: "denied"})
		for i := range streams {
			err = errors.Join(err, tx.PutSnapshot(streamOf(i), 2, 1, text(300)))
		}
		for i := range 10 {
			_, nerr := tx.Next("number")
			err = errors.Join(err, nerr, tx.PutRow("roster", fmt.Sprint(i), text(100), noon))
		}
		return err
	})
	if err != nil {
		return err
	}
	return deliveries(ctx, s)
}

// deliveries leaves some in each of the queue's states.
func deliveries(ctx context.Context, s *storage.Store) error {
	claims, err := s.Claim(ctx, noon, noon.Add(time.Hour), 20)
	if err != nil {
		return err
	}
	results := []storage.Result{storage.Sent, storage.Failed, storage.NeedsHuman, storage.Unclear, storage.Retry}
	for i, c := range claims[:15] {
		o := storage.Outcome{Result: results[i%len(results)], At: noon, Again: noon.Add(time.Hour), Message: "m", Err: "text"}
		if err := s.Settle(ctx, c, o); err != nil {
			return err
		}
	}
	card := storage.Delivery{Kind: workflows.Tell, Slot: "card", Place: "console/1", Data: text(50)}
	if err := s.Update(ctx, func(tx *storage.Tx) error { return tx.Enqueue(card) }); err != nil {
		return err
	}
	if _, err := s.Claim(ctx, noon, noon.Add(time.Hour), 1); err != nil {
		return err
	}
	return s.Update(ctx, func(tx *storage.Tx) error {
		return errors.Join(tx.Enqueue(card), tx.Enqueue(storage.Delivery{Kind: workflows.Tell, In: "card", Place: "console/1"}),
			tx.Enqueue(storage.Delivery{Kind: workflows.Wake, Due: noon.Add(9 * time.Hour)}))
	})
}
