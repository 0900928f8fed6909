//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestKilledWhileTelling: the process is killed when half of 200 channels have heard something, at the pace that Discord
// really takes. The next one looks for what the first may have sent, and tells the rest: each has it once, also where no
// nonce is known any more. -torture kills it five times.
func TestKilledWhileTelling(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("it takes as long as Discord's pace")
	}
	f := newServer(t, discordfake.Options{Forgets: true}, 10)
	a := listening(t, f)
	a.r = beginIn(t, "owners: [ana]\npeople: {ana: {name: Ana}}\ndiscord: {listen: http}\n", map[string]string{discordURL: f.URL(), discordBot: f.BotToken()}, wiring{})
	dir := a.r.dir
	a.held(t.Context())
	if err := a.r.Close(); err != nil {
		t.Fatal(err)
	}
	deaths := 1
	if *torture {
		deaths = 5
	}
	began := time.Now()
	for n := 1; n <= deaths; n++ {
		c := served(t, dir)
		f.Wait(t.Context(), "many have it", func() bool { return a.heard() >= n*manyChannels/(deaths+1) })
		_ = c.Process.Kill()
		_ = c.Wait()
		t.Logf("killed after %s: %d have it", time.Since(began).Round(time.Millisecond), a.heard())
	}
	served(t, dir)
	all := func() bool { return a.heard() >= manyChannels && len(f.Calls(publishRoute)) >= 10 }
	f.Wait(t.Context(), "all have it", all)
	took := time.Since(began)
	time.Sleep(time.Second) // what is too much would come now
	a.once()
	published := 0
	for i := range manyChannels {
		for _, m := range f.Messages(channelNumber(i)) {
			if m.Published {
				published++
			}
		}
	}
	if published != 10 {
		t.Errorf("%d were published", published)
	}
	if n := f.Limited(); n > 0 {
		t.Logf("%d calls were refused: a process does not know what a former one sent within the same second", n)
	}
	t.Logf("%d channels were told in %s, with %d deaths", manyChannels, took.Round(time.Millisecond), deaths)
}

// served serves the data, as a process of its own.
func served(t *testing.T, dir string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, "serve", "--listen", freeAddress(t), "--data", dir)
	c.Dir, c.Env = here, append(os.Environ(), modeVariable+"=readyroom", "GORACE="+raceQuickly)
	log := &lockedBuffer{}
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait() // it may be dead long ago
		if t.Failed() {
			t.Log(fmt.Sprint(log))
		}
	})
	return c
}
