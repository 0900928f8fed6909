package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// limited is a Discord that takes so many of a channel's posts in a span, and so many of all in a second, as it counts:
// in windows that begin with the first call.
type limited struct {
	channel, all int
	span         time.Duration
	mute         bool // it does not say what is left

	mu      sync.Mutex
	windows map[string]*span
	refused int
	served  []string
}

type span struct {
	left int
	ends time.Time
}

// take counts a call where it arrives.
func (l *limited) take(key string, n int, long time.Duration) *span {
	w := l.windows[key]
	if now := time.Now(); w == nil || !now.Before(w.ends) {
		w = &span{left: n, ends: now.Add(long)}
		l.windows[key] = w
	}
	w.left--
	return w
}

// answer is how Discord answers a call.
func (l *limited) answer(channel string) *exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows == nil {
		l.windows = map[string]*span{}
	}
	if w := l.take("", l.all, time.Second); w.left < 0 {
		return l.refuses(w, "global")
	}
	w := l.take(channel, l.channel, l.span)
	if w.left < 0 {
		return l.refuses(w, "user")
	}
	l.served = append(l.served, channel)
	x := &exchange{status: 200, header: http.Header{}}
	if !l.mute {
		x.header.Set("X-RateLimit-Bucket", "messages")
		x.header.Set("X-RateLimit-Limit", strconv.Itoa(l.channel))
		x.header.Set("X-RateLimit-Remaining", strconv.Itoa(w.left))
		x.header.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", time.Until(w.ends).Seconds()))
	}
	return x
}

func (l *limited) refuses(w *span, scope string) *exchange {
	l.refused++
	return tooMany(time.Until(w.ends), scope)
}

// tooMany is a 429, whose header is wrong.
func tooMany(after time.Duration, scope string) *exchange {
	return &exchange{
		status: 429, header: http.Header{"X-Ratelimit-Scope": {scope}, "Retry-After": {"1"}},
		body: fmt.Appendf(nil, `{"message":"slow down","retry_after":%f,"global":%v}`, after.Seconds(), scope == "global"),
	}
}

func postIn(channel string) request {
	return request{method: "POST", path: "/channels/" + channel + "/messages"}
}

func channelNo(i int) string { return strconv.Itoa(1_000_000 + i) }

// pacing is a pacer under a clock that a test moves, with a deadline as the bot gives.
func pacing(t *testing.T, body func(t *testing.T, ctx context.Context, p *pacer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		body(t, ctx, &pacer{})
	})
}

// crowd makes calls, several at once, as the bot does: who is told to come again later does.
func crowd(t *testing.T, p *pacer, l *limited, calls []string, width int) time.Duration {
	t.Helper()
	begun := time.Now()
	queue := make(chan string, len(calls))
	for _, c := range calls {
		queue <- c
	}
	close(queue)
	var all sync.WaitGroup
	for range width {
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

func tried(t *testing.T, p *pacer, l *limited, channel string) bool {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	turn, f := p.wait(ctx, time.Now, postIn(channel))
	if f != nil {
		time.Sleep(f.After)
		return false
	}
	time.Sleep(50 * time.Millisecond) // on its way there
	x := l.answer(channel)
	time.Sleep(50 * time.Millisecond)
	p.answered(time.Now(), turn, x)
	return x.status == 200
}

// TestPaceOfAll: many channels are told at Discord's own pace, and nothing is refused.
func TestPaceOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		l := &limited{channel: 5, span: 5 * time.Second, all: 50}
		var calls []string
		for i := range 200 {
			calls = append(calls, channelNo(i))
		}
		took := crowd(t, &p, l, calls, 16)
		t.Logf("%s, %d refused", took, l.refused)
		if l.refused > 0 || took > 4*time.Second*115/100 {
			t.Errorf("it took %s, %d were refused", took, l.refused)
		}
	})
}

