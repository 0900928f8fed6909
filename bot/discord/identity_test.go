package discord

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestIdentity: who the bot is, where, and whose token is refused.
func TestIdentity(t *testing.T) {
	const two = "1100000000000000777"
	for name, c := range map[string]struct {
		app, user, guilds string // answers instead of the true ones
		was               *identity
		servers, named    []string
		secrets           Secrets
		want              string   // in the refusal; empty: there is none
		at                []string // the servers that are listened to
		warns             string
	}{
		"as it is":                  {at: []string{discordfake.Server}},
		"allowed":                   {servers: []string{discordfake.Server}, at: []string{discordfake.Server}},
		"one of two":                {servers: []string{discordfake.Server, two}, at: []string{discordfake.Server, two}, warns: "the bot is not in server " + two},
		"not there":                 {servers: []string{two}, want: "scope=bot+applications.commands&permissions=309237763072"},
		"nowhere":                   {guilds: `[]`, want: "in no server: choose one, and let one of its admins open https://discord.com/oauth2/authorize?client_id=" + discordfake.App},
		"in several":                {guilds: `[{"id":"5","name":"Acme \u202e"},{"id":"6","name":"B"}]`, want: `(5 "Acme \u202e", 6 "B"), and nobody said which of them to listen to: write discord: {servers: [...]}`},
		"in several, and chosen":    {guilds: `[{"id":"5"},{"id":"6"}]`, servers: []string{"6"}, at: []string{"6"}},
		"in several, spoken of one": {guilds: `[{"id":"5","name":"A"},{"id":"6"}]`, named: []string{"6", "7"}, at: []string{"6"}},
		"spoken of where it is not": {named: []string{"7"}, at: []string{discordfake.Server}},
		"invited elsewhere":         {guilds: `[{"id":"5"},{"id":"6","name":"B"}]`, was: &identity{app: discordfake.App, servers: []string{"5"}}, at: []string{"5"}, warns: `6 "B"`},
		"moved":                     {was: &identity{app: discordfake.App, servers: []string{"5"}}, want: "no longer in server 5"},
		"no server but garbage":     {guilds: `[{"id":"x"}]`, want: "names a server that is none"},
		"another application":       {was: &identity{app: "5", servers: []string{discordfake.Server}}, want: "another one needs a bot of its own"},
		"the right numbers":         {secrets: Secrets{AppID: discordfake.App, PublicKey: "its own"}, at: []string{discordfake.Server}},
		"the wrong application":     {secrets: Secrets{AppID: "5"}, want: "DISCORD_APP_ID says 5"},
		"the wrong key":             {secrets: Secrets{PublicKey: exampleKey}, want: "DISCORD_PUBLIC_KEY"},
		"a person's token":          {user: `{"id":"5"}`, want: "it is a person's"},
		"an answer of nothing":      {user: `{}`, want: "does not say who the bot is"},
		"of no application":         {app: `{}`, want: "which application"},
		"of a key that is none":     {app: `{"id":"5","verify_key":"00"}`, want: "which application"},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t, func(o *Options) { o.Servers, o.Named = c.servers, c.named })
			c.secrets.BotToken = chat.Secret(w.f.BotToken())
			if c.secrets.PublicKey == "its own" {
				c.secrets.PublicKey = strings.ToUpper(w.f.PublicKey())
			}
			w.secrets.Store(&c.secrets)
			if c.was != nil {
				w.me.Store(c.was)
			}
			for path, body := range map[string]string{"/applications/@me": c.app, "/users/@me": c.user, "/users/@me/guilds": c.guilds} {
				if body != "" {
					w.f.Fail("GET "+path, discordfake.Raw(http.StatusOK, body))
				}
			}
			err := w.identify(t.Context())
			me := w.me.Load()
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			case c.want != "" && me != c.was:
				t.Errorf("it became %+v all the same", me)
			case c.want == "" && (me.app != discordfake.App || me.user != discordfake.Bot || !slices.Equal(me.servers, c.at)):
				t.Errorf("it is %+v", me)
			}
			if c.warns != "" && (w.HealthWarnings() == nil || !strings.Contains(w.HealthWarnings().Error(), c.warns)) {
				t.Errorf("no warning: %v", w.HealthWarnings())
			}
			if err := w.HealthWarnings(); c.named != nil && err != nil && strings.Contains(err.Error(), "which one is meant") {
				t.Errorf("the configuration says which one is meant, and still: %v", err)
			}
		})
	}
}

