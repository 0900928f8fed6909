package desk

import (
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// StoreClosed is the reason of every refusal of a desk whose store could not be opened.
const StoreClosed workflows.Reason = "store_closed"

// StoreDamaged is the reason of every refusal after somebody met a record that is not what was written.
const StoreDamaged workflows.Reason = "store_damaged"

// Poisoned says why the store cannot be trusted, nil while it can: then nothing is decided and nothing is read, and
// flags are served as they stood. Only opening the store anew mends it. It costs no look at the database.
func (d *Desk) Poisoned() error {
	err := d.store.Poisoned()
	if since := d.lost.Load(); err != nil && since != nil {
		return fmt.Errorf("since %s: %w", since.UTC().Format(time.RFC3339), err)
	}
	return err
}

// unsaved words for people what the store could not do, and remembers since when nobody can say what it holds; at is
// zero where no time is at hand.
func (d *Desk) unsaved(err error, at time.Time) error {
	var unknown *storage.Unknown
	var damaged *storage.Damaged
	switch {
	case errors.Is(err, storage.ErrShut):
		return workflows.Refuse(StoreClosed, "the store could not be opened: nothing is read and nothing is changed, flags are served as they last stood").
			By("whoever runs this bot").Type("readyroom verify")
	case errors.As(err, &unknown):
		if !at.IsZero() {
			d.lost.CompareAndSwap(nil, &at)
		}
		return workflows.Refuse(workflows.NotSaved, "I could not confirm that this was saved. Do not ship. Ask again in a minute").
			By("whoever runs this bot").Type("/release status")
	case errors.As(err, &damaged):
		return workflows.Refuse(StoreDamaged, "a record of the store is damaged: nothing is read and nothing is changed, flags are served as they last stood. Do not ship").
			By("whoever runs this bot").Type("readyroom verify", "readyroom restore BACKUP")
	case errors.Is(err, storage.ErrFull):
		return workflows.Refuse(workflows.DiskFull, "the disk is full: nothing was changed. It works again as soon as there is room").
			By("whoever runs this bot").Type("/release status")
	}
	return err
}
