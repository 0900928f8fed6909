package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

const (
	maxSleep = time.Minute           // timers stand still while a machine sleeps: look at the clock this often
	minSleep = 10 * time.Millisecond // between two steps, whatever they say
	maxAge   = 90 * time.Second      // of the last step of a loop that is well
	maxPause = 30 * time.Second      // after failures
	grace    = 10 * time.Second      // for the delivery that is under way when the loop is to end
)

// Loop steps whenever something may be due, for as long as its context lasts. Neither an error nor a panic ends it: it
// says so, waits a while, and tries again.
type Loop struct {
	Step  func(context.Context) (next time.Time, waiting bool, err error)
	Moved func() <-chan struct{} // closed when something new may be due
	Now   func() time.Time       // the clock that next goes by
	Ticks func() time.Time       // one that never stands still, to tell whether steps end; nil: Now
	Log   *slog.Logger

	mu     sync.Mutex
	last   time.Time // when a step ended last
	failed error     // of the last step
	tries  int       // how many failed in a row
}

// Run steps until the context ends. A step that is under way then has ten seconds to end by itself.
func (l *Loop) Run(ctx context.Context) {
	longer, cancel := Outlive(ctx)
	defer cancel()
	l.note(nil)
	for ctx.Err() == nil {
		moved := l.Moved()
		next, waiting, err := l.step(longer)
		pause := maxSleep
		if waiting {
			pause = min(max(next.Sub(l.Now()), minSleep), maxSleep)
		}
		if tries := l.note(err); err != nil {
			pause, moved = min(backoff(tries-1), maxPause), nil
			l.Log.ErrorContext(ctx, "delivering failed", "error", err, "tries", tries, "again_in", pause.String())
		}
		rest(ctx, pause, moved)
	}
}

// rest waits until a time has passed, something moved, or the context ends.
func rest(ctx context.Context, pause time.Duration, moved <-chan struct{}) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-moved:
	}
}

func (l *Loop) step(ctx context.Context) (next time.Time, waiting bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while delivering: %v\n%s", p, debug.Stack())
		}
	}()
	return l.Step(ctx)
}

// note keeps how a step ended, and gives how many failed in a row.
func (l *Loop) note(err error) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.failed = l.ticks(), err
	if l.tries++; err == nil {
		l.tries = 0
	}
	return l.tries
}

// Beat says that a step gets on, however long it takes as a whole.
func (l *Loop) Beat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = l.ticks()
}

// Health is why the loop is not well: its last step failed, or none ended for long. Nil: it is.
func (l *Loop) Health() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch age := l.ticks().Sub(l.last); {
	case l.failed != nil:
		return fmt.Errorf("delivering failed %d times in a row: %w", l.tries, l.failed)
	case l.last.IsZero():
		return errors.New("delivering has not begun")
	case age > maxAge:
		return fmt.Errorf("the last step ended %s ago", age.Round(time.Second))
	}
	return nil
}

func (l *Loop) ticks() time.Time {
	if l.Ticks != nil {
		return l.Ticks()
	}
	return l.Now()
}

// Outlive gives a context that ends ten seconds after ctx does, for a delivery that is under way when whoever asked for
// it has gone.
func Outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		rest(longer, grace, nil)
		cancel()
	})
	return longer, func() { unhook(); cancel() }
}
