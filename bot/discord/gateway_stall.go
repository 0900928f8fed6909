package discord

import (
	"sync"
	"time"
)

// stall tells what takes a while from what does not move at all. Its zero value is ready.
type stall struct {
	mu    sync.Mutex
	timer *time.Timer // runs while nothing moves
	out   bool        // it ran out
}

// begin takes note that something waits.
func (s *stall) begin(patience time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer == nil {
		var t *time.Timer
		t = time.AfterFunc(patience, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.out = s.timer == t
		})
		s.timer = t
	}
}

// end takes note that something moved.
func (s *stall) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer, s.out = nil, false
}

// over reports whether nothing moved for too long.
func (s *stall) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out
}
