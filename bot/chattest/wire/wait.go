package wire

import (
	"context"
	"sync"
	"testing"
	"time"
)

// Stirred tells those who wait that something changed. Its zero value is ready.
type Stirred struct {
	mu   sync.Mutex
	next chan struct{} // closed by the next change
}

// Stir says that something changed.
func (s *Stirred) Stir() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}

func (s *Stirred) stirred() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	return s.next
}

// Wait looks again whenever something changed, until it is so. The test fails when that is not before the context, or half
// a minute, ends; who waited, and what for, is said.
func (s *Stirred) Wait(ctx context.Context, t testing.TB, who, what string, so func() bool) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		stirred := s.stirred()
		if so() {
			return true
		}
		select {
		case <-stirred:
		case <-ctx.Done():
			t.Errorf("%s: waited in vain for %s", who, what)
			return false
		}
	}
}
