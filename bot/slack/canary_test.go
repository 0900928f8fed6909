package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// The secrets of these tests: two tokens, a signing secret, the address for an answer, and a ticket for a connection.
const canaries = "xoxb-canary xapp-1-A0READY-canary signing-canary /commands/T0ACME/1/canary ticket=canary"

// echo answers in Slack's place, and repeats all that it got.
type echo struct {
	answer func(said string) (*http.Response, error)
}

func (e echo) RoundTrip(r *http.Request) (*http.Response, error) {
	said := canaries + " " + r.URL.String() + " " + r.Header.Get("Authorization")
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		said += " " + string(body)
	}
	return e.answer(said)
}

func answered(status int, header, body string) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{"Location": {header}, "Retry-After": {header}, "Date": {header}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// TestCanariesEverywhere: also of what comes in, is answered, and is read, whatever answers in Slack's place, and whatever it repeats, no secret gets into a log, an error, the health
// of the bot, or what the ledger keeps.
func TestCanariesEverywhere(t *testing.T) {
	ways := map[string]func(said string) (*http.Response, error){
		"no connection": func(said string) (*http.Response, error) { return nil, errors.New("dial " + said) },
		"an error page": func(said string) (*http.Response, error) { return answered(500, said, said) },
		"not found": func(said string) (*http.Response, error) {
			return answered(404, said, `{"ok":false,"error":"`+said+`"}`)
		},
		"elsewhere": func(said string) (*http.Response, error) { return answered(302, "https://evil.example/?"+said, said) },
		"later":     func(said string) (*http.Response, error) { return answered(429, said, said) },
		"a no": func(said string) (*http.Response, error) {
			return answered(200, said, string(jsonOf(map[string]any{"ok": false, "error": said, "needed": said, "provided": said})))
		},
		"a scope missing": func(said string) (*http.Response, error) {
			return answered(200, said, string(jsonOf(map[string]any{"ok": false, "error": "missing_scope", "needed": said})))
		},
		"an odd yes": func(said string) (*http.Response, error) {
			return answered(200, said, string(jsonOf(map[string]any{"ok": true, "url": "wss://\x7f/?" + said, "user": said, "user_id": said, "team_id": "T0ACME", "bot_id": said, "bot": said})))
		},
		"a yes of strings": func(said string) (*http.Response, error) {
			return answered(200, said, string(jsonOf(map[string]any{"ok": true, "users": said, "channel": said, "messages": said})))
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				all := everything(t, echo{way})
				for i, text := range all {
					if strings.Contains(text, "canary") {
						t.Errorf("%d: %s", i, text)
					}
				}
				if len(all) < 15 {
					t.Errorf("only %d texts were looked at", len(all))
				}
			})
		})
	}
}

// everything does all that the platform does, and gives all that can be read of it.
func everything(t *testing.T, carry http.RoundTripper) (all []string) {
	t.Helper()
	var mu sync.Mutex
	var log bytes.Buffer
	note := func(v any) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, fmt.Sprintf("%+v", v))
	}
	secrets := Secrets{BotToken: "xoxb-canary", AppToken: "xapp-1-A0READY-canary", Signing: []chat.Secret{"signing-canary"}}
	o := Options{Secrets: secrets, Transport: carry, Now: time.Now, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Handle: func(_ context.Context, r chat.Request) chat.Reply {
			note(r)
			return chat.Reply{Message: &chat.Message{Title: "did"}, Open: r.Open, Files: []chat.File{{Name: "audit.jsonl", Data: []byte("x")}}}
		},
		Home: func(_ context.Context, r chat.Request) []chat.Message { note(r); return nil },
	}
	s := New(o)
	s.replies.within = time.Millisecond
	s.timing.pause, s.timing.longest, s.timing.answer, s.timing.person = time.Millisecond, time.Millisecond, time.Second, time.Second
	s.me.Store(&identity{team: "T0ACME", user: "U0BOT", bot: "B0BOT", app: "A0READY"})
	s.directory.Learn("U0ANA", account{name: "ana", team: "T0ACME"}, time.Now())
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	post := chat.Post{Key: "k", Place: "slack/T0ACME/C0APP", Message: chat.Message{Title: "hello"}}
	direct := post
	direct.Place = workflows.Direct("slack/T0ACME/U0ANA")
	_, err := s.Send(ctx, post)
	note(err)
	other := secrets
	other.AppToken += "2"
	note(s.Reload(ctx, other))
	note(s.identify(ctx))
	_, err = s.connect(ctx)
	note(err)
	note(s.readGroup(ctx, "T0ACME/S1"))
	_, err = s.directory.Account(ctx, "U0BEN", listen.AccountGood)
	note(err)
	_, _, err = s.Find(ctx, post)
	note(err)
	_, err = s.Send(ctx, direct)
	note(err)
	for _, g := range genuine {
		body := strings.Replace(g.body, `"user_id"`, `"response_url":"https://hooks.slack.com/commands/T0ACME/1/canary","user_id"`, 1)
		body = strings.Replace(body, `"user":{"id"`, `"response_url":"https://hooks.slack.com/commands/T0ACME/1/canary","user":{"id"`, 1)
		note(string(s.take(ctx, inbound{kind: g.kind, body: []byte(body)})))
	}
	note(s.Drain(ctx))
	note(s.Health())
	note(s.HealthWarnings())
	note(fmt.Sprint(s.secrets.Load(), s.Options))
	return append(all, strings.Split(log.String(), "\n")...)
}
