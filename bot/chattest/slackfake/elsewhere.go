package slackfake

import (
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Elsewhere starts a host that is not Slack's. It says yes to everything. f.Fail(method, Redirect(e.URL)) sends a call there.
func (f *Fake) Elsewhere(t testing.TB) *wire.Elsewhere {
	t.Helper()
	return wire.NewElsewhere(t, f.Tokens, `{"ok":true,"channel":"C0","ts":"1.000100","url":"wss://elsewhere.example/"}`)
}
