package slack

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/chat"
)

// method is a method of the Web API that is called at a pace.
type method string

const (
	doPost    method = "chat.postMessage"
	doUpdate  method = "chat.update"
	doOpen    method = "conversations.open"
	doHistory method = "conversations.history"
	doReplies method = "conversations.replies"
	doAuth    method = "auth.test"
)

// patience is how long a call with a deadline may wait for its turn; whoever would wait longer is sent away with the time.
const patience = 10 * time.Second

// pacer keeps calls to the pace that Slack takes: so many posts a second in a channel, so many calls of a method in the
// workspace, and nothing of a method before the time that Slack named when it was called too often. Its zero value is
// ready, and may be used concurrently. The time is passed in.
type pacer struct {
	rates    rates // zero: Slack's
	mu       sync.Mutex
	channels map[string]*rate.Limiter
	lanes    map[method]*lane
}

// rates are how much is sent in the beginning: posts in a channel, posts in the workspace, calls of any other method.
type rates struct{ channel, posts, calls allowance }

// allowance is so many a second, and so many at once.
type allowance struct {
	rate  rate.Limit
	burst int
}

// or is the allowance, or another where there is none.
func (a allowance) or(b allowance) allowance {
	if a.rate == 0 {
		return b
	}
	return a
}

// turn is the permission to make one call.
type turn struct {
	method  method
	channel string
	at      time.Time
	waited  bool // it is the pace that held it back, not the lack of something to say
}

// wait waits until the method may be called in the channel. If that is too far away, or ctx ends first, it gives a fault
// that says when: nothing was sent.
func (p *pacer) wait(ctx context.Context, now func() time.Time, m method, channel string) (turn, *chat.Fault) {
	t := turn{method: m, channel: channel}
	if m != doPost {
		return t.in(p.inWorkspace(ctx, now, m))
	}
	r, d := p.inChannel(now(), channel)
	f := pause(ctx, d)
	if f == nil {
		t, f = t.in(p.inWorkspace(ctx, now, m))
	}
	if f != nil {
		r.CancelAt(now())
	}
	return t, f
}

// in is the turn, now that it is known when it is.
func (t turn) in(at time.Time, waited bool, f *chat.Fault) (turn, *chat.Fault) {
	t.at, t.waited = at, waited
	return t, f
}

// inWorkspace waits until the method may be called.
func (p *pacer) inWorkspace(ctx context.Context, now func() time.Time, m method) (at time.Time, waited bool, f *chat.Fault) {
	var seen time.Time // the hold that was waited for: with a clock that stands still it is waited for once
	for {
		d, hold, r := p.next(now(), m, seen)
		if f := pause(ctx, d); f != nil {
			if r != nil {
				r.CancelAt(now())
			}
			return at, false, f
		}
		if r != nil && p.holds(m).Equal(hold) { // nobody was sent away meanwhile
			return now(), d > 0, nil
		}
		if r == nil {
			seen = hold
		}
	}
}

// inChannel reserves a post in the channel.
func (p *pacer) inChannel(now time.Time, channel string) (*rate.Reservation, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.channels[channel]
	if l == nil {
		p.forget(now)
		a := p.rates.channel.or(allowance{channelRate, channelBurst})
		l = rate.NewLimiter(a.rate, a.burst)
		p.channels[channel] = l
	}
	r := l.ReserveN(now, 1)
	return r, r.DelayFrom(now)
}

// forget drops the channels that nothing was posted in for a while, so that they do not add up.
func (p *pacer) forget(now time.Time) {
	if p.channels == nil {
		p.channels = map[string]*rate.Limiter{}
	}
	if len(p.channels)%1000 != 999 {
		return
	}
	for c, l := range p.channels {
		if l.TokensAt(now) >= float64(l.Burst()) {
			delete(p.channels, c)
		}
	}
}

// next is how long to wait: for the method's hold, or else, with a reservation, for its pace.
func (p *pacer) next(now time.Time, m method, seen time.Time) (time.Duration, time.Time, *rate.Reservation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lane(m, now)
	if d := l.hold.Sub(now); d > 0 && !l.hold.Equal(seen) {
		return d, l.hold, nil
	}
	r := l.limit.ReserveN(now, 1)
	return r.DelayFrom(now), l.hold, r
}

func (p *pacer) holds(m method) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lanes[m].hold
}

func (p *pacer) lane(m method, now time.Time) *lane {
	if p.lanes == nil {
		p.lanes = map[method]*lane{}
	}
	l := p.lanes[m]
	if l == nil {
		l = newLane(m, p.rates, now)
		p.lanes[m] = l
	}
	return l
}

// took is told that a call went through.
func (p *pacer) took(t turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lanes[t.method].took(t)
}

// slowed is told that Slack wants a slower pace, and gives the time until the next call. A post is held everywhere: Slack
// does not say whether it was the channel's pace or the workspace's.
func (p *pacer) slowed(now time.Time, t turn, after time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.channels[t.channel]; l != nil && t.method == doPost {
		l.SetBurstAt(now, 1)
	}
	return p.lanes[t.method].slowed(now, t, after)
}