// TestPaceInChannel: a channel takes what Discord says, and until then what is published; nobody is refused.
func TestPaceInChannel(t *testing.T) {
	for _, tt := range []struct {
		name     string
		n        int
		span     time.Duration
		mute     bool
		width    int
		ideal    time.Duration
		refusals int
	}{
		{"as published", 5, 5 * time.Second, false, 1, 20 * time.Second, 0},
		{"as published, at once", 5, 5 * time.Second, false, 8, 20 * time.Second, 0},
		{"without a word", 5, 5 * time.Second, true, 1, 20 * time.Second, 0},
		{"more", 10, 2 * time.Second, false, 1, 5 * time.Second, 0},
		{"less", 2, 5 * time.Second, false, 1, 60 * time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var p pacer
				l := &limited{channel: tt.n, span: tt.span, all: 50, mute: tt.mute}
				var calls []string
				for range 25 {
					calls = append(calls, channelNo(1))
				}
				took := crowd(t, &p, l, calls, tt.width)
				t.Logf("%s of %s, %d refused", took, tt.ideal, l.refused)
				if l.refused > tt.refusals || took > tt.ideal*3/2+time.Second {
					t.Errorf("it took %s, %d were refused", took, l.refused)
				}
			})
		})
	}
}

// TestPaceIsFair: a channel with much to say does not keep the others waiting.
func TestPaceIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		l := &limited{channel: 1000, span: time.Second, all: 50}
		var all sync.WaitGroup
		for range 300 {
			all.Go(func() {
				for !tried(t, &p, l, channelNo(1)) {
				}
			})
		}
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		begun := time.Now()
		for !tried(t, &p, l, channelNo(2)) {
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("the other channel waited %s", took)
		}
		all.Wait()
	})
}

func waited(t *testing.T, ctx context.Context, p *pacer, r request) (turn, time.Duration) {
	t.Helper()
	begun := time.Now()
	turn, f := p.wait(ctx, time.Now, r)
	if f != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, f)
	}
	return turn, time.Since(begun)
}

// TestPaceHolds: after a 429 nothing of that bucket goes out before the time that its body named, and after a global one
// nothing at all, but answers to people.
func TestPaceHolds(t *testing.T) {
	const after = 7 * time.Second
	edit := request{method: "PATCH", path: "/channels/" + channelNo(1) + "/messages/1234567"}
	other := request{method: "PATCH", path: "/channels/" + channelNo(1) + "/messages/1234568"}
	asked := request{method: "POST", path: "/webhooks/1234567/token", asked: true}
	alone := tooMany(after, "user")
	alone.body = fmt.Appendf(nil, `{"message":"slow down","code":30046,"retry_after":%f}`, after.Seconds())
	tests := []struct {
		name        string
		of          request
		answer      *exchange
		held, freed []request
	}{
		{"bucket", postIn(channelNo(1)), tooMany(after, "user"), []request{postIn(channelNo(1))}, []request{postIn(channelNo(2)), edit, asked}},
		{"shared", postIn(channelNo(1)), tooMany(after, "shared"), []request{postIn(channelNo(1))}, []request{postIn(channelNo(2)), edit, asked}},
		{"global", postIn(channelNo(1)), tooMany(after, "global"), []request{postIn(channelNo(1)), postIn(channelNo(2)), edit}, []request{asked}},
		{"one message", edit, alone, []request{edit}, []request{other, postIn(channelNo(1)), asked}},
		{"asked", asked, tooMany(after, "user"), []request{asked}, []request{postIn(channelNo(1))}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
				turn, _ := waited(t, ctx, p, tt.of)
				if got := p.answered(time.Now(), turn, tt.answer); got != after {
					t.Errorf("held for %s, want %s", got, after)
				}
				for _, r := range tt.freed {
					if _, d := waited(t, ctx, p, r); d > 0 {
						t.Errorf("%s %s waited %s", r.method, r.path, d)
					}
				}
				var all sync.WaitGroup
				for _, r := range tt.held {
					all.Go(func() {
						if _, d := waited(t, ctx, p, r); d != after {
							t.Errorf("%s %s waited %s", r.method, r.path, d)
						}
					})
				}
				all.Wait()
			})
		})
	}
}

// TestPaceHoldsThoseWhoWait: who waits in the lane already when another is refused waits again.
func TestPaceHoldsThoseWhoWait(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		var last turn
		for range messageRate {
			last, _ = waited(t, ctx, p, postIn(channelNo(1)))
		}
		begun := time.Now()
		var all sync.WaitGroup
		all.Go(func() {
			waited(t, ctx, p, postIn(channelNo(1)))
			if d := time.Since(begun); d < 9*time.Second {
				t.Errorf("a post went out after %s", d)
			}
		})
		synctest.Wait()
		p.answered(time.Now(), last, tooMany(9*time.Second, "user"))
		all.Wait()
	})
}

