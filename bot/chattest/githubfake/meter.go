package githubfake

import (
	"net/http"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Rates are how much GitHub takes. What is zero is not counted.
type Rates struct {
	Primary       int  // requests an hour, of one token
	Points        int  // a minute: a read is one, a write five
	Creations     int  // of content, a minute
	CreationsHour int  // of content, an hour
	Status        int  // what too much is answered with, 403 or 429; zero: 403
	Bare          bool // whether a secondary limit says nothing of how long to wait
}

// RealRates are GitHub's own, for a person's token.
var RealRates = Rates{Primary: 5000, Points: 900, Creations: 80, CreationsHour: 500}

const (
	primaryMessage   = "API rate limit exceeded for user ID 1001."
	secondaryMessage = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
	writePoints      = 5
)

// meter counts what was taken.
type meter struct {
	wire.Meter[Call] // told to wait is a token
}

// primary is what a token has used of its requests.
func (m *meter) primary(c *Call) *wire.Window { return m.Window("primary "+c.Token, c.At, time.Hour) }

// take counts one call, or says that it is too much; the lock is held.
func (f *Fake) take(c *Call) refusal {
	m, r := &f.meter, f.o.Rates
	first := m.primary(c)
	if !c.to.free {
		m.Listen(c, c.At, c.Token)
	}
	limit := r.Primary
	if limit > 0 && c.Token == "" {
		limit = min(limit, 60)
	}
	if limit > 0 && first.Used >= limit && !c.to.free {
		m.Refused++
		return refusal{status: r.status(), message: primaryMessage, primary: true}
	}
	if wait := m.secondary(r, c); wait > 0 {
		m.Refused++
		return refusal{status: r.status(), message: secondaryMessage, retry: wait}
	}
	if !c.to.free {
		first.Used++
	}
	return refusal{}
}

// secondary counts one call, or says how long to wait.
func (m *meter) secondary(r Rates, c *Call) time.Duration {
	cost, made := 1, 0
	if c.to.writes() {
		cost = writePoints
	}
	if c.to.creates {
		made = 1
	}
	var wait time.Duration
	counts := []struct {
		name       string
		per        time.Duration
		cost, most int
	}{{"points", time.Minute, cost, r.Points}, {"creations", time.Minute, made, r.Creations}, {"creations an hour", time.Hour, made, r.CreationsHour}}
	for _, n := range counts {
		if w := m.Window(n.name+" "+c.Token, c.At, n.per); n.most > 0 && w.Used+n.cost > n.most {
			wait = max(wait, w.Ends.Sub(c.At))
		}
	}
	for _, n := range counts {
		if wait == 0 {
			m.Window(n.name+" "+c.Token, c.At, n.per).Used += n.cost
		}
	}
	return wait
}

func (r Rates) status() int {
	if r.Status != 0 {
		return r.Status
	}
	return http.StatusForbidden
}

// shown is the limit that headers speak of.
func (r Rates) shown(c *Call) int {
	switch {
	case c.Token == "":
		return 60
	case r.Primary == 0:
		return RealRates.Primary
	}
	return r.Primary
}

// answered says in the headers of an answer how much is left, and notes who was told to wait.
func (m *meter) answered(r Rates, c *Call, no refusal) {
	w := m.primary(c)
	if c.Status == http.StatusNotModified && c.Token != "" {
		w.Used--
	}
	limit := r.shown(c)
	left := max(limit-w.Used, 0)
	if r.Primary == 0 {
		left = max(left, 1) // nothing is counted
	}
	h := c.out
	h.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(left))
	h.Set("X-Ratelimit-Used", strconv.Itoa(w.Used))
	h.Set("X-Ratelimit-Reset", strconv.FormatInt(w.Ends.Unix(), 10))
	h.Set("X-Ratelimit-Resource", "core")
	if no.retry > 0 && !r.Bare {
		h.Set("Retry-After", strconv.Itoa(int((no.retry+time.Second-1)/time.Second)))
	}
	if no.primary || no.retry > 0 {
		m.hush(c, h)
	}
}

// hush remembers that a token was told to wait, by whichever header; without one it is a minute.
func (m *meter) hush(c *Call, h http.Header) {
	if c.Status != http.StatusForbidden && c.Status != http.StatusTooManyRequests {
		return
	}
	until := c.At.Add(time.Minute)
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil {
		until = c.At.Add(time.Duration(n) * time.Second)
	} else if n, err := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64); err == nil && h.Get("X-Ratelimit-Remaining") == "0" {
		until = time.Unix(n, 0)
	} else if c.Status == http.StatusForbidden && c.Faulted {
		return // an ordinary 403
	}
	m.Hush(c.Token, until)
}

// Early are the calls that were made, by the clock of the fake, before the time was over that an answer to the same token
// had asked for.
func (f *Fake) Early() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.Early()
}

// Limited is how many calls were refused because they were too many.
func (f *Fake) Limited() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.meter.Refused
}

func init() {
	serve(route{method: "GET", pattern: "/rate_limit", free: true, do: func(f *Fake, c *Call) (any, refusal) {
		w := f.meter.primary(c)
		limit := f.o.Rates.shown(c)
		core := reply{"limit": limit, "used": w.Used, "remaining": max(limit-w.Used, 0), "reset": w.Ends.Unix()}
		return reply{"resources": reply{"core": core}, "rate": core}, refusal{}
	}})
}
