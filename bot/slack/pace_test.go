package slack

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// limited is a workspace that takes so many posts a second, and so many at once, and says of those over it when to come
// again, in whole seconds.
type limited struct {
	perSecond, burst float64

	mu      sync.Mutex
	tokens  float64
	at      time.Time
	until   time.Time // what it named last, as far as that has arrived
	early   int       // posts that left before that
	refused int
}

// take answers 0, or after how long to come again.
func (l *limited) take(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() {
		l.tokens, l.at = l.burst, now
	}
	l.tokens, l.at = min(l.burst, l.tokens+now.Sub(l.at).Seconds()*l.perSecond), now
	if l.tokens >= 1 {
		l.tokens--
		return 0
	}
	l.refused++
	return time.Duration(math.Ceil((1-l.tokens)/l.perSecond)) * time.Second
}

func (l *limited) leaves(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) {
		l.early++
	}
}

func (l *limited) told(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.until) {
		l.until = until
	}
}

// crowd sends n posts to n channels, 16 at once, and says how long that takes.
func crowd(t *testing.T, p *pacer, l *limited, n int) time.Duration {
	t.Helper()
	begun := time.Now()
	queue := make(chan string, n)
	for i := range n {
		queue <- fmt.Sprint("C", i)
	}
	close(queue)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for channel := range queue {
				for !tried(t, p, l, channel) {
				}
			}
		})
	}
	all.Wait()
	return time.Since(begun)
}

// tried is one attempt as the bot makes it, with its deadline; when it is told to come again it does so then.
func tried(t *testing.T, p *pacer, l *limited, channel string) bool {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	turn, f := p.wait(ctx, time.Now, doPost, channel)
	if f != nil {
		time.Sleep(f.After)
		return false
	}
	l.leaves(time.Now())
	time.Sleep(20 * time.Millisecond) // on its way there
	after := l.take(time.Now())
	time.Sleep(20 * time.Millisecond)
	if after == 0 {
		p.took(turn)
		return true
	}
	again := p.slowed(time.Now(), turn, after)
	l.told(time.Now().Add(after))
	time.Sleep(again)
	return false
}

// TestPaceFindsTheLimit: whatever the workspace takes, telling many takes little longer than it must. One that takes no
// more at once than in half a second loses what passes while Slack holds everything.
func TestPaceFindsTheLimit(t *testing.T) {
	tests := []struct{ perSecond, burst, most float64 }{
		{1, 10, 1.15},
		{2, 4, 1.15},
		{5, 10, 1.15},
		{8, 1, 1.6},
		{8, 4, 1.3},
		{8, 8, 1.15},
		{8, 16, 1.15},
		{8, 60, 1.15},
		{10, 1, 1.6},
		{10, 10, 1.15},
		{15, 15, 1.25}, // it begins at a third of that
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%v a second, %v at once", tt.perSecond, tt.burst), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var p pacer
				l := &limited{perSecond: tt.perSecond, burst: tt.burst}
				const n = 200
				took := crowd(t, &p, l, n).Seconds()
				ideal := (n - l.burst) / l.perSecond
				t.Logf("%.1f s, ideal %.1f s: %.2f; %d refused", took, ideal, took/ideal, l.refused)
				if took/ideal > tt.most {
					t.Errorf("%.2f times the ideal", took/ideal)
				}
				if l.early > 0 {
					t.Errorf("%d posts before the time", l.early)
				}
			})
		})
	}
}

// pacing is a pacer under a clock that a test moves, with a deadline as the bot gives.
func pacing(t *testing.T, body func(t *testing.T, ctx context.Context, p *pacer)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		body(t, ctx, &pacer{})
	})
}

func waited(t *testing.T, ctx context.Context, p *pacer, m method, channel string) (turn, time.Duration) {
	t.Helper()
	begun := time.Now()
	turn, f := p.wait(ctx, time.Now, m, channel)
	if f != nil {
		t.Fatalf("%s in %s: %v", m, channel, f)
	}
	return turn, time.Since(begun)
}

func TestPaceInChannel(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		for i, want := range []time.Duration{0, 0, 0, time.Second, time.Second, time.Second} {
			if _, d := waited(t, ctx, p, doPost, "C1"); d != want {
				t.Errorf("post %d waited %s, want %s", i, d, want)
			}
		}
		if _, d := waited(t, ctx, p, doPost, "C2"); d != 0 {
			t.Errorf("another channel waited %s", d)
		}
		if _, d := waited(t, ctx, p, doUpdate, "C1"); d != 0 {
			t.Errorf("an edit waited %s for posts", d)
		}
	})
}

// TestPaceHolds: after a refusal nothing of that method goes out before the time that Slack named, in any channel.
func TestPaceHolds(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		for _, after := range []time.Duration{time.Second, 1500 * time.Millisecond, 7 * time.Second} {
			turn, _ := waited(t, ctx, p, doPost, "C1")
			if got := p.slowed(time.Now(), turn, after); got != after {
				t.Errorf("slowed for %s, want %s", got, after)
			}
			if _, d := waited(t, ctx, p, doUpdate, "C1"); d != 0 {
				t.Errorf("an edit waited %s for posts", d)
			}
			if _, d := waited(t, ctx, p, doPost, "C2"); d < after {
				t.Errorf("the next post waited %s of %s", d, after)
			}
		}
	})
}

