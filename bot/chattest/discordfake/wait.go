package discordfake

import (
	"context"
	"time"
)

// stir tells all who wait that something changed; the lock is held.
func (f *Fake) stir() {
	f.revision++
	close(f.stirred)
	f.stirred = make(chan struct{})
}

// Wait looks again whenever something changed here, until it is so. The test fails when that is not before the context,
// or half a minute, ends; what says what was waited for.
func (f *Fake) Wait(ctx context.Context, what string, so func() bool) bool {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		f.mu.Lock()
		stirred := f.stirred
		f.mu.Unlock()
		if so() {
			return true
		}
		select {
		case <-stirred:
		case <-ctx.Done():
			f.t.Errorf("discordfake: waited in vain for %s", what)
			return false
		}
	}
}
