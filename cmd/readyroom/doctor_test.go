package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/internal/golden"
)

// wellScopes are the rights that the bot asks for.
func wellScopes() (all []string) {
	for _, s := range slack.Scopes() {
		all = append(all, s.Name)
	}
	return all
}

// clinic is a workspace, and a configuration of it, in a fresh folder.
func clinic(t *testing.T, o slackfake.Options, config string) *slackfake.Fake {
	t.Helper()
	f := slackfake.New(t, o)
	f.SetScopes(wellScopes()...)
	f.Grant(slackfake.AppTokenOf(slackfake.App), slack.SocketScope)
	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
	f.AddUser(slackfake.User{ID: "U0BEN", Name: "ben"})
	f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true})
	f.AddChannel(slackfake.Channel{ID: "C0HELP", Name: "support", BotIsMember: true})
	f.AddGroup(slackfake.Group{ID: "S0SRE", Handle: "sre", Users: []string{"U0ANA", "U0BEN"}})
	t.Chdir(t.TempDir())
	writeFile(t, defaultConfig, config)
	t.Setenv(slackURL, f.URL())
	t.Setenv(slackBot, f.BotToken())
	t.Setenv(slackApp, slackfake.AppTokenOf(slackfake.App))
	return f
}

// secretive is a fake whose tokens and address nothing may show.
type secretive interface {
	Tokens() []string
	URL() string
}

// examinedAs runs the doctor, and holds what it prints to a golden.
func examinedAs(t *testing.T, f secretive, file string, code int) {
	t.Helper()
	out, got := says(t, "doctor")
	if got != code {
		t.Errorf("it ended with %d, not %d", got, code)
	}
	for _, secret := range append(f.Tokens(), f.URL()) {
		if strings.Contains(out, secret) {
			t.Errorf("it shows %q", secret)
		}
	}
	out = regexp.MustCompile(`it is 7m0s|it is 7m1s|it is 6m59s`).ReplaceAllString(out, "it is 7m0s") // Slack tells whole seconds
	golden.Equal(t, file, out)
}

