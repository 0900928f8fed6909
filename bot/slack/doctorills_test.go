package slack

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/workflows"
)

func timeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

// noName is a network in which no name is found.
var noName = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
	return nil, &net.DNSError{Name: "slack.test", IsNotFound: true}
}}

// ill is something that is wrong with a workspace, an app, or what a configuration says of them.
type ill struct {
	name string
	o    slackfake.Options
	make func(*patient)
	want []string // in what is found, in this order
	not  []string // not in it
}

// what goes on looking after a failure says so: the last thing that it looks at.
const goesOn = "ok group T0ACME/S0SRE: 2 in it"

func revoked(name string) func(*patient) {
	return func(p *patient) { p.f.Revoke(p.f.BotToken(), name) }
}

func appRefused(name string) func(*patient) {
	return func(p *patient) { p.f.Fail("apps.connections.open", slackfake.Error(name)) }
}

func line(l slackfake.Line) func(*patient) {
	return func(p *patient) { p.f.Socket(0).Script(l) }
}

// full has other processes hold all connections of the app.
func full(p *patient) {
	for range slackfake.MaxLinks {
		s := New(p.o)
		c, err := s.connect(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		p.t.Cleanup(func() { c.retire(p.t.Context(), 0) })
	}
}

func behind(d time.Duration) func(*patient) { return func(p *patient) { p.late = -d } }

func anas(change func(*slackfake.User)) func(*patient) {
	return func(p *patient) { p.f.SetUser("U0ANA", change) }
}

func apps(change func(*slackfake.Channel)) func(*patient) {
	return func(p *patient) { p.f.SetChannel("C0APP", change) }
}

func without(scope string) func(*patient) {
	return func(p *patient) {
		var scopes []string
		for _, s := range Scopes() {
			if s.Name != scope {
				scopes = append(scopes, s.Name)
			}
		}
		p.f.SetScopes(scopes...)
	}
}

var ills = []ill{
	{name: "bot token unknown", make: func(p *patient) { p.o.Secrets.BotToken = "xoxb-1-2-gone" },
		want: []string{"FAILED bot token: Slack does not take it: invalid_auth → ", "cut when it was copied", "Install App", "Copy"}, not: []string{"gone", "socket"}},
	{name: "bot token revoked", make: revoked("token_revoked"), want: []string{"FAILED bot token: Slack does not take it: token_revoked → somebody revoked it", "Reinstall to Workspace"}},
	{name: "app removed", make: revoked("account_inactive"), want: []string{"FAILED bot token: Slack does not take it: account_inactive → the app was removed from the workspace", "Install to Workspace"}},
	{name: "tokens rotate", make: revoked("token_expired"), want: []string{"FAILED bot token: Slack does not take it: token_expired → token rotation is on", "make the app anew from deploy/slack-manifest.yaml"}},
	{name: "what nobody knows", make: revoked("moon_in_wrong_phase"), want: []string{"FAILED bot token: Slack does not take it: moon_in_wrong_phase → docs.slack.dev/reference/methods says what moon_in_wrong_phase means"}},
	{name: "too many questions", make: func(p *patient) { p.f.Fail("auth.test", slackfake.TooMany("7")) }, want: []string{"FAILED bot token: Slack does not take it: ratelimited → too much was asked at once"}},
	{name: "a proxy answers", make: func(p *patient) { p.f.Fail("auth.test", slackfake.HTML()) },
		want: []string{"FAILED network: what came back is no answer of Slack's → does a firewall or proxy"}, not: []string{"bot token"}},
	{name: "the line is cut", make: func(p *patient) { p.f.Fail("auth.test", slackfake.Ends(slackfake.Reset)) }, want: []string{"FAILED network: the connection to Slack broke off"}},
	{name: "a person's token", make: func(p *patient) {
		p.f.Fail("auth.test", slackfake.Raw(200, `{"ok":true,"team_id":"T0ACME","user_id":"U0ANA","user":"ana"}`))
	}, want: []string{"FAILED bot token: it is a person's token"}},
	{name: "of an organisation", make: func(p *patient) {
		p.f.Fail("auth.test", slackfake.Raw(200, `{"ok":true,"team_id":"E0GRP","user_id":"U0BOT","bot_id":"B0BOT"}`))
	}, want: []string{"FAILED bot token: the app is installed for a whole organisation", "install it into the one workspace"}},
	{name: "another workspace", make: func(p *patient) { p.o.Teams = []string{"T0OTHER"} },
		want: []string{"ok bot token", "FAILED workspace: T0ACME is not among those that the configuration lets in: T0OTHER → ", "slack: {workspaces: [T0ACME]}"}, not: []string{"socket mode"}},
	{name: "an enterprise that is let in", o: slackfake.Options{Enterprise: "E0GRP"}, make: func(p *patient) {
		p.o.Teams = []string{"E0GRP"}
		p.on.Accounts = map[workflows.PersonID]workflows.Handle{"ana": "slack/E0GRP/T0ACME/U0ANA"}
	}, want: []string{"ok bot token", "ok accounts: 1 of 1", goesOn}, not: []string{"FAILED"}},

	{name: "scopes missing", make: func(p *patient) {
		without("commands")(p)
	}, want: []string{"FAILED scopes: lacking: commands (to hear /release, /flag and the message shortcuts) → ", "App Manifest: paste deploy/slack-manifest.yaml", "Bot Token Scopes", "Reinstall to Workspace", goesOn}},
	{name: "two scopes missing", make: func(p *patient) { p.f.SetScopes("chat:write", "users:read", "usergroups:read", "channels:read") },
		want: []string{"lacking: app_mentions:read (to hear @readyroom in threads", "; channels:history (to find a post again", "; im:write (to open direct messages"}},
	{name: "scopes too many", make: func(p *patient) {
		all := []string{"admin", "files:read"}
		for _, s := range Scopes() {
			all = append(all, s.Name)
		}
		p.f.SetScopes(all...)
	}, want: []string{"warning scopes: all are there, and more than the bot needs: admin, files:read → a stolen token", "take out"}},
	{name: "scopes unsaid", make: func(p *patient) {
		p.f.Fail("auth.test", slackfake.Raw(200, `{"ok":true,"team_id":"T0ACME","team":"Acme","user":"readyroom","user_id":"U0BOT","bot_id":"B0BOT"}`))
	}, want: []string{"warning scopes: Slack did not say which"}},

	{name: "45 s ahead", make: behind(45 * time.Second), want: []string{"warning clock: it is 45s behind Slack's → ", "timedatectl set-ntp true", goesOn}},
	{name: "45 s behind", make: behind(-45 * time.Second), want: []string{"warning clock: it is 45s ahead of Slack's"}},
	{name: "7 min ahead", make: behind(7 * time.Minute), want: []string{"FAILED clock: it is 7m0s behind Slack's → ", "from 5 minutes on, requests of Slack's over HTTP are refused", goesOn}},
	{name: "7 min behind", make: behind(-7 * time.Minute), want: []string{"FAILED clock: it is 7m0s ahead of Slack's"}},
	{name: "20 s are nothing", make: behind(20 * time.Second), want: []string{"ok clock: it agrees"}},

	{name: "HTTP alone", make: func(p *patient) { p.o.Secrets.AppToken = "" }, want: []string{"ok http: requests are taken at /slack/commands"}, not: []string{"socket mode:"}},
	{name: "Socket Mode alone", make: func(p *patient) { p.o.Secrets.Signing = nil }, want: []string{"ok socket mode: Slack gives a connection"}, not: []string{"ok http"}},
	{name: "app token unknown", make: func(p *patient) { p.o.Secrets.AppToken = "xapp-1-A0READY-1-gone" },
		want: []string{"FAILED socket mode: Slack gives no connection: invalid_auth → the app token is not (or no longer) valid", "App-Level Tokens", goesOn}},
	{name: "app token revoked", make: func(p *patient) { p.f.Revoke(slackfake.AppTokenOf(slackfake.App), "token_revoked") },
		want: []string{"FAILED socket mode: Slack gives no connection: token_revoked → somebody revoked the app token"}},
	{name: "app token without its scope", make: func(p *patient) { p.f.Grant(slackfake.AppTokenOf(slackfake.App), "authorizations:read") },
		want: []string{"FAILED socket mode: Slack gives no connection: missing_scope → the app token lacks the scope connections:write", "Generate Token and Scopes"}},
	{name: "Socket Mode off", make: func(p *patient) { p.f.Socket(0).Enable(false) },
		want: []string{"FAILED socket mode: Slack ends the connection at once: link_disabled → Socket Mode is off: ", "Socket Mode → Enable Socket Mode", goesOn}},
	{name: "Socket Mode off, said otherwise", make: appRefused("socket_mode_disabled"), want: []string{"FAILED socket mode: Slack gives no connection: socket_mode_disabled → Socket Mode is off"}},
	{name: "all connections taken", make: full,
		want: []string{"FAILED socket mode: Slack ends the connection at once: too_many_websockets → other processes hold all ten connections", goesOn}},
	{name: "no WebSockets", make: line(slackfake.Line{Status: 403}), want: []string{"FAILED socket mode: Slack gives an address, and no connection comes about: opening the connection was answered with 403 → Socket Mode needs WebSockets (wss, port 443)", goesOn}},
	{name: "no greeting", make: line(slackfake.Line{Break: slackfake.BeforeHello}), want: []string{"FAILED socket mode: Slack gives an address, and no connection comes about: Slack said nothing on it"}},
	{name: "mute", make: line(slackfake.Line{NoHello: true}), want: []string{"FAILED socket mode: Slack gives an address, and no connection comes about: Slack said nothing on it"}},
	{name: "a second bot", make: line(slackfake.Line{Others: 5}), want: []string{"warning socket mode: 5 other connections of this app are open, and one bot holds 2 → is another bot running with the same app token?"}},
	{name: "a bot at work", make: line(slackfake.Line{Others: 2}), want: []string{"ok socket mode"}},
	{name: "tokens of two apps", make: func(p *patient) {
		p.f.Grant(slackfake.AppTokenOf("A0OTHER"), SocketScope)
		p.o.Secrets.AppToken = chat.Secret(slackfake.AppTokenOf("A0OTHER"))
	}, want: []string{`FAILED app: SLACK_APP_TOKEN is of app "A0OTHER", SLACK_BOT_TOKEN of app "A0READY" → take both from the pages of one app`, goesOn}},
	{name: "tokens of two apps, as Slack greets", make: line(slackfake.Line{App: "A0OTHER"}), want: []string{`FAILED app: SLACK_APP_TOKEN is of app "A0OTHER"`}},

	{name: "nobody", make: func(p *patient) { p.on.Accounts = nil }, want: []string{"warning accounts: the configuration names nobody's Slack account", "/release admin claim CODE", "Copy member ID", "people: {ana: {slack: T0ACME/U…}}"}},
	{name: "left", make: anas(func(u *slackfake.User) { u.Deleted = true }), want: []string{"FAILED ana: T0ACME/U0ANA is deactivated → ", "/release admin roles", "ok accounts: 1 of 2 are full members", goesOn}},
	{name: "guest", make: anas(func(u *slackfake.User) { u.Guest = true }), want: []string{"FAILED ana: T0ACME/U0ANA is a guest → guests have no say"}},
	{name: "guest of one channel", make: anas(func(u *slackfake.User) { u.SingleChannelGuest = true }), want: []string{"FAILED ana: T0ACME/U0ANA is a guest"}},
	{name: "bot", make: anas(func(u *slackfake.User) { u.Bot = true }), want: []string{"FAILED ana: T0ACME/U0ANA is a bot → bots sign nothing"}},
	{name: "stranger", make: anas(func(u *slackfake.User) { u.Stranger = true }), want: []string{"FAILED ana: T0ACME/U0ANA is at home in another workspace"}},
	{name: "at home elsewhere", make: anas(func(u *slackfake.User) { u.TeamID = "T0OTHER" }), want: []string{"FAILED ana: T0ACME/U0ANA is at home in another workspace → people from outside have no say"}},
	{name: "of another workspace", make: func(p *patient) { p.on.Accounts["ana"] = "slack/T0OTHER/U0ANA" },
		want: []string{"FAILED ana: T0OTHER/U0ANA is not written as an account of this workspace, T0ACME → ", "Copy member ID", "people: {ana: {slack: T0ACME/U…}}"}},
	{name: "without the enterprise", o: slackfake.Options{Enterprise: "E0GRP"}, make: func(*patient) {}, want: []string{"FAILED ana: T0ACME/U0ANA is not written as", "people: {ana: {slack: E0GRP/T0ACME/U…}}"}},
	{name: "no such account", make: func(p *patient) { p.on.Accounts["ana"] = "slack/T0ACME/U0NOBODY" },
		want: []string{"FAILED ana: T0ACME/U0NOBODY: nobody in the workspace has that id (user_not_found) → in Slack: their profile → ⋮ → Copy member ID"}},
	{name: "more people than Slack tells of at once", make: func(p *patient) { p.f.Fail("users.info", slackfake.TooMany("30")) },
		want: []string{"warning accounts: not all were looked at", goesOn}, not: []string{"FAILED"}},
	{name: "accounts not to be read", make: without("users:read"), want: []string{"FAILED ana: T0ACME/U0ANA: missing_scope (needed: users:read) → ", "App Manifest"}},

	{name: "no such channel", make: func(p *patient) { p.f.RemoveChannel("C0APP") },
		want: []string{"FAILED product app: C0APP: there is no such channel, or it is private and the bot is not in it (channel_not_found) → if it is private: in it, type /invite @readyroom; ", "at the bottom of About"}},
	{name: "private, not invited", make: apps(func(c *slackfake.Channel) { c.Private, c.BotIsMember = true, false }), want: []string{"FAILED product app: C0APP: there is no such channel, or it is private", "/invite @readyroom"}},
	{name: "private, invited", make: apps(func(c *slackfake.Channel) { c.Private = true }), want: []string{"ok product app: #app takes posts"}},
	{name: "public, not invited", make: apps(func(c *slackfake.Channel) { c.BotIsMember = false }), want: []string{"warning product app: #app takes posts, but the bot is not in it: it hears no @readyroom there", "/invite @readyroom"}},
	{name: "archived", make: apps(func(c *slackfake.Channel) { c.Archived = true }), want: []string{"FAILED product app: #app is archived: nothing can be posted there → unarchive it"}},
	{name: "shared", make: apps(func(c *slackfake.Channel) { c.Shared = true }), want: []string{"warning product app: #app is shared with another organisation: what is posted there is read outside"}},
	{name: "only some may post", make: apps(func(c *slackfake.Channel) { c.ReadOnly = true }), want: []string{"warning product app: in #app only some may post", "Posting permissions"}},
	{name: "channel of another workspace", make: func(p *patient) { p.on.Places = map[workflows.Place]string{"slack/T0OTHER/C0APP": "audit"} },
		want: []string{"FAILED audit: T0OTHER/C0APP is not a channel of this workspace, T0ACME → write slack/T0ACME/C…"}},
	{name: "channels not to be read", make: without("channels:read"), want: []string{"FAILED product app: C0APP: missing_scope (needed: channels:read)"}},

	{name: "no such group", make: func(p *patient) { p.on.Groups = []string{"T0ACME/S0OLD"} },
		want: []string{"FAILED group T0ACME/S0OLD: Slack knows no such group, so whoever holds a role through it has none (no_such_subteam) → ", "Copy group ID", "group:slack/T0ACME/S…"}},
	{name: "empty group", make: func(p *patient) { p.f.SetGroup("S0SRE", func(g *slackfake.Group) { g.Users = nil }) }, want: []string{"warning group T0ACME/S0SRE: nobody is in it"}},
	{name: "disabled group", make: func(p *patient) { p.f.SetGroup("S0SRE", func(g *slackfake.Group) { g.Disabled = true }) }, want: []string{"FAILED group T0ACME/S0SRE: Slack knows no such group"}},
	{name: "groups not to be read", make: without("usergroups:read"), want: []string{"FAILED group T0ACME/S0SRE: missing_scope (needed: usergroups:read): whoever holds a role through it has none → ", "App Manifest"}},
	{name: "group of another workspace", make: func(p *patient) { p.on.Groups = []string{"T0OTHER/S0SRE"} }, want: []string{"FAILED group T0OTHER/S0SRE: it is not of this workspace, T0ACME → roles: {sre: [\"group:slack/T0ACME/S…\"]}"}},
}
