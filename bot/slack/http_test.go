package slack

import (
	"bytes"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// The example that Slack publishes: docs.slack.dev/authentication/verifying-requests-from-slack.
const (
	exampleSecret    = "8f742231b10e8888abcd99yyyzzz85a5"
	exampleTime      = 1531420618
	exampleSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	exampleBody      = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
		"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

const formType = "application/x-www-form-urlencoded"

// gatekeeper is the platform with secrets, at a time.
func gatekeeper(now time.Time, secrets ...chat.Secret) *Slack {
	return New(Options{Secrets: Secrets{Signing: secrets}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
}

func signedHeader(timestamp, signature string) http.Header {
	h := http.Header{}
	h.Set(timestampHeader, timestamp)
	h.Set(signatureHeader, signature)
	h.Set("Content-Type", formType)
	return h
}

// TestSignature is what is let through and what is not: Slack's own example, and everything that is nearly it.
func TestSignature(t *testing.T) {
	at := time.Unix(exampleTime, 0)
	stamp := strconv.Itoa(exampleTime)
	good := func() http.Header { return signedHeader(stamp, exampleSignature) }
	with := func(name, value string) http.Header { h := good(); h.Set(name, value); return h }
	twice := func(name, value string) http.Header { h := good(); h.Add(name, value); return h }
	without := func(name string) http.Header { h := good(); h.Del(name); return h }
	own := []chat.Secret{exampleSecret}
	tests := []struct {
		name    string
		secrets []chat.Secret
		now     time.Time
		header  http.Header
		body    string
		want    bool
	}{
		{"the published example", own, at, good(), exampleBody, true},
		{"the newer of two secrets", []chat.Secret{"other", exampleSecret}, at, good(), exampleBody, true},
		{"the older of two secrets", []chat.Secret{exampleSecret, "other"}, at, good(), exampleBody, true},
		{"4:59 later", own, at.Add(listen.Window - time.Second), good(), exampleBody, true},
		{"4:59 earlier", own, at.Add(time.Second - listen.Window), good(), exampleBody, true},
		{"replayed after the window", own, at.Add(listen.Window + time.Second), good(), exampleBody, false},
		{"from the future", own, at.Add(-listen.Window - time.Second), good(), exampleBody, false},
		{"one byte more", own, at, good(), exampleBody + "x", false},
		{"another secret", []chat.Secret{"other"}, at, good(), exampleBody, false},
		{"no secret", nil, at, good(), exampleBody, false},
		{"an empty secret", []chat.Secret{""}, at, signedHeader(stamp, signature("", stamp, []byte(exampleBody))), exampleBody, false},
		{"unsigned", own, at, without(signatureHeader), exampleBody, false},
		{"without a time", own, at, without(timestampHeader), exampleBody, false},
		{"without v0=", own, at, with(signatureHeader, strings.TrimPrefix(exampleSignature, "v0=")), exampleBody, false},
		{"another version", own, at, with(signatureHeader, "v1="+strings.TrimPrefix(exampleSignature, "v0=")), exampleBody, false},
		{"in capitals", own, at, with(signatureHeader, "v0="+strings.ToUpper(strings.TrimPrefix(exampleSignature, "v0="))), exampleBody, false},
		{"the version alone", own, at, with(signatureHeader, "v0="), exampleBody, false},
		{"two signatures", own, at, twice(signatureHeader, exampleSignature), exampleBody, false},
		{"two times", own, at, twice(timestampHeader, stamp), exampleBody, false},
		{"a time with a sign", own, at, signedHeader("+"+stamp, signature(exampleSecret, "+"+stamp, []byte(exampleBody))), exampleBody, false},
		{"a time with a fraction", own, at, signedHeader(stamp+".0", signature(exampleSecret, stamp+".0", []byte(exampleBody))), exampleBody, false},
		{"no time at all", own, at, signedHeader("now", signature(exampleSecret, "now", []byte(exampleBody))), exampleBody, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gatekeeper(tt.now, tt.secrets...).authentic(tt.header, []byte(tt.body)); got != tt.want {
				t.Errorf("let through: %v", got)
			}
		})
	}
}

// TestOneBit changes one bit of a signed request, anywhere, again and again: nothing passes.
func TestOneBit(t *testing.T) {
	s := gatekeeper(time.Unix(exampleTime, 0), exampleSecret)
	r := rand.New(rand.NewPCG(1, 2))
	flip := func(text string) string {
		b := []byte(text)
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		return string(b)
	}
	for i := range 100_000 {
		stamp, sig, body := strconv.Itoa(exampleTime), exampleSignature, exampleBody
		names := []string{timestampHeader, signatureHeader}
		switch i % 4 {
		case 0:
			body = flip(body)
		case 1:
			sig = flip(sig)
		case 2:
			stamp = flip(stamp)
		case 3:
			n := r.IntN(2)
			if names[n] = flip(names[n]); http.CanonicalHeaderKey(names[n]) == []string{timestampHeader, signatureHeader}[n] {
				continue // capital or small: HTTP does not tell them apart
			}
		}
		h := http.Header{names[0]: {stamp}, names[1]: {sig}}
		if s.authentic(h, []byte(body)) {
			t.Fatalf("let through: %q %q", h, body)
		}
	}
	if !s.authentic(signedHeader(strconv.Itoa(exampleTime), exampleSignature), []byte(exampleBody)) {
		t.Error("unchanged it passes")
	}
}

// FuzzSignature holds the check to the library's, which it must never be more lenient than, at the time of the machine.
func FuzzSignature(f *testing.F) {
	now := time.Now()
	stamp := strconv.FormatInt(now.Unix(), 10)
	f.Add(stamp, signature(exampleSecret, stamp, []byte("a=1")), []byte("a=1"))
	f.Add(stamp, "v0=", []byte(""))
	f.Add("0", exampleSignature, []byte(exampleBody))
	s := gatekeeper(now, exampleSecret)
	f.Fuzz(func(t *testing.T, stamp, sig string, body []byte) {
		h := signedHeader(stamp, sig)
		if !s.authentic(h, body) {
			return
		}
		v, err := slack.NewSecretsVerifier(h, exampleSecret)
		if err != nil {
			t.Fatalf("the library refuses %q %q: %v", stamp, sig, err)
		}
		_, _ = v.Write(body)
		if err := v.Ensure(); err != nil {
			t.Fatalf("the library refuses %q %q: %v", stamp, sig, err)
		}
	})
}

// TestSignedSkew: a right signature at a wrong time is the clock's fault, and is said to be.
func TestSignedSkew(t *testing.T) {
	now := time.Unix(exampleTime, 0)
	s := gatekeeper(time.Time{}, exampleSecret)
	s.Now = func() time.Time { return now }
	ask := func(signature string) {
		s.authentic(signedHeader(strconv.Itoa(exampleTime), signature), []byte(exampleBody))
	}
	want := func(d time.Duration, off bool) {
		t.Helper()
		if got, is := s.SignedSkew(); got != d || is != off {
			t.Errorf("skew %s %v, want %s %v", got, is, d, off)
		}
	}
	ask(exampleSignature)
	want(0, false)
	now = now.Add(7 * time.Minute)
	ask("v0=" + strings.Repeat("0", 64))
	want(0, false) // nothing is known of a forger's clock
	ask(exampleSignature)
	want(7*time.Minute, true)
	now = now.Add(-time.Minute)
	ask(exampleSignature)
	want(7*time.Minute, true) // the worst
	now = now.Add(-16 * time.Minute)
	ask(exampleSignature)
	want(-10*time.Minute, true)
	now = time.Unix(exampleTime, 0)
	ask(exampleSignature)
	want(0, false)
}

// TestRefused is what each refusal looks like: nothing that helps a forger.
func TestRefused(t *testing.T) {
	o := newOffice(t)
	send := func(path, media string, body []byte, sign bool) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
		stamp := strconv.FormatInt(time.Now().Unix(), 10)
		r.Header.Set("Content-Type", media)
		r.Header.Set(timestampHeader, stamp)
		if sign {
			r.Header.Set(signatureHeader, signature(o.fake.SigningSecret(), stamp, body))
		}
		w := httptest.NewRecorder()
		mux(o.s).ServeHTTP(w, r)
		return w
	}
	tests := []struct {
		name, path, media string
		body              []byte
		sign              bool
		status            int
		want              string
	}{
		{"unsigned", "/slack/commands", formType, []byte("a=1"), false, 401, "Unauthorized\n"},
		{"too long", "/slack/events", "application/json", make([]byte, maxBody+1), true, 413, "Request Entity Too Large\n"},
		{"of another type", "/slack/commands", "application/json", []byte("{}"), true, 415, "Unsupported Media Type\n"},
		{"of no type", "/slack/events", "", []byte("{}"), true, 415, "Unsupported Media Type\n"},
		{"no form", "/slack/commands", formType, []byte("a=%zz"), true, 200, ""},
		{"an interaction of nothing", "/slack/interactions", formType, []byte("payload="), true, 200, ""},
		{"an event that is no JSON", "/slack/events", "application/json", []byte("{"), true, 200, ""},
		{"a check of the certificate", "/slack/commands", formType, []byte("ssl_check=1&token=x"), true, 200, ""},
		{"the question whose endpoint it is", "/slack/events", "application/json; charset=utf-8", []byte(`{"type":"url_verification","challenge":"3eZ"}`), true, 200, `{"challenge":"3eZ"}`},
		{"the same unsigned", "/slack/events", "application/json", []byte(`{"type":"url_verification","challenge":"3eZ"}`), false, 401, "Unauthorized\n"},
	}
	refused := 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := send(tt.path, tt.media, tt.body, tt.sign)
			if w.Code != tt.status || w.Body.String() != tt.want {
				t.Errorf("%d %q", w.Code, w.Body)
			}
			if tt.status != http.StatusOK {
				refused++
			}
		})
	}
	want := Counts{Refused: refused, Ignored: 4}
	if got := o.s.Counts(); got != want || o.desk.count() != 0 {
		t.Errorf("counted %+v, want %+v; %d asked", got, want, o.desk.count())
	}
}