// TestManyServers turns the pages of the servers that the bot is in.
func TestManyServers(t *testing.T) {
	w := idle(t)
	for range 201 {
		w.f.AddServer(discordfake.Guild{Name: "other"})
	}
	if all, err := w.joined(t.Context()); err != nil || len(all) != 202 {
		t.Errorf("%d, %v", len(all), err)
	}
}

// TestInviteLink: the fake's bot can do with it all that sending needs, and nothing more.
func TestInviteLink(t *testing.T) {
	want := discordfake.ViewChannel | discordfake.SendMessages | discordfake.SendMessagesInThreads | discordfake.CreatePublicThreads |
		discordfake.EmbedLinks | discordfake.AttachFiles | discordfake.ReadMessageHistory
	if discordfake.Permission(needed) != want {
		t.Errorf("%b, want %b", needed, want)
	}
}

// TestRevoked: a token that is taken no more is red, with what to do; Discord not answering says nothing of it.
func TestRevoked(t *testing.T) {
	w := idle(t, func(o *Options) { o.HTTP = true }).run()
	w.until("it is known", func() bool { return w.Health() == nil })
	w.f.Fail("GET /users/@me", discordfake.HTTP(500), discordfake.Ends(discordfake.Reset), discordfake.HTML(502))
	w.until("it is asked again", func() bool { return w.f.Unspent() == 0 })
	if err := w.Health(); err != nil {
		t.Error(err)
	}
	w.f.Revoke(w.f.BotToken())
	w.red("Discord does not take the bot token: it is not valid")
	w.f.Grant("new.token")
	if err := w.Reload(t.Context(), Secrets{BotToken: "new.token"}, *w.settings.Load()); err != nil {
		t.Fatal(err)
	}
	if err := w.Health(); err != nil {
		t.Error(err)
	}
}

// TestReloadElsewhere: no reload makes it a bot of another application, or puts half of the secrets in force.
func TestReloadElsewhere(t *testing.T) {
	w := idle(t)
	if err := w.identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, me := w.secrets.Load(), w.me.Load()
	w.f.Grant("new.token")
	for name, c := range map[string]struct {
		next  Secrets
		app   string
		words string
	}{
		"another application": {Secrets{BotToken: "new.token"}, `{"id":"5","verify_key":"` + exampleKey + `"}`, "needs a bot of its own"},
		"no token":            {Secrets{AppID: discordfake.App}, "", "no bot token"},
		"nobody's token":      {Secrets{BotToken: "nobody.s"}, "", "not valid"},
		"another key":         {Secrets{BotToken: before.BotToken, PublicKey: exampleKey}, "", "DISCORD_PUBLIC_KEY"},
		"another number":      {Secrets{BotToken: before.BotToken, AppID: "5"}, "", "DISCORD_APP_ID"},
		"no answer":           {Secrets{BotToken: "new.token"}, "oops", "no answer"},
	} {
		if c.app != "" {
			w.f.Fail("GET /applications/@me", discordfake.Raw(200, c.app))
		}
		err := w.Reload(t.Context(), c.next, *w.settings.Load())
		if err == nil || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), "stay in force") {
			t.Errorf("%s: %v", name, err)
		}
		if w.secrets.Load() != before || w.me.Load() != me {
			t.Errorf("%s: it took effect", name)
		}
	}
	if err := w.Reload(t.Context(), Secrets{BotToken: before.BotToken, AppID: discordfake.App, PublicKey: w.f.PublicKey()}, *w.settings.Load()); err != nil {
		t.Error(err)
	}
}

// TestPanics: a panic ends nothing but what panicked.
func TestPanics(t *testing.T) {
	w := idle(t)
	w.Groups = func() []string { panic("a bug") }
	w.run()
	w.until("it is tried again", func() bool { return strings.Count(w.log.String(), "msg=panic") > 4 })
	w.stop()
}

// TestSkew: the bot says how wrong its clock is.
func TestSkew(t *testing.T) {
	off := time.Duration(0)
	w := idle(t, func(o *Options) { o.HTTP = true; o.Now = func() time.Time { return time.Now().Add(off) } })
	w.f.SetApplication(func(a *discordfake.Application) { a.InteractionsURL = "https://x" })
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
		if err := w.HealthWarnings(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", off, err)
		}
	}
}
