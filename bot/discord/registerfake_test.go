package discord

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/commands"
)

// TestGrammarIsRegistered writes the whole grammar, as it is, to a Discord that is strict about it: nothing is there, all
// is there, everybody is to see it, and a row is gone.
func TestGrammarIsRegistered(t *testing.T) {
	f := discordfake.New(t, discordfake.Options{})
	rows := commands.All.Typed()
	with := func(rows []chat.Command, everyone bool) *Discord {
		return New(Options{Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: f.URL(), Commands: rows, Settings: Settings{Everyone: everyone}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	}
	fewer := slices.DeleteFunc(slices.Clone(rows), func(c chat.Command) bool { return c.Path[0] == "remind" || c.Path[0] == "hold" })
	for _, c := range []struct {
		of                                      string
		d                                       *Discord
		dry                                     bool
		created, changed, removed, same, writes int
	}{
		{"a dry run", with(rows, false), true, 9, 0, 0, 0, 0},
		{"at first", with(rows, false), false, 9, 0, 0, 0, 9},
		{"again", with(rows, false), false, 0, 0, 0, 9, 0},
		{"for everybody", with(rows, true), false, 0, 9, 0, 0, 9},
		{"for everybody, again", with(rows, true), false, 0, 0, 0, 9, 0},
		{"of a grammar with less", with(fewer, true), false, 0, 1, 1, 7, 2},
		{"and with more", with(rows, true), false, 1, 1, 0, 7, 2},
	} {
		before := len(f.Writes())
		got, err := c.d.Register(t.Context(), c.dry)
		if err != nil || len(got.Servers) != 1 {
			t.Fatalf("%s: %+v, %v", c.of, got, err)
		}
		w := got.Servers[0]
		if len(w.Created) != c.created || len(w.Changed) != c.changed || len(w.Removed) != c.removed || w.Same != c.same || len(f.Writes())-before != c.writes {
			t.Errorf("%s: %v, in %d writes", c.of, w, len(f.Writes())-before)
		}
	}
}