// TestForged sends what somebody else than Slack could: each is refused, and nothing is done.
func TestForged(t *testing.T) {
	o := newOffice(t)
	if err := o.http.Verify(t.Context()); err != nil {
		t.Errorf("the endpoint is not ours: %v", err)
	}
	before := o.desk.count()
	o.http.Before = nil
	r := o.ana.Slash(t.Context(), app, "/release", "status")
	o.reads(t, r, "did /release status")
	sent := o.http.Sent()
	replay := sent[len(sent)-1]
	form, err := url.ParseQuery(string(replay.Body))
	if err != nil {
		t.Fatal(err)
	}
	form.Set("user_id", "U0BEN")
	replay.Body = []byte(form.Encode())
	if ack, err := o.http.Send(t.Context(), replay); err != nil || ack.Status != http.StatusUnauthorized {
		t.Errorf("another user under the same signature: %d %v", ack.Status, err)
	}
	if o.desk.count() != before+1 {
		t.Error("something was done")
	}
}

// An event that comes before Slack said who the bot is waits a moment for that; then it is not acknowledged, so that Slack
// sends it again: acknowledged, it would be lost.
func TestEventBeforeBeginning(t *testing.T) {
	body := []byte(`{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","event":{"type":"app_home_opened","user":"U1","tab":"messages"}}`)
	now := time.Now()
	for _, known := range []bool{false, true} {
		s := gatekeeper(now, "secret")
		s.replies.within = 20 * time.Millisecond
		s.me.Store(nil)
		if known {
			s.replies.within = time.Minute
			time.AfterFunc(20*time.Millisecond, func() { s.become(identity{team: "T1", user: "U9", bot: "B9", app: "A1"}) })
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/events", bytes.NewReader(body))
		timestamp := strconv.FormatInt(now.Unix(), 10)
		r.Header = signedHeader(timestamp, signature("secret", timestamp, body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux(s).ServeHTTP(w, r)
		want := http.StatusServiceUnavailable
		if known {
			want = http.StatusOK
		}
		if w.Code != want {
			t.Errorf("known %v: answered %d", known, w.Code)
		}
	}
}
