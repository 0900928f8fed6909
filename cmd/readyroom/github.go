package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/workflows"
)

// The variables that turn GitHub on.
const (
	githubToken  = "GITHUB_TOKEN"
	githubApp    = "GITHUB_APP_ID"
	githubKey    = "GITHUB_APP_PRIVATE_KEY"
	githubSigned = "GITHUB_WEBHOOK_SECRET"
	githubURL    = "GITHUB_API_URL"
)

// readGitHubSecrets reads those of GitHub. Two webhook secrets, with white space between them, are both taken: one of them
// is being replaced.
func readGitHubSecrets() (s github.Secrets, err error) {
	var errs [4]error
	var app, signed chat.Secret
	s.Token, errs[0] = secret(githubToken)
	app, errs[1] = secret(githubApp)
	s.AppKey, errs[2] = secret(githubKey)
	signed, errs[3] = secret(githubSigned)
	s.AppID = app.Reveal() // it is no secret; it is given like one
	for _, one := range strings.Fields(signed.Reveal()) {
		s.Webhooks = append(s.Webhooks, chat.Secret(one))
	}
	return s, errors.Join(errs[:]...)
}

// wantsGitHub reports whether anything says who the bot is there.
func wantsGitHub(s github.Secrets) bool { return s.Token != "" || s.AppID != "" || s.AppKey != "" }

// githubOptions are those that need no desk.
func githubOptions(s github.Secrets, log *slog.Logger) github.Options {
	carry := http.DefaultTransport.(*http.Transport).Clone() // it goes through the proxy that the environment names
	return github.Options{Secrets: s, URL: os.Getenv(githubURL), Transport: carry, Log: log, Spacing: spacing}
}

// openGitHub makes GitHub a source and an actor where there is a token for it, and the door at which it knocks.
func (r *running) openGitHub() error {
	secrets, err := readGitHubSecrets()
	if err != nil {
		return err
	}
	if wantsGitHub(secrets) {
		if r.forge, err = github.New(githubOptions(secrets, r.log)); err != nil {
			return fmt.Errorf("%w → readyroom doctor", err)
		}
	}
	r.door = github.NewDoor(secrets.Webhooks, r.hasForge, r.log)
	if r.forge != nil {
		r.metrics.Unheard(github.Platform, r.door.Unheard)
	}
	r.rounds = &github.Rounds{Forges: r.forges, Look: r.hearForge, Door: r.door, Ticks: time.Now, Log: r.log}
	return nil
}

// forges are the repositories at GitHub of the products, each once; none while GitHub is off.
func (r *running) forges() []string {
	if r.forge == nil {
		return nil
	}
	return r.desk.Forges()
}

// forgeStands says whether GitHub is on, where products name repositories there.
func (r *running) forgeStands() string {
	switch {
	case len(r.desk.Forges()) == 0:
		return ""
	case r.forge == nil:
		return " GitHub off: set " + githubToken + "."
	}
	return " GitHub on."
}

// hasForge reports whether a repository, in lower case, is one of them.
func (r *running) hasForge(name string) bool {
	return slices.ContainsFunc(r.forges(), func(f string) bool { return strings.EqualFold(f, name) })
}

// hearForge looks once at a repository.
func (r *running) hearForge(ctx context.Context, forge string) error {
	now := r.clock.Now()
	id := fmt.Sprintf("%s/%s/%d", github.Platform, forge, time.Now().UnixNano())
	_, err := r.desk.Hear(ctx, workflows.Ask{ID: id, Bot: github.Platform, When: now}, forge)
	return err
}

// lookAside makes rounds beside a console for as long as it is open. Where its clock is simulated, there are none: see
// stepByHand.
func (r *running) lookAside(ctx context.Context) (stop func()) {
	if r.clock.Simulated() || len(r.forges()) == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { r.rounds.Run(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// stepByHand delivers what is due in a console. Where the clock is simulated, each step also looks at the repositories: what
// happens there happens between lines.
func (r *running) stepByHand(ctx context.Context) (next time.Time, ok bool, err error) {
	if next, ok, err = r.bot.Step(ctx, r.clock.Now()); err != nil || !r.clock.Simulated() {
		return next, ok, err
	}
	for _, forge := range r.forges() {
		if err := r.hearForge(ctx, forge); err != nil {
			r.log.WarnContext(ctx, "a repository could not be looked at", "repository", forge, "error", err)
		}
	}
	if len(r.forges()) == 0 {
		return next, ok, err
	}
	return r.bot.Step(ctx, r.clock.Now())
}

// reloadGitHub takes the secrets as they stand now. To turn GitHub on or off takes a restart.
func (r *running) reloadGitHub(ctx context.Context) error {
	if r.door == nil {
		return nil
	}
	secrets, err := readGitHubSecrets()
	if err == nil && r.forge != nil {
		err = r.renewGitHub(ctx, secrets)
	}
	if err != nil {
		return &keptSecrets{github.Platform, err}
	}
	r.door.Reload(secrets.Webhooks)
	return nil
}

// renewGitHub takes other secrets, unless GitHub says that it does not know them: then the former ones stay in force.
func (r *running) renewGitHub(ctx context.Context, s github.Secrets) error {
	tried, err := github.New(githubOptions(s, r.log))
	if err != nil {
		return err
	}
	for _, forge := range r.forges() {
		no, ok := errors.AsType[*workflows.Refusal](second(tried.Repository(ctx, forge)))
		if ok && no.Reason == github.BadToken {
			return no
		}
	}
	return r.forge.Reload(s)
}

func second[T any](_ T, err error) error { return err }

// githubChecks are what must be so for repositories to be seen as they are.
func (r *running) githubChecks() []web.Check {
	if len(r.forges()) == 0 {
		return nil
	}
	return []web.Check{{Name: github.Platform, Err: r.rounds.Health}, {Name: github.Platform + " (to look at)", Warn: true, Err: r.rounds.Warnings}}
}

// githubRoutes are where GitHub sends requests. Without a secret there is nothing to be found; one may come later.
func (r *running) githubRoutes() map[string]http.Handler {
	if r.forge == nil {
		return nil
	}
	return r.door.Routes()
}

// githubHello says whether GitHub is on, how it is heard, and how it is turned on.
func (r *running) githubHello(ctx context.Context) {
	named := len(r.desk.Forges())
	switch {
	case r.forge == nil && named > 0:
		r.log.WarnContext(ctx, "products name repositories at GitHub, which is off", "repositories", named, "next", "set "+githubToken+", then: readyroom doctor")
	case r.forge == nil:
		r.log.InfoContext(ctx, "platform is off", "platform", github.Platform, "why", "none of its secrets is set", "next", "set "+githubToken+" and products: PRODUCT: github: owner/name, then: readyroom doctor")
	default:
		hears := "a look every 5 minutes"
		if r.door.Open() {
			hears = "webhooks at " + github.DoorPath + ", and " + hears
		}
		r.log.InfoContext(ctx, "platform is on", "platform", github.Platform, "hears", hears, "repositories", named, "try", "readyroom doctor")
	}
}
