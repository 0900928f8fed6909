package discord

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/workflows"
)

// Who and what is in the server of a patient.
const (
	anasID   = "1100000000000000101"
	bensID   = "1100000000000000102"
	appRoom  = "1100000000000000201"
	newsRoom = "1100000000000000202"
	sreRole  = "1100000000000000301"
	inviting = "https://discord.com/oauth2/authorize?client_id=" + discordfake.App + "&scope=bot+applications.commands&permissions=309237763072"
)

// otherKey is the public key of another application.
const otherKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

// patient is a bot that a doctor looks at, in a server that everything is well in.
type patient struct {
	t    *testing.T
	f    *discordfake.Fake
	o    Options
	on   chat.Subjects
	late time.Duration // how far Discord's clock is behind ours
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	p := &patient{t: t}
	p.f = discordfake.New(t, discordfake.Options{Now: func() time.Time { return time.Now().Add(-p.late) }})
	p.f.SetApplication(func(a *discordfake.Application) { a.Members = true })
	p.f.AddRole(discordfake.Role{ID: sreRole, Name: "sre"})
	for id, name := range map[string]string{anasID: "ana", bensID: "ben"} {
		p.f.AddUser(discordfake.User{ID: id, Name: name})
		p.f.AddMember(discordfake.Member{User: id, Roles: []string{sreRole}})
	}
	p.f.AddChannel(discordfake.Channel{ID: appRoom, Name: "app"})
	p.f.AddChannel(discordfake.Channel{ID: newsRoom, Name: "news", Type: discordfake.Announcement})
	p.o = Options{URL: p.f.URL(), Now: time.Now, Log: slog.New(slog.DiscardHandler), Commands: []chat.Command{{Path: []string{"hold"}, Short: "Stop it"}},
		Secrets: Secrets{BotToken: chat.Secret(p.f.BotToken()), AppID: discordfake.App, PublicKey: p.f.PublicKey()}}
	news := channelPlace(discordfake.Server, newsRoom)
	p.on = chat.Subjects{
		Accounts: map[workflows.PersonID]workflows.Handle{"ana": handle(anasID), "ben": handle(bensID)},
		Places:   map[workflows.Place]string{channelPlace(discordfake.Server, appRoom): "product app", news: "audience news"},
		Public:   []workflows.Place{news},
		Groups:   []string{discordfake.Server + "/" + sreRole},
	}
	d := New(p.o)
	if _, err := d.Register(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	d.rest.Load().Client.CloseIdleConnections()
	return p
}

// wholeSeconds evens out that Discord tells whole seconds.
var wholeSeconds = strings.NewReplacer("is 44s", "is 45s", "is 46s", "is 45s", "is 6m59s", "is 7m0s", "is 7m1s", "is 7m0s")

// examined is what the doctor finds, a line a finding: "state what: found → next".
func (p *patient) examined() string {
	p.t.Helper()
	d := New(p.o)
	d.timing.hello, d.timing.pause, d.timing.longest = 300*time.Millisecond, 10*time.Millisecond, 50*time.Millisecond
	defer d.rest.Load().Client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(p.t.Context(), 10*time.Second)
	defer cancel()
	before := len(p.f.Writes())
	defer func() {
		if n := len(p.f.Writes()) - before; n > 0 || p.f.Gateway(0).Counts().Identifies > 0 {
			p.t.Errorf("a doctor wrote %d times, and began %d sessions", n, p.f.Gateway(0).Counts().Identifies)
		}
	}()
	var all strings.Builder
	for _, f := range d.Examine(ctx, p.on) {
		fmt.Fprintf(&all, "%s %s: %s → %s\n", f.State, f.What, f.Found, f.Next)
		if f.State != chat.Well && f.Next == "" {
			p.t.Errorf("%s: %s, and nobody is told what to do", f.What, f.Found)
		}
	}
	out := wholeSeconds.Replace(all.String())
	for _, secret := range append(p.f.Tokens(), "MTEw", "127.0.0.1") {
		if strings.Contains(out, secret) {
			p.t.Errorf("what is found shows %q:\n%s", secret, out)
		}
	}
	return out
}

// TestWell: where all is well, each thing is said to be, after one connection and no session.
func TestWell(t *testing.T) {
	p := newPatient(t)
	want := `ok bot token: it is @readyroom, of application 1100000000000000003 → 
ok clock: it agrees with Discord's → 
ok servers: it works for Acme (1100000000000000001) → 
ok intents: Server Members Intent is on → 
ok gateway: Discord gives a connection → 
ok commands: 3 as they should be → 
ok accounts: 2 of 2 are members of the server → 
ok product app: #app takes posts → 
ok audience news: #news takes posts, and publishes what does not stay to the channels that follow it → 
ok group 1100000000000000001/1100000000000000301: 2 have the role → 
`
	if diff := cmp.Diff(want, p.examined()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if c := p.f.Gateway(0).Counts(); c.Dialed != 1 || c.Identifies != 0 || c.Strays != 0 {
		t.Errorf("%+v: %v", c, p.f.Gateway(0).Wrong())
	}
}

// TestSecretsAsWritten: what is wrong with how secrets are written is said without asking Discord.
func TestSecretsAsWritten(t *testing.T) {
	const token = "aaaaaaaaaaaa.bbbbbb.cccccccccccc"
	tests := []struct {
		name, bot, key, app string
		want                []string // in what is found, in this order
	}{
		{"nothing", "", "", "", []string{"FAILED bot token: DISCORD_BOT_TOKEN is not set", "Bot → Reset Token"}},
		{"a webhook", "https://discord.com/api/webhooks/1/hunter2", "", "", []string{"FAILED bot token: DISCORD_BOT_TOKEN holds the address of a webhook", "hears nobody", "Reset Token"}},
		{"with its kind", "Bot " + token, "", "", []string{"DISCORD_BOT_TOKEN has something before or around the token", "without quotes, Bot"}},
		{"quoted", `"` + token + `"`, "", "", []string{"DISCORD_BOT_TOKEN has something before or around the token"}},
		{"a person's", "mfa.hunter2", "", "", []string{"DISCORD_BOT_TOKEN holds a person's token", "breaks Discord's rules"}},
		{"cut and pasted", token + "\n" + token, "", "", []string{"DISCORD_BOT_TOKEN has something in it that is in no token"}},
		{"the application's id", discordfake.App, "", "", []string{"DISCORD_BOT_TOKEN holds an id, and no token", "goes into DISCORD_APP_ID"}},
		{"the public key", otherKey, "", "", []string{"DISCORD_BOT_TOKEN holds a public key", "goes into DISCORD_PUBLIC_KEY"}},
		{"the client secret", strings.Repeat("hunter2_", 4), "", "", []string{"DISCORD_BOT_TOKEN holds what looks like the client secret", "does not need"}},
		{"something else", "hunter2", "", "", []string{"DISCORD_BOT_TOKEN holds no bot token: those are three parts with dots"}},
		{"two wrong beside it", token, "hunter2", "hunter2", []string{"FAILED public key: DISCORD_PUBLIC_KEY holds no public key: those are 64 digits", "General Information", "FAILED application: DISCORD_APP_ID holds no application's id", "Discord says it"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t)
			before := len(p.f.Calls(""))
			p.o.Secrets = Secrets{BotToken: chat.Secret(tt.bot), PublicKey: tt.key, AppID: tt.app}
			out := p.examined()
			inOrder(t, out, tt.want)
			for _, secret := range []string{"hunter2", "aaaaaa", otherKey} {
				if strings.Contains(out, secret) {
					t.Errorf("%q is shown:\n%s", secret, out)
				}
			}
			if n := len(p.f.Calls("")) - before; n > 0 {
				t.Errorf("Discord was asked %d times", n)
			}
			if err := p.o.Secrets.Misplaced(); err == nil || !strings.Contains(err.Error(), " → ") {
				t.Errorf("a bot would begin with that: %v", err)
			}
		})
	}
	if err := (Secrets{BotToken: token, PublicKey: otherKey, AppID: discordfake.App}).Misplaced(); err != nil {
		t.Errorf("well written, and yet: %v", err)
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

// TestIll: each thing that can be wrong is found, and said so that somebody who never made an application of Discord's can
// mend it.
func TestIll(t *testing.T) {
	for _, tt := range doctorIlls {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t)
			tt.make(p)
			out := p.examined()
			inOrder(t, out, tt.want)
			for _, not := range tt.not {
				if strings.Contains(out, not) {
					t.Errorf("%q is said:\n%s", not, out)
				}
			}
			if p.f.Unspent()+p.f.Gateway(0).Unspent() > 0 {
				t.Error("not all that was to break did")
			}
		})
	}
}

