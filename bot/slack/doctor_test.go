package slack

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/workflows"
)

// patient is a bot that a doctor looks at, in a workspace that everything is well in.
type patient struct {
	t    *testing.T
	f    *slackfake.Fake
	o    Options
	on   chat.Subjects
	late time.Duration // how far Slack's clock is behind ours
}

func newPatient(t *testing.T, fo slackfake.Options) *patient {
	t.Helper()
	p := &patient{t: t}
	now := newClock().Now // Slack tells whole seconds
	fo.Now = func() time.Time { return now().Add(-p.late) }
	p.f = slackfake.New(t, fo)
	var scopes []string
	for _, s := range Scopes() {
		scopes = append(scopes, s.Name)
	}
	p.f.SetScopes(scopes...)
	app := slackfake.AppTokenOf(slackfake.App)
	p.f.Grant(app, SocketScope)
	p.f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
	p.f.AddUser(slackfake.User{ID: "U0BEN", Name: "ben"})
	p.f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true})
	p.f.AddGroup(slackfake.Group{ID: "S0SRE", Handle: "sre", Users: []string{"U0ANA", "U0BEN"}})
	p.o = Options{URL: p.f.URL(), Now: now, Log: slog.New(slog.DiscardHandler),
		Secrets: Secrets{BotToken: chat.Secret(p.f.BotToken()), AppToken: chat.Secret(app), Signing: []chat.Secret{chat.Secret(p.f.SigningSecret())}}}
	p.on = chat.Subjects{
		Accounts: map[workflows.PersonID]workflows.Handle{"ana": "slack/T0ACME/U0ANA", "ben": "slack/T0ACME/U0BEN"},
		Places:   map[workflows.Place]string{"slack/T0ACME/C0APP": "product app"},
		Groups:   []string{"T0ACME/S0SRE"},
	}
	return p
}

// examined is what the doctor finds, a line a finding: "state what: found → next".
func (p *patient) examined() string {
	p.t.Helper()
	s := New(p.o)
	s.timing = brisk
	ctx, cancel := timeout(p.t, 5*time.Second)
	defer cancel()
	var all strings.Builder
	for _, f := range s.Examine(ctx, p.on) {
		fmt.Fprintf(&all, "%s %s: %s → %s\n", f.State, f.What, f.Found, f.Next)
		if f.State != chat.Well && f.Next == "" {
			p.t.Errorf("%s: %s, and nobody is told what to do", f.What, f.Found)
		}
	}
	out := all.String()
	for _, secret := range append(p.f.Tokens(), "Zm9y", "ticket=", p.f.URL()) {
		if strings.Contains(out, secret) {
			p.t.Errorf("what is found shows %q:\n%s", secret, out)
		}
	}
	return out
}

// TestWell: where all is well, each thing is said to be.
func TestWell(t *testing.T) {
	p := newPatient(t, slackfake.Options{})
	want := `ok bot token: it is @readyroom in the workspace Acme (T0ACME) → 
ok clock: it agrees with Slack's → 
ok scopes: all are there, and no more → 
ok socket mode: Slack gives a connection → 
ok http: requests are taken at /slack/commands, /slack/interactions and /slack/events, where readyroom serve --listen listens → Slack wants https, so put a proxy of yours in front; while Socket Mode is on in the app's settings, nothing comes this way
ok accounts: 2 of 2 are full members of the workspace → 
ok product app: #app takes posts → 
ok group T0ACME/S0SRE: 2 in it → 
`
	if diff := cmp.Diff(want, p.examined()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if open, most, strays, _ := p.f.Socket(0).Counts(); open != 1 || most != 1 || strays != 0 {
		t.Errorf("%d connections were opened, %d at once, %d strays", open, most, strays)
	}
	for _, c := range p.f.Calls("") {
		if !strings.HasSuffix(c.Method, ".info") && !strings.HasSuffix(c.Method, ".list") && c.Method != "auth.test" && c.Method != "apps.connections.open" {
			t.Errorf("a doctor calls %s", c.Method)
		}
	}
}

// TestSecretsAsWritten: what is wrong with how secrets are written is said without asking Slack.
func TestSecretsAsWritten(t *testing.T) {
	const signing = "5f4e3d2c1b0a5f4e3d2c1b0a5f4e3d2c"
	tests := []struct {
		name, bot, app, signing string
		want                    []string // in what is found, in this order
	}{
		{"nothing", "", "", "", []string{"FAILED bot token: SLACK_BOT_TOKEN is not set", "Install App", "FAILED way in: neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET", "App-Level Tokens", "connections:write"}},
		{"no bot token", "", "xapp-1-A0READY-6-a", "", []string{"FAILED bot token: SLACK_BOT_TOKEN is not set", "once the app is installed"}},
		{"no way in", "xoxb-1-a", "", "", []string{"FAILED way in: neither", "would hear nobody", "App-Level Tokens"}},
		{"swapped", "xapp-1-A0READY-6-a", "xoxb-1-a", "", []string{"FAILED bot token: SLACK_BOT_TOKEN holds an app-level token", "goes into SLACK_APP_TOKEN", "FAILED app token: SLACK_APP_TOKEN holds a bot token", "goes into SLACK_BOT_TOKEN"}},
		{"a person's", "xoxp-1-a", "", signing, []string{"FAILED bot token: SLACK_BOT_TOKEN holds a person's token", "would speak as that person", "Bot User OAuth Token"}},
		{"rotated", "xoxe.xoxb-1-a", "", signing, []string{"FAILED bot token: SLACK_BOT_TOKEN holds a token that runs out", "cannot be turned off", "deploy/slack-manifest.yaml"}},
		{"quoted", `"xoxb-1-a"`, "'xapp-1-a'", "", []string{"FAILED bot token: SLACK_BOT_TOKEN has something before the token", "without quotes", "FAILED app token: SLACK_APP_TOKEN has something before"}},
		{"cut and pasted", "xoxb-1-a\nxoxb-2", "xapp-1-A0READY-6…", "", []string{"FAILED bot token: SLACK_BOT_TOKEN has something in it that is in no token", "FAILED app token: SLACK_APP_TOKEN has something in it"}},
		{"something else", "hunter2", "hunter2", "", []string{"FAILED bot token: SLACK_BOT_TOKEN holds no bot token: those begin with xoxb-", "FAILED app token: SLACK_APP_TOKEN holds no app-level token"}},
		{"no signing secret", "xoxp-1-a", "", "client-secret", []string{"FAILED bot token", "warning signing secret: SLACK_SIGNING_SECRET does not look like one", "App Credentials", "not the Client Secret"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t, slackfake.Options{})
			p.o.Secrets = Secrets{BotToken: chat.Secret(tt.bot), AppToken: chat.Secret(tt.app)}
			if tt.signing != "" {
				p.o.Secrets.Signing = []chat.Secret{chat.Secret(tt.signing)}
			}
			out := p.examined()
			inOrder(t, out, tt.want)
			for _, secret := range []string{"hunter2", "client-secret", "-1-a", "xapp-1-A0"} {
				if strings.Contains(out, secret) {
					t.Errorf("%q is shown:\n%s", secret, out)
				}
			}
			if n := len(p.f.Calls("")); n > 0 {
				t.Errorf("Slack was asked %d times", n)
			}
		})
	}
}

