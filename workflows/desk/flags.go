package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

// flags is the compiled set behind an atomic pointer: evaluation never touches the database.
type flags struct {
	set atomic.Pointer[served]
	mu  sync.Mutex // one compilation at a time, so that an older one never takes a newer one's place
}

// served is the set of flags that is served, and the same to be kept outside the database.
type served struct {
	*flag.Compiled
	file []byte
}

// Evaluate says what one user gets of a flag in an environment; an empty one is where users are. While the store cannot
// be trusted the answer is that of the last set that was compiled, and says so.
func (d *Desk) Evaluate(env workflows.Environment, key workflows.FlagKey, target string) (flag.Evaluation, error) {
	e, err := d.flags.set.Load().Evaluate(env, key, target)
	e.Stale = d.store.Poisoned() != nil
	return e, err
}

// FlagSet is the set of flags that is served, to be kept where it outlives the store (see Frozen), and the size of the
// ledger that it was compiled at: it is another set only where that is another.
func (d *Desk) FlagSet() ([]byte, workflows.Seq) {
	now := d.flags.set.Load()
	return slices.Clone(now.file), now.Size()
}

// recompile reads every flag anew, after a commit that touched one.
func (d *Desk) recompile(ctx context.Context, r *rules) error {
	d.flags.mu.Lock()
	defer d.flags.mu.Unlock()
	return d.store.View(ctx, func(tx *storage.Tx) error {
		set, err := r.compile(tx)
		if err == nil {
			d.flags.set.Store(set)
		}
		return err
	})
}

// compile makes the set of all flags in every environment there is.
func (r *rules) compile(tx *storage.Tx) (*served, error) {
	all, err := flagsUnder(tx, flag.Room)
	if err != nil {
		return nil, err
	}
	for i, f := range all { // where users are is the configuration's to say, and may have changed since the flag did
		all[i].Users = users(r.product(f.Release.Product()))
	}
	size, at, err := tx.Last()
	if err != nil {
		return nil, fmt.Errorf("tip of the ledger: %w", err)
	}
	set := flag.Compile(all, r.environments()).AsOf(size, at)
	file, err := set.Freeze()
	return &served{set, file}, err
}

// touchesFlags reports whether the session changed a flag.
func (s *session) touchesFlags() bool {
	for stream, w := range s.streams {
		if stream.Room() == flag.Room && w.after.rev != w.before.rev {
			return true
		}
	}
	return false
}
