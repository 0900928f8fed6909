package discord

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// timing is how long things take, and may take. Tests shorten it.
type timing struct {
	answer time.Duration // a call that posts nothing
	person time.Duration // from an interaction to the end of answering it: Discord gives us three seconds
	begin  time.Duration // how long an interaction waits for Discord to say who the bot is

	check  time.Duration // between two looks at whether the bot token is still taken
	groups time.Duration // between two readings of the roles that matter
	gather time.Duration // from news of them to the next reading, which then is for all news

	hello  time.Duration // from the opening of a connection to Discord's greeting
	ready  time.Duration // from IDENTIFY or RESUME to its answer
	ack    time.Duration // from a heartbeat to its acknowledgement; or until the next heartbeat, if that is sooner
	beat   time.Duration // the longest pause between heartbeats, whatever Discord asks for
	silent time.Duration // without a frame, after which a connection is ended from outside
	deaf   time.Duration // the same, after which the bot is not well
	down   time.Duration // without a connection, after which the bot is not well
	stuck  time.Duration // without a handled event while there is room for none, after which the bot is not well
	leave  time.Duration // how long an ended connection may take to be gone, before nobody waits for it any more
	write  time.Duration // one frame on its way out
	renew  time.Duration // without an event, after which a connection that seems well is resumed on another one
	steady time.Duration // after which a connection counts as one that worked

	window time.Duration // in which one session may be begun
	start  time.Duration // between sessions begun, after the first few of a day
	again  time.Duration // before the next try after Discord ended a session, and up to five times that

	pause   time.Duration // before the second try of what failed
	longest time.Duration // between tries of what may work again by itself
	rare    time.Duration // between tries of what somebody must mend
}

// usual is the timing outside of tests. Discord asks for a heartbeat every 41 seconds, and on a quiet server nothing else
// is heard than their acknowledgements: a connection that died is found after 62 seconds at most, and whatever happens the
// bot is not well after 75. A connection that is acknowledged but gets no events cannot be told from a quiet one: so it is
// resumed every hour, which costs nothing and brings what was missed.
var usual = timing{
	answer: 10 * time.Second, person: 2800 * time.Millisecond, begin: 1500 * time.Millisecond,
	check: time.Minute, groups: 10 * time.Minute, gather: 2 * time.Second,
	hello: 20 * time.Second, ready: 30 * time.Second, ack: 20 * time.Second, beat: 45 * time.Second,
	silent: 75 * time.Second, deaf: 75 * time.Second, down: 20 * time.Second, stuck: 30 * time.Second,
	leave: 15 * time.Second, write: 10 * time.Second, renew: time.Hour, steady: time.Minute,
	window: 5500 * time.Millisecond, start: 2 * time.Minute, again: time.Second,
	pause: time.Second, longest: 30 * time.Second, rare: 5 * time.Minute,
}

// Run keeps the bot known, connected and informed until the context ends. It returns when all that it began has ended,
// also the interactions that were being answered.
func (d *Discord) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { d.keep(ctx, "identity", d.watchIdentity) })
	all.Go(func() { d.keep(ctx, "rosters", d.watchRosters) })
	if len(d.Commands) > 0 {
		all.Go(func() { d.keep(ctx, "commands", d.watchCommands) })
	}
	if !d.HTTP {
		all.Go(func() { d.keep(ctx, "gateway", d.watchGateway) })
	}
	all.Wait()
}

// keep runs f for as long as the context lasts. A panic ends neither the process nor what f is for.
func (d *Discord) keep(ctx context.Context, what string, f func(context.Context)) {
	listen.Keep(ctx, d.Log, what, d.timing.pause, f)
}

// guard runs f. A panic of it is logged, and given as an error.
func (d *Discord) guard(ctx context.Context, what string, f func()) (err error) {
	return listen.Guard(ctx, d.Log, what, f)
}

// known waits until Discord said who the bot is. It reports false when the context ended before.
func (d *Discord) known(ctx context.Context) bool {
	select {
	case <-d.standing.Known():
		return true
	case <-ctx.Done():
		return false
	}
}

// ask makes a call that only reads, within the time that such a call may take.
func (d *Discord) ask(ctx context.Context, path string, out any) error {
	if f := d.fetch(ctx, path, out); f != nil {
		return told(f)
	}
	return nil
}

func (d *Discord) fetch(ctx context.Context, path string, out any) *chat.Fault {
	ctx, cancel := context.WithTimeout(ctx, d.timing.answer)
	defer cancel()
	return d.call(ctx, request{method: http.MethodGet, path: path}, out)
}

// insist asks up to three times, after the wait that Discord asks for: what only reads may be repeated whatever became of
// it.
func (d *Discord) insist(ctx context.Context, path string, out any) (err error) {
	for failed := 1; failed <= 3 && ctx.Err() == nil; failed++ {
		f := d.fetch(ctx, path, out)
		if f == nil {
			return nil
		}
		if err = told(f); listen.IsRefused(err) || definite(err) {
			return err
		}
		listen.Rest(ctx, max(listen.Backoff(d.timing.pause, d.timing.longest, failed), min(f.After, time.Minute)))
	}
	return err
}

// definite reports whether Discord said no, and will again.
func definite(err error) bool {
	no, ok := errors.AsType[*apiError](err)
	return ok && no.Status >= 400 && no.Status < 500 && no.Status != http.StatusTooManyRequests
}

// Drain waits until everything that was taken is answered, as a process does before it ends.
func (d *Discord) Drain(ctx context.Context) error {
	return errors.Join(d.gateway.asked.Wait(ctx), d.gateway.events.Wait(ctx), d.settled(ctx))
}
