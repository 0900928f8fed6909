package github

import (
	"bytes"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/chat"
)

// GitHub takes 900 points a minute (a read is one, a write five), 80 writes a minute that make something, and 500 an hour.
// What is sent here stays below, whatever minute or hour is looked at.
const (
	pointsRate, pointsBurst = 12, 150
	readPoints, writePoints = 1, 5
	hourlyRate, hourlyBurst = 380.0 / 3600, 120
	patience                = 10 * time.Second // whoever would wait longer is sent away with the time
	leastHold               = time.Minute      // after a limit that names no time; it doubles
	mostHold                = time.Hour + time.Minute
)

// paces keeps what is sent with each token to what GitHub takes.
type paces struct {
	spacing time.Duration
	ticks   func() time.Time
	mu      sync.Mutex
	of      map[string]*pace
}

type pace struct {
	points, writes, hourly *rate.Limiter
	hold                   time.Time // nothing is sent before
	limits                 int       // in a row
}

func (p *paces) pace(who string) *pace {
	if p.of == nil {
		p.of = map[string]*pace{}
	}
	one := p.of[who]
	if one == nil {
		free := rate.NewLimiter(rate.Inf, 1)
		one = &pace{points: free, writes: free, hourly: free}
		if p.spacing > 0 {
			one = &pace{points: rate.NewLimiter(pointsRate, pointsBurst), writes: rate.NewLimiter(rate.Every(p.spacing), 1), hourly: rate.NewLimiter(hourlyRate, hourlyBurst)}
		}
		p.of[who] = one
	}
	return one
}

// wait waits until a request may be sent with a token. If that is too far away, or ctx ends first, it gives a fault that
// says when: nothing was sent.
func (p *paces) wait(ctx context.Context, who string, write bool) *chat.Fault {
	for taken := false; ; {
		d := p.lag(p.ticks(), who)
		if d <= 0 && !taken { // while everything is held, nobody takes a turn; and once one came, all may be held
			d, taken = p.take(p.ticks(), who, write)
		}
		switch {
		case d <= 0:
			return nil
		case d > patience:
			return tooEarly(d, errors.New("the pace that it takes"))
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return tooEarly(d, ctx.Err())
		}
	}
}

// lag is how long everything is held.
func (p *paces) lag(now time.Time, who string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pace(who).hold.Sub(now)
}

// take takes a turn, and says how long it is until then; where that is too long, none is taken.
func (p *paces) take(now time.Time, who string, write bool) (d time.Duration, taken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.pace(who)
	turns := []*rate.Reservation{one.points.ReserveN(now, readPoints)}
	if write {
		turns = append(turns, one.points.ReserveN(now, writePoints-readPoints), one.writes.ReserveN(now, 1), one.hourly.ReserveN(now, 1))
	}
	for _, r := range turns {
		d = max(d, r.DelayFrom(now))
	}
	if d <= patience {
		return d, true
	}
	for _, r := range turns {
		r.CancelAt(now)
	}
	return d, false
}

// heard takes from an answer until when nothing more is to be sent.
func (p *paces) heard(who string, status int, header http.Header, body []byte) {
	now := p.ticks()
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.pace(who)
	if limited(status, header, body) {
		d := untilThen(header, now)
		if d <= 0 {
			d = leastHold << min(one.limits, 6)
		}
		one.limits++
		one.hold = later(one.hold, now.Add(min(max(d, time.Second), mostHold)))
		return
	}
	if status < http.StatusInternalServerError {
		one.limits = 0
	}
	if left, err := strconv.Atoi(header.Get("X-RateLimit-Remaining")); err == nil && left < 2*maxCalls { // those that are under way may need them
		one.hold = later(one.hold, now.Add(min(reset(header, now), mostHold)))
	}
}

// held is how long nothing is sent with a token.
func (p *paces) held(who string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(p.pace(who).hold.Sub(p.ticks()), time.Second)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// limited reports whether an answer turns a request away for its pace: by the primary limit or one of the secondary
// ones, which come as 403 or 429, with and without a time.
func limited(status int, header http.Header, body []byte) bool {
	switch status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		low := bytes.ToLower(body[:min(len(body), 4096)])
		return header.Get("Retry-After") != "" || header.Get("X-RateLimit-Remaining") == "0" ||
			bytes.Contains(low, []byte("rate limit")) || bytes.Contains(low, []byte("rate-limit")) || bytes.Contains(low, []byte("abuse"))
	}
	return false
}

// untilThen is how long GitHub wants to be left alone: what it names, else until its count begins anew; zero: neither.
func untilThen(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(seconds) {
		return time.Duration(min(max(seconds, 1), mostHold.Seconds()) * float64(time.Second))
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(date.Sub(theirs(header, now)), time.Second)
	}
	if header.Get("X-RateLimit-Remaining") == "0" {
		return reset(header, now)
	}
	return 0
}

// reset is how long it is until the primary count begins anew, by GitHub's own clock; zero: it does not say.
func reset(header http.Header, now time.Time) time.Duration {
	at, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil || at <= 0 {
		return 0
	}
	return max(time.Unix(at, 0).Sub(theirs(header, now))+time.Second, 0)
}

// theirs is what GitHub's clock says.
func theirs(header http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return now
}
