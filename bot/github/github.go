// Package github owns what is true of a repository on GitHub, as its REST API says it (commits and what is beside them:
// pull requests, checks, releases, deployments), and carries out acts there. What it hears of by webhook it takes for a
// knock: it looks for itself.
//
// It decides nothing: what the facts mean, and whether an act is wished, is decided elsewhere. It must not know releases,
// votes or chats.
package github

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
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
	Now       func() time.Time
	Log       *slog.Logger
}

// GitHub answers queries and carries out acts. It is safe for concurrent use.
type GitHub struct {
	opts Options
}

// New makes one; it asks GitHub nothing yet.
func New(o Options) (*GitHub, error) { return &GitHub{opts: o}, nil }

// Off refuses what needs GitHub while it is off.
func Off() *workflows.Refusal {
	return workflows.Refuse(workflows.Unavailable, "GitHub is off here: the bot has no token for it").By("whoever runs this bot").
		Type("set GITHUB_TOKEN, then: readyroom doctor")
}

// Look answers a query from GitHub alone.
func (g *GitHub) Look(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	return g.Complete(ctx, q, workflows.Found{})
}

// Complete adds to what a clone says of commits what GitHub alone knows.
func (g *GitHub) Complete(_ context.Context, _ workflows.Query, found workflows.Found) (workflows.Found, error) {
	return found, nil
}

// Diff lists the files that differ between two commits.
func (g *GitHub) Diff(context.Context, workflows.Query, string, string) ([]string, error) {
	return nil, Off()
}
