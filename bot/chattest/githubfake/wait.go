package githubfake

import "context"

// Wait looks again whenever something changed here, until it is so. The test fails when that is not before the context,
// or half a minute, ends; what says what was waited for.
func (f *Fake) Wait(ctx context.Context, what string, so func() bool) bool {
	f.t.Helper()
	return f.stirred.Wait(ctx, f.t, "githubfake", what, so)
}
