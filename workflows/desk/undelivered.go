package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// NotWaiting is the reason of a word on a delivery that waits for none.
const NotWaiting workflows.Reason = "not_waiting"

// Settle takes a human's word on a delivery that waits for one: it could not be sent, or nobody can say whether it was.
// The word is on record; by is the host's name of whoever gives it.
func (d *Desk) Settle(ctx context.Context, id string, word ledger.Word, by string, now time.Time) (ledger.Settled, error) {
	outcomes := map[ledger.Word]storage.Result{ledger.WordSent: storage.Sent, ledger.WordAgain: storage.Retry, ledger.WordDrop: storage.Failed}
	result, ok := outcomes[word]
	if !ok {
		return ledger.Settled{}, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is not a word on a delivery: sent, again or drop", workflows.Display(string(word), 20))).
			Type("readyroom undelivered ID sent")
	}
	var said ledger.Settled
	if err := d.endAct(ctx, id, word, by, now); err != nil {
		return said, err
	}
	err := d.store.Update(ctx, func(tx *storage.Tx) error {
		p, err := tx.Resolve(id, storage.Outcome{Result: result, At: now, Again: now})
		if errors.Is(err, storage.ErrNoLongerClaimed) {
			return workflows.Refuse(NotWaiting, fmt.Sprintf("no delivery %s waits for anybody's word", workflows.Display(id, 40))).Type("readyroom undelivered")
		}
		if err != nil {
			return err
		}
		said = ledger.Settled{Delivery: p.ID, What: p.What, Stream: p.Stream, Place: p.Place, Word: word, By: by}
		data, err := json.Marshal(said)
		if err != nil {
			return err
		}
		_, err = tx.Append(ledger.Record{Kind: said.Kind(), Data: data, Header: workflows.Header{At: now, By: workflows.Actor{Machine: "host"}}})
		return err
	})
	return said, d.unsaved(err, now)
}

// endAct tells the room that wished an act what a human says became of it: it was done, or is let be. One that is tried once
// more ends later. It comes before the word is on record: said again, it changes nothing.
func (d *Desk) endAct(ctx context.Context, id string, word ledger.Word, by string, now time.Time) error {
	fates := map[ledger.Word]workflows.Fate{ledger.WordSent: workflows.Done, ledger.WordDrop: workflows.Refused}
	var act *storage.Pending
	err := d.view(ctx, func(tx *storage.Tx) error {
		return tx.Deliveries(func(p storage.Pending) (bool, error) {
			if p.ID == id && p.Kind == workflows.Act && p.Stream != "" && (p.State == storage.Stuck || p.State == storage.Dead) {
				act = &p
			}
			return p.ID != id, nil
		})
	})
	fate, ends := fates[word]
	if err != nil || act == nil || !ends {
		return err
	}
	end := workflows.Acted{Stream: act.Stream, What: act.What, Data: act.Data, Fate: fate, Why: "let be by " + by}
	_, err = d.Do(ctx, workflows.Ask{ID: fmt.Sprintf("settled/%s/%s", id, word), Bot: "host", When: now, Line: act.What, Wish: end})
	if no := new(workflows.Refusal); errors.As(err, &no) { // the room has nothing to say to that
		return nil
	}
	return err
}
