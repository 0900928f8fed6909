package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
)

// Start puts the configuration in force: it is recorded where it is another than before, the schedules of reminders are
// brought in line with it, and the flags are compiled. It must be called once before the first Do.
func (d *Desk) Start(ctx context.Context, now time.Time) error {
	return d.enact(ctx, d.rules.Load(), now)
}

// Reload puts another configuration in force, whole. What is being decided ends under the old one first; whatever is
// decided after Reload returned is decided under the new one. On failure the old one stays in force.
func (d *Desk) Reload(ctx context.Context, cfg Config, now time.Time) error {
	return d.enact(ctx, newRules(cfg), now)
}

// enact makes rules those in force. No act commits meanwhile, so the ledger falls into parts: from one event about the
// configuration to the next, all was decided under the one that it names.
func (d *Desk) enact(ctx context.Context, r *rules, now time.Time) error {
	d.deciding.Lock()
	defer d.deciding.Unlock()
	var set *served
	err := d.store.Update(ctx, func(tx *storage.Tx) error {
		if err := r.enter(tx, now); err != nil {
			return err
		}
		if err := r.ensureSchedules(tx, now); err != nil {
			return err
		}
		var err error
		set, err = r.compile(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("put the configuration in force: %w", d.unsaved(err, now))
	}
	d.rules.Store(r)
	d.flags.set.Store(set)
	return nil
}
