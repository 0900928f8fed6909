package main

import (
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/bot/web"
)

// TestSecretErrors: whatever is wrong with a secret, the error names its variable and not the secret, also where it was put
// into the variable that names a file.
func TestSecretErrors(t *testing.T) {
	const token = "xoxb-1-2-topsecret"
	at := func(text string) string {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := map[string]struct{ value, file, want string }{
		"both":                    {token, at(token), "both set"},
		"the secret for its file": {"", token, "names no file"},
		"a folder":                {"", t.TempDir(), "directory"},
		"an empty file":           {"", at(" \n"), "empty"},
		"a long file":             {"", at(token + strings.Repeat("x", maxSecret)), "longer than"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv(slackBot, tt.value)
			t.Setenv(slackBot+"_FILE", tt.file)
			_, err := secret(slackBot)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), slackBot) || strings.Contains(err.Error(), "topsecret") {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Setenv(slackBot, "")
	t.Setenv(slackBot+"_FILE", filepath.Join(t.TempDir(), "none"))
	if _, err := secret(slackBot); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, which does not say that there is no such file", err)
	}
	t.Setenv(slackBot+"_FILE", at("\t"+token+"\n"))
	if got, err := secret(slackBot); got.Reveal() != token || err != nil {
		t.Errorf("got %v", err)
	}
}

// TestSlackRoutes: where Slack sends requests is there also for a signing secret that comes by a reload, and refuses
// everything until then.
func TestSlackRoutes(t *testing.T) {
	r := &running{spoken: []spoken{{slackConnector, slack.New(slack.Options{Now: time.Now})}}}
	w := httptest.NewRecorder()
	web.New(web.Options{Chats: r.chatRoutes(), Metrics: web.NewMetrics(web.Build{}), Log: quiet(t.Output())}).Handler.
		ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/slack/events", strings.NewReader("{}")))
	if w.Code != 401 {
		t.Errorf("answered with %d", w.Code)
	}
}

// TestReloadWithoutSlack: who is taken out of the configuration is out, also while Slack refuses the secrets that are loaded
// with it; and what is said of that is so.
func TestReloadWithoutSlack(t *testing.T) {
	t.Chdir(t.TempDir())
	fake := slackfake.New(t, slackfake.Options{})
	t.Setenv(slackURL, fake.URL())
	t.Setenv(slackBot, fake.BotToken())
	t.Setenv(slackApp, fake.AppToken())
	people := func(who string) {
		if err := os.WriteFile(defaultConfig, []byte("owners: [ana]\npeople:\n  ana: {slack: T0ACME/U0ANA}\n"+who), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	people("  eve: {slack: T0ACME/U0EVE}\n")
	r, err := begin(t.Context(), wiring{command: serveName, dir: "data", config: defaultConfig, create: true, acts: true, chats: true, clock: "real", log: quiet(t.Output())})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	people("")
	t.Setenv(slackBot, "xoxb-of-nobody")
	var out strings.Builder
	err = r.reloadAsked(t.Context(), struct{}{}, &out)
	if err == nil || !strings.Contains(err.Error(), "the old secrets stay in force") || strings.Contains(err.Error(), "configuration that was in force") {
		t.Errorf("it says %v", err)
	}
	if v, err := r.desk.Who(t.Context(), "slack/T0ACME/U0EVE"); err != nil || v.Known {
		t.Errorf("eve is still there: %v (%v)", v.Known, err)
	}
}
