// Package github owns what is true of a repository on GitHub, as its REST API says it (commits and what is beside them:
// pull requests, checks, releases, deployments), and carries out acts there. What it hears of by webhook it takes for a
// knock: it looks for itself.
//
// It decides nothing: what the facts mean, and whether an act is wished, is decided elsewhere. It must not know releases,
// votes or chats.
package github

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// Platform is what GitHub is called in handles and places.
const Platform = "github"

// Secrets are what the bot is known by at GitHub, and GitHub here.
type Secrets struct {
	Token    chat.Secret   // of a user or a fine-grained one; or
	AppID    string        // of a GitHub App, with
	AppKey   chat.Secret   // its private key, PEM
	Webhooks []chat.Secret // any of which signs what GitHub sends here; none: nothing is taken
}

// Options are what the package needs.
type Options struct {
	Secrets   Secrets
	URL       string            // the API; empty: https://api.github.com/
	Transport http.RoundTripper // nil: the default one
	Now       func() time.Time  // nil: Ticks
	Ticks     func() time.Time  // one that never stands still, by which the pace is kept; nil: the machine's
	Log       *slog.Logger
	Spacing   time.Duration // between what is written; zero: a second, as GitHub asks for; below zero: no pace is kept at all, for tests
}

// GitHub answers queries and carries out acts. It is safe for concurrent use.
type GitHub struct {
	opts    Options
	api     string // its address, with a slash at its end
	carrier http.RoundTripper
	ident   atomic.Pointer[identity]
	seen    *answers
	paces   paces
	slots   chan struct{} // a place for each call that is under way
	names   names
	numbers kept[int64] // of the repositories, by their names
	selves  kept[self]
	changes kept[[]string]  // the files of commits
	brought kept[int]       // the numbers of the pull requests that brought commits
	direct  kept[time.Time] // when no pull request had brought a commit
	parents kept[[]string]  // of the commits of logs
}

// maxCalls is how many calls are under way at once: GitHub asks for few, and stops whoever has more than 100.
const maxCalls = 8

// New makes one; it asks GitHub nothing yet. It fails where the secrets or the address cannot be used, in words that
// hold neither.
func New(o Options) (*GitHub, error) {
	if o.Ticks == nil {
		o.Ticks = time.Now //nolint:forbidigo // GitHub counts by real time, whatever clock the rooms are given
	}
	if o.Now == nil {
		o.Now = o.Ticks
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Spacing == 0 {
		o.Spacing = time.Second
	}
	api, err := address(o.URL)
	if err != nil {
		return nil, err
	}
	g := &GitHub{opts: o, api: api, carrier: listen.Carrier(o.Transport), seen: newAnswers(), slots: make(chan struct{}, maxCalls)}
	g.paces.spacing, g.paces.ticks = o.Spacing, o.Ticks
	return g, g.Reload(o.Secrets)
}

// Reload takes other secrets, for all calls that begin from now on. Where they cannot be used, the former ones stay.
func (g *GitHub) Reload(s Secrets) error {
	i, err := identify(s)
	if err == nil {
		g.ident.Store(&i)
		g.selves.clear() // they may be another account's
	}
	return err
}

// id is what the bot is at GitHub now.
func (g *GitHub) id() identity { return *g.ident.Load() }

// Off refuses what needs GitHub while it is off.
func Off() *workflows.Refusal {
	return workflows.Refuse(workflows.Unavailable, "GitHub is off here: the bot has no token for it").By(operator).
		Type("set GITHUB_TOKEN, then: readyroom doctor")
}

// operator is who can mend most of what fails here.
const operator = "whoever runs this bot"
