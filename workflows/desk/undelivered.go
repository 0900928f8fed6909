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
