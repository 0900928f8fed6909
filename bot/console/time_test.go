package console

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

func TestWaitStepsFromDueTimeToDueTime(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	start := r.clock.Now()
	var at []time.Time
	r.opts.Step = func(ctx context.Context) (time.Time, bool, error) {
		at = append(at, r.clock.Now())
		return r.step(ctx)
	}
	got := r.run(t, "remind 3h\nremind 30h\nremind 1h\n!wait 1d2h\n!wait 4h\n")
	want := "will do\nwill do\nwill do\n#general: reminder after 1h\n#general: reminder after 3h\nTuesday 2026-01-06 11:00 UTC\n" +
		"#general: reminder after 30h\nTuesday 2026-01-06 15:00 UTC\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	seen := map[time.Duration]bool{}
	for _, a := range at {
		seen[a.Sub(start)] = true
	}
	for _, d := range []time.Duration{0, time.Hour, 3 * time.Hour, 26 * time.Hour, 30 * time.Hour} {
		if !seen[d] {
			t.Errorf("did not step after %v", d)
		}
	}
	if len(seen) != 5 {
		t.Errorf("stepped at %v", at)
	}
}

func TestWhatDoesNotSettleIsNotWaitedForForever(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	r.stuck = true
	r.run(t, "hello\n!wait 10m\n")
	if r.steps < 12*maxPasses || r.steps > 20*maxPasses {
		t.Errorf("%d steps", r.steps)
	}
}

func TestRealTimeCannotBeMoved(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	r.clock = RealClock(time.Now)
	r.opts.Clock = r.clock
	if got, want := r.run(t, "!wait 1h\n"), "not_simulated: only simulated time can be moved → readyroom console --clock simulated\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What comes due while a line is awaited is delivered then, on a line of its own before a new prompt.
func TestDeliversWhileWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, path)
		r.clock = RealClock(time.Now)
		in, typing := io.Pipe()
		r.opts.Clock, r.opts.In, r.opts.Terminal = r.clock, in, true
		done := make(chan error, 1)
		go func() {
			_, err := New(r.opts).Run(t.Context())
			done <- err
		}()
		if _, err := io.WriteString(typing, "remind 10m\n"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(9 * time.Minute)
		synctest.Wait()
		if got := r.out.String(); got != "> will do\n> " {
			t.Errorf("before it is due: %q", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := r.out.String(); got != "> will do\n> \n#general: reminder after 10m\n> " {
			t.Errorf("when it is due: %q", got)
		}
		if err := typing.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if got := r.out.String(); !strings.HasSuffix(got, "> \n") {
			t.Errorf("the end of the input leaves the cursor behind the prompt: %q", got)
		}
	})
}

func TestWaitEndsWithTheContext(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	ctx, cancel := context.WithCancel(t.Context())
	r.opts.In = strings.NewReader("!wait 100d\n")
	r.opts.Step = func(context.Context) (time.Time, bool, error) {
		if r.steps++; r.steps == 10 {
			cancel()
		}
		return r.clock.Now().Add(time.Hour), true, nil
	}
	if _, err := New(r.opts).Run(ctx); !errors.Is(err, context.Canceled) || r.steps != 10 {
		t.Errorf("%v after %d steps", err, r.steps)
	}
}

func TestSimulatedTimeStandsStill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, path)
		in, typing := io.Pipe()
		r.opts.In = in
		done := make(chan error, 1)
		go func() {
			_, err := New(r.opts).Run(t.Context())
			done <- err
		}()
		if _, err := io.WriteString(typing, "remind 10m\n"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if err := typing.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil || r.steps != 2 {
			t.Errorf("%d steps, %v", r.steps, err)
		}
	})
}

