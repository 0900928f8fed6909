package github

import (
	"context"
	"errors"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// self is by whose account the bot writes; empty: GitHub does not tell whose token it is, which is so of those that belong
// to a program.
type self struct {
	id    int64 // of a person's account: its name may change, and others may have it then
	login string
}

// wrote reports whether an account is the bot's.
func (s self) wrote(u *gh.User) bool {
	switch {
	case s.id > 0:
		return u.GetID() == s.id
	case s.login == "":
		return u.GetType() == "Bot"
	}
	return strings.EqualFold(u.GetLogin(), s.login)
}

// self finds out, once, by whose account the bot writes.
func (g *GitHub) self(ctx context.Context, forge string) (self, error) {
	known := g.id().account()
	if s, ok := g.selves.get(known); ok {
		return s, nil
	}
	s, err := g.whoami(ctx, forge)
	if err == nil {
		g.selves.put(known, s)
	}
	return s, err
}

func (g *GitHub) whoami(ctx context.Context, forge string) (self, error) {
	if i := g.id(); i.app() {
		select {
		case i.lock <- struct{}{}: // GitHub's clock is kept under it
			defer func() { <-i.lock }()
		case <-ctx.Done():
			return self{}, tooEarly(time.Second, ctx.Err())
		}
		var app *gh.App
		err := g.asApp(ctx, "the name of the bot's GitHub App", func(c *gh.Client) (r *gh.Response, err error) {
			app, r, err = c.Apps.Get(ctx, "")
			return r, err
		})
		if err != nil {
			return self{}, notSent(err)
		}
		if app.GetSlug() == "" {
			return self{}, notSent(errors.New("GitHub answered without the name of the bot's App"))
		}
		return self{login: app.GetSlug() + "[bot]"}, nil
	}
	var user *gh.User
	err := g.do(ctx, forge, "the account of the bot", func(c *gh.Client) (r *gh.Response, err error) {
		user, r, err = c.Users.Get(ctx, "")
		return r, err
	})
	var no *workflows.Refusal
	switch {
	case errors.As(err, &no) && (no.Reason == permission || no.Reason == forbidden):
		return self{}, nil
	case err != nil:
		return self{}, err
	case user.GetLogin() == "" || user.GetID() <= 0:
		return self{}, notSent(errors.New("GitHub answered without the name or the number of the bot's account"))
	}
	return self{user.GetID(), user.GetLogin()}, nil
}