// TestPaceHoldsTheFirst: who is the first of the lane, and waits for what all may send together, waits again when the lane
// is held meanwhile.
func TestPaceHoldsTheFirst(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		last, _ := waited(t, ctx, p, postIn(channelNo(1)))
		for i := range globalRate - 1 {
			waited(t, ctx, p, postIn(channelNo(100+i)))
		}
		var all sync.WaitGroup
		all.Go(func() {
			if _, d := waited(t, ctx, p, postIn(channelNo(1))); d != 5*time.Second {
				t.Errorf("it went out after %s", d)
			}
		})
		synctest.Wait()
		p.answered(time.Now(), last, tooMany(5*time.Second, "user"))
		all.Wait()
	})
}

// TestPaceSendsAway: who would have to wait too long is told when to come again, and takes nobody's turn.
func TestPaceSendsAway(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		turn, _ := waited(t, ctx, p, postIn(channelNo(1)))
		p.answered(time.Now(), turn, tooMany(time.Minute, "user"))
		begun := time.Now()
		for range 20 {
			_, f := p.wait(ctx, time.Now, postIn(channelNo(1)))
			if f == nil || f.Verdict != chat.Retry || !f.Paced || f.After != time.Minute {
				t.Fatalf("got %v", f)
			}
		}
		if d := time.Since(begun); d != 0 {
			t.Errorf("it took %s", d)
		}
		time.Sleep(time.Minute)
		if _, d := waited(t, t.Context(), p, postIn(channelNo(1))); d != 0 {
			t.Errorf("then it waited %s", d)
		}
	})
}

// TestPaceOfTheLast: the last of many in one channel does not wait longer than the bot gives it.
func TestPaceOfTheLast(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		var all sync.WaitGroup
		var mu sync.Mutex
		passed, away := 0, 0
		for range 40 {
			all.Go(func() {
				begun := time.Now()
				_, f := p.wait(ctx, time.Now, postIn(channelNo(1)))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case time.Since(begun) > patience:
					t.Errorf("one waited %s", time.Since(begun))
				case f == nil:
					passed++
				case f.Paced && f.After > 0:
					away++
				default:
					t.Error(f)
				}
			})
		}
		all.Wait()
		if passed < 10 || passed+away != 40 {
			t.Errorf("%d passed, %d were sent away", passed, away)
		}
	})
}

func TestPaceEndsWithItsContext(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		turn, _ := waited(t, ctx, p, postIn(channelNo(1)))
		p.answered(time.Now(), turn, tooMany(5*time.Second, "user"))
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		var all sync.WaitGroup
		for range 3 { // one that waits for the time, and two for their turn
			all.Go(func() {
				begun := time.Now()
				_, f := p.wait(short, time.Now, postIn(channelNo(1)))
				if f == nil || f.Verdict != chat.Retry || !errors.Is(f, context.DeadlineExceeded) || time.Since(begun) != time.Second {
					t.Errorf("got %v after %s", f, time.Since(begun))
				}
			})
		}
		all.Wait()
		if _, d := waited(t, ctx, p, postIn(channelNo(1))); d != 4*time.Second {
			t.Errorf("who comes after them waits %s", d)
		}
	})
}

// TestPaceUnsaid: a 429 that does not say until when is given more time each time, up to a bound. Without Discord's words
// it is this address that is turned away: everything waits.
func TestPaceUnsaid(t *testing.T) {
	pacing(t, func(t *testing.T, _ context.Context, p *pacer) {
		page := &exchange{status: 429, header: http.Header{}, body: []byte("<html>1015</html>")}
		for _, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 10 * time.Minute, 10 * time.Minute} {
			turn, _ := waited(t, t.Context(), p, postIn(channelNo(1)))
			if got := p.answered(time.Now(), turn, page); got != want {
				t.Errorf("held for %s, want %s", got, want)
			}
			if _, d := waited(t, t.Context(), p, postIn(channelNo(2))); d != want {
				t.Errorf("another channel waited %s", d)
			}
		}
	})
}