// inOrder fails unless all words are in a text, one after the other.
func inOrder(t *testing.T, text string, words []string) {
	t.Helper()
	rest := text
	for _, w := range words {
		i := strings.Index(rest, w)
		if i < 0 {
			t.Errorf("%q is missing, or not in order, in\n%s", w, text)
			return
		}
		rest = rest[i+len(w):]
	}
}

// TestIll: each thing that can be wrong is found, and said so that somebody who never made an app of Slack's can mend it.
func TestIll(t *testing.T) {
	for _, tt := range ills {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t, tt.o)
			tt.make(p)
			out := p.examined()
			inOrder(t, out, tt.want)
			for _, not := range tt.not {
				if strings.Contains(out, not) {
					t.Errorf("%q is said:\n%s", not, out)
				}
			}
			if p.f.Unspent()+p.f.Socket(0).Unspent() > 0 {
				t.Error("not all that was to break did")
			}
		})
	}
}

// TestDoctorWithoutSlack: what keeps Slack away is told apart, and no token and no address is shown.
func TestDoctorWithoutSlack(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	mute := slackfake.New(t, slackfake.Options{})
	mute.Fail("auth.test", slackfake.Ends(slackfake.Silent))
	tests := []struct {
		name, url string
		base      http.RoundTripper
		want      string
	}{
		{"no name", "http://slack.test/", noName, "its name is not found (DNS)"},
		{"refused", closed.URL + "/api/", nil, "the connection is refused"},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1) + "/", nil, "TLS"},
		{"elsewhere", plain.URL + "/", nil, "something other than an answer of Slack's came back (HTTP status 404)"},
		{"mute", mute.URL(), nil, "Slack did not answer in time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t, slackfake.Options{})
			p.o.URL, p.o.Transport = tt.url, tt.base
			ctx, cancel := timeout(t, 300*time.Millisecond)
			defer cancel()
			found := New(p.o).Examine(ctx, p.on)
			if len(found) != 1 || found[0].State != chat.Failing || found[0].What != "network" || !strings.Contains(found[0].Found, tt.want) {
				t.Fatalf("found %v", found)
			}
			inOrder(t, found[0].Next, []string{"firewall or proxy", "port 443", "HTTPS_PROXY", "SLACK_API_URL", "slack-status.com"})
			if all := fmt.Sprint(found); tokenLike.MatchString(all) || strings.Contains(all, "127.0.0.1") || strings.Contains(all, "slack.test") {
				t.Errorf("it shows too much: %s", all)
			}
		})
	}
}

// TestDoctorCanary: Slack's answers may say anything, tokens too; nothing of it is repeated.
func TestDoctorCanary(t *testing.T) {
	p := newPatient(t, slackfake.Options{})
	bot := p.f.BotToken()
	echoes := []slackfake.Fault{
		slackfake.Error(bot), slackfake.Raw(500, bot), slackfake.Raw(200, bot), slackfake.TooMany(bot),
		slackfake.Raw(200, `{"ok":false,"error":"missing_scope","needed":"`+bot+`"}`),
		slackfake.Redirect("http://127.0.0.1:1/?token=" + bot), slackfake.Ends(slackfake.Reset), slackfake.Ends(slackfake.Cut),
	}
	for _, m := range []string{"auth.test", "apps.connections.open", "bots.info", "users.info", "conversations.info", "usergroups.users.list"} {
		for _, echo := range echoes {
			p.f.Fail(m, echo)
			_ = p.examined() // which looks for what must not be there
			for range p.f.Unspent() {
				_ = p.examined() // a call that was not made the first time
			}
		}
	}
}
