package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// answer is what is kept of a receipt or a refusal, enough to give it again.
type answer struct {
	Stream  workflows.Stream     `json:"stream,omitempty"`
	From    workflows.Seq        `json:"from,omitempty"` // the events it caused: From … To
	To      workflows.Seq        `json:"to,omitempty"`
	Own     int                  `json:"own,omitempty"`     // how many of them in Stream itself, first
	Planned []ledger.Record      `json:"planned,omitempty"` // of a question: the events that it asks about
	Told    []workflows.Told     `json:"told,omitempty"`
	Confirm *workflows.Pending   `json:"confirm,omitempty"`
	Undo    *workflows.Pending   `json:"undo,omitempty"`
	Refusal *workflows.Refusal   `json:"refusal,omitempty"`
	Items   []workflows.ItemLine `json:"items,omitempty"`
	Choices []workflows.Choice   `json:"choices,omitempty"`
}

// fingerprint tells another request under the same id apart.
func fingerprint(a workflows.Ask) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%s\x00%s", a.By, a.Bot, a.At, a.Line, a.Press, a.Typed))
	return hex.EncodeToString(sum[:16])
}

// answer keeps what this ask was answered.
func (s *session) answer(r workflows.Receipt) error {
	row := answer{Stream: r.Stream, Told: r.Told, Confirm: r.Confirm, Undo: r.Undo, Own: len(r.Events)}
	switch {
	case r.Confirm != nil:
		for _, e := range s.order {
			rec, err := stored(e)
			if err != nil {
				return err
			}
			row.Planned = append(row.Planned, rec)
		}
	case len(s.order) > 0:
		row.From, row.To = s.order[0].Seq, s.order[len(s.order)-1].Seq
	}
	return s.keep(row)
}

func (s *session) keep(row answer) error {
	data, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("answer to %s: %w", s.ask.ID, err)
	}
	if err := s.tx.PutAnswer(s.ask.ID, storage.Answer{At: s.now, Print: fingerprint(s.ask), Data: data}); err != nil {
		return fmt.Errorf("answer to %s: %w", s.ask.ID, err)
	}
	return nil
}

func (s *session) isAnswered() (bool, error) {
	_, ok, err := s.tx.Answer(s.ask.ID)
	if err != nil {
		return false, fmt.Errorf("answer to %s: %w", s.ask.ID, err)
	}
	return ok, nil
}

// answered gives the answer that an ask got before, if it did.
func (d *Desk) answered(tx *storage.Tx, a workflows.Ask) (workflows.Receipt, bool, error) {
	kept, ok, err := tx.Answer(a.ID)
	if err != nil || !ok {
		return workflows.Receipt{}, false, err
	}
	if kept.Print != fingerprint(a) {
		return workflows.Receipt{}, true, workflows.Refuse(workflows.Reused, "another request bore this id").Type("/release status")
	}
	var row answer
	if err := json.Unmarshal(kept.Data, &row); err != nil {
		return workflows.Receipt{}, false, fmt.Errorf("answer to %s: %w", a.ID, err)
	}
	if row.Refusal != nil {
		row.Refusal.Items, row.Refusal.Choices = row.Items, row.Choices
		return workflows.Receipt{}, true, row.Refusal
	}
	r, err := d.retell(tx, a, row)
	return r, true, err
}

// retell builds the receipt of an earlier ask from the ledger.
func (d *Desk) retell(tx *storage.Tx, a workflows.Ask, row answer) (workflows.Receipt, error) {
	r := workflows.Receipt{Ask: a.ID, Stream: row.Stream, Told: row.Told, Confirm: row.Confirm, Undo: row.Undo, Again: true}
	all, err := events(tx, row)
	switch {
	case err != nil:
		return r, fmt.Errorf("events of %s: %w", a.ID, err)
	case len(all) == 0 && row.Stream == "":
		return r, nil
	case len(all) == 0:
		now, err := d.load(tx, row.Stream, 0)
		r.Before, r.After = now.state, now.state
		return r, err
	}
	r.Events, r.Follows = all[:row.Own], all[row.Own:]
	r.Secret = d.secret(d.rules.Load(), a.ID, r.Events)
	if row.Own == 0 || row.Stream == "" {
		return r, nil
	}
	r.Before, err = d.foldTo(tx, row.Stream, all[0].Revision-1)
	r.After = r.Before
	for _, e := range all {
		if e.Stream == row.Stream { // what follows may come back to it
			r.After = rooms[row.Stream.Room()].evolve(r.After, e)
		}
	}
	return r, err
}

// events are those that an ask caused, or that its question asks about.
func events(tx *storage.Tx, row answer) (all []workflows.Recorded, err error) {
	add := func(rec ledger.Record) (bool, error) {
		e, err := recorded(rec)
		all = append(all, e)
		return rec.Seq < row.To, err
	}
	for _, rec := range row.Planned {
		if _, err := add(rec); err != nil {
			return nil, err
		}
	}
	if row.From > 0 {
		err = tx.Ledger(row.From-1, add)
	}
	return all, err
}

// foldTo folds a stream anew up to a revision.
func (d *Desk) foldTo(tx *storage.Tx, stream workflows.Stream, upto workflows.Revision) (any, error) {
	if upto == 0 {
		return rooms[stream.Room()].zero, nil
	}
	c, err := d.load(tx, stream, upto)
	return c.state, err
}

// refusal makes the commit write the ledger's line of a refusal and the answer to its ask, and nothing else. A stranger
// leaves nothing: or strangers could grow the ledger.
func (d *Desk) refusal(r *rules, a workflows.Ask, s *session, err error) error {
	var ref *workflows.Refusal
	if !errors.As(err, &ref) {
		return err
	}
	if s.actor.Person == "" {
		return declined(ref)
	}
	return &storage.Declined{Err: ref, Write: func(tx *storage.Tx) error {
		w, err := d.session(tx, r, a)
		if err != nil {
			return err
		}
		about := workflows.ReleaseID("")
		if t, err := w.target(a.Wish); err == nil {
			about = t.id
		}
		data, err := json.Marshal(ledger.Refused{Line: said(a), At: a.At, Release: about, Reason: ref.Reason, Why: ref.Why})
		if err != nil {
			return fmt.Errorf("refusal: %w", err)
		}
		_, err = tx.Append(ledger.Record{Kind: ledger.Refused{}.Kind(), Data: data,
			Header: workflows.Header{At: w.now, By: s.actor, As: a.As, Ask: a.ID, Policy: w.book.Hash}})
		if err != nil {
			return fmt.Errorf("refusal: %w", err)
		}
		return w.keep(answer{Refusal: ref, Items: ref.Items, Choices: ref.Choices})
	}}
}

// refused records a refusal that came before the transaction: nothing to decide was left.
func (d *Desk) refused(ctx context.Context, r *rules, a workflows.Ask, refusal error) (workflows.Receipt, error) {
	var ref *workflows.Refusal
	if !errors.As(refusal, &ref) || a.Dry {
		return workflows.Receipt{}, refusal
	}
	var receipt workflows.Receipt
	err := d.store.Update(ctx, func(tx *storage.Tx) error {
		again, ok, err := d.answered(tx, a)
		if receipt = again; err != nil || ok { // the same ask got through meanwhile
			return declined(err)
		}
		s, err := d.session(tx, r, a)
		if err != nil {
			return err
		}
		if err := s.identify(); err != nil {
			return declined(err)
		}
		return d.refusal(r, a, s, ref)
	})
	return receipt, err
}