// A sleeping machine stops timers, not time: the clock is looked at every minute.
func TestNoticesThatTheClockJumped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, path)
		var jump atomic.Int64
		r.clock = RealClock(func() time.Time { return time.Now().Add(time.Duration(jump.Load())) })
		in, typing := io.Pipe()
		r.opts.Clock, r.opts.In = r.clock, in
		r.post(r.clock.Now().Add(8*time.Hour), chat.Post{Key: "k", Place: "console/#general", Message: chat.Message{Title: "morning"}})
		done := make(chan error, 1)
		go func() {
			_, err := New(r.opts).Run(t.Context())
			done <- err
		}()
		synctest.Wait()
		jump.Store(int64(9 * time.Hour))
		time.Sleep(maxSleep)
		synctest.Wait()
		if got := r.out.String(); got != "#general: morning\n" {
			t.Errorf("a minute after the jump: %q", got)
		}
		if err := typing.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// The bubble of synctest fails the test if the reading goroutine stays.
func TestLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	ends := map[string]struct {
		typed  string
		cancel bool
		want   error
	}{
		"quit":    {typed: "hello\n!quit\n"},
		"context": {typed: "hello\n", cancel: true, want: context.Canceled},
	}
	for name, end := range ends {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, filepath.Join(dir, name))
			in, typing := io.Pipe()
			r.opts.In = in
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := New(r.opts).Run(ctx)
				done <- err
			}()
			if _, err := io.WriteString(typing, end.typed); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if end.cancel {
				cancel()
			}
			if err := <-done; !errors.Is(err, end.want) {
				t.Errorf("%s: %v", name, err)
			}
			if len(r.got) != 1 {
				t.Errorf("%s: %d requests", name, len(r.got))
			}
		})
	}
}

func TestParseClock(t *testing.T) {
	later := SimulatedStart().Add(100 * time.Hour)
	tests := []struct {
		text      string
		notBefore time.Time
		want      string // empty: refused
	}{
		{"simulated", time.Time{}, "2026-01-05T09:00:00Z"},
		{"simulated", later, "2026-01-09T13:00:00Z"},
		{"simulated=2026-03-01T10:00:00+02:00", time.Time{}, "2026-03-01T08:00:00Z"},
		{"simulated=2026-03-01 10:00", later, "2026-03-01T10:00:00Z"},
		{"simulated=2026-03-01", time.Time{}, "2026-03-01T00:00:00Z"},
		{"simulated=2026-01-01", later, "2026-01-09T13:00:00Z"},
		{"real", later, "real"},
		{"", later, "real"},
		{"simulated=", later, ""},
		{"simulated=noon", later, ""},
		{"real=noon", later, ""},
		{"=noon", later, ""},
		{"fast", later, ""},
	}
	for _, tt := range tests {
		c, err := ParseClock(tt.text, tt.notBefore, time.Now)
		got := ""
		switch {
		case err == nil && c.Simulated():
			got = c.Now().Format(time.RFC3339)
		case err == nil:
			got = "real"
		}
		if got != tt.want {
			t.Errorf("ParseClock(%q, %v) = %q, %v; want %q", tt.text, tt.notBefore, got, err, tt.want)
		}
	}
}

func TestSimulatedTimeNeverGoesBack(t *testing.T) {
	c := SimulatedClock(SimulatedStart())
	c.Set(SimulatedStart().Add(-time.Hour))
	if !c.Now().Equal(SimulatedStart()) {
		t.Errorf("went back to %v", c.Now())
	}
	c.Set(SimulatedStart().Add(time.Hour))
	if !c.Now().Equal(SimulatedStart().Add(time.Hour)) {
		t.Errorf("stands at %v", c.Now())
	}
}

// A prompt says who types and where as soon as that is not how the console began.
func TestPromptSaysWhere(t *testing.T) {
	c := New(Options{Person: "you", Channel: "#general", Out: io.Discard})
	if got := c.screen.where(); got != "" {
		t.Errorf("at first %q", got)
	}
	c.Person, c.Channel = "ana", "#app"
	if got := c.screen.where(); got != "@ana #app " {
		t.Errorf("after a move %q", got)
	}
}
