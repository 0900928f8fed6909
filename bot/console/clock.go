package console

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Clock is the time of one run: the real one, or simulated time that moves only when it is set.
type Clock struct {
	now func() time.Time // nil: simulated

	mu sync.Mutex
	at time.Time
}

// RealClock goes by now.
func RealClock(now func() time.Time) *Clock { return &Clock{now: now} }

// SimulatedClock stands at a time until it is set.
func SimulatedClock(at time.Time) *Clock { return &Clock{at: at.UTC()} }

// Now is the time. Simulated time is UTC.
func (c *Clock) Now() time.Time {
	if c.now != nil {
		return c.now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Simulated tells simulated time from real time.
func (c *Clock) Simulated() bool { return c.now == nil }

// Set moves simulated time ahead. Time never goes back: an earlier time changes nothing, nor does setting real time.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == nil && t.After(c.at) {
		c.at = t.UTC()
	}
}

// SimulatedStart is where simulated time begins if nothing else is said: a Monday morning.
func SimulatedStart() time.Time { return time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC) }

// ParseClock reads what --clock says: nothing or "real" for the clock now, "simulated", or "simulated=TIME" with TIME
// like 2026-01-05T09:00:00Z, 2026-01-05 09:00 or 2026-01-05. Simulated time never begins before notBefore.
func ParseClock(text string, notBefore time.Time, now func() time.Time) (*Clock, error) {
	kind, at, given := strings.Cut(text, "=")
	start := SimulatedStart()
	switch {
	case (kind == "" || kind == "real") && !given:
		return RealClock(now), nil
	case kind != "simulated":
		return nil, fmt.Errorf("the clock is real, simulated or simulated=2026-01-05T09:00:00Z, not %q", text)
	case given:
		var err error
		if start, err = parseTime(at); err != nil {
			return nil, err
		}
	}
	if start.Before(notBefore) {
		start = notBefore
	}
	return SimulatedClock(start), nil
}

func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("a time is 2026-01-05T09:00:00Z, 2026-01-05 09:00 or 2026-01-05, not %q", text)
}
