// Package githubfake is GitHub in memory: the part of its REST API that a release bot needs, on top of real git objects
// (the ids are git's), and the webhooks that its changes send. It is as strict as GitHub is known to be (permissions,
// limits, rates, what a field may hold), remembers all that it got, also what it then answered with a fault, and can break
// every connection at every point.
//
// A test makes repositories, lets things happen there, and points the app at it:
//
//	f := githubfake.New(t, githubfake.Options{})
//	r := f.AddRepo("acme/app")
//	sha := r.Commit("main", "ana", "feat: sign in", map[string]string{"a.go": "package a"})
//	r.Check(sha, "test", "completed", "success")
//	app := start(f.URL(), f.Token())
//	f.Between(func(n int) { r.ForcePush("main", sha) }) // between any two requests
//	f.Fail("POST /repos/{owner}/{repo}/releases", githubfake.Stored(githubfake.Ends(githubfake.Reset)))
//
// What happens is told by signed webhooks, as soon as somebody wants to hear:
//
//	h := f.Hook(app.URL+"/github/webhooks", "secret")
//	for _, d := range f.Deliveries() { f.Deliver(ctx, d) } // or permuted, repeated, forged, left out
//
// Its lock: everything in Fake below mu is guarded by it, and so is everything in a Repo. A handler of a route is called
// with the lock held. Everything exported takes the lock itself; nothing else does.
//
// It must not know what is spoken to it for: it imports nothing of ours, so that it cannot agree with our mistakes.
package githubfake

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Bot is the login of whoever the token of a new fake belongs to.
const Bot = "readyroom-bot"

// The token looks as GitHub's do, so that a leak of it can be searched for.
const botToken = "github_pat_11FAKE00Zm9yLXRlc3RzX2FuZF9ub3RoaW5nX2Vsc2VfYXRfYWxs"

// web is where people look at things.
const web = "https://github.com/"

// Options are what a fake is made of. Its zero value is on the real clock, without rates.
type Options struct {
	Now   func() time.Time // the clock; nil: time.Now
	Rates Rates            // how much is taken; zero: everything

	// Enterprise is whether the API stands below /api/v3, as GitHub Enterprise Server has it.
	Enterprise bool
	// Portless is whether nothing listens: Transport alone leads here. A test within a synctest bubble needs that.
	Portless bool
	// Patience is how long a webhook waits for its answer; zero: the ten seconds that GitHub gives.
	Patience time.Duration
}

// Fake is GitHub. It may be used concurrently.
type Fake struct {
	t      testing.TB
	o      Options
	server *wire.Server
	asked  sync.WaitGroup  // those who came without a port
	appKey *rsa.PrivateKey // the app's
	base   string          // of the API, without a slash at the end

	mu            sync.Mutex
	repos         map[string]*Repo // by "owner/name" in lower case, also by the names that they had
	users         map[string]*User // by login in lower case
	grants        map[string]*grant
	installations map[int64]*Installation
	apps          map[string]int64 // the ids of apps, by name
	faults        wire.Faults
	between       func(n int)
	calls         []*Call
	meter         meter
	last          int64  // the last id given
	actor         string // the login of whoever calls, while a call is handled
	stirred       wire.Stirred
	hooks         []*Hook
	deliveries    []*Delivery
}

// New starts a fake that ends with the test.
func New(t testing.TB, o Options) *Fake {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	f := &Fake{
		t: t, o: o, base: "http://github.fake",
		repos: map[string]*Repo{}, users: map[string]*User{}, grants: map[string]*grant{}, installations: map[int64]*Installation{},
		apps: map[string]int64{actionsApp: 15368, AppSlug: AppID},
		last: 1000,
	}
	f.grants[botToken] = &grant{login: Bot, all: true}
	f.user(Bot)
	f.server = wire.NewServer(t, f.asked.Wait)
	if !o.Portless {
		f.server.Open(f)
		f.base = f.server.URL
	}
	if o.Enterprise {
		f.base += enterprise
	}
	return f
}

// enterprise is where the API of an Enterprise Server stands.
const enterprise = "/api/v3"

// URL is the base of the API, ending in a slash.
func (f *Fake) URL() string { return f.base + "/" }

// Token is the token of Bot: it may do everything in every repository, until Permit says otherwise.
func (f *Fake) Token() string { return botToken }

// Down cuts the line: every connection is reset, and every new one, until it is up again.
func (f *Fake) Down(down bool) { f.server.Down(down) }

// AppKey is the private key of the app, whose id is AppID.
func (f *Fake) AppKey() *rsa.PrivateKey {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.appKey == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		f.appKey = key
	}
	return f.appKey
}

// id gives the next id; the lock is held.
func (f *Fake) id() int64 {
	f.last++
	return f.last
}

// now is the time in seconds, as GitHub has it.
func (f *Fake) now() time.Time { return f.o.Now().UTC().Truncate(time.Second) }

// path is the path of a request below the base.
func (f *Fake) path(r *http.Request) string {
	p := r.URL.EscapedPath()
	if f.o.Enterprise {
		if rest, is := strings.CutPrefix(p, enterprise); is {
			return rest
		}
		return "/nothing" + p
	}
	return p
}
