package wire

import (
	"sync"
	"time"
)

// Clock is time that passes when a test says so.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes one that stands.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
