package slack

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

const (
	otherTeam = `{"ok":true,"team_id":"T0OTHER","user_id":"U0BOT","bot_id":"B0BOT"}`
	otherApp  = `{"ok":true,"bot":{"id":"B0BOT","app_id":"A0OTHER"}}`
)

// TestIdentity: who the bot is, and whose token is refused.
func TestIdentity(t *testing.T) {
	ours := identity{team: slackfake.Team, user: slackfake.Bot, bot: slackfake.BotID, app: slackfake.App}
	for name, c := range map[string]struct {
		auth, bot string // answers instead of the true ones
		was       *identity
		teams     []string
		app       chat.Secret
		want      string // in the refusal; empty: there is none
	}{
		"as it is":                  {},
		"allowed":                   {teams: []string{"T1", slackfake.Team}},
		"allowed by its enterprise": {auth: `{"ok":true,"team_id":"T0ACME","enterprise_id":"E1","user_id":"U0BOT","bot_id":"B0BOT"}`, teams: []string{"E1"}},
		"not allowed":               {teams: []string{"T1"}, want: "not among those"},
		"no enterprise is allowed":  {teams: []string{""}, want: "not among those"},
		"as before":                 {was: &ours},
		"another workspace":         {was: &ours, auth: otherTeam, want: "needs a bot of its own"},
		"another app":               {was: &identity{team: slackfake.Team, bot: "B0OLD", app: slackfake.App}, bot: otherApp, want: "A0OTHER"},
		"an app token of it":        {app: "xapp-1-A0READY-123-abc"},
		"an app token of another":   {app: "xapp-1-A0OTHER-123-abc", want: "take both from one app"},
		"a token without an app":    {app: "xapp-abc"},
		"a person's token":          {auth: `{"ok":true,"team_id":"T0ACME","user_id":"U0ANA"}`, want: "xoxb-"},
		"of an organisation":        {auth: `{"ok":true,"team_id":"E1","user_id":"U0BOT","bot_id":"B0BOT"}`, want: "whole organisation"},
		"an answer of nothing":      {auth: `{"ok":true}`, want: "does not say who"},
		"of no app":                 {bot: `{"ok":true,"bot":{}}`, want: "which app"},
		"revoked":                   {auth: `{"ok":false,"error":"token_revoked"}`, want: "token_revoked: "},
		"unknown":                   {auth: `{"ok":false,"error":"out_of_cheese"}`, want: "out_of_cheese"},
		"without users:read":        {bot: `{"ok":false,"error":"missing_scope","needed":"users:read","provided":""}`, want: "needed: users:read"},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t, func(o *Options) {
				o.Teams = c.teams
				if c.app != "" {
					o.Secrets.AppToken = c.app
				}
			})
			if c.was != nil {
				w.me.Store(c.was)
			}
			for method, body := range map[string]string{"auth.test": c.auth, "bots.info": c.bot} {
				if body != "" {
					w.f.Fail(method, slackfake.Raw(http.StatusOK, body))
				}
			}
			err := w.identify(t.Context())
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			case c.want != "" && w.me.Load() != c.was:
				t.Errorf("it became %+v all the same", w.me.Load())
			case c.want == "" && w.me.Load().team != slackfake.Team:
				t.Errorf("it is %+v", w.me.Load())
			}
		})
	}
}

