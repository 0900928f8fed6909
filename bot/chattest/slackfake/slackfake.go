// Package slackfake is Slack in memory: the Web API, Socket Mode, and the people at their clients. It is as strict as
// Slack is known to be (limits, rates, lifetimes, signatures), remembers all that it got, also what it then answered with
// a fault, and can break every connection at every point.
//
// A test makes a workspace, points the app at it, says how the app is reached, and lets people do things:
//
//	f := slackfake.New(t, slackfake.Options{})
//	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
//	f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true, Members: []string{"U0ANA"}})
//	app := start(f.URL(), f.BotToken(), f.SigningSecret())
//	f.Deliver(f.HTTP(app.URL)) // or f.Deliver(f.Socket(0))
//	r := f.As("U0ANA").Slash(t.Context(), "C0APP", "/release", "status")
//	f.Wait(t.Context(), "an answer", func() bool { return len(r.Texts()) > 0 })
//
// It must not know what is spoken to it for: it imports nothing of ours, so that it cannot agree with our mistakes.
package slackfake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// What a new fake consists of. The tokens look as Slack's do, so that a leak of one can be searched for.
const (
	Team   = "T0ACME"  // the workspace; its domain is TeamName
	App    = "A0READY" // the app
	Bot    = "U0BOT"   // the app's user
	BotID  = "B0BOT"
	Domain = "acme"

	botToken = "xoxb-fake-0bot-Zm9yLXRlc3Rz"
	appToken = "xapp-fake-0app-Zm9yLXRlc3Rz"
	signing  = "5f4e3d2c1b0a5f4e3d2c1b0a5f4e3d2c"
)

// Options are what a fake is made of. Its zero value is a workspace without an enterprise, on the real clock, without
// rates.
type Options struct {
	Enterprise string           // the enterprise that the workspace belongs to; empty: none
	Now        func() time.Time // the clock; nil: time.Now
	Rates      Rates            // how much is taken; zero: everything

	// RetryEvents are the waits before an event is sent again that was not taken; nil: at once, after a minute, after
	// five, as Slack does.
	RetryEvents []time.Duration
	// Patience is how long the clients wait for an acknowledgement; zero: the three seconds that Slack gives.
	Patience time.Duration
}

// Fake is Slack. It may be used concurrently.
type Fake struct {
	t      testing.TB
	o      Options
	server *wire.Server

	mu        sync.Mutex
	tokens    map[string]*grant
	users     map[string]*User
	channels  map[string]*Channel
	groups    map[string]*Group
	messages  map[string][]*Message // by channel, in the order they came
	whispers  []*Whisper
	stamp     stamp
	views     views
	triggers  map[string]*trigger
	urls      map[string]*responseURL
	faults    wire.Faults
	calls     []*Call
	meter     meter
	count     int // of ids given
	revision  int // of all that is shown
	stirred   wire.Stirred
	transport Transport
	socket    *Socket
	sent      []*Delivery
	failures  []Failure
	retries   sync.WaitGroup
}

// grant is what a token may do.
type grant struct {
	app     bool // an app-level token
	scopes  []string
	revoked string // the error that it is answered with
}

// New starts a fake that ends with the test.
func New(t testing.TB, o Options) *Fake {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience == 0 {
		o.Patience = 3 * time.Second
	}
	if o.RetryEvents == nil {
		o.RetryEvents = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	f := &Fake{
		t: t, o: o,
		views: views{byID: map[string]*View{}, stacks: map[string][]*View{}, homes: map[string]*View{}},
		users: map[string]*User{}, channels: map[string]*Channel{}, groups: map[string]*Group{},
		messages: map[string][]*Message{}, triggers: map[string]*trigger{},
		urls: map[string]*responseURL{},
	}
	f.socket = newSocket(f)
	f.tokens = map[string]*grant{
		botToken: {scopes: slices.Clone(Scopes)},
		appToken: {app: true, scopes: []string{"connections:write"}},
	}
	f.users[Bot] = &User{ID: Bot, Name: "readyroom", TeamID: Team, Bot: true}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", f.serveAPI)
	mux.HandleFunc("/response/{id}", f.serveResponseURL)
	mux.HandleFunc("/link", f.socket.serve)
	t.Cleanup(f.socket.done.Wait) // after the server has ended
	f.server = wire.NewServer(t, f.retries.Wait)
	f.server.Open(mux)
	return f
}

// URL is the base of the Web API, ending in "/api/".
func (f *Fake) URL() string { return f.server.URL + "/api/" }

// BotToken is the token of the bot.
func (f *Fake) BotToken() string { return botToken }

// AppToken is the app-level token.
func (f *Fake) AppToken() string { return appToken }

// SigningSecret is what requests to the app are signed with.
func (f *Fake) SigningSecret() string { return signing }

// Scopes are those that a new fake grants the bot.
var Scopes = strings.Fields(`app_mentions:read channels:history channels:read chat:write chat:write.public commands
	groups:history groups:read im:history im:read im:write mpim:history mpim:read team:read usergroups:read users:read`)

// Grant adds a token, as when one is rotated, or says what one may do from now on.
func (f *Fake) Grant(token string, scopes ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[token] = &grant{app: strings.HasPrefix(token, "xapp-"), scopes: slices.Clone(scopes)}
}

// SetScopes says what the bot may do from now on.
func (f *Fake) SetScopes(scopes ...string) { f.Grant(botToken, scopes...) }

// Revoke ends a token: it is answered with name from now on, as "token_revoked", "account_inactive", "token_expired".
func (f *Fake) Revoke(token, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.tokens[token]; g != nil {
		g.revoked = name
	}
}

// Tokens are all that were ever valid here: what no log may show.
func (f *Fake) Tokens() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append(slices.Sorted(maps.Keys(f.tokens)), signing)
}

// Down cuts the line: every connection is reset, and every new one, until it is up again.
func (f *Fake) Down(down bool) { f.server.Down(down) }
