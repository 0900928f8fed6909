package slackfake

import "context"

// stir tells all who wait that something changed, and gives the number of the change; the lock is held.
func (f *Fake) stir() int {
	f.revision++
	f.stirred.Stir()
	return f.revision
}

// Wait looks again whenever something changed here, until it is so. The test fails when that is not before the context,
// or half a minute, ends; what says what was waited for.
func (f *Fake) Wait(ctx context.Context, what string, so func() bool) bool {
	f.t.Helper()
	return f.stirred.Wait(ctx, f.t, "slackfake", what, so)
}