// TestPaceFallsOnce: calls that were under way together and are all refused make the pace slower once.
func TestPaceFallsOnce(t *testing.T) {
	fall := func(t *testing.T, refused int) (after allowance) {
		pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
			var turns []turn
			for i := range 30 {
				turn, _ := waited(t, ctx, p, doPost, fmt.Sprint("C", i))
				p.took(turn)
				turns = append(turns, turn)
			}
			time.Sleep(time.Millisecond)
			for _, turn := range turns[:refused] {
				p.slowed(time.Now(), turn, time.Second)
			}
			l := p.lanes[doPost].limit
			after = allowance{l.Limit(), l.Burst()}
		})
		return after
	}
	once, often := fall(t, 1), fall(t, 12)
	if once != often {
		t.Errorf("after one refusal %v, after twelve at once %v", once, often)
	}
	if none := fall(t, 0); once.rate >= none.rate {
		t.Errorf("%v after a refusal, %v without", once, none)
	}
}

// TestPaceHoldsThoseWhoWait: who has a turn already when another is refused waits again.
func TestPaceHoldsThoseWhoWait(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		var last turn
		for i := range postBurst {
			last, _ = waited(t, ctx, p, doPost, fmt.Sprint("C", i))
		}
		begun := time.Now()
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				if _, f := p.wait(ctx, time.Now, doPost, fmt.Sprint("D", i)); f != nil {
					t.Error(f)
				}
				if d := time.Since(begun); d < 5*time.Second {
					t.Errorf("a post went out after %s", d)
				}
			})
		}
		synctest.Wait()
		p.slowed(time.Now(), last, 5*time.Second)
		all.Wait()
	})
}

// TestPaceSendsAway: who would have to wait too long is told when to come again, and takes nobody's turn.
func TestPaceSendsAway(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		turn, _ := waited(t, ctx, p, doPost, "C1")
		p.slowed(time.Now(), turn, time.Minute)
		begun := time.Now()
		for range 20 {
			_, f := p.wait(ctx, time.Now, doPost, "C1")
			if f == nil || f.Verdict != chat.Retry || !f.Paced || f.After != time.Minute {
				t.Fatalf("got %v, after %s", f, f.After)
			}
		}
		if d := time.Since(begun); d != 0 {
			t.Errorf("it took %s", d)
		}
		time.Sleep(time.Minute)
		if _, d := waited(t, t.Context(), p, doPost, "C1"); d != 0 {
			t.Errorf("then it waited %s", d)
		}
	})
}

func TestPaceEndsWithItsContext(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		turn, _ := waited(t, ctx, p, doPost, "C1")
		p.slowed(time.Now(), turn, 5*time.Second)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if _, f := p.wait(short, time.Now, doPost, "C1"); f == nil || f.Verdict != chat.Retry || !errors.Is(f, context.DeadlineExceeded) {
			t.Errorf("got %v", f)
		}
	})
}

// TestPaceUnsaid: a refusal that does not say until when is given more time each time, up to a bound.
func TestPaceUnsaid(t *testing.T) {
	pacing(t, func(t *testing.T, _ context.Context, p *pacer) {
		for _, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 10 * time.Minute, 10 * time.Minute} {
			turn, _ := waited(t, t.Context(), p, doPost, "C1")
			if got := p.slowed(time.Now(), turn, 0); got != want {
				t.Errorf("held for %s, want %s", got, want)
			}
		}
		turn, _ := waited(t, t.Context(), p, doPost, "C1")
		p.took(turn)
		turn, _ = waited(t, t.Context(), p, doPost, "C1")
		if got := p.slowed(time.Now(), turn, 0); got != 30*time.Second {
			t.Errorf("after one that went through: %s", got)
		}
		if got := p.slowed(time.Now(), turn, 40*time.Hour); got != 10*time.Minute {
			t.Errorf("in years: %s", got)
		}
	})
}

// TestPaceWithAFrozenClock: a clock that stands still makes nobody wait for ever.
func TestPaceWithAFrozenClock(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		frozen := newClock()
		turn, f := p.wait(ctx, frozen.Now, doPost, "C1")
		if f != nil {
			t.Fatal(f)
		}
		p.slowed(frozen.Now(), turn, 2*time.Second)
		begun := time.Now()
		if _, f := p.wait(ctx, frozen.Now, doPost, "C2"); f != nil || time.Since(begun) < 2*time.Second {
			t.Errorf("%v after %s", f, time.Since(begun))
		}
	})
}

// TestPaceForgets: channels that nothing is posted in do not add up.
func TestPaceForgets(t *testing.T) {
	var p pacer
	c := newClock()
	for i := range 10_000 {
		p.inChannel(c.Now(), fmt.Sprint("C", i))
		c.Pass(time.Second)
	}
	if n := len(p.channels); n > 1100 {
		t.Errorf("%d channels are kept", n)
	}
}
