package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What is taken at once, and from one person.
const (
	maxInFlight = 256
	maxExcuses  = 64 // at once, of those who are told that they were not answered
	maxBurst    = 20
	perSecond   = 1
	maxAskers   = 10_000 // whose pace is remembered
)

// flights counts what is being worked on.
type flights struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed once nothing is; nil while nobody waits
}

// enter takes a place among the limit; ok is false if there is none. Without a limit there always is.
func (f *flights) enter(limit int) (ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if limit > 0 && f.n >= limit {
		return false
	}
	f.n++
	return true
}

func (f *flights) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 && f.idle != nil {
		close(f.idle)
		f.idle = nil
	}
}

// wait waits until nothing is worked on.
func (f *flights) wait(ctx context.Context) error {
	f.mu.Lock()
	if f.n == 0 {
		f.mu.Unlock()
		return nil
	}
	if f.idle == nil {
		f.idle = make(chan struct{})
	}
	idle := f.idle
	f.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Drain waits until everything that was taken is answered, as a process does before it ends.
func (s *Slack) Drain(ctx context.Context) error {
	return errors.Join(s.replies.flights.wait(ctx), s.replies.excuses.wait(ctx))
}

// paces holds each person to a pace that no person types at.
type paces struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

func (p *paces) allow(who string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.of[who]
	if !ok {
		if len(p.of) >= maxAskers {
			p.forget(now)
		}
		if p.of == nil {
			p.of = map[string]*rate.Limiter{}
		}
		l = rate.NewLimiter(perSecond, maxBurst)
		p.of[who] = l
	}
	return l.AllowN(now, 1)
}

// forget forgets whoever was quiet for long; and everybody, if nobody was.
func (p *paces) forget(now time.Time) {
	for who, l := range p.of {
		if l.TokensAt(now) >= maxBurst {
			delete(p.of, who)
		}
	}
	if len(p.of) >= maxAskers {
		clear(p.of)
	}
}

// Slack sends an event again at once, after one minute and after five: rememberFor is well beyond that.
const (
	rememberFor = 15 * time.Minute
	maxSeen     = 50_000 // Slack sends at most 30,000 events an hour
)

// seen remembers which events came.
type seen struct {
	mu    sync.Mutex
	since time.Time // when it began to remember
	at    map[string]time.Time
	order []string // oldest first
}

// first reports whether an event comes for the first time; young, whether a former process may have had it before.
func (e *seen) first(id string, now time.Time) (first, young bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.at == nil {
		e.at, e.since = map[string]time.Time{}, now
	}
	for len(e.order) > 0 && (len(e.order) >= maxSeen || now.Sub(e.at[e.order[0]]) > rememberFor) {
		delete(e.at, e.order[0])
		e.order = e.order[1:]
	}
	if _, had := e.at[id]; had {
		return false, false
	}
	e.at[id] = now
	e.order = append(e.order, id)
	return true, now.Sub(e.since) < rememberFor
}
