package discordfake

import "context"

// stir tells all who wait that something changed; the lock is held.
func (f *Fake) stir() {
	f.revision++
	f.stirred.Stir()
}

// Wait looks again whenever something changed here, until it is so. The test fails when that is not before the context,
// or half a minute, ends; what says what was waited for.
func (f *Fake) Wait(ctx context.Context, what string, so func() bool) bool {
	f.t.Helper()
	return f.stirred.Wait(ctx, f.t, "discordfake", what, so)
}
