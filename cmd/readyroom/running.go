package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/discord"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

// wiring says what to open, and for what.
type wiring struct {
	command     string // that opens it, for others to be told
	dir, config string
	create      bool             // make the data directory where there is none
	acts        bool             // with a desk at work; otherwise the data alone are opened
	chats       bool             // with the chats whose secrets are set, beside the console
	keyboard    bool             // without a file of configuration, whoever sits here is the owner
	clock       string           // as console.ParseClock reads it
	socket      string           // where it answers
	hangup      <-chan os.Signal // tells to read the configuration anew; nil: nothing does
	log         *slog.Logger
	open        func(context.Context, string, datadir.Options) (*datadir.Data, error)
}

// running is the bot over its open data: what the console, the daemon, and a subcommand where there is no daemon, do
// their work with.
type running struct {
	wiring
	began   time.Time
	source  *git.Git
	metrics *web.Metrics

	data    *datadir.Data // nil when the store could not be opened: see shut
	shut    error
	memory  *console.Memory
	slack   *slack.Slack     // nil where it is off, and while the bot begins
	discord *discord.Discord // likewise
	forge   *github.GitHub   // nil where it is off
	door    *github.Door     // where it knocks
	rounds  *github.Rounds   // the looks at what is there
	clock   *console.Clock
	desk    *desk.Desk
	bot     *bot.Bot
	loop    *bot.Loop
	handle  chat.Handler
	codes   codes
	turn    chan struct{} // holds something while somebody delivers
	asked   sync.RWMutex  // read-locked by who is being answered on the socket; locked for good in the end

	secrets struct { // of the chats that are on, as they were when the bot began
		slack   slack.Secrets
		discord discord.Secrets
	}
	spoken   []spoken      // the chats that are on
	patience time.Duration // of a conversation with a delivery that is under way

	cfg         atomic.Pointer[config.Config] // in force
	commitBegan atomic.Int64                  // zero once it is durable
	stuckSince  atomic.Int64                  // when the first commit began that did not happen; zero after one that did

	reloading sync.Mutex // held for as long as a reload takes

	mu       sync.Mutex // held for a moment
	reloaded reloaded
	verified verification
	backedUp time.Time
	unkept   error // why the flag set could not be kept last
}

// unopened is why a store could not be opened, or read far enough to begin.
type unopened struct{ error }

func (u *unopened) Unwrap() error { return u.error }

// passing and delivering are told where the store and a delivery are between their steps, for tests that end the process
// there.
var (
	passing    = func(string) {}
	delivering = func(string, storage.Claim) {}
)

// spacing is what is left between two things that are written at GitHub; zero: what it asks for. Tests that wrote there a
// thousand times would wait for hours.
var spacing time.Duration

// begin opens the data, and puts the desk and the deliveries to work where they are wanted.
func begin(ctx context.Context, w wiring) (r *running, err error) {
	r = newRunning(w)
	if w.acts {
		cfg, err := loadConfig(ctx, w.config, w.keyboard, r.source)
		if err != nil {
			return nil, err
		}
		r.cfg.Store(&cfg)
	}
	host, _ := os.Hostname() // for people; they do without
	open := w.open
	if open == nil {
		open = datadir.Open
	}
	r.data, err = open(ctx, w.dir, datadir.Options{Create: w.create, At: r.at,
		Holder: datadir.Holder{PID: os.Getpid(), Host: host, Since: r.began, Command: "readyroom " + w.command, Socket: w.socket}})
	if err != nil {
		return nil, &unopened{err}
	}
	if w.acts {
		err = r.staff(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func newRunning(w wiring) *running {
	return &running{wiring: w, began: time.Now(), source: newGit(), metrics: web.NewMetrics(build()), turn: make(chan struct{}, 1),
		patience: 5 * time.Second}
}

// staff puts the desk, the deliveries and the grammar together.
func (r *running) staff(ctx context.Context) (err error) {
	if r.memory, err = console.OpenMemory(filepath.Join(r.dir, "console.jsonl")); err != nil {
		return err
	}
	last, err := lastTime(ctx, r.data.Store)
	if err != nil {
		return &unopened{err}
	}
	if r.clock, err = console.ParseClock(r.wiring.clock, last, notBefore(last)); err != nil {
		return fmt.Errorf("--clock: %w", err)
	}
	cfg := *r.cfg.Load()
	if r.clock.Simulated() && cfg.Time.ZoneName == hostZone {
		cfg.Time.Zone = time.UTC
		r.cfg.Store(&cfg)
	}
	if r.codes, err = newCodes(); err != nil {
		return err
	}
	if err := r.readChats(); err != nil {
		return err
	}
	if err := r.openGitHub(); err != nil {
		return err
	}
	dc, err := deskConfig(cfg, r.dir, r.codes, r.platforms()...)
	if err != nil {
		return err
	}
	r.desk = desk.New(r.data.Store, r.sources(), dc)
	if err := r.desk.Start(ctx, r.clock.Now()); err != nil {
		return &unopened{err}
	}
	r.bot = &bot.Bot{Queue: countedQueue{r.data.Store, r.metrics}, Reader: r.desk, Do: r.desk.Do, Partly: r.command != serveName, Places: r.desk, Beat: func() { r.loop.Beat() },
		Senders: map[string]chat.Sender{console.Platform: r.memory}, Actors: r.actors(), Log: r.log, At: delivering}
	r.loop = &bot.Loop{Step: r.deliver, Moved: r.data.Store.Moved, Now: r.clock.Now, Ticks: time.Now, Log: r.log}
	r.handle = r.tally(r.grammar())
	r.openChats(cfg)
	return nil
}

// Close gives everything free for others.
func (r *running) Close() error {
	var err error
	if r.memory != nil {
		err = r.memory.Close()
	}
	if r.data != nil {
		err = errors.Join(err, r.data.Close())
	}
	return err
}

// at measures commits.
func (r *running) at(point string) {
	switch point {
	case storage.BeforeCommit:
		if former := r.commitBegan.Swap(time.Now().UnixNano()); former != 0 {
			r.stuckSince.CompareAndSwap(0, former)
		}
	case storage.AfterCommit:
		r.metrics.Committed(time.Since(time.Unix(0, r.commitBegan.Swap(0))))
		r.stuckSince.Store(0)
	}
	passing(point)
}

// store gives the store, or says why there is none.
func (r *running) store() (*storage.Store, error) {
	if r.data == nil {
		return nil, workflows.Refuse("store_closed", "the store could not be opened: "+r.shut.Error()).By("whoever runs this bot")
	}
	return r.data.Store, nil
}

// deliver delivers what is due, one caller at a time, and leaves nothing to print.
func (r *running) deliver(ctx context.Context) (next time.Time, waiting bool, err error) {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return next, false, ctx.Err()
	}
	defer r.pass()
	defer r.memory.Forget()
	return r.bot.Step(ctx, r.clock.Now())
}

// pass lets somebody else deliver.
func (r *running) pass() { <-r.turn }

// known reports whether somebody may be named by @person.
func (r *running) known(ctx context.Context, h workflows.Handle) bool {
	v, err := r.desk.Who(ctx, h)
	return err == nil && v.Known
}

// notBefore is the clock on the wall, or the store's last time while that is ahead: what is recorded and what is due go
// by one time, which never goes back.
func notBefore(last time.Time) func() time.Time {
	return func() time.Time {
		if now := time.Now(); now.After(last) {
			return now
		}
		return last
	}
}
