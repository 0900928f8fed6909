package github

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// looker remembers the looks that were made.
type looker struct {
	mu    sync.Mutex
	began time.Time
	at    map[string][]time.Duration // since it began
	under map[string]bool
	takes time.Duration
	fails func(forge string, n int) error
	twice bool // two looks at one repository at a time
	most  int  // looks under way at a time
}

func (l *looker) look(ctx context.Context, forge string) error {
	l.mu.Lock()
	l.twice = l.twice || l.under[forge]
	l.under[forge] = true
	under := 0
	for _, u := range l.under {
		if u {
			under++
		}
	}
	l.most = max(l.most, under)
	l.at[forge] = append(l.at[forge], time.Since(l.began))
	n := len(l.at[forge])
	l.mu.Unlock()
	select {
	case <-time.After(l.takes):
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.under[forge] = false
	if l.fails != nil {
		return l.fails(forge, n)
	}
	return ctx.Err()
}

func (l *looker) times(forge string) []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.at[forge])
}

// rounding runs rounds in a bubble of time; log gives what was logged.
func rounding(t *testing.T, l *looker, forges func() []string, f func(d *Door, r *Rounds, log *bytes.Buffer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		l.began, l.at, l.under = time.Now(), map[string][]time.Duration{}, map[string]bool{}
		d := door("acme/app", "acme/lib")
		r := &Rounds{Forges: forges, Look: l.look, Door: d, Ticks: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil))}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()
		synctest.Wait()
		f(d, r, &log)
		cancel()
		<-done
		if l.twice || l.most > maxLooks {
			t.Errorf("two looks at one repository at a time: %v; %d at once", l.twice, l.most)
		}
	})
}

func app() []string { return []string{"Acme/App"} }

// TestRoundsKnocked: a knock leads to a look soon, many to few, and one that comes during a look to another after it.
func TestRoundsKnocked(t *testing.T) {
	l := &looker{takes: 3 * time.Second}
	rounding(t, l, app, func(d *Door, _ *Rounds, _ *bytes.Buffer) {
		time.Sleep(time.Minute) // the first look is long over
		for range 100 {
			d.knock("acme/app")
		}
		time.Sleep(2 * time.Second) // it is under way
		d.knock("acme/app")
		d.knock("acme/app")
		time.Sleep(time.Minute)
		for range 60 { // once a second
			d.knock("acme/app")
			time.Sleep(time.Second)
		}
		got := l.times("Acme/App")
		if len(got) < 3 || got[0] != 0 || got[1] != time.Minute+settle || got[2] != time.Minute+settle+3*time.Second+gap {
			t.Fatalf("looks at %v", got)
		}
		if more := len(got) - 3; more < 6 || more > 9 { // each takes three seconds, and five pass between
			t.Errorf("%d looks in a minute of knocks: %v", more, got[3:])
		}
	})
}

// TestRoundsUnknocked: what no knock tells of is found all the same; a repository that is configured later too, and one
// that is no more is left alone.
func TestRoundsUnknocked(t *testing.T) {
	l := &looker{}
	forges := []string{"Acme/App"}
	var mu sync.Mutex
	rounding(t, l, func() []string { mu.Lock(); defer mu.Unlock(); return forges }, func(*Door, *Rounds, *bytes.Buffer) {
		time.Sleep(time.Hour)
		got := l.times("Acme/App")
		if n := len(got); n < 10 || n > 16 {
			t.Errorf("%d looks in an hour", n)
		}
		for i := 1; i < len(got); i++ {
			if d := got[i] - got[i-1]; d < round*3/4 || d > round*5/4 {
				t.Errorf("a look after %v", d)
			}
		}
		mu.Lock()
		forges = []string{"acme/lib"}
		mu.Unlock()
		time.Sleep(time.Hour)
		if more := len(l.times("Acme/App")) - len(got); more > 1 {
			t.Errorf("%d looks at what is not configured any more", more)
		}
		if len(l.times("acme/lib")) < 9 {
			t.Errorf("looks at the new one: %v", l.times("acme/lib"))
		}
	})
}

// TestRoundsFailing: what fails is tried again, later and later, whoever knocks; it is said once, and shows in the health.
func TestRoundsFailing(t *testing.T) {
	broken := true
	var mu sync.Mutex
	l := &looker{fails: func(forge string, _ int) error {
		mu.Lock()
		defer mu.Unlock()
		if broken && forge == "Acme/App" {
			return errors.New("GitHub cannot be reached")
		}
		return nil
	}}
	rounding(t, l, func() []string { return []string{"Acme/App", "acme/lib"} }, func(d *Door, r *Rounds, log *bytes.Buffer) {
		for range 14 * 60 {
			d.knock("acme/app")
			time.Sleep(time.Second)
		}
		if err := r.Health(); err != nil {
			t.Errorf("after 14 minutes: %v", err)
		}
		if err := r.Warnings(); err == nil || !strings.Contains(err.Error(), "Acme/App") || !strings.Contains(err.Error(), "cannot be reached") {
			t.Errorf("warnings: %v", err)
		}
		time.Sleep(2 * time.Minute)
		if err := r.Health(); err == nil || !strings.Contains(err.Error(), "Acme/App") {
			t.Errorf("after 16 minutes: %v", err)
		}
		if n := len(l.times("Acme/App")); n < 5 || n > 13 {
			t.Errorf("%d tries", n)
		}
		mu.Lock()
		broken = false
		mu.Unlock()
		time.Sleep(2 * round)
		if err := errors.Join(r.Health(), r.Warnings()); err != nil {
			t.Errorf("mended: %v", err)
		}
		if n := strings.Count(log.String(), "could not be looked at"); n != 1 || strings.Count(log.String(), "can be looked at again") != 1 {
			t.Errorf("logged %d times:\n%s", n, log)
		}
	})
}

// TestRoundsAtTheirPace: who is told to wait waits, also when there is a knock.
func TestRoundsAtTheirPace(t *testing.T) {
	l := &looker{fails: func(_ string, n int) error {
		if n == 1 {
			return &workflows.Away{Who: "GitHub", After: 40 * time.Minute, Err: errors.New("its limit is reached")}
		}
		return nil
	}}
	rounding(t, l, app, func(d *Door, _ *Rounds, _ *bytes.Buffer) {
		for range 50 {
			d.knock("acme/app")
			time.Sleep(time.Minute)
		}
		if got := l.times("Acme/App"); len(got) < 2 || got[1] != 40*time.Minute {
			t.Errorf("looks at %v", got)
		}
	})
}

// TestRoundsHanging: one that hangs keeps no other waiting, and ends; one that breaks ends nothing.
func TestRoundsHanging(t *testing.T) {
	l := &looker{fails: func(forge string, n int) error {
		if forge == "acme/lib" && n == 1 {
			panic("a mistake of ours")
		}
		return nil
	}}
	hang := func(ctx context.Context, forge string) error {
		if forge == "Acme/App" {
			<-ctx.Done()
			return ctx.Err()
		}
		return l.look(ctx, forge)
	}
	synctest.Test(t, func(t *testing.T) {
		l.began, l.at, l.under = time.Now(), map[string][]time.Duration{}, map[string]bool{}
		r := &Rounds{Forges: func() []string { return []string{"Acme/App", "acme/lib"} }, Look: hang, Ticks: time.Now, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()
		time.Sleep(time.Hour)
		if n := len(l.times("acme/lib")); n < 10 {
			t.Errorf("%d looks at the other", n)
		}
		if err := r.Health(); err == nil {
			t.Error("a repository that hangs is called well")
		}
		cancel()
		<-done // goleak: nothing stays behind
	})
}
