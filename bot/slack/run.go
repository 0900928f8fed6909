package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

// timing is how long things take, and may take. Tests shorten it.
type timing struct {
	answer time.Duration // a call of the Web API that posts nothing
	person time.Duration // the same for somebody who waits for it: Slack gives us three seconds

	check  time.Duration // between two looks at whether the bot token is still taken
	groups time.Duration // between two readings of a user group

	hello  time.Duration // from the first byte of a connection to Slack's greeting
	silent time.Duration // without a frame, also without a ping, after which a connection is given up
	deaf   time.Duration // without a frame on any connection, after which the bot is not well
	stuck  time.Duration // without a handled request while there is room for none, after which the bot is not well
	renew  time.Duration // after which a connection that seems well is replaced
	linger time.Duration // how long a replaced connection is still read
	write  time.Duration // one acknowledgement on its way out
	steady time.Duration // after which a connection counts as one that worked

	pause   time.Duration // before the second try of what failed
	longest time.Duration // between tries of what may work again by itself
	refused time.Duration // between the first tries of what Slack refused, and somebody must mend
	rare    time.Duration // between the last ones
}

// usual is the timing outside of tests. Slack pings a connection several times a minute and names a connection's time in
// hours. A connection that is pinged but gets no requests cannot be told from a quiet one: so it lives for an hour at
// most, with the other one beside it, which costs 48 openings a day and bounds what can be missed on one of two.
var usual = timing{
	answer: 10 * time.Second, person: 2 * time.Second,
	check: time.Minute, groups: 10 * time.Minute,
	hello: 30 * time.Second, silent: 45 * time.Second, deaf: time.Minute, stuck: time.Minute,
	renew: time.Hour, linger: 10 * time.Second, write: 10 * time.Second, steady: time.Minute,
	pause: time.Second, longest: 30 * time.Second, refused: 30 * time.Second, rare: 5 * time.Minute,
}

// Run keeps the bot known, connected and informed until the context ends. It returns when all that it began has ended,
// also the requests that were being handled.
func (s *Slack) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { s.keep(ctx, "identity", s.watchIdentity) })
	all.Go(func() { s.keep(ctx, "rosters", s.watchRosters) })
	for i := range s.links.each {
		l := &s.links.each[i]
		all.Go(func() { s.keep(ctx, l.name, func(ctx context.Context) { s.supervise(ctx, l) }) })
	}
	all.Wait()
	s.directory.Settle()
}

// keep runs f for as long as the context lasts. A panic ends neither the process nor what f is for.
func (s *Slack) keep(ctx context.Context, what string, f func(context.Context)) {
	listen.Keep(ctx, s.Log, what, s.timing.pause, f)
}

// guard runs f. A panic of it is logged, and given as an error.
func (s *Slack) guard(ctx context.Context, what string, f func()) (err error) {
	return listen.Guard(ctx, s.Log, what, f)
}

// known waits until Slack said who the bot is. It reports false when the context ended before.
func (s *Slack) known(ctx context.Context) bool {
	select {
	case <-s.standing.Known():
		return true
	case <-ctx.Done():
		return false
	}
}

// insist reads something of Slack up to three times, after the wait that it asks for: what only reads may be repeated
// whatever became of it, unlike what patiently does.
func (s *Slack) insist(ctx context.Context, call func(context.Context) error) (err error) {
	for failed := 1; failed <= 3 && ctx.Err() == nil; failed++ {
		limited, cancel := context.WithTimeout(ctx, s.timing.answer)
		err = call(limited)
		cancel()
		if err == nil || listen.IsRefused(told(err)) {
			return err
		}
		pause := listen.Backoff(s.timing.pause, s.timing.longest, failed)
		if slow, ok := errors.AsType[*slack.RateLimitedError](err); ok {
			pause = max(pause, min(slow.RetryAfter, time.Minute))
		}
		listen.Rest(ctx, pause)
	}
	return err
}

// Drain waits until everything that was taken is answered, as a process does before it ends.
func (s *Slack) Drain(ctx context.Context) error {
	return errors.Join(s.replies.flights.Wait(ctx), s.replies.excuses.Wait(ctx))
}