func goldenOf(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestDoctorWell: the whole of what is printed where all is well.
func TestDoctorWell(t *testing.T) {
	golden := goldenOf(t, "doctor_well.txt")
	f := clinic(t, slackfake.Options{}, `owners: [ana]
people:
  ana: {name: Ana, slack: T0ACME/U0ANA}
  ben: {name: Ben, slack: T0ACME/U0BEN}
roles: {sre: ["group:slack/T0ACME/S0SRE"]}
products: {app: {channel: slack/T0ACME/C0APP}}
audiences: {support: {people: [ben], channel: slack/T0ACME/C0HELP}}
`)
	examinedAs(t, f, golden, 0)
}

// TestDoctorIll: the whole of what is printed where much is wrong.
func TestDoctorIll(t *testing.T) {
	golden := goldenOf(t, "doctor_ill.txt")
	f := clinic(t, slackfake.Options{Now: func() time.Time { return time.Now().Add(-7 * time.Minute) }}, `owners: [ana]
people:
  ana: {name: Ana, slack: T0ACME/U0NOBODY}
  ben: {name: Ben, slack: T0ACME/U0BEN}
  mia: {name: Mia, slack: T0OTHER/U0MIA}
roles: {sre: ["group:slack/T0ACME/S0OLD"], qa: ["group:slack/T0ACME/S0SRE"]}
products: {app: {channel: "#app"}, web: {channel: slack/T0ACME/C0WEB}}
audiences: {support: {people: [ben], channel: slack/T0ACME/C0HELP}}
channels: {"#app": card, "#dev": all}
audit: {channel: "#ledger", at: "18:00"}
`)
	f.SetScopes("admin", "chat:write", "app_mentions:read", "channels:read", "groups:read", "users:read", "usergroups:read")
	f.Socket(0).Enable(false)
	f.SetUser("U0BEN", func(u *slackfake.User) { u.Guest = true })
	f.SetChannel("C0HELP", func(c *slackfake.Channel) { c.Archived = true })
	f.SetGroup("S0SRE", func(g *slackfake.Group) { g.Users = nil })
	t.Setenv(slackSigning, "not-a-signing-secret")
	examinedAs(t, f, golden, 1)
}

// TestDoctorOff: without any secret, chats are off, which is no failure; the beginning of each is told.
func TestDoctorOff(t *testing.T) {
	clinic(t, slackfake.Options{}, "owners: []\n")
	t.Setenv(slackBot, "")
	t.Setenv(slackApp, "")
	out, code := says(t, "doctor")
	if !strings.Contains(out, "warning  discord        it is off: none of its tokens is set\n") || !strings.Contains(out, "→ make an application at https://discord.com/developers/applications, set DISCORD_BOT_TOKEN (README: Discord)\n") {
		t.Errorf("of Discord it says\n%s", out)
	}
	if code != 0 || !strings.Contains(out, "warning  slack          it is off: none of its tokens is set\n") || !strings.Contains(out, "→ make the app from deploy/slack-manifest.yaml, set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (README: Slack)\n") {
		t.Errorf("it ended with %d, and says\n%s", code, out)
	}
}

// TestDoctorBroken: a configuration that is broken is for lint.
func TestDoctorBroken(t *testing.T) {
	clinic(t, slackfake.Options{}, "owners: [ana\n")
	if out, code := says(t, "doctor"); code != 2 || !strings.HasSuffix(out, "\n→ readyroom lint\n") {
		t.Errorf("it ended with %d, and says\n%s", code, out)
	}
}

// TestSecretFiles: secrets from files, and what is wrong with them, in words that never show what is in them.
func TestSecretFiles(t *testing.T) {
	const canary = "xoxb-canary"
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		writeFile(t, path, text)
		return path
	}
	tests := []struct {
		name, value, path, want string
	}{
		{"both", canary, file("both", canary), "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: which one is meant? → unset one"},
		{"missing", "", filepath.Join(dir, "missing"), "SLACK_BOT_TOKEN_FILE: " + dir + "/missing: no such file or directory → write the secret into it, or its right path into SLACK_BOT_TOKEN_FILE"},
		{"a folder", "", dir + "/", "SLACK_BOT_TOKEN_FILE: " + dir + "/: is a directory → whoever readyroom runs as must be able to read it"},
		{"empty", "", file("empty", " \n"), "SLACK_BOT_TOKEN_FILE: " + dir + "/empty is empty → write the secret into it, or unset SLACK_BOT_TOKEN_FILE"},
		{"long", "", file("long", canary+strings.Repeat("x", maxSecret)), "SLACK_BOT_TOKEN_FILE: " + dir + "/long is no secret: it is longer than 16384 bytes → name the file that holds the secret alone"},
		{"the secret itself", "", canary, "SLACK_BOT_TOKEN_FILE names no file here → write a file's whole path, as /run/secrets/slack; the secret itself goes into SLACK_BOT_TOKEN"},
		{"well", "", file("well", "\n "+canary+"\r\n"), ""},
		{"well itself", " " + canary + "\n", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("SLACK_BOT_TOKEN", tt.value)
			t.Setenv("SLACK_BOT_TOKEN_FILE", tt.path)
			s, err := secret(slackBot)
			if tt.want == "" {
				if err != nil || s.Reveal() != canary {
					t.Errorf("got %q, %v", s.Reveal(), err)
				}
				return
			}
			if err == nil || err.Error() != tt.want || s != "" || strings.Contains(err.Error(), canary) {
				t.Errorf("got %q, %v\nwant %s", s.Reveal(), err, tt.want)
			}
		})
	}
}

// TestDoctorSecretFiles: what is wrong with each file is a finding of its own.
func TestDoctorSecretFiles(t *testing.T) {
	clinic(t, slackfake.Options{}, "owners: []\n")
	t.Setenv(slackBot+"_FILE", "/run/bot")
	t.Setenv(slackApp, "")
	t.Setenv(slackApp+"_FILE", "/nowhere/app")
	out, code := says(t, "doctor")
	want := `FAILED   secrets        SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: which one is meant?
                        → unset one
FAILED   secrets        SLACK_APP_TOKEN_FILE: /nowhere/app: no such file or directory
                        → write the secret into it, or its right path into SLACK_APP_TOKEN_FILE
`
	if _, after, _ := strings.Cut(out, "\n"); code != 1 || after != want {
		t.Errorf("it ended with %d (-want +got)\n%s", code, cmp.Diff(want, after))
	}
}
