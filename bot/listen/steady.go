package listen

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"
)

// Rest waits, or until the context ends or one of the channels has something.
func Rest(ctx context.Context, d time.Duration, also ...<-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	var first, second <-chan struct{}
	if len(also) > 0 {
		first = also[0]
	}
	if len(also) > 1 {
		second = also[1]
	}
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-first:
	case <-second:
	}
}

// Backoff is how long to wait before the try after so many failed ones: doubled each time, and spread so that those who
// failed together do not come back together.
func Backoff(first, longest time.Duration, failed int) time.Duration {
	return Jitter(min(first<<min(max(failed-1, 0), 16), longest))
}

// Jitter gives between three quarters and five quarters of a time.
func Jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return d*3/4 + rand.N(d/2+1)
}

// Keep runs f for as long as the context lasts, with a pause between. A panic ends neither the process nor what f is for.
func Keep(ctx context.Context, log *slog.Logger, what string, pause time.Duration, f func(context.Context)) {
	for ctx.Err() == nil {
		_ = Guard(ctx, log, what, func() { f(ctx) }) // logged
		Rest(ctx, pause)
	}
}

// Guard runs f. A panic of it is logged, and given as an error.
func Guard(ctx context.Context, log *slog.Logger, what string, f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v", what, p)
			log.ErrorContext(ctx, "panic", "in", what, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	f()
	return nil
}
