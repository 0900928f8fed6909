package desk

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

// flags is the compiled set behind an atomic pointer: evaluation never touches the store.
type flags struct {
	set atomic.Pointer[flag.Compiled]
	mu  sync.Mutex // one compilation at a time, so that an older one never takes a newer one's place
}

// Evaluate says what one user gets of a flag in an environment.
func (d *Desk) Evaluate(env workflows.Environment, key workflows.FlagKey, target string) (flag.Evaluation, error) {
	return d.flags.set.Load().Evaluate(env, key, target)
}

// compile reads every flag anew. It runs at the start and after each commit that touched a flag.
func (d *Desk) compile(ctx context.Context) error {
	d.flags.mu.Lock()
	defer d.flags.mu.Unlock()
	return d.store.View(ctx, func(tx *storage.Tx) error {
		all, err := flagsUnder(tx, flag.Room)
		if err != nil {
			return err
		}
		d.flags.set.Store(flag.Compile(all, d.environments()))
		return nil
	})
}

// environments is every environment of any product.
func (d *Desk) environments() []workflows.Environment {
	seen := map[workflows.Environment]bool{}
	var out []workflows.Environment
	products := []Product{d.cfg.Worktree}
	for _, p := range d.cfg.Products {
		products = append(products, p)
	}
	for _, p := range products {
		for _, e := range environments(p) {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	return out
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
