package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

// flagsFile holds the last good set of flags, beside the database and of use without it.
const flagsFile = "flags.json"

// beginFrozen is what is left where the store cannot be opened: a bot that refuses everything and goes on serving the
// flags as they last stood. Without a whole set of flags, and where another process holds the data, the first error
// stands.
func beginFrozen(ctx context.Context, w wiring, why error) (*running, error) {
	if !errors.As(why, new(*unopened)) || errors.Is(why, bolt.ErrLocked) {
		return nil, why
	}
	if c := dialRunning(ctx, w.dir); c != nil {
		return nil, errors.Join(why, errors.New("another bot answers there, without the store too"), c.Close())
	}
	set, err := os.ReadFile(filepath.Join(w.dir, flagsFile))
	if err != nil {
		return nil, why // there never was one, or it went with the rest
	}
	r := newRunning(w)
	cfg, err := loadConfig(ctx, w.config, w.keyboard, r.source)
	if err != nil {
		return nil, errors.Join(why, err)
	}
	r.cfg.Store(&cfg)
	dc, err := deskConfig(cfg, w.dir, codes{})
	if err != nil {
		return nil, errors.Join(why, err)
	}
	if r.desk, err = desk.Frozen(set, why, dc); err != nil {
		return nil, errors.Join(why, err)
	}
	if r.memory, err = console.OpenMemory(os.DevNull); err != nil { // the chat's own is not ours to write
		return nil, errors.Join(why, err)
	}
	r.shut, r.clock = why, console.RealClock(time.Now)
	r.handle = r.tally(r.grammar())
	if err := r.readChats(); err != nil {
		return nil, errors.Join(why, err)
	}
	r.openChats(cfg)
	r.log.ErrorContext(ctx, "the store could not be opened: everything is refused, flags are served as they last stood", "error", why)
	return r, nil
}

const (
	// compiling is how long the set of flags may take to follow a commit; then it is looked at.
	compiling = 100 * time.Millisecond
	// lookAgain is how often it is looked at in any case.
	lookAgain = 10 * time.Second
)

// keepFlags keeps the set of flags in its file whenever it has become another, until the context ends.
func (r *running) keepFlags(ctx context.Context) {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	kept := workflows.Seq(0)
	for first := true; ; first = false {
		moved := r.data.Store.Moved()
		if set, size := r.desk.FlagSet(); first || size != kept {
			if err := r.keepFlagSet(set); err == nil {
				kept = size
			} else {
				r.log.WarnContext(ctx, "the set of flags could not be kept", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-moved:
			select {
			case <-ctx.Done():
			case <-time.After(compiling):
			}
		}
	}
}

// keepFlagSet replaces the file, and remembers if it could not.
func (r *running) keepFlagSet(set []byte) error {
	err := datadir.Replace(filepath.Join(r.dir, flagsFile), set)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unkept = err
	return err
}
