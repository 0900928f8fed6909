package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

// maxAtOnce is how many requests of all connections are handled at the same time.
const maxAtOnce = 256

// links are the connections of Socket Mode: two, each under its own care, so that there is one while the other is
// replaced. Slack gives each request to any one of them.
type links struct {
	each  [2]link
	slots chan struct{} // one for each request that is being handled
	take  func(context.Context, inbound) []byte

	hearing listen.Hearing // frames, on any connection

	mu      sync.Mutex
	full    *time.Timer // runs while there is room for no more requests and none ends
	stalled bool        // it ran out
}

func newLinks(take func(context.Context, inbound) []byte) *links {
	ls := &links{slots: make(chan struct{}, maxAtOnce), take: take}
	for i, name := range []string{"first", "second"} {
		ls.each[i].name, ls.each[i].renew = name, make(chan struct{}, 1)
	}
	return ls
}

// link is one of the two.
type link struct {
	name    string
	renew   chan struct{}        // asks for a new connection: the app token changed
	current atomic.Pointer[conn] // nil, or ended: there is none

	mu  sync.Mutex
	why error // why there is none, or no newer one
}

func (l *link) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.why = err
}

// trouble is why the link is not up, or cannot be renewed; nil: nothing is wrong. A connection that just ended knows why
// before the link does.
func (l *link) trouble() error {
	l.mu.Lock()
	why := l.why
	l.mu.Unlock()
	c := l.current.Load()
	up := c != nil && !c.ended()
	if c != nil && !up && why == nil {
		why = c.err
	}
	switch {
	case up && why == nil:
		return nil
	case up:
		return fmt.Errorf("the %s connection is up but cannot be renewed: %w", l.name, why)
	case why == nil:
		return fmt.Errorf("the %s connection is not up yet", l.name)
	}
	return fmt.Errorf("the %s connection is down: %w", l.name, why)
}

// supervise keeps one link connected. A new connection is up before its predecessor is closed, and that one is still read
// for a while.
func (s *Slack) supervise(ctx context.Context, l *link) {
	var replaced sync.WaitGroup
	defer replaced.Wait()
	retire := func(linger time.Duration) {
		if c := l.current.Load(); c != nil {
			replaced.Go(func() { _ = s.guard(ctx, "closing", func() { c.retire(ctx, linger) }) })
		}
	}
	defer retire(0)
	if !s.known(ctx) {
		return
	}
	failed := 0
	for ctx.Err() == nil {
		if s.secrets.Load().AppToken == "" {
			retire(s.timing.linger)
			listen.Rest(ctx, s.timing.renew, l.renew)
			continue
		}
		c, err := s.connect(ctx)
		if err == nil {
			retire(s.timing.linger)
			l.current.Store(c)
			l.note(nil)
			var steady bool
			steady, err = s.attend(ctx, l, c)
			if steady {
				failed = 0
			}
			if err == nil || steady && errors.Is(err, errLeaving) {
				continue
			}
		}
		failed++
		s.failed(ctx, l, err, failed)
	}
}

// failed says why a link has no connection, or no new one, and waits before the next try.
func (s *Slack) failed(ctx context.Context, l *link, err error, failed int) {
	if ctx.Err() != nil {
		return
	}
	l.note(err)
	pause := s.pause(err, failed)
	s.Log.WarnContext(ctx, "a connection to slack ended", "link", l.name, "error", err, "tries", failed, "again_in", pause.String())
	listen.Rest(ctx, pause, l.renew)
}

// pause is how long to wait before the next try. What somebody must mend is tried less often, and so is what Slack has
// too much of; tried it is, since it may be mended any time.
func (s *Slack) pause(err error, failed int) time.Duration {
	switch slow, limited := errors.AsType[*slack.RateLimitedError](err); {
	case limited:
		return max(listen.Jitter(min(slow.RetryAfter, s.timing.rare)), listen.Backoff(s.timing.pause, s.timing.longest, failed))
	case listen.IsRefused(err), errors.Is(err, errCrowded):
		return listen.Backoff(s.timing.refused, s.timing.rare, failed)
	}
	return listen.Backoff(s.timing.pause, s.timing.longest, failed)
}

// attend waits until a link needs a new connection. Nil: though this one is well. steady is whether it was for long.
func (s *Slack) attend(ctx context.Context, l *link, c *conn) (steady bool, err error) {
	worked := time.NewTimer(s.timing.steady)
	defer worked.Stop()
	old := time.NewTimer(listen.Jitter(s.timing.renew))
	defer old.Stop()
	for {
		select {
		case <-ctx.Done():
			return steady, ctx.Err()
		case <-c.done:
			return steady, c.err
		case <-c.leaving:
			return steady, errLeaving
		case <-old.C:
			return true, nil
		case <-l.renew:
			return steady, nil
		case <-worked.C:
			steady = true
		}
	}
}

// again has every link renewed.
func (ls *links) again() {
	for i := range ls.each {
		select {
		case ls.each[i].renew <- struct{}{}:
		default:
		}
	}
}
