//go:build linux

package main

import (
	"path/filepath"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/workflows"
)

// TestContract holds every platform, as it is wired, to what the bot relies on.
func TestContract(t *testing.T) {
	t.Run("console", func(t *testing.T) {
		chattest.Sender(t, "console/#general", "console/@ana", func(t *testing.T) chattest.Platform {
			m, err := console.OpenMemory(filepath.Join(t.TempDir(), "console.json"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := m.Close(); err != nil {
					t.Error(err)
				}
			})
			return m
		})
	})
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		p := platform(t)
		place := func(channel string) workflows.Place { return workflows.Place(p.name() + "/" + p.channel(channel)) }
		chattest.Sender(t, place("app"), place("general"), func(t *testing.T) chattest.Platform {
			return newTrial(t, platform, nil).sender()
		})
	})
}
