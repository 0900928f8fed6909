package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows/desk"
)

// checks are what must be so for the bot to be ready.
func (r *running) checks() []web.Check {
	all := []web.Check{{Name: "store", Err: r.storeErr}}
	if r.loop != nil {
		all = append(all, web.Check{Name: "delivering", Err: r.loop.Health}, web.Check{Name: "delivery", Warn: true, Err: r.parkedErr})
	}
	if r.data != nil {
		all = append(all, web.Check{Name: "writing", Err: r.unwritten}, web.Check{Name: "tip", Err: r.data.TipErr})
	}
	all = append(append(all, r.chatChecks()...), r.githubChecks()...)
	return append(all,
		web.Check{Name: "record", Err: func() error { r.mu.Lock(); defer r.mu.Unlock(); return r.verified.err }},
		web.Check{Name: "verification", Warn: true, Err: func() error { r.mu.Lock(); defer r.mu.Unlock(); return r.verified.unknown }},
		web.Check{Name: "configuration", Warn: true, Err: r.brokenConfig},
		web.Check{Name: "flags file", Warn: true, Err: func() error { r.mu.Lock(); defer r.mu.Unlock(); return r.unkept }},
	)
}

// storeErr is why the store cannot be trusted; nil: it can.
func (r *running) storeErr() error {
	if r.data == nil {
		return r.shut
	}
	if err := r.desk.Poisoned(); err != nil {
		return err
	}
	return r.data.Left()
}

// slowCommit is how long a commit may take before it is taken for one that does not happen.
const slowCommit = 5 * time.Second

// unwritten is that commits do not happen, as on a full disk: whatever is asked is refused, until one does.
func (r *running) unwritten() error {
	began := r.stuckSince.Load()
	if began == 0 {
		began = r.commitBegan.Load()
		if time.Since(time.Unix(0, began)) < slowCommit {
			return nil
		}
	}
	if began == 0 {
		return nil
	}
	return fmt.Errorf("nothing could be recorded since %s: the disk is full or does not answer; the next line that can be clears this → make room in %s",
		time.Unix(0, began).Format("2006-01-02 15:04:05 MST"), r.dir)
}

// brokenConfig is that the file of configuration is broken. What is wrong with it is for the log and for who asked: it is
// text of people, and may hold what should not have been written there.
func (r *running) brokenConfig() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reloaded.err == nil {
		return nil
	}
	if kept, ok := errors.AsType[*keptSecrets](r.reloaded.err); ok {
		return fmt.Errorf("the secrets of %s could not be changed at %s, and the former ones stay in force → readyroom doctor, then: readyroom reload", kept.platform, r.reloaded.at.Format("2006-01-02 15:04:05 MST"))
	}
	return fmt.Errorf("it could not be put in force at %s, and the former one stays in force → readyroom lint, then: readyroom reload", r.reloaded.at.Format("2006-01-02 15:04:05 MST"))
}

// numbers are the bot's vital signs.
func (r *running) numbers(ctx context.Context) (n web.Numbers) {
	r.mu.Lock()
	n.Verified, n.Whole, n.BackedUp = r.verified.at, r.verified.err == nil, r.backedUp
	r.mu.Unlock()
	if r.data == nil {
		n.Poisoned, n.FlagsStale = true, true
		return n
	}
	now := time.Now()
	if r.clock != nil {
		now = r.clock.Now()
	}
	err := r.data.Store.View(ctx, func(tx *storage.Tx) error {
		last, _, err := tx.Last()
		if n.Ledger = uint64(last); err != nil {
			return err
		}
		return tx.Deliveries(func(p storage.Pending) (bool, error) {
			if waits := now.Sub(p.When); p.State == storage.Queued && waits >= 0 {
				n.Due, n.OldestDue = n.Due+1, max(n.OldestDue, waits)
			}
			return true, nil
		})
	})
	if err == nil {
		var waiting []storage.Pending
		waiting, err = desk.Waiting(ctx, r.data.Store)
		n.Waiting = len(waiting)
	}
	if err == nil {
		n.Parked, err = r.parkedPlaces(ctx)
	}
	n.Readable = err == nil
	n.Poisoned = errors.As(err, new(*storage.Unknown))
	n.FlagsStale = n.Poisoned
	return n
}

func statusCommand() *cobra.Command {
	var w wiring
	c := &cobra.Command{
		Use:   "status",
		Short: "How the bot is: since when, what is due, what waits for a human",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			w.log = quiet(c.ErrOrStderr())
			return operate(c.Context(), w, "status", struct{}{}, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&w.dir, "data", defaultData, "the data directory")
	return c
}

// status is one screen.
func (r *running) status(ctx context.Context, _ struct{}, out io.Writer) error {
	var lines []string
	say := func(name, format string, args ...any) {
		lines = append(lines, fmt.Sprintf("%-9s %s", name, fmt.Sprintf(format, args...)))
	}
	if r.command == serveName {
		say("bot", "running as pid %d since %s (%s)", os.Getpid(), r.began.Format("2006-01-02 15:04:05 MST"), time.Since(r.began).Round(time.Second))
	} else {
		say("bot", "not running → readyroom serve --data %s", r.dir)
	}
	n := r.numbers(ctx)
	dir, err := filepath.Abs(r.dir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	say("data", "%s", dir)
	if r.data != nil {
		if tip, err := r.data.Store.Tip(ctx); err == nil {
			say("ledger", "%s · tip %s", counted(n.Ledger, "event"), tip)
		}
	}
	if cfg := r.cfg.Load(); cfg != nil {
		say("config", "%s", summary(*cfg))
	}
	if n.Readable {
		say("due", "%d%s", n.Due, r.next(ctx, n))
		say("waiting", "%d for a human", n.Waiting)
		stuck, err := waiting(ctx, r.data.Store)
		if err != nil {
			return err
		}
		if len(stuck) > 0 {
			stuck = append(stuck, "          → readyroom undelivered ID sent, again or drop")
		}
		parked, err := r.parkedLines(ctx)
		if err != nil {
			return err
		}
		lines = append(append(lines, stuck...), parked...)
	}
	if r.command == serveName {
		lines = append(lines, statusChecks(web.Examine(r.checks()))...)
	}
	fmt.Fprintln(out, strings.Join(lines, "\n"))
	return nil
}

// next says how old the oldest delivery is that is due, or when the next one will be.
func (r *running) next(ctx context.Context, n web.Numbers) string {
	if n.Due > 0 {
		return fmt.Sprintf(" · the oldest for %s", n.OldestDue.Round(time.Second))
	}
	next, ok, err := r.data.Store.NextDue(ctx)
	if err != nil || !ok {
		return ""
	}
	return " · the next at " + next.Local().Format("2006-01-02 15:04:05 MST")
}

func statusChecks(all web.Readiness) []string {
	word := "ready"
	if !all.Ready {
		word = "NOT READY"
	}
	lines := []string{"checks    " + word}
	for _, c := range all.Checks {
		line := fmt.Sprintf("  %-8s %s", c.State, c.Name)
		if c.Why != "" {
			line += ": " + c.Why
		}
		lines = append(lines, line)
	}
	return lines
}