// TestIdentityRevoked: a token that is taken no more is red, with what to do, and a new one needs no restart.
func TestIdentityRevoked(t *testing.T) {
	w := idle(t).run()
	w.well()
	w.f.Fail("auth.test", slackfake.Raw(500, ""), slackfake.Ends(slackfake.Reset), slackfake.Error("ratelimited"), slackfake.TooMany("")) // says nothing of the token
	w.until("it is asked again", func() bool { return w.f.Unspent() == 0 })
	if err := w.Health(); err != nil {
		t.Error(err)
	}
	w.f.Revoke(w.f.BotToken(), "token_revoked")
	w.until("it is red", func() bool { return w.Health() != nil })
	if no := w.Health().Error(); !strings.Contains(no, "does not take the bot token: token_revoked: ") {
		t.Error(no)
	}
	before := w.api.Load()
	bad := *w.secrets.Load()
	bad.BotToken = "xoxb-of-nobody"
	if err := w.Reload(t.Context(), bad); err == nil || w.api.Load() != before || w.secrets.Load().BotToken == bad.BotToken {
		t.Errorf("a token of nobody was taken: %v", err)
	}
	next := *w.secrets.Load()
	if err := w.Reload(t.Context(), next); err != nil {
		t.Errorf("the same secrets: %v", err)
	}
	next.BotToken = "xoxb-fake-1new"
	next.Signing = []chat.Secret{"one", "two"}
	w.f.Grant(next.BotToken.Reveal(), slackfake.Scopes...)
	if err := w.Reload(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	if got := w.secrets.Load().Signing; len(got) != 2 || got[1].Reveal() != "two" {
		t.Errorf("the signing secrets are %d", len(got))
	}
	w.well()
	w.event()
}

// TestTokenOfElsewhere: with a token of a workspace that nobody allowed, nothing is posted either.
func TestTokenOfElsewhere(t *testing.T) {
	w := idle(t, func(o *Options) { o.Teams = []string{"T0OTHER"} })
	if err := w.identify(t.Context()); err == nil {
		t.Fatal("it was taken")
	}
	w.f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true})
	_, err := w.Send(t.Context(), chat.Post{Key: "k", Place: "slack/T0OTHER/C0APP", Message: chat.Message{Title: "hello"}})
	if chattest.VerdictOf(err) != chat.Retry || !strings.Contains(err.Error(), "not among those") || len(w.f.Messages("C0APP")) != 0 {
		t.Errorf("got %v, and %d messages", err, len(w.f.Messages("C0APP")))
	}
}

// TestReloadElsewhere: no reload makes it a bot of another workspace or app.
func TestReloadElsewhere(t *testing.T) {
	w := idle(t)
	if err := w.identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, me := *w.secrets.Load(), *w.me.Load()
	for name, c := range map[string]struct {
		next      Secrets
		auth, bot string
		words     string
	}{
		"another workspace":  {Secrets{BotToken: "xoxb-2", AppToken: before.AppToken}, otherTeam, otherApp, "another workspace"},
		"another app":        {Secrets{BotToken: "xoxb-2", AppToken: before.AppToken}, `{"ok":true,"team_id":"T0ACME","user_id":"U2","bot_id":"B2"}`, otherApp, "is app"},
		"an app token alone": {Secrets{BotToken: before.BotToken, AppToken: "xapp-1-A0OTHER-1-x"}, "", "", "take both from one app"},
		"no bot token":       {Secrets{AppToken: before.AppToken}, "", "", "no bot token"},
		"nothing to hear":    {Secrets{BotToken: before.BotToken}, "", "", "nothing could be heard"},
		"no answer":          {Secrets{BotToken: "xoxb-2", AppToken: before.AppToken}, "oops", "", "no answer"},
	} {
		if c.auth != "" {
			w.f.Fail("auth.test", slackfake.Raw(200, c.auth))
		}
		if c.bot != "" {
			w.f.Fail("bots.info", slackfake.Raw(200, c.bot))
		}
		err := w.Reload(t.Context(), c.next)
		if err == nil || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), "stay in force") {
			t.Errorf("%s: %v", name, err)
		}
		if now := w.secrets.Load(); now.BotToken != before.BotToken || now.AppToken != before.AppToken || *w.me.Load() != me {
			t.Errorf("%s: it took effect", name)
		}
	}
}

// TestSkew: the bot says how wrong its clock is.
func TestSkew(t *testing.T) {
	off := time.Duration(0)
	w := idle(t, func(o *Options) { o.Now = func() time.Time { return time.Now().Add(off) } })
	for _, c := range []struct {
		off  time.Duration
		want string
	}{{0, ""}, {time.Minute, ""}, {7 * time.Minute, "ahead"}, {-7 * time.Minute, "behind"}} {
		off = c.off
		if err := w.identify(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.Skew(); (got - off).Abs() > 2*time.Second {
			t.Errorf("%s is taken for %s", off, got)
		}
		w.secrets.Store(&Secrets{BotToken: chat.Secret(w.f.BotToken())}) // no links
		if err := w.HealthWarnings(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", off, err)
		}
	}
}

// TestPanics: a panic ends nothing but what panicked.
func TestPanics(t *testing.T) {
	w := idle(t)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	n := 0
	w.keep(ctx, "test", func(context.Context) {
		if n++; n == 3 {
			end()
		}
		panic("a bug")
	})
	if n != 3 || strings.Count(w.log.String(), "msg=panic") != 3 {
		t.Errorf("%d times: %s", n, w.log)
	}
}
