package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// notWhole is the reason of a record that does not bear out what it claims.
const notWhole workflows.Reason = "not_whole"

// errUnproven is wrapped when what the store holds of a release gives no evidence that holds.
var errUnproven = errors.New("the evidence does not hold")

// Audit proves at once what can be proven in a moment: each event of a release stands in the ledger, none is missing
// between them, and the ledger continues the tip kept beside the database and every tip that was published. What does
// not hold is refused; what else is known of the ledger comes with the evidence.
func (d *Desk) Audit(ctx context.Context, on workflows.Selectors, at workflows.Place, now time.Time) (evidence.Bundle, ledger.Outside, error) {
	var b evidence.Bundle
	var out ledger.Outside
	if kept := d.rules.Load().Kept; kept != nil { // before the ledger is looked at: it only grows meanwhile
		var err error
		if out.Kept, err = kept(); err != nil {
			return b, out, noRecord("the tip that is kept beside the database is missing, or is no tip")
		}
	}
	var id workflows.ReleaseID
	err := d.store.View(ctx, func(tx *storage.Tx) error { // which must see for itself what is damaged
		tips, err := outside(tx, &out)
		if err != nil {
			return err
		}
		if id, err = sampled(tx, on, at); err != nil {
			return err
		}
		events, err := evidenceOf(tx, id)
		if err == nil {
			b, err = prove(tx, id, now, events, tips)
		}
		return err
	})
	return b, out, d.unsaved(broken(id, err), now)
}

// outside reads what is known of the ledger beside itself, and gives the tips that it must continue.
func outside(tx *storage.Tx, out *ledger.Outside) ([]ledger.Tip, error) {
	var err error
	if out.Published, err = published(tx); err != nil {
		return nil, err
	}
	if out.Verified, err = lastVerified(tx); err != nil {
		return nil, err
	}
	none, err := tx.Tip(0)
	if err != nil {
		return nil, err
	}
	var tips []ledger.Tip
	if !out.Kept.IsZero() && out.Kept != none { // a ledger without events is continued by every other
		tips = append(tips, out.Kept)
	}
	for _, p := range out.Published {
		tips = append(tips, ledger.Tip{Instance: none.Instance, Size: p.Size, Hash: p.Hash})
	}
	return tips, nil
}

// broken words for people what of a release's record is not as it must be; other faults stay faults.
func broken(id workflows.ReleaseID, err error) error {
	var damaged *storage.Damaged
	if id == "" || !errors.As(err, &damaged) && !errors.Is(err, errUnproven) && !errors.Is(err, ledger.ErrProof) {
		return err
	}
	return noRecord(fmt.Sprintf("the record of %s is NOT whole: %s", id.Name(), workflows.Display(err.Error(), 400)))
}

func noRecord(why string) *workflows.Refusal {
	return workflows.Refuse(notWhole, why).By("whoever runs this bot").Type("readyroom verify")
}

// The row of the last full verification. It is no history: the next one takes its place.
const (
	verifiedTable = "verified"
	lastRow       = "last"
)

// Verified keeps how a verification of the whole record ended, for whoever asks next.
func (d *Desk) Verified(ctx context.Context, v ledger.Verification) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("keep the last verification: %w", err)
	}
	err = d.store.Update(ctx, func(tx *storage.Tx) error { return tx.PutRow(verifiedTable, lastRow, data, time.Time{}) })
	if err != nil {
		return fmt.Errorf("keep the last verification: %w", d.unsaved(err, v.At))
	}
	return nil
}

func lastVerified(tx *storage.Tx) (v ledger.Verification, err error) {
	data, ok, err := tx.Row(verifiedTable, lastRow)
	if err == nil && ok {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		return v, fmt.Errorf("last verification: %w", err)
	}
	return v, nil
}
