package discord

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

const (
	// patience is how long a call with a deadline may wait for its turn; whoever would wait longer is sent away with the
	// time.
	patience = 10 * time.Second
	// globalRate is how many calls Discord takes in a second, but for those by an interaction's token. jitter is by how
	// much calls may come closer together on their way.
	globalRate, jitter = 50, 50 * time.Millisecond
	// messageRate is what is published of messages, and assumed until Discord says what a bucket takes: so many in a
	// channel in messageSpan.
	messageRate, messageSpan = 5, 5 * time.Second
	// Direct messages are opened slowly: ten at once and then ten a minute. Discord does not say how many it takes; bots
	// that opened 25 to 40 in one go were switched off by its spam filter (DiscordPHP#467), and 40003 comes with a few
	// dozen (SnowTransfer#43).
	openRate, openSpan = 10, time.Minute
	// openHold is how long none is opened after 40003, which does not say.
	openHold = 5 * time.Minute
)

// pacer keeps calls to the pace that Discord takes: so many of a bucket as it says in each answer, so many a second in
// all, and nothing before the time that it named when it was called too often. Who waits goes in the order they came:
// first those of a lane among themselves, then the first of each lane. Its zero value is ready, and may be used
// concurrently. The time is passed in.
type pacer struct {
	// scale is how many times as much is sent as Discord is known to take, for tests on a clock that stands; zero: one.
	scale int

	mu      sync.Mutex
	lanes   map[laneKey]*lane
	buckets map[string]string    // by route: the name of its bucket, as Discord said it
	alone   map[string]time.Time // by method and path: until when nothing is done to that one message
	sent    []time.Time          // the last calls that count together, the oldest first
	hold    time.Time            // nothing is sent before, but what was asked for
	gate    chan struct{}        // whose turn it is among all
	behind  int                  // how many wait for that
	ills    ills
}

// turn is the permission to make one call.
type turn struct {
	way  way
	lane *lane
}

// wait waits until a call may be made. If that is too far away, or ctx ends first, it gives a fault that says when:
// nothing was sent.
func (p *pacer) wait(ctx context.Context, now func() time.Time, r request) (turn, *chat.Fault) {
	w := wayOf(r)
	c := &watch{now: now, began: now()}
	l, d, why := p.enter(c.at(), w)
	defer p.leave(l)
	if why != nil {
		return turn{}, tooEarly(d, why)
	}
	if f := c.queue(ctx, l.gate, d); f != nil {
		return turn{}, f
	}
	defer func() { <-l.gate }()
	for {
		if f := c.pause(ctx, func(now time.Time) time.Duration { return p.lag(now, w, l) }); f != nil {
			return turn{}, f
		}
		f, ok := p.among(ctx, c, w, l)
		if f != nil || ok {
			return turn{w, l}, f
		}
	}
}

// among takes the call's part of what all may send together. It fails to, and is asked again, if the lane was held
// meanwhile.
func (p *pacer) among(ctx context.Context, c *watch, w way, l *lane) (*chat.Fault, bool) {
	if w.asked {
		return nil, p.take(c.at(), w, l)
	}
	gate, ahead := p.turnstile()
	defer p.passed()
	if f := c.queue(ctx, gate, time.Duration(ahead)*time.Second/time.Duration(p.all())); f != nil {
		return f, false
	}
	defer func() { <-gate }()
	if f := c.pause(ctx, p.lagOfAll); f != nil {
		return f, false
	}
	return nil, p.take(c.at(), w, l)
}

// enter lines a call up in its lane, and says how long it will wait about; why is set where nothing like it is sent now.
func (p *pacer) enter(now time.Time, w way) (l *lane, d time.Duration, why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l = p.lane(w, now)
	d = l.ahead(now)
	l.queued++
	if n, until := p.ills.state(now); !w.asked && until.After(now) {
		return l, until.Sub(now), fmt.Errorf("Discord refused %d calls within %s; so that it does not shut this address out, nothing is sent until that is calmer → see readyroom doctor",
			n, illSpan)
	}
	return l, d, nil
}

func (p *pacer) leave(l *lane) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.queued--
}

// lag is how long the lane, or one message, is held.
func (p *pacer) lag(now time.Time, w way, l *lane) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(l.lag(now), p.alone[w.one].Sub(now))
}

// lagOfAll is how long everything is held.
func (p *pacer) lagOfAll(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.hold.Sub(now)
	if len(p.sent) >= p.all() {
		d = max(d, p.sent[len(p.sent)-p.all()].Add(time.Second+jitter).Sub(now))
	}
	return d
}

// all is how many calls are made in a second.
func (p *pacer) all() int { return globalRate * max(1, p.scale) }

// turnstile is where the first of each lane line up, and how many do already.
func (p *pacer) turnstile() (gate chan struct{}, ahead int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gate == nil {
		p.gate = make(chan struct{}, 1)
	}
	p.behind++
	return p.gate, p.behind - 1
}

func (p *pacer) passed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behind--
}

// take counts a call that is made now; false: it may not be, for the lane was held meanwhile.
func (p *pacer) take(now time.Time, w way, l *lane) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.lag(now) > 0 || p.alone[w.one].After(now) {
		return false
	}
	l.take(now)
	if w.asked {
		return true
	}
	if n := p.all(); len(p.sent) >= 2*n {
		p.sent = append(p.sent[:0], p.sent[len(p.sent)-n:]...)
	}
	p.sent = append(p.sent, now)
	return true
}
