package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// session is what an IDENTIFY began. It outlives its connection: Discord keeps what it missed for a few minutes.
type session struct {
	token   chat.Secret
	intents int
	first   string       // the address that it was begun at
	at      string       // where it is resumed
	id      string       // empty: READY did not come
	seq     atomic.Int64 // of the last event that came

	// Of who keeps the connection alone.
	tries int // RESUMEs that led to no connection that lasted
	dials int // that led to none at all
}

// fits reports whether a session is one of the token and the intents that are wanted now.
func (d *Discord) fits(s *session) bool {
	return s != nil && s.id != "" && s.token == d.secrets.Load().BotToken && s.intents == d.intents()
}

// ended is why a connection ended, and what that means for the next one.
type ended struct {
	words string
	anew  bool          // its session is over
	wait  bool          // Discord asks for a moment's patience
	asked bool          // it was asked for: nothing is wrong
	final bool          // every other try ends like this one, until somebody does something
	until time.Duration // no other try is any use before
}

func (e ended) Error() string { return e.words }

// membersWords is what to do when the members of servers are kept from the bot.
const membersWords = "switch on \"Server Members Intent\" in " + portal + " → the application → Bot → Privileged Gateway Intents, or take the groups " +
	"that begin with group:discord/ out of readyroom.yaml"

// closings are what Discord's codes mean; the others end a connection, and the session can be resumed.
// Source: Discord's reference, "Gateway Close Event Codes".
var closings = map[int]ended{
	4003: {words: "4003: something was sent before the session was begun", anew: true},
	4004: {words: "4004: Discord's gateway does not take the bot token: take a new one in " + portal + " → the application → Bot → Reset Token, into DISCORD_BOT_TOKEN", final: true},
	4007: {words: "4007: the number of the last event was wrong", anew: true},
	4008: {words: "4008: too much was sent in a short time"},
	4009: {words: "4009: the session timed out", anew: true},
	4010: {words: "4010: Discord does not take the shard: this is a bug, please report it", final: true},
	4011: {words: "4011: the bot is in too many servers for one connection: let it leave those where no releases are talked about", final: true},
	4012: {words: "4012: Discord does not speak version 10 of its gateway any more: this release of Readyroom is too old", final: true},
	4013: {words: "4013: Discord does not know what was asked for: this is a bug, please report it", final: true},
	4014: {words: "4014: Discord does not let the bot see the members of its servers: " + membersWords, final: true},
}

// identification begins a session.
func identification(s *session) any {
	return map[string]any{"op": 2, "d": map[string]any{
		"token": s.token.Reveal(), "intents": s.intents, "compress": false,
		"properties": map[string]string{"os": runtime.GOOS, "browser": "readyroom", "device": "readyroom"},
	}}
}

// resumption goes on with one.
func resumption(s *session) any {
	return map[string]any{"op": 6, "d": map[string]any{"token": s.token.Reveal(), "session_id": s.id, "seq": s.seq.Load()}}
}

// gatewayAddress is an address that Discord gave, for what we speak there. The token goes there: so it is encrypted
// wherever the API is.
func (d *Discord) gatewayAddress(at string) (string, error) {
	u, err := url.Parse(at)
	plain := strings.HasPrefix(d.URL, "http://")
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "wss" && (!plain || u.Scheme != "ws") {
		return "", errors.New("Discord gave an address for its gateway that is none")
	}
	u.RawQuery = "v=10&encoding=json"
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}

// starts holds the beginning of sessions to what Discord bears: a thousand in a day, and then it ends all of them and
// takes the token back. So a few may be begun at once, later ones at a pace that lasts for the day; and the last ones that
// Discord would take are never used.
type starts struct {
	window, pace *rate.Limiter

	mu        sync.Mutex
	total     int
	remaining int // as Discord said last
}

const (
	startsAtOnce = 20
	// startsKept is how many of the day's are left for whoever mends what is wrong.
	startsKept = 50
)

func newStarts(t timing) *starts {
	return &starts{window: rate.NewLimiter(rate.Every(t.window), 1), pace: rate.NewLimiter(rate.Every(t.start), startsAtOnce), remaining: -1}
}

// startLimit is how many sessions may be begun, as Discord says.
type startLimit struct {
	URL   string `json:"url"`
	Limit *struct {
		Total     int   `json:"total"`
		Remaining int   `json:"remaining"`
		Reset     int64 `json:"reset_after"` // milliseconds
	} `json:"session_start_limit"`
}

// mayStart waits until a session may be begun, and gives the address where.
func (d *Discord) mayStart(ctx context.Context) (at string, err error) {
	var l startLimit
	if err := d.ask(ctx, "/gateway/bot", &l); err != nil {
		return "", err
	}
	if l.Limit == nil {
		return "", errors.New("the answer to GET /gateway/bot does not say how many sessions may be begun")
	}
	if at, err = d.gatewayAddress(l.URL); err != nil {
		return "", err
	}
	st := d.gateway.starts
	st.mu.Lock()
	st.total, st.remaining = l.Limit.Total, l.Limit.Remaining
	st.mu.Unlock()
	if l.Limit.Remaining <= startsKept {
		after := max(time.Duration(l.Limit.Reset)*time.Millisecond, d.timing.pause)
		return "", ended{until: after, words: fmt.Sprintf("only %d of the %d sessions that Discord allows in a day are left, and no more are begun before %s: "+
			"look why so many were (two bots on one token, or one that restarts again and again?)",
			l.Limit.Remaining, l.Limit.Total, d.Now().Add(after).UTC().Format("15:04 MST"))}
	}
	if st.pace.Tokens() < 1 {
		d.gateway.note(errors.New("many sessions were begun in a short time, and the next one waits"), false)
	}
	return at, st.turn(ctx, d.timing.window/16)
}

// turn waits for the pace at which sessions are begun. What is spent of it is counted when one is.
func (st *starts) turn(ctx context.Context, look time.Duration) error {
	for ctx.Err() == nil && (st.pace.Tokens() < 1 || st.window.Tokens() < 1) {
		listen.Rest(ctx, look)
	}
	return ctx.Err()
}

// spend counts a session that is being begun.
func (st *starts) spend() {
	st.pace.Allow()
	st.window.Allow()
}

// few says that few of the day's sessions are left; nil: they are not.
func (st *starts) few() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.remaining < 0 || st.remaining > st.total/4 {
		return nil
	}
	return fmt.Errorf("only %d of the %d sessions that Discord's gateway allows in a day are left: look why so many were begun", st.remaining, st.total)
}

// between gives a time between two.
func between(from, to time.Duration) time.Duration { return from + rand.N(max(to-from, 1)) }
