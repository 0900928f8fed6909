package githubfake

import (
	"context"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Wait looks again whenever something changed here, until it is so. The test fails when that is not before the context,
// or half a minute, ends; what says what was waited for.
func (f *Fake) Wait(ctx context.Context, what string, so func() bool) bool {
	f.t.Helper()
	return f.stirred.Wait(ctx, f.t, "githubfake", what, so)
}

// Elsewhere starts a host that is not GitHub's. It says yes to everything. f.Fail(route, Redirect(e.URL)) sends a call there.
func (f *Fake) Elsewhere(t testing.TB) *wire.Elsewhere {
	t.Helper()
	return wire.NewElsewhere(t, f.Tokens, `{"id":1,"number":1,"sha":"0123456789abcdef0123456789abcdef01234567","html_url":"https://elsewhere.example/"}`)
}
