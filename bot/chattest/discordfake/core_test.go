package discordfake_test

import (
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestFurnished has what every fake has.
func TestFurnished(t *testing.T) {
	f := discordfake.New(t, discordfake.Options{})
	if got := f.Permissions(discordfake.General, f.BotUser()); got != discordfake.Everyone {
		t.Errorf("the bot may %b", got)
	}
	if len(f.PublicKey()) != 64 {
		t.Errorf("the key is %q", f.PublicKey())
	}
}
