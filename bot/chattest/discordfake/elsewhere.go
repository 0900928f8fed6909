package discordfake

import (
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Elsewhere starts a host that is not Discord's. It says yes to everything. f.Fail(route, Redirect(e.URL)) sends a call there.
func (f *Fake) Elsewhere(t testing.TB) *wire.Elsewhere {
	t.Helper()
	return wire.NewElsewhere(t, f.Tokens, `{"id":"1100000000000009999","channel_id":"1100000000000009998","url":"wss://elsewhere.example/"}`)
}
