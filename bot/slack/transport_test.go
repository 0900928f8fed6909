package slack

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tests := map[string]time.Duration{
		"1":                              time.Second,
		"30":                             30 * time.Second,
		"0":                              time.Second,
		"-5":                             time.Second,
		"1.5":                            1500 * time.Millisecond,
		" 7 ":                            7 * time.Second,
		"1000000000":                     10 * time.Minute,
		"1e300":                          10 * time.Minute,
		"Mon, 02 Mar 2026 09:02:00 GMT":  2 * time.Minute,
		"Mon, 02 Mar 2026 08:00:00 GMT":  time.Second,
		"Monday, 02-Mar-26 09:00:20 GMT": 20 * time.Second,
		"":                               0,
		"soon":                           0,
		"NaN":                            0,
		"1 hour":                         0,
	}
	for header, want := range tests {
		if got := retryAfter([]string{header}, now); got != want {
			t.Errorf("Retry-After: %q is %s, want %s", header, got, want)
		}
	}
	if got := retryAfter([]string{"2", "x", "4"}, now); got != 4*time.Second {
		t.Errorf("of several headers: %s", got)
	}
	if got := retryAfter(nil, now); got != 0 {
		t.Errorf("without a header: %s", got)
	}
}

// TestAddress: the address may lack its last slash, and is Slack's own by default.
func TestAddress(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := New(Options{Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: strings.TrimSuffix(f.URL(), "/"), Now: time.Now})
	if _, err := s.client().AuthTestContext(t.Context()); err != nil {
		t.Error(err)
	}
	var asked string
	s = New(Options{Now: time.Now, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.String()
		return nil, errors.New("no")
	})})
	_, _ = s.client().AuthTestContext(t.Context())
	if asked != slack.APIURL+"auth.test" {
		t.Errorf("asked %q", asked)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestUnreachable: what never had a connection was certainly not sent; anything else is unclear.
func TestUnreachable(t *testing.T) {
	dial := func(err error) http.RoundTripper {
		return &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, err }}
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plainText := httptest.NewServer(http.NotFoundHandler())
	defer plainText.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	untrusted.StartTLS()
	defer untrusted.Close()
	tests := []struct {
		name, url string
		base      http.RoundTripper
		want      chat.Verdict
		words     string
	}{
		{"refused", closed.URL + "/" + secret + "/", nil, chat.Retry, "refused"},
		{"no name", "http://slack.test/api/", dial(&net.DNSError{Name: secret, IsNotFound: true}), chat.Retry, "DNS"},
		{"no way", "http://slack.test/api/", dial(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}), chat.Retry, "no way"},
		{"untrusted", untrusted.URL + "/", nil, chat.Retry, "certificate"},
		{"no TLS", strings.Replace(plainText.URL, "http:", "https:", 1) + "/", nil, chat.Retry, "TLS"},
		{"a transport that does not say", "http://slack.test/", roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, &tls.RecordHeaderError{}
		}), chat.Unclear, "broke off"},
		{"no such page", plainText.URL + "/", nil, chat.Unclear, "404"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(Options{Secrets: Secrets{BotToken: secret}, URL: tt.url, Transport: tt.base, Now: time.Now})
			_, err := s.Send(t.Context(), chat.Post{Key: "k", Place: inApp, Message: says("hello")})
			if chattest.VerdictOf(err) != tt.want || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("%v: want %s, with %q", err, tt.want, tt.words)
			}
			if tokenLike.MatchString(err.Error()) || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

// TestCancelled: a call that was broken off before it had a connection was not sent.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := New(Options{URL: "http://slack.test/", Now: time.Now, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		},
	}})
	_, err := s.Send(ctx, chat.Post{Key: "k", Place: inApp, Message: says("hello")})
	if chattest.VerdictOf(err) != chat.Retry {
		t.Errorf("broken off before there was a connection: %v", err)
	}
	f := acme(t, slackfake.Options{})
	f.Fail("chat.postMessage", slackfake.Ends(slackfake.Silent))
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := sending(f, time.Now).Send(ctx, chat.Post{Key: "k", Place: inApp, Message: says("hello")}); chattest.VerdictOf(err) != chat.Unclear {
		t.Errorf("broken off after it was sent: %v", err)
	}
}

