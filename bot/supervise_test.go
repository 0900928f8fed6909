package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// stage is a loop with its surroundings in hand.
type stage struct {
	Loop
	steps []time.Time
	moved chan struct{}
	log   strings.Builder
	next  func() (time.Time, bool, error)
}

func newStage(next func() (time.Time, bool, error)) *stage {
	s := &stage{moved: make(chan struct{}, 1), next: next}
	s.Now, s.Moved = time.Now, func() <-chan struct{} { return s.moved }
	s.Log = slog.New(slog.NewTextHandler(&s.log, nil))
	s.Step = func(context.Context) (time.Time, bool, error) {
		s.steps = append(s.steps, time.Now())
		return s.next()
	}
	return s
}

// run lets the loop run for a while and gives how long after its start it stepped.
func (s *stage) run(t *testing.T, d time.Duration) (after []time.Duration) {
	t.Helper()
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	s.Run(ctx)
	for _, at := range s.steps {
		after = append(after, at.Sub(start))
	}
	return after
}

func same(got []time.Duration, want ...time.Duration) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range want {
		if got[i] != want[i] {
			return false
		}
	}
	return true
}

// TestLoopWakes by the next due time, by what moves, and every minute whatever happens.
func TestLoopWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		due := time.Now().Add(20 * time.Second)
		s := newStage(func() (time.Time, bool, error) { return due, time.Now().Before(due), nil })
		go func() { time.Sleep(100 * time.Second); s.moved <- struct{}{} }()
		if got := s.run(t, 170*time.Second); !same(got, 0, 20*time.Second, 80*time.Second, 100*time.Second, 160*time.Second) {
			t.Errorf("stepped after %v", got)
		}
	})
}

// TestLoopLooksAtTheClock every minute, also when nothing is due for long: timers stand still while a machine sleeps.
func TestLoopLooksAtTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far := time.Now().Add(24 * time.Hour)
		s := newStage(func() (time.Time, bool, error) { return far, true, nil })
		if got := s.run(t, 130*time.Second); !same(got, 0, time.Minute, 2*time.Minute) {
			t.Errorf("stepped after %v", got)
		}
	})
}

// TestLoopOutlivesFailures: an error and a panic make it red and slow, and what moves does not hurry it; one good step
// makes it well again.
func TestLoopOutlivesFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := newStage(func() (time.Time, bool, error) {
			switch n++; {
			case n == 2:
				panic("a template")
			case n < 8:
				return time.Time{}, false, errors.New("no luck")
			}
			return time.Time{}, false, nil
		})
		s.moved <- struct{}{}
		sick := make(chan error, 1)
		go func() { time.Sleep(2 * time.Second); sick <- s.Health() }()
		got := s.run(t, 100*time.Second)
		red, sec := <-sick, time.Second
		if !same(got, 0, sec, 3*sec, 7*sec, 15*sec, 31*sec, 61*sec, 91*sec) && !same(got, 0, sec, 3*sec, 7*sec, 15*sec, 31*sec, 61*sec, 91*sec, 91*sec) {
			t.Errorf("stepped after %v", got)
		}
		if red == nil || !strings.Contains(red.Error(), "2 times in a row: panic while delivering: a template") {
			t.Errorf("after the panic its health is %v", red)
		}
		if err := s.Health(); err != nil {
			t.Errorf("in the end its health is %v", err)
		}
		if n := strings.Count(s.log.String(), "delivering failed"); n != 7 {
			t.Errorf("the log speaks of %d failures:\n%s", n, s.log.String())
		}
	})
}

// TestLoopThatHangs turns red after a minute and a half, and before it began.
func TestLoopThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := newStage(func() (time.Time, bool, error) { <-release; return time.Time{}, false, nil })
		if s.Health() == nil {
			t.Error("it is well before it began")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { s.Run(ctx); close(done) }()
		time.Sleep(90 * time.Second)
		if err := s.Health(); err != nil {
			t.Errorf("after 90 s: %v", err)
		}
		time.Sleep(time.Second)
		if err := s.Health(); err == nil || !strings.Contains(err.Error(), "1m31s ago") {
			t.Errorf("after 91 s: %v", err)
		}
		close(release)
		cancel()
		<-done
	})
}

// TestLoopLetsAStepEnd: one that is under way at the end goes on, for ten seconds at most.
func TestLoopLetsAStepEnd(t *testing.T) {
	for _, takes := range []time.Duration{4 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			var cut error
			s := newStage(nil)
			s.Step = func(ctx context.Context) (time.Time, bool, error) {
				rest(ctx, 5*time.Second+takes, nil)
				cut = ctx.Err()
				return time.Time{}, false, nil
			}
			start := time.Now()
			s.run(t, 5*time.Second)
			took := time.Since(start) - 5*time.Second
			if want := min(takes, grace); took != want || (cut != nil) != (takes > grace) {
				t.Errorf("a step that takes %v more was cut off with %v after %v", takes, cut, took)
			}
		})
	}
}

// TestHealthWhileTheClockStands: a clock that waits for the time of the ledger hides no loop that hangs.
func TestHealthWhileTheClockStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := make(chan struct{})
		s := newStage(func() (time.Time, bool, error) { <-hangs; return time.Time{}, false, nil })
		stands := time.Now()
		s.Now, s.Ticks = func() time.Time { return stands }, time.Now
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go s.Run(ctx)
		synctest.Wait()
		if err := s.Health(); err != nil {
			t.Error(err)
		}
		for range 4 { // a step that takes long, for it makes many deliveries
			time.Sleep(80 * time.Second)
			s.Beat()
		}
		if err := s.Health(); err != nil {
			t.Errorf("a step that gets on: %v", err)
		}
		time.Sleep(2 * time.Minute)
		if err := s.Health(); err == nil {
			t.Error("a loop that hangs is well")
		}
		close(hangs)
		synctest.Wait()
	})
}
