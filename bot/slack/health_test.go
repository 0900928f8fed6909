package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// TestRevokedIsSeenBySending: the first post that Slack takes no token for turns health red, long before the next look at
// the token; the posts after it do not ask again each time.
func TestRevokedIsSeenBySending(t *testing.T) {
	w := idle(t)
	w.timing.check = time.Hour
	w.timing.longest, w.timing.pause = time.Hour, time.Hour
	w.f.AddChannel(slackfake.Channel{ID: appID, Name: "app", BotIsMember: true})
	many := allowance{rate: 1000, burst: 1000}
	w.pace.rates = rates{channel: many, posts: many, calls: many}
	w.run()
	w.until("Slack says who the bot is", func() bool { return w.me.Load() != nil })
	w.f.Revoke(w.f.BotToken(), "token_revoked")
	for range 5 {
		if _, err := w.Send(t.Context(), chat.Post{Key: "k", Place: inApp, Message: says("hello")}); chattest.VerdictOf(err) != chat.Retry {
			t.Fatalf("with a revoked token: %v", err)
		}
		w.until("it is red", func() bool { err := w.Health(); return err != nil && strings.Contains(err.Error(), "token_revoked: ") })
	}
	if n := len(w.f.Calls("auth.test")); n != 2 {
		t.Errorf("Slack was asked %d times who the bot is, not when it began and once more", n)
	}
}