// TestDoctorWithoutDiscord: what keeps Discord away is told apart, and no token and no address is shown.
func TestDoctorWithoutDiscord(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	mute := discordfake.New(t, discordfake.Options{})
	mute.Fail("GET /users/@me", discordfake.Ends(discordfake.Silent))
	noName := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Name: "discord.test", IsNotFound: true}
	}}
	tests := []struct {
		name, url string
		base      http.RoundTripper
		want      string
	}{
		{"no name", "http://discord.test/api", noName, "its name is not found (DNS)"},
		{"refused", closed.URL + "/api", nil, "the connection is refused"},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), nil, "TLS"},
		{"elsewhere", plain.URL, nil, "something other than an answer of Discord's came back (HTTP status 404)"},
		{"mute", mute.URL(), nil, "Discord did not answer in time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t)
			p.o.URL, p.o.Transport = tt.url, tt.base
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			found := New(p.o).Examine(ctx, p.on)
			if len(found) != 1 || found[0].State != chat.Failing || found[0].What != "network" || !strings.Contains(found[0].Found, tt.want) {
				t.Fatalf("found %v", found)
			}
			inOrder(t, found[0].Next, []string{"firewall or proxy", "port 443", "HTTPS_PROXY", "DISCORD_API_URL", "discordstatus.com"})
			if all := fmt.Sprint(found); strings.Contains(all, "MTEw") || strings.Contains(all, "127.0.0.1") || strings.Contains(all, "discord.test") {
				t.Errorf("it shows too much: %s", all)
			}
		})
	}
}

