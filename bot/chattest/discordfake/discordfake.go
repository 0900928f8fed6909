// Package discordfake is Discord in memory: the REST API, the gateway, interactions, and the people at their clients. It
// is as strict as Discord is known to be (limits, permissions, rates, lifetimes, signatures), remembers all that it got,
// also what it then answered with a fault, and can break every connection at every point.
//
// A test makes servers, channels and people, and points the app at it:
//
//	f := discordfake.New(t, discordfake.Options{})
//	ana := f.AddUser(discordfake.User{Name: "ana"})
//	f.AddMember(discordfake.Member{User: ana})
//	app := start(f.URL(), f.BotToken())
//	f.Messages(discordfake.General)
//
// and lets people do things, over the gateway unless Deliver says otherwise:
//
//	f.Gateway(0).Await(1)
//	r := f.As(ana).Slash(ctx, discordfake.General, []string{"release", "sign"}, map[string]any{"item": "docs"})
//	f.Wait(ctx, "an answer", func() bool { return len(r.Texts()) > 0 })
//
// Beside refusing, it notes what Discord would take and nobody wants: a message that pings, a post without a nonce
// (Failures).
//
// Its lock: everything in Fake below mu is guarded by it. A handler of a route is called with the lock held, and so is
// a listener to what happens; neither may wait, nor call what locks. What is named in "the lock is held" comments is
// called so; everything exported takes the lock itself.
//
// It must not know what is spoken to it for: it imports nothing of ours, so that it cannot agree with our mistakes.
package discordfake

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// What a new fake consists of: one server with one channel, where the app's bot is a member. The application and its bot
// have different ids, as older ones have, so that who mixes them up is found.
const (
	Server  = "1100000000000000001" // its role @everyone has the same id
	General = "1100000000000000002" // a text channel there
	App     = "1100000000000000003"
	Bot     = "1100000000000000004" // the app's user
	BotRole = "1100000000000000005" // the role that the bot has in Server
	Owner   = "1100000000000000006" // who owns Server

	// The token looks as Discord's do, so that a leak of it can be searched for.
	botToken = "MTEwMDAwMDAwMDAwMDAwMDAwNA.GfAke0.Zm9yLXRlc3RzLWFuZC1ub3RoaW5nLWVsc2UtYXQtYWxs"
)

// prefix is where the API stands.
const prefix = "/api/v10"

// Options are what a fake is made of. Its zero value is on the real clock, without rates.
type Options struct {
	Now   func() time.Time // the clock; nil: time.Now
	Rates Rates            // how much is taken; zero: everything

	// Patience is how long the clients wait for the first answer to an interaction; zero: the three seconds that Discord
	// gives.
	Patience time.Duration

	// Forgets is whether no nonce is known any more when it comes again, as it is after a few minutes: what is posted twice
	// is there twice.
	Forgets bool
}

// Fake is Discord. It may be used concurrently.
type Fake struct {
	t       testing.TB
	o       Options
	server  *wire.Server
	mux     *http.ServeMux
	key     ed25519.PrivateKey
	served  map[string]bool // the routes, by name
	closers []func()        // what ends with the test, before the server does; set while the fake is made

	mu        sync.Mutex
	tokens    map[string]string // what is valid, and what is not any more: the value says why not
	app       Application
	guilds    map[string]*Guild
	users     map[string]*User
	members   map[string]map[string]*Member // by server and user
	roles     map[string]*Role
	channels  map[string]*Channel
	direct    map[string]string     // the channel of somebody's direct messages
	messages  map[string][]*Message // by channel or thread, in the order they came
	nonces    map[nonceKey]*Message
	listeners []func(happening)
	faults    wire.Faults
	calls     []*Call
	meter     meter
	last      int64 // the last snowflake given
	revision  int   // of all that is shown
	stirred   wire.Stirred
	failures  []Failure
	people
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
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f := &Fake{
		t: t, o: o, key: key, served: map[string]bool{},
		tokens: map[string]string{botToken: ""}, app: Application{Public: true},
		guilds: map[string]*Guild{}, users: map[string]*User{}, members: map[string]map[string]*Member{},
		roles: map[string]*Role{}, channels: map[string]*Channel{}, direct: map[string]string{},
		messages: map[string][]*Message{}, nonces: map[nonceKey]*Message{},
	}
	f.server = wire.NewServer(t, f.close)
	f.furnish()
	f.mux = http.NewServeMux()
	f.mux.HandleFunc("/", f.serveUnknown)
	f.route(routes...)
	f.openPeople()
	f.server.Open(f.mux)
	return f
}

// furnish makes what every fake has.
func (f *Fake) furnish() {
	f.users[Bot] = &User{ID: Bot, Name: "readyroom", Bot: true}
	f.users[Owner] = &User{ID: Owner, Name: "owner"}
	f.addServer(Guild{ID: Server, Name: "Acme", Owner: Owner})
	f.roles[BotRole] = &Role{ID: BotRole, Server: Server, Name: "readyroom", Position: 1, Managed: true}
	f.members[Server][Bot].Roles = []string{BotRole}
	f.members[Server][Owner] = &Member{Server: Server, User: Owner, Joined: f.o.Now()}
	f.channels[General] = &Channel{ID: General, Server: Server, Name: "general"}
}

func (f *Fake) close() {
	for _, c := range f.closers {
		c()
	}
}

// URL is the base of the API, ending in "/api/v10".
func (f *Fake) URL() string { return f.server.URL + prefix }

// BotToken is the token of the bot, without the word "Bot".
func (f *Fake) BotToken() string { return botToken }

// AppID is the application's id.
func (f *Fake) AppID() string { return App }

// BotUser is the id of the app's user.
func (f *Fake) BotUser() string { return Bot }

// PublicKey is what requests to the app are verified with, in hex.
func (f *Fake) PublicKey() string { return hex.EncodeToString(f.key.Public().(ed25519.PublicKey)) }

// Grant adds a token of the bot, as when one is reset.
func (f *Fake) Grant(token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[token] = ""
}

// Revoke ends a token.
func (f *Fake) Revoke(token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[token] = "revoked"
}

// valid reports whether a token is the bot's; the lock is held.
func (f *Fake) valid(token string) bool {
	why, known := f.tokens[token]
	return known && why == ""
}

// Tokens are all that were ever valid here: what no log may show.
func (f *Fake) Tokens() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for token := range f.tokens {
		all = append(all, token)
	}
	return all
}

// Down cuts the line: every connection is reset, and every new one, until it is up again.
func (f *Fake) Down(down bool) { f.server.Down(down) }
