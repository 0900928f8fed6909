package listen

import (
	"context"
	"log/slog"
	"time"
)

// Work is what was taken and is being carried out behind its acknowledgement. A zero one with a log is ready.
type Work struct {
	Flights
	Log *slog.Logger
}

// Within does work behind, and gives what came of it if that is there soon enough for the acknowledgement; if not, late
// gets it. It leaves a place that was entered.
func Within[T any](ctx context.Context, w *Work, soon time.Duration, work func(context.Context) T, late func(context.Context, T)) (T, bool) {
	done, gone := make(chan T), make(chan struct{})
	w.Carry(ctx, func(ctx context.Context) {
		out := work(ctx)
		select {
		case done <- out:
		case <-gone:
			late(ctx, out)
		}
	})
	timer := time.NewTimer(soon)
	defer timer.Stop()
	select {
	case out := <-done:
		return out, true
	case <-timer.C:
		close(gone)
		var none T
		return none, false
	}
}

// Behind does what nobody waits for.
func (w *Work) Behind(ctx context.Context, work func(context.Context)) {
	w.Enter(0)
	w.Carry(ctx, work)
}

// Carry does work behind, in a place that was entered. What breaks there breaks nothing else, and whoever asked may go.
func (w *Work) Carry(ctx context.Context, work func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), AnswerFor)
	go func() {
		defer w.Leave()
		defer cancel()
		_ = Guard(ctx, w.Log, "answering", func() { work(ctx) }) // logged
	}()
}
