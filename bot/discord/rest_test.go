package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// tokenLike is any of the words that must not get out.
var tokenLike = regexp.MustCompile(`MTEw|canary|127\.0\.0\.1`)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// alone is a platform that speaks to whatever carries its calls.
func alone(url string, base http.RoundTripper) *Discord {
	d := New(Options{Secrets: Secrets{BotToken: canary}, URL: url, Transport: base, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	d.me.Store(&identity{app: discordfake.App, user: discordfake.Bot, servers: []string{discordfake.Server}})
	return d
}

// TestAddress: calls go to the address that is configured, and to Discord's own, in its present version, by default.
func TestAddress(t *testing.T) {
	for url, want := range map[string]string{
		"": "https://discord.com/api/v10/channels/1?limit=2", "http://x.test/api/v10/": "http://x.test/api/v10/channels/1?limit=2",
		"http://x.test": "http://x.test/channels/1?limit=2",
	} {
		var asked *http.Request
		d := alone(url, roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = r
			return nil, errors.New("no")
		}))
		_ = d.call(t.Context(), request{method: "GET", path: "/channels/1?limit=2"}, nil)
		if asked.URL.String() != want || asked.Header.Get("User-Agent") != agent || asked.Header.Get("Authorization") != "Bot "+canary {
			t.Errorf("asked %s as %q", asked.URL, asked.UserAgent())
		}
		_ = d.call(t.Context(), request{method: "POST", path: "/webhooks/1/t", asked: true}, nil)
		if got := asked.Header.Get("Authorization"); got != "" {
			t.Errorf("an answer to an interaction goes out with %q", got)
		}
	}
	x := &exchange{api: "http://x.test", base: roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("it was carried")
		return nil, errors.New("no")
	})}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://evil.example/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := x.RoundTrip(r); err == nil {
		resp.Body.Close()
		t.Error("a call to elsewhere was carried")
	}
}

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
		{"refused", closed.URL + "/" + canary, nil, chat.Retry, "refused"},
		{"no name", "http://discord.test/api", dial(&net.DNSError{Name: canary, IsNotFound: true}), chat.Retry, "DNS"},
		{"no way", "http://discord.test/api", dial(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}), chat.Retry, "no way"},
		{"untrusted", untrusted.URL, nil, chat.Retry, "certificate"},
		{"no TLS", strings.Replace(plainText.URL, "http:", "https:", 1), nil, chat.Retry, "TLS"},
		{"an address that is none", "http://[", nil, chat.Retry, "cannot be read"},
		{"a transport that does not say", "http://discord.test", roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, &tls.RecordHeaderError{}
		}), chat.Unclear, "broke off"},
		{"no such page", plainText.URL, nil, chat.Unclear, "404"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := alone(tt.url, tt.base).call(t.Context(), request{method: "POST", path: "/channels/1/messages", body: map[string]string{"content": "x"}}, nil)
			if f == nil || f.Verdict != tt.want || !strings.Contains(f.Error(), tt.words) {
				t.Fatalf("%v: want %s, with %q", f, tt.want, tt.words)
			}
			if tokenLike.MatchString(f.Error()) {
				t.Errorf("the error tells too much: %v", f)
			}
		})
	}
}

// TestEchoes: whatever answers in Discord's place, and whatever it repeats, no error holds the token.
func TestEchoes(t *testing.T) {
	for status, body := range map[int]string{
		200: canary, 201: `{"id":"` + canary + `"}`, 302: canary, 400: `{"message":"` + canary + `","code":0,"errors":{"` + canary + `":{"_errors":[{"code":"` + canary + `"}]}}}`,
		401: `{"message":"` + canary + `"}`, 403: canary, 429: `{"message":"` + canary + `","retry_after":"` + canary + `"}`, 500: canary,
	} {
		d := alone("http://x.test", roundTrip(func(*http.Request) (*http.Response, error) {
			h := http.Header{"Location": {canary}, "Retry-After": {canary}, "X-Ratelimit-Bucket": {canary}, "X-Ratelimit-Remaining": {canary}, "X-Ratelimit-Global": {canary}}
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}, nil
		}))
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		_, err := d.Send(ctx, chat.Post{Key: "k", Place: inApp, Message: says("hello")})
		cancel()
		if err == nil || tokenLike.MatchString(err.Error()) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// TestRedirect: nothing follows a redirect, and so no token goes anywhere else.
func TestRedirect(t *testing.T) {
	followed := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed++ }))
	defer elsewhere.Close()
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	for _, route := range []string{posting, reading} {
		f.Fail(route, discordfake.Redirect(elsewhere.URL+"/"))
	}
	p := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
	if _, err := d.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Unclear || strings.Contains(err.Error(), elsewhere.URL) {
		t.Errorf("redirected: %v", err)
	}
	if _, _, err := d.Find(t.Context(), p); err == nil {
		t.Error("redirected while looking for it, and no error")
	}
	if followed > 0 || f.Unspent() > 0 {
		t.Errorf("%d redirects were followed, %d never happened", followed, f.Unspent())
	}
}

// TestFiles: files go beside the JSON, whole.
func TestFiles(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	body := map[string]any{"content": "here", "allowed_mentions": mentions{Parse: []string{}}, "nonce": "n", "enforce_nonce": true}
	var m message
	fault := d.call(t.Context(), request{method: "POST", path: "/channels/" + appID + "/messages", body: body, files: []chat.File{{Name: `odd "name.txt`, Data: []byte("a\x00b")}}}, &m)
	if fault != nil {
		t.Fatal(fault)
	}
	got := f.Messages(appID)
	if len(got) != 1 || len(got[0].Files) != 1 || got[0].Files[0].Name != `odd "name.txt` || string(got[0].Files[0].Data) != "a\x00b" || got[0].ID != m.ID {
		t.Errorf("%+v", got)
	}
}

// TestLongAnswers: an answer is read to a bound; what may list is longer.
func TestLongAnswers(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	long := discordfake.Raw(200, `{"id":"`+strings.Repeat("x", maxAnswer)+`"}`)
	f.Fail("", long, long, discordfake.Raw(200, strings.Repeat(" ", maxRead)+"{}"))
	for _, tt := range []struct {
		method string
		fits   bool
	}{{"POST", false}, {"GET", true}, {"GET", false}} {
		var r room
		path := "/channels/" + appID
		if tt.method == "POST" {
			path = "/users/@me/channels"
		}
		if f := d.call(t.Context(), request{method: tt.method, path: path}, &r); (f == nil) != tt.fits || f != nil && !strings.Contains(f.Error(), "longer") {
			t.Errorf("%s: %v", tt.method, f)
		}
	}
}

// TestDoubt: whoever keeps watch over the token hears at once that it is not taken.
func TestDoubt(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	doubts := 0
	f.Fail("", discordfake.HTTP(401), discordfake.HTTP(403), discordfake.HTTP(401))
	for _, asked := range []bool{false, false, true} {
		_ = d.call(t.Context(), request{method: "GET", path: "/channels/" + appID, asked: asked}, nil)
		select {
		case <-d.standing.Again():
			doubts++
		default:
		}
	}
	if doubts != 1 || f.Unspent() > 0 {
		t.Errorf("it was told %d times", doubts)
	}
}
