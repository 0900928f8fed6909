package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// lanes are the places that something is being sent to, each a lane in which one follows the other. What tells the same to
// places of a platform that takes several at once goes out side by side, for as long as more of it comes: one slow place
// keeps no other from hearing it. Something else is told only when all of that has ended, so that whoever must hear it
// first does; but nobody waits longer than LetGo for a place that hangs. Its lane goes on by itself, also beyond the step,
// and what comes for that place meanwhile queues up in it.
//
// It may be used concurrently; its zero value is ready.
type lanes struct {
	mu   sync.Mutex
	open map[workflows.Place]*lane
	errs []error        // of lanes that ended, until a step says so
	all  sync.WaitGroup // lanes
}

// lane is what goes to one place, in its order.
type lane struct{ claims []storage.Claim }

// run is what goes out side by side.
type run struct {
	what, platform string
	width          int
	turns          chan struct{} // one of them for each lane, until it ends or is let go
	began          time.Time     // as Ticks has it
	now            time.Time
}

// carryOut makes claimed deliveries, in their order, going on with a run that is under way, and gives the one that is then.
// What it began may go on behind it: see ended.
func (b *Bot) carryOut(ctx context.Context, claims []storage.Claim, now time.Time, r *run) (*run, error) {
	for _, c := range claims {
		width := b.width(c)
		if width == 0 {
			if err := b.ended(r); err != nil {
				return nil, err
			}
			r = nil
			if err := b.carry(ctx, c, now); err != nil {
				return nil, err
			}
			continue
		}
		if r == nil || r.what != c.What || r.platform != c.Place.Platform() {
			if err := b.ended(r); err != nil {
				return nil, err
			}
			r = &run{what: c.What, platform: c.Place.Platform(), width: width, turns: make(chan struct{}, width), now: now}
			if b.Ticks != nil {
				r.began = b.Ticks()
			}
		}
		b.enter(ctx, c, r)
	}
	return r, nil
}

// width is how many of what a claim is one of go out at the same time; 0: it goes alone.
func (b *Bot) width(c storage.Claim) int {
	wide, ok := b.Senders[c.Place.Platform()].(chat.Wide)
	if !ok || c.Kind != workflows.Tell {
		return 0
	}
	return max(1, wide.Width())
}

// enter puts a claim into the lane of its place. Where there is none yet, it waits for a turn to open one.
func (b *Bot) enter(ctx context.Context, c storage.Claim, r *run) {
	if b.lanes.follow(c) {
		return
	}
	r.turns <- struct{}{}
	b.lanes.begin(c)
	leave := sync.OnceFunc(func() { <-r.turns })
	var patience *time.Timer
	if b.LetGo > 0 {
		ctx = context.WithoutCancel(ctx) // it may outlive the step; each send has its own deadline
		patience = time.AfterFunc(b.LetGo, leave)
	}
	go func() {
		defer b.lanes.all.Done()
		defer leave()
		if patience != nil {
			defer patience.Stop()
		}
		b.lanes.close(c.Place, b.goThrough(ctx, c.Place, r))
	}()
}

// goThrough makes what is in a lane until there is no more.
func (b *Bot) goThrough(ctx context.Context, p workflows.Place, r *run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while delivering: %v\n%s", p, debug.Stack())
		}
	}()
	for {
		c, ok := b.lanes.next(p)
		if !ok {
			return nil
		}
		now := r.now
		if b.Ticks != nil {
			now = now.Add(b.Ticks().Sub(r.began)) // what hung is over later than it began
		}
		if err := b.carry(ctx, c, now); err != nil {
			return err
		}
	}
}

// carry makes one delivery, and records how it ended.
func (b *Bot) carry(ctx context.Context, c storage.Claim, now time.Time) error {
	o := b.deliver(ctx, c, now)
	if err := b.Queue.Settle(ctx, c, o); err != nil {
		return fmt.Errorf("settle %s %s: %w", c.What, c.ID, err)
	}
	b.at(Settled, c)
	if b.Beat != nil {
		b.Beat()
	}
	return nil
}

// ended waits until all of a run has ended or was let go, and says what failed since that was asked last.
func (b *Bot) ended(r *run) error {
	if r != nil {
		for range r.width {
			r.turns <- struct{}{}
		}
	}
	return b.lanes.failed()
}

// Finish waits until nothing is on its way to a place any more, or the context ends.
func (b *Bot) Finish(ctx context.Context) error {
	done := make(chan struct{})
	go func() { b.lanes.all.Wait(); close(done) }()
	select {
	case <-done:
		return b.lanes.failed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// follow puts a claim behind what goes to its place already; false: nothing does.
func (l *lanes) follow(c storage.Claim) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.open[c.Place]
	if at == nil {
		return false
	}
	at.claims = append(at.claims, c)
	return true
}

func (l *lanes) begin(c storage.Claim) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[workflows.Place]*lane{}
	}
	l.open[c.Place] = &lane{claims: []storage.Claim{c}}
	l.all.Add(1)
}

// next takes the next claim of a lane; where there is none, the lane is there no more.
func (l *lanes) next(p workflows.Place) (c storage.Claim, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.open[p]
	if len(at.claims) == 0 {
		delete(l.open, p)
		return c, false
	}
	c, at.claims = at.claims[0], at.claims[1:]
	return c, true
}

// close ends a lane. What was in it and was not made stays claimed, and is looked for when that is over.
func (l *lanes) close(p workflows.Place, err error) {
	if err == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, p)
	l.errs = append(l.errs, err)
}

// failed says what failed since it was asked last.
func (l *lanes) failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := errors.Join(l.errs...)
	l.errs = nil
	return err
}
