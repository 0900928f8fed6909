package storagetest

import (
	"context"
	"errors"
	"sync"

	"github.com/readyroom/readyroom/storage"
)

// ErrInjected is what Lose wraps, and what Fail may be given.
var ErrInjected = errors.New("injected fault")

// Faulty is an engine whose next commit fails as a test asks.
type Faulty struct {
	storage.Engine

	mu      sync.Mutex
	fault   error
	done    bool // whether the failed commit happens all the same
	twice   bool
	gate    chan struct{}
	commits int
}

// Wrap makes an engine breakable.
func Wrap(e storage.Engine) *Faulty { return &Faulty{Engine: e} }

// Fail makes the next commit answer err; nothing happens.
func (f *Faulty) Fail(err error) { f.set(err, false) }

// Lose makes the next commit answer *storage.Unknown, whether it happened or not.
func (f *Faulty) Lose(happened bool) { f.set(&storage.Unknown{Err: ErrInjected}, happened) }

// Mend takes back a fault that no commit has met.
func (f *Faulty) Mend() { f.set(nil, false) }

// Repeat makes the next commit run its function twice, as an engine does that has to try again.
func (f *Faulty) Repeat() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.twice = true
}

func (f *Faulty) set(err error, done bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.done = err, done
}

// Hold makes commits wait until the function it gives is called.
func (f *Faulty) Hold() (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	gate := make(chan struct{})
	f.gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

// Commits counts the commits that the engine carried out.
func (f *Faulty) Commits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.commits
}

// Update is the engine's, with the fault that was asked for. A function that fails by itself meets none.
func (f *Faulty) Update(ctx context.Context, fn func(storage.Writer) error) error {
	f.mu.Lock()
	gate, twice := f.gate, f.twice
	f.twice = false
	f.mu.Unlock()
	if gate != nil {
		<-gate
	}
	if twice {
		_ = f.Engine.Update(ctx, func(w storage.Writer) error { return errors.Join(fn(w), ErrInjected) })
	}
	var fault error
	err := f.Engine.Update(ctx, func(w storage.Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if fault == nil {
			fault, f.fault = f.fault, nil
		}
		if fault != nil && !f.done {
			return fault
		}
		f.commits++
		return nil
	})
	if fault != nil {
		return fault
	}
	return err
}
