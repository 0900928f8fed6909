package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
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
		if err == nil && word == ledger.WordAgain {
			err = d.notAgain(tx, p)
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

// Waiting lists the deliveries that wait for a human: what may have arrived, and nobody can say; and what certainly did not.
// An act that was refused waits only as long as it is still to be done: what was done otherwise since is nobody's to settle.
// The store needs no desk at work on it.
func Waiting(ctx context.Context, store *storage.Store) (all []storage.Pending, err error) {
	if all, err = store.Waiting(ctx); err != nil || len(all) == 0 {
		return all, err
	}
	var still []storage.Pending
	err = store.View(ctx, func(tx *storage.Tx) error {
		still = nil
		s := &session{d: &Desk{store: store, cache: newCache(0)}, tx: tx, streams: map[workflows.Stream]*working{}}
		for _, p := range all {
			why, err := s.bygone(p)
			if err != nil {
				return err
			}
			if why == "" || p.State == storage.Stuck {
				still = append(still, p)
			}
		}
		return nil
	})
	return still, err
}

// notAgain refuses to have an act done once more after something else came of its matter.
func (d *Desk) notAgain(tx *storage.Tx, p storage.Pending) error {
	s, err := d.session(tx, d.rules.Load(), workflows.Ask{})
	if err != nil {
		return err
	}
	why, err := s.bygone(p)
	if err != nil || why == "" {
		return err
	}
	return workflows.Refuse(release.Overtaken, fmt.Sprintf("%s for %s is not to be done any more: %s", p.What, p.Stream.ID(), why)).
		By("whoever runs this bot").Type("readyroom undelivered "+p.ID+" drop", "readyroom undelivered "+p.ID+" sent, if it is there")
}

// bygone says why an act is no longer to be done, as the room says that wished it; empty: it still is, or is no room's.
func (s *session) bygone(p storage.Pending) (string, error) {
	if p.Kind != workflows.Act || p.Stream == "" {
		return "", nil
	}
	id := workflows.ReleaseID(p.Stream.ID())
	w, err := s.on(p.Stream)
	if err != nil {
		return "", err
	}
	var act struct {
		Op    string                `json:"op"`
		Env   workflows.Environment `json:"env"`   // of a deployment
		Forge string                `json:"forge"` // of a comment, and
		Issue int                   `json:"issue"`
	}
	if err := json.Unmarshal(p.Data, &act); err != nil {
		return "", fmt.Errorf("the act %s that waits: %w", p.ID, err)
	}
	switch state := w.after.state.(type) {
	case release.Release:
		sites, err := s.sites(id.Product(), []workflows.Environment{act.Env})
		return state.Bygone(act.Op, sites), err
	case notes.Notes:
		return state.Bygone(p.What, act.Op), nil
	case feedback.Feedback:
		return state.Bygone(act.Forge, act.Issue, act.Op), nil
	}
	return "", nil
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