// TestRedirect: nothing follows a redirect, and so no token goes anywhere else.
func TestRedirect(t *testing.T) {
	followed := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed++ }))
	defer elsewhere.Close()
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	for _, m := range []string{"chat.postMessage", "conversations.history"} {
		f.Fail(m, slackfake.Redirect(elsewhere.URL+"/"))
	}
	p := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
	if _, err := s.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Unclear || strings.Contains(err.Error(), elsewhere.URL) {
		t.Errorf("redirected: %v", err)
	}
	if _, _, err := s.Find(t.Context(), p); err == nil {
		t.Error("redirected while looking for it, and no error")
	}
	if followed > 0 || f.Unspent() > 0 {
		t.Errorf("%d redirects were followed, %d never happened", followed, f.Unspent())
	}
}

// TestLongAnswers: an answer that has no end, or unpacks to one, costs little memory and no more time than allowed.
func TestLongAnswers(t *testing.T) {
	for name, way := range map[string]slackfake.Way{
		"endless": slackfake.Endless, "a bomb": slackfake.Bomb, "byte by byte": slackfake.Dribble, "silent": slackfake.Silent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := acme(t, slackfake.Options{})
			s := sending(f, time.Now)
			f.Fail("chat.postMessage", slackfake.Ends(way))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			begun := time.Now()
			_, err := s.Send(ctx, chat.Post{Key: "k", Place: inApp, Message: says("hello")})
			if chattest.VerdictOf(err) != chat.Unclear {
				t.Errorf("got %v", err)
			}
			if d := time.Since(begun); d > 5*time.Second {
				t.Errorf("it took %s", d)
			}
		})
	}
}

// TestCanary breaks every call in every way, with answers that repeat the token, and looks for it in what comes out.
func TestCanary(t *testing.T) {
	echo := func(f *slackfake.Fake) []slackfake.Fault {
		bot := f.BotToken()
		return []slackfake.Fault{
			slackfake.Raw(500, bot), slackfake.Raw(200, bot), slackfake.Raw(403, "<h1>"+bot), slackfake.Error(bot),
			slackfake.Raw(200, `{"ok":false,"error":"missing_scope","needed":"`+bot+`"}`),
			slackfake.Raw(200, `{"ok":"`+bot+`"}`), slackfake.Raw(200, `{"ok":true,"ts":{"`+bot+`":1}}`),
			slackfake.Raw(200, `{"ok":true,"channel":"`+bot+`","message":7,"messages":"`+bot+`","user_id":["`+bot+`"]}`),
			slackfake.Raw(200, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["`+bot+` [json-pointer:/`+bot+`]"]}}`),
			slackfake.Redirect("http://127.0.0.1:1/?token=" + bot), slackfake.TooMany(bot), slackfake.Ends(slackfake.Reset), slackfake.Ends(slackfake.Cut),
		}
	}
	for i := range 13 {
		f := acme(t, slackfake.Options{})
		var log bytes.Buffer
		s := sending(f, newClock().Now)
		s.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		fault := echo(f)[i]
		for _, m := range []string{"chat.postMessage", "chat.update", "conversations.open", "conversations.history", "conversations.replies"} {
			f.Fail(m, fault)
		}
		var out []string
		say := func(_ chat.MessageID, err error) {
			if err == nil {
				t.Errorf("fault %d passed for a success", i)
				return
			}
			out = append(out, err.Error())
		}
		p := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
		say(s.Send(t.Context(), p))
		id, _, err := s.Find(t.Context(), p)
		say(id, err)
		p.Thread = "C0APP/1.2"
		id, _, err = s.Find(t.Context(), p)
		say(id, err)
		p.Thread, p.Edit = "", "C0APP/1.2"
		say(s.Send(t.Context(), p))
		p.Edit, p.Place = "", toAna
		say(s.Send(t.Context(), p))
		if all := strings.Join(out, "\n") + log.String(); tokenLike.MatchString(all) {
			t.Errorf("fault %d: the token got out:\n%s", i, all)
		}
		if f.Unspent() > 0 {
			t.Errorf("fault %d: %d never happened", i, f.Unspent())
		}
	}
}