// TestPaceOpening: direct messages are opened slowly, and even more so when Discord says that it is too fast.
func TestPaceOpening(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		open := request{method: "POST", path: "/users/@me/channels"}
		var last turn
		for range openRate {
			var d time.Duration
			if last, d = waited(t, ctx, p, open); d > 0 {
				t.Errorf("it waited %s", d)
			}
			said := &exchange{status: 200, header: http.Header{"X-Ratelimit-Limit": {"100"}, "X-Ratelimit-Remaining": {"99"}, "X-Ratelimit-Reset-After": {"1"}}}
			p.answered(time.Now(), last, said)
		}
		if _, f := p.wait(ctx, time.Now, open); f == nil || !f.Paced || f.After != openSpan {
			t.Errorf("one more: %v", f)
		}
		slow := &exchange{status: 400, header: http.Header{}, body: []byte(`{"message":"You are opening direct messages too fast","code":40003}`)}
		if got := p.answered(time.Now(), last, slow); got != openHold {
			t.Errorf("after 40003 held for %s", got)
		}
		if f := slow.refused(); f.Verdict != chat.Retry || !f.Paced {
			t.Errorf("40003 is %v", f)
		}
	})
}

// TestPaceIlls: far from the number of refusals for which Discord shuts an address out, nothing goes out any more but
// answers to people, until it is calmer.
func TestPaceIlls(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, _ *pacer) {
		d := &Discord{Options: Options{Now: time.Now}}
		asked := request{method: "POST", path: "/webhooks/1234567/token", asked: true}
		for i := range manyIlls {
			if n, until := d.invalid(); n != i || !until.IsZero() {
				t.Fatalf("after %d refusals: %d, until %s", i, n, until)
			}
			shared, _ := waited(t, t.Context(), &d.pace, postIn(channelNo(i+1000)))
			d.pace.answered(time.Now(), shared, tooMany(time.Millisecond, "shared")) // which does not count
			turn, _ := waited(t, t.Context(), &d.pace, postIn(channelNo(i)))
			d.pace.answered(time.Now(), turn, &exchange{status: []int{401, 403}[i%2], header: http.Header{}, body: []byte(`{"message":"no","code":50013}`)})
		}
		n, until := d.invalid()
		if n != manyIlls || until.IsZero() {
			t.Fatalf("%d, until %s", n, until)
		}
		_, f := d.pace.wait(ctx, time.Now, postIn(channelNo(1)))
		if f == nil || !f.Paced || f.Verdict != chat.Retry || f.After != time.Until(until) {
			t.Fatalf("got %v", f)
		}
		waited(t, ctx, &d.pace, asked)
		time.Sleep(time.Until(until))
		if n, until := d.invalid(); n > manyIlls/2 || !until.IsZero() {
			t.Errorf("when it is over: %d, until %s", n, until)
		}
		waited(t, t.Context(), &d.pace, postIn(channelNo(1)))
	})
}

// TestPaceSharedBucket: routes that Discord counts together are paced together.
func TestPaceSharedBucket(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		read := request{method: "GET", path: "/channels/" + channelNo(1) + "/messages?limit=100"}
		look := request{method: "GET", path: "/channels/" + channelNo(1)}
		for _, r := range []request{read, look} {
			turn, _ := waited(t, ctx, p, r)
			p.answered(time.Now(), turn, &exchange{status: 200, header: http.Header{
				"X-Ratelimit-Bucket": {"reads"}, "X-Ratelimit-Limit": {"3"}, "X-Ratelimit-Remaining": {"2"}, "X-Ratelimit-Reset-After": {"4"},
			}})
		}
		var longest time.Duration
		for range 4 {
			_, d := waited(t, ctx, p, look)
			longest = max(longest, d)
			_, d = waited(t, ctx, p, read)
			longest = max(longest, d)
		}
		if longest != 4*time.Second {
			t.Errorf("the longest wait was %s", longest)
		}
	})
}

