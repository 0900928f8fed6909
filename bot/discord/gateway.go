package discord

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
)

const (
	// maxAtOnce is how many interactions are answered at the same time, and how many other events are taken note of.
	maxAtOnce = 256
	// maxLeft is how many connections may hang in their own end, before the process should be begun anew.
	maxLeft = 10
	// maxTries is how often a session is resumed without success, before a new one is begun.
	maxTries = 3
	// maxBreaks is how often connections may break soon after they are up, before the bot is not well.
	maxBreaks = 4
)

// The intents, which say what the gateway brings. None of the first three is a privilege; the last is a switch in the
// portal.
const (
	intentGuilds         = 1 << 0
	intentMembers        = 1 << 1
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
)

// gateway is the bot's ear at Discord's gateway: one connection at a time, and the session that outlives it. What comes in
// is handled beside the reading of it, so that nothing that is done with it delays a heartbeat.
type gateway struct {
	take     func(context.Context, []byte) []byte
	happened func(context.Context, string, json.RawMessage)

	had    listen.Seen // interactions and messages: a session that is resumed brings some again
	asked  seats       // of interactions
	events seats       // of everything else
	starts *starts
	renew  chan struct{} // asks for a look whether token and intents are still those of the session
	count  counts

	hearing listen.Hearing // frames, of any connection

	current atomic.Pointer[conn] // nil, or ended: there is none

	mu     sync.Mutex
	why    error // why there is none, or no newer one
	final  error // what somebody must mend before there can be one
	since  time.Time
	down   bool // since then, for too long
	late   *time.Timer
	breaks int // connections in a row that did not last
	left   int // connections that hang in their end
}

// counts are what came in and was not as it should be.
type counts struct{ garbage, unknown, repeated, dropped, starts, resumes atomic.Int64 }

func newGateway(d *Discord) *gateway {
	return &gateway{take: d.take, happened: d.happened, starts: newStarts(usual), renew: make(chan struct{}, 1), down: true}
}

// again has token and intents compared with those of the session, and ends the wait before the next try.
func (g *gateway) again() {
	select {
	case g.renew <- struct{}{}:
	default:
	}
}

// intents are what the bot needs to hear. Members are a privilege, and only matter where roles do.
func (d *Discord) intents() int {
	all := intentGuilds | intentGuildMessages | intentDirectMessages
	if len(d.groups()) > 0 {
		all |= intentMembers
	}
	return all
}

// watchGateway keeps one connection to the gateway. A session is resumed where that can be, and begun anew where not. With
// a new token or other intents the next session is begun before the connection of the old one is closed: for a moment both
// bring everything, and what came already is not handled twice.
func (d *Discord) watchGateway(ctx context.Context) {
	var replaced sync.WaitGroup
	defer replaced.Wait()
	defer func() { d.retire(ctx, d.gateway.current.Load()) }()
	if !d.known(ctx) {
		return
	}
	var s *session
	for failed := 0; ctx.Err() == nil; {
		c, err := d.open(ctx, s)
		if err == nil {
			old := d.gateway.current.Load()
			replaced.Go(func() { _ = d.guard(ctx, "closing", func() { d.retire(ctx, old) }) }) // logged
			var steady bool
			steady, err = d.attend(ctx, c)
			if s = c.session; steady {
				failed = 0
			}
			if err == nil || ctx.Err() != nil {
				continue
			}
		}
		failed++
		s = d.failed(ctx, s, err, failed)
	}
}

// attend waits until another connection is needed. Nil: though this one is well. steady is whether it was for long.
func (d *Discord) attend(ctx context.Context, c *conn) (steady bool, err error) {
	g := d.gateway
	g.up(c, d.timing)
	worked := time.NewTimer(d.timing.steady)
	defer worked.Stop()
	for {
		select {
		case <-ctx.Done():
			return steady, ctx.Err()
		case <-c.gone:
			d.over(c)
			g.broke(d.Now(), d.timing, c.reason(), steady)
			return steady, c.reason()
		case <-c.quiet:
			c.end(ended{words: "there was no event for long, and it is resumed on another one", asked: true})
		case <-g.renew:
			if !d.fits(c.session) {
				return steady, nil
			}
		case <-worked.C:
			steady = true
			c.session.tries = 0
			g.lasts()
		}
	}
}

// failed says why there is no connection, or no new one, waits before the next try, and gives the session that can be
// resumed then, if one can.
func (d *Discord) failed(ctx context.Context, s *session, err error, failed int) *session {
	e, _ := errors.AsType[ended](err)
	if s != nil && (e.anew || e.final || s.tries >= maxTries) {
		s = nil
	}
	d.gateway.note(err, e.final)
	pause := d.pauseAfter(err, failed)
	if ctx.Err() == nil {
		d.Log.WarnContext(ctx, "the connection to discord's gateway ended", "error", err, "tries", failed, "resumes", s != nil, "again_in", pause.String())
	}
	listen.Rest(ctx, pause, d.gateway.renew)
	return s
}

// pauseAfter is how long to wait before the next try. What somebody must mend is tried rarely; tried it is, since it may be
// mended any time.
func (d *Discord) pauseAfter(err error, failed int) time.Duration {
	e, _ := errors.AsType[ended](err)
	switch {
	case e.final, listen.IsRefused(err):
		return listen.Jitter(d.timing.rare)
	case e.until > 0:
		return listen.Jitter(min(e.until, d.timing.rare))
	case e.asked && failed <= 1:
		return 0
	}
	pause := listen.Backoff(d.timing.pause, d.timing.longest, failed)
	if e.wait {
		pause = max(pause, between(d.timing.again, 5*d.timing.again))
	}
	return pause
}

// over waits until an ended connection is gone. One that hangs is left behind: nothing waits for it any more, and it is
// counted.
func (d *Discord) over(c *conn) {
	timer := time.NewTimer(d.timing.leave)
	defer timer.Stop()
	select {
	case <-c.done:
	case <-timer.C:
		d.gateway.leave(c)
	}
}

// retire closes a connection for good, and with it its session, once what came in on it is answered.
func (d *Discord) retire(ctx context.Context, c *conn) {
	if c == nil {
		return
	}
	c.close()
	c.work.Wait()
	if c.ended() {
		return
	}
	c.end(ended{words: "it is not needed any more", anew: true})
	d.over(c)
	d.Log.InfoContext(ctx, "a connection to discord's gateway was closed")
}
