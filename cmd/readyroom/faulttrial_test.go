//go:build linux

package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// frail is a chat platform on which things go wrong. What goes wrong is said by the table of faults; each platform says
// how it makes that happen. Places are named as people do: "#app", "@ana" for their direct messages.
type frail interface {
	town
	people() *folk
	invites(channel string, people ...string)
	fails(at deed, how odd, stored bool) bool // the next time the bot does that; false: that does not happen there
	unmet() int                               // how many of those did not happen yet
	blind()                                   // nobody can ask any more what stands there
	shuts() []string                          // in which ways nobody can write in a channel
	shut(channel, how string, is bool)        // so nobody can, or they can again
	revokes(*testing.T) (token string)        // the bot's token, from now on
	grants(*testing.T)                        // another one, which the environment holds from now on
	says(ctx context.Context, person, channel, line string) answer
	// same sends the bytes of a command three times at once, and gives what is read then, and what sends them once more.
	same(t *testing.T, person, channel, line string) (answers []string, again func() []string)
	// heard has the bot hear a line three times at once, and gives what lets it hear it once more; nil: it hears none.
	heard(t *testing.T, person, channel, line string) (again func())
	answered(channel string) (lines []string) // what stands there in answer to the line that was heard
	stands(places ...string) []string
	unwell() error
	sender() chattest.Platform
	reload(context.Context) error
}

// answer is what somebody reads after they typed something.
type answer struct {
	texts func() []string // by now
	wrong string          // what the client says by itself, or why nothing came
	took  time.Duration
}

func (a answer) text() string { return strings.Join(a.texts(), "\n") }

// trial is the whole bot in this process, in a fresh work tree: ana is at #app, and time stands still unless a test lets
// it pass.
type trial struct {
	*visitor
	frail
	t   *testing.T
	end func() // of the bot
}

type opener func(context.Context, string, datadir.Options) (*datadir.Data, error)

const trialTeam = `owners: [ana]
people:
  ana: {name: Ana, code: [ana@example.org]}
  ben: {name: Ben, code: [ben@example.org]}
roles: {'*': [ana, ben]}
products:
  app: {repository: ., branch: main}
time: {zone: UTC, days: mon-sun, hours: "00:00-23:59", digest: "23:30", channel: "23:30"}
`

func newTrial(t *testing.T, platform func(*testing.T) frail, open opener) *trial {
	t.Helper()
	inWorktree(t)
	p := platform(t)
	f := p.people()
	f.opens("app")
	f.opens("general")
	writeFile(t, defaultConfig, f.staffed(trialTeam))
	p.invites("app", "ana", "ben")
	p.invites("general", "ana", "ben")
	d := &trial{visitor: &visitor{folk: f, person: "ana", at: "app"}, frail: p, t: t}
	d.begins(open)
	return d
}

// begins begins the bot, once more if it ran before.
func (d *trial) begins(open opener) {
	d.t.Helper()
	if d.end != nil {
		d.end()
	}
	ctx, cancel := context.WithCancel(d.t.Context())
	r, err := begin(ctx, wiring{command: serveName, dir: defaultData, create: true, acts: true, chats: true, clock: "simulated", open: open,
		log: slog.New(slog.NewTextHandler(d.t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))})
	if err != nil {
		d.t.Fatal(err)
	}
	d.r, d.clock = r, r.clock.Now
	stop := d.folk.connect(ctx)
	ended := false
	d.end = func() {
		if ended {
			return
		}
		ended = true
		stop()
		cancel()
		_ = r.Close() // a store that a test poisoned says so
	}
	d.t.Cleanup(d.end)
}

// enters has Ana type a line in a channel, and waits for all that comes of it.
func (d *trial) enters(channel, line string) {
	d.t.Helper()
	if a := d.says(d.t.Context(), "ana", channel, line); a.wrong != "" {
		d.t.Errorf("%q: %s", line, a.wrong)
	}
	d.settle(d.t.Context())
}

// passes lets time pass, from due time to due time.
func (d *trial) passes(by time.Duration) {
	d.t.Helper()
	d.wait(d.t.Context(), by.String())
}

// events counts the events of a kind in the ledger.
func (d *trial) events(kind string) (n int) {
	d.t.Helper()
	err := d.r.data.Store.View(d.t.Context(), func(tx *storage.Tx) error {
		return tx.Ledger(0, func(e ledger.Record) (bool, error) {
			if e.Kind == kind {
				n++
			}
			return true, nil
		})
	})
	if err != nil {
		d.t.Error(err)
	}
	return n
}

// onEach runs a test on every platform, each way in.
func onEach(t *testing.T, test func(*testing.T, func(*testing.T) frail)) {
	for _, platform := range []struct {
		name string
		make func(*testing.T) frail
	}{
		{"slack over http", func(t *testing.T) frail { return newOffice(t, "http") }},
		{"discord over http", func(t *testing.T) frail { return newGuild(t, "http") }},
		{"discord over gateway", func(t *testing.T) frail { return newGuild(t, "gateway") }},
	} {
		t.Run(platform.name, func(t *testing.T) { test(t, platform.make) })
	}
}
