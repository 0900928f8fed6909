package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/readyroom/readyroom/cmd/readyroom/child"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// verification is how the last verification of the record went.
type verification struct {
	at      time.Time // zero: there was none yet
	err     error     // what is wrong with the record
	unknown error     // why a later one could say nothing of it
}

// nightly is the hour, where the configuration is at home, at which the bot does its chores.
const nightly = 3

// night is the beginning of the last night at or before now.
func night(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	at := time.Date(y, m, d, nightly, 0, 0, 0, zone)
	if at.After(now) {
		at = time.Date(y, m, d-1, nightly, 0, 0, 0, zone)
	}
	return at
}

// chores prunes at the start, and every night prunes and verifies the record, until the context ends.
func (r *running) chores(ctx context.Context) {
	r.prune(ctx)
	r.everyNight(ctx, func() {
		r.prune(ctx)
		_ = r.verify(ctx, verifying{Deadline: verifyDeadline}, io.Discard) // logged, shown and counted there
	})
}

// everyNight does something once in each night that begins until the context ends. It looks at the clock every minute,
// for timers stand still while a machine sleeps, and the clock may be put back: a night is another one, not a later one.
func (r *running) everyNight(ctx context.Context, do func()) {
	last := func() time.Time { return night(r.clock.Now(), r.cfg.Load().Time.Zone) }
	done := last()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if tonight := last(); !tonight.Equal(done) {
			done = tonight
			do()
		}
	}
}

// prune forgets what is past its time.
func (r *running) prune(ctx context.Context) {
	gone, err := r.desk.Prune(ctx, r.clock.Now(), desk.Keep(r.cfg.Load().Keep))
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.log.WarnContext(ctx, "what is past its time could not be forgotten", "error", err)
	default:
		r.log.InfoContext(ctx, "forgot what is past its time", "rows", gone.Rows, "releases", gone.Releases)
	}
}

// verifying is what `readyroom verify` asks of a running bot.
type verifying struct {
	Deadline time.Duration `json:"deadline"`
	Tips     []ledger.Tip  `json:"tips,omitempty"` // that were kept elsewhere
}

// verify has a child read a copy of the database, whole, and prints what it found as JSON.
func (r *running) verify(ctx context.Context, a verifying, out io.Writer) error {
	if _, err := r.store(); err != nil {
		return err
	}
	v, err := verifyData(ctx, r.data, a.Deadline, a.Tips...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, errNoCopy) || errors.Is(err, child.ErrDeadline) && a.Deadline < verifyDeadline {
		r.mu.Lock()
		r.verified.unknown = err
		r.mu.Unlock()
		r.log.WarnContext(ctx, "the record was not verified", "error", err)
		return err
	}
	r.mu.Lock()
	r.verified = verification{at: time.Now(), err: errors.Join(err, v.wrong())}
	r.mu.Unlock()
	if r.desk != nil {
		last := ledger.Verification{At: r.clock.Now(), OK: err == nil && v.wrong() == nil, Tip: v.Tip}
		if err := r.desk.Verified(ctx, last); err != nil {
			r.log.WarnContext(ctx, "how the verification ended could not be kept", "error", err)
		}
	}
	if err != nil {
		r.log.ErrorContext(ctx, "the record could not be read to its end", "error", err)
		return err
	}
	if wrong := v.wrong(); wrong != nil {
		r.log.ErrorContext(ctx, "the record is not whole", "error", wrong)
	} else {
		r.log.InfoContext(ctx, "the record was found whole", "events", uint64(v.Tip.Size), "took", v.Took.String())
	}
	return json.NewEncoder(out).Encode(v)
}