// TestDoctorCanary: Discord's answers may say anything, tokens too; nothing of it is repeated.
func TestDoctorCanary(t *testing.T) {
	p := newPatient(t)
	bot := p.f.BotToken()
	echoes := []discordfake.Fault{
		discordfake.Raw(400, `{"message":"`+bot+`","code":0}`), discordfake.Raw(403, bot), discordfake.Raw(200, bot),
		discordfake.Raw(401, `{"message":"`+bot+`","code":0}`), discordfake.Redirect("http://127.0.0.1:1/?token=" + bot), discordfake.Ends(discordfake.Cut),
	}
	for _, m := range []string{
		"/users/@me", "/applications/@me", "/users/@me/guilds", "/gateway/bot", "/guilds/{guild}", "/guilds/{guild}/channels", "/guilds/{guild}/members/{user}",
		"/guilds/{guild}/members",
	} {
		for _, echo := range echoes {
			p.f.Fail("GET "+m, echo)
			_ = p.examined() // which looks for what must not be there
			for range p.f.Unspent() {
				_ = p.examined() // a call that was not made the first time
			}
		}
	}
}

// TestPermissionsInWords: what the invite link asks for is what the doctor looks for, each by its name.
func TestPermissionsInWords(t *testing.T) {
	all := int64(0)
	for _, p := range permissions {
		all |= p.bit
	}
	if all != needed || len(wordsOf(needed)) != 7 {
		t.Errorf("%b, and %b is needed", all, int64(needed))
	}
}