// TestWays: what counts together, and what does not.
func TestWays(t *testing.T) {
	for _, tt := range []struct {
		r            request
		route, major string
	}{
		{postIn("1234567"), routePost, "1234567"},
		{request{method: "PATCH", path: "/channels/1234567/messages/7654321"}, routeEdit, "1234567"},
		{request{method: "POST", path: "/users/@me/channels"}, routeOpen, ""},
		{request{method: "GET", path: "/guilds/1234567/members?limit=1000&after=7654321"}, "GET /guilds/*/members", "1234567"},
		{request{method: "PUT", path: "/applications/1234567/guilds/7654321/commands"}, "PUT /applications/*/guilds/*/commands", ""},
		{request{method: "PATCH", path: "/webhooks/1234567/t0k3n/messages/@original", asked: true}, "PATCH /webhooks/*/*/messages/@original", "t0k3n"},
		{request{method: "POST", path: "/interactions/1234567/t0k3n/callback", asked: true}, "POST /interactions/*/*/callback", "t0k3n"},
	} {
		if w := wayOf(tt.r); w.route != tt.route || w.major != tt.major {
			t.Errorf("%s %s is %q in %q", tt.r.method, tt.r.path, w.route, w.major)
		}
	}
}

// TestPaceWithAFrozenClock: a clock that stands still makes nobody wait for ever.
func TestPaceWithAFrozenClock(t *testing.T) {
	pacing(t, func(t *testing.T, ctx context.Context, p *pacer) {
		frozen := newClock()
		turn, f := p.wait(ctx, frozen.Now, postIn(channelNo(1)))
		if f != nil {
			t.Fatal(f)
		}
		p.answered(frozen.Now(), turn, tooMany(2*time.Second, "global"))
		begun := time.Now()
		if _, f := p.wait(ctx, frozen.Now, postIn(channelNo(2))); f != nil || time.Since(begun) != 2*time.Second {
			t.Errorf("%v after %s", f, time.Since(begun))
		}
	})
}

// TestPaceForgets: channels, messages and tokens do not add up.
func TestPaceForgets(t *testing.T) {
	pacing(t, func(t *testing.T, _ context.Context, p *pacer) {
		for i := range 5_000 {
			turn, _ := waited(t, t.Context(), p, postIn(channelNo(i)))
			x := &exchange{status: 200, header: http.Header{"X-Ratelimit-Bucket": {"messages"}, "X-Ratelimit-Limit": {"5"}, "X-Ratelimit-Remaining": {"4"}, "X-Ratelimit-Reset-After": {"5"}}}
			if i%2 == 0 {
				p.answered(time.Now(), turn, x)
				turn, _ = waited(t, t.Context(), p, request{method: "PATCH", path: fmt.Sprintf("/channels/1234567/messages/%d", 2_000_000+i)})
				x = tooMany(time.Second, "user")
				x.body = []byte(`{"message":"x","code":30046,"retry_after":1}`)
			}
			p.answered(time.Now(), turn, x)
			time.Sleep(time.Second)
		}
		if len(p.lanes) > 1100 || len(p.alone) > 1100 || len(p.sent) > 2*globalRate || len(p.ills.at) > 2*manyIlls {
			t.Errorf("%d lanes, %d messages, %d calls, %d refusals are kept", len(p.lanes), len(p.alone), len(p.sent), len(p.ills.at))
		}
	})
}

// TestPaceBarred: who takes no messages, or is where the bot may not write, cannot make the bot send so many that it has to
// fall silent; and is heard again soon after that is mended.
func TestPaceBarred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Discord{Options: Options{Now: time.Now}}
		no := &exchange{status: 403, header: http.Header{}, body: []byte(`{"message":"no","code":50007}`)}
		post := func(x *exchange) (time.Duration, bool) {
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
			defer cancel()
			turn, f := d.pace.wait(ctx, time.Now, postIn(channelNo(1)))
			if f != nil {
				return f.After, false
			}
			d.pace.answered(time.Now(), turn, x)
			return 0, true
		}
		for range 600 { // somebody writes as fast as they may, for ten minutes
			post(no)
			time.Sleep(time.Second)
		}
		if n, until := d.invalid(); n > manyIlls/25 || !until.IsZero() {
			t.Errorf("one person made %d calls be refused; nothing is sent until %s", n, until)
		}
		waited(t, t.Context(), &d.pace, postIn(channelNo(2)))
		after, ok := post(nil)
		if time.Sleep(after); ok || after > mostBarred {
			t.Errorf("the next comes after %s (%v)", after, ok)
		}
		yes := &exchange{status: 200, header: http.Header{}}
		for range messageRate {
			if _, ok := post(yes); !ok {
				t.Error("it is not sent, though it may be now")
			}
		}
	})
}
