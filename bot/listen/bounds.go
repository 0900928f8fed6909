package listen

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What is taken at once, and from one person.
const (
	InFlight  = 256
	Excuses   = 64 // at once, of those who are told that they were not answered
	Burst     = 20
	perSecond = 1
	maxAskers = 10_000 // whose pace is remembered
)

// Flights counts what is being worked on. Its zero value is ready.
type Flights struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed once nothing is; nil while nobody waits
}

// Enter takes a place among the limit; ok is false if there is none. Without a limit there always is.
func (f *Flights) Enter(limit int) (ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if limit > 0 && f.n >= limit {
		return false
	}
	f.n++
	return true
}

// Leave gives a place back.
func (f *Flights) Leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 && f.idle != nil {
		close(f.idle)
		f.idle = nil
	}
}

// Wait waits until nothing is worked on.
func (f *Flights) Wait(ctx context.Context) error {
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

// Each counts what is being worked on for each person. Its zero value is ready.
type Each struct {
	mu sync.Mutex
	of map[string]int
}

// Enter takes one of so many places that each person has; ok is false if there is none.
func (e *Each) Enter(who string, limit int) (ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of[who] >= limit {
		return false
	}
	if e.of == nil {
		e.of = map[string]int{}
	}
	e.of[who]++
	return true
}

// Leave gives it back.
func (e *Each) Leave(who string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of[who]--; e.of[who] <= 0 {
		delete(e.of, who)
	}
}

// Paces holds each person to a pace that no person types at. Its zero value is ready.
type Paces struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

// Allow reports whether somebody may ask now.
func (p *Paces) Allow(who string, now time.Time) bool {
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
		l = rate.NewLimiter(perSecond, Burst)
		p.of[who] = l
	}
	return l.AllowN(now, 1)
}

// forget forgets whoever was quiet for long; and everybody, if nobody was.
func (p *Paces) forget(now time.Time) {
	for who, l := range p.of {
		if l.TokensAt(now) >= Burst {
			delete(p.of, who)
		}
	}
	if len(p.of) >= maxAskers {
		clear(p.of)
	}
}
