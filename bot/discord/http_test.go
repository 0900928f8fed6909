package discord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/listen"
)

// A PING signed with the first test key of RFC 8032, section 7.1.
const (
	exampleSeed      = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
	exampleKey       = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
	exampleTime      = 1700000000
	exampleBody      = `{"type":1}`
	exampleSignature = "1695961a47c91a1ec033b819b7e87e3dbc583dd0cee6d1fd0216f58ac87b6228ae531ddbf91fb7bc28d7edf7f08604da16f54624f38a6bc0614e4dc13cd47f0f"
)

// signedBy signs as Discord does.
func signedBy(t testing.TB, seed, timestamp string, body []byte) string {
	t.Helper()
	raw, err := hex.DecodeString(seed)
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(ed25519.Sign(ed25519.NewKeyFromSeed(raw), append([]byte(timestamp), body...)))
}

// gatekeeper is the platform with the example's key, at a time.
func gatekeeper(now time.Time) *Discord {
	return New(Options{HTTP: true, Secrets: Secrets{PublicKey: exampleKey}, Now: func() time.Time { return now }, Log: discard})
}

func signedHeader(timestamp, signature string) http.Header {
	h := http.Header{}
	h.Set(timestampHeader, timestamp)
	h.Set(signatureHeader, signature)
	h.Set("Content-Type", "application/json")
	return h
}

func (d *Discord) passes(t testing.TB, h http.Header, body string) bool {
	t.Helper()
	key, ok := d.verifyKey(t.Context())
	return ok && d.authentic(key, h, []byte(body))
}

// TestSignature is what is let through and what is not: the example, and everything that is nearly it.
func TestSignature(t *testing.T) {
	at := time.Unix(exampleTime, 0)
	stamp := strconv.Itoa(exampleTime)
	good := func() http.Header { return signedHeader(stamp, exampleSignature) }
	with := func(name, value string) http.Header { h := good(); h.Set(name, value); return h }
	twice := func(name, value string) http.Header { h := good(); h.Add(name, value); return h }
	without := func(name string) http.Header { h := good(); h.Del(name); return h }
	again := func(stamp string) http.Header {
		return signedHeader(stamp, signedBy(t, exampleSeed, stamp, []byte(exampleBody)))
	}
	for _, tt := range []struct {
		name   string
		now    time.Time
		header http.Header
		body   string
		want   bool
	}{
		{"the example", at, good(), exampleBody, true},
		{"its time changed", at, with(timestampHeader, "1700000001"), exampleBody, false},
		{"4:59 later", at.Add(listen.Window - time.Second), good(), exampleBody, true},
		{"4:59 earlier", at.Add(time.Second - listen.Window), good(), exampleBody, true},
		{"replayed after the window", at.Add(listen.Window + time.Second), good(), exampleBody, false},
		{"from the future", at.Add(-listen.Window - time.Second), good(), exampleBody, false},
		{"of 1970", at, again("0"), exampleBody, false},
		{"one byte more", at, good(), exampleBody + " ", false},
		{"a byte moved between time and body", at, signedHeader(stamp+"{", exampleSignature), exampleBody[1:], false},
		{"a digit moved", at, signedHeader(stamp[:9], exampleSignature), "0" + exampleBody, false},
		{"unsigned", at, without(signatureHeader), exampleBody, false},
		{"without a time", at, without(timestampHeader), exampleBody, false},
		{"in capitals", at, with(signatureHeader, strings.ToUpper(exampleSignature)), exampleBody, false},
		{"half", at, with(signatureHeader, exampleSignature[:64]), exampleBody, false},
		{"more", at, with(signatureHeader, exampleSignature+"00"), exampleBody, false},
		{"no hex", at, with(signatureHeader, strings.Repeat("zz", 64)), exampleBody, false},
		{"zeros", at, with(signatureHeader, strings.Repeat("00", 64)), exampleBody, false},
		{"two signatures", at, twice(signatureHeader, exampleSignature), exampleBody, false},
		{"two times", at, twice(timestampHeader, stamp), exampleBody, false},
		{"a time with a sign", at, again("+" + stamp), exampleBody, false},
		{"a time with a fraction", at, again(stamp + ".0"), exampleBody, false},
		{"no time at all", at, again("now"), exampleBody, false},
		{"a time with a space", at, again(stamp + " "), exampleBody, false},
	} {
		if got := gatekeeper(tt.now).passes(t, tt.header, tt.body); got != tt.want {
			t.Errorf("%s: let through: %v", tt.name, got)
		}
	}
	d := gatekeeper(at)
	d.secrets.Store(&Secrets{})
	d.timing = brisk
	if d.passes(t, good(), exampleBody) {
		t.Error("let through, and nobody knows the key")
	}
}

// TestOneBit changes one bit of a signed request, anywhere, again and again: nothing passes.
func TestOneBit(t *testing.T) {
	d := gatekeeper(time.Unix(exampleTime, 0))
	r := rand.New(rand.NewPCG(1, 2))
	flip := func(text string) string {
		b := []byte(text)
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		return string(b)
	}
	refusedOnes := 0
	for i := 0; refusedOnes < 100_000; i++ {
		stamp, sig, body := strconv.Itoa(exampleTime), exampleSignature, exampleBody
		names := []string{timestampHeader, signatureHeader}
		switch i % 8 {
		case 0, 1, 2:
			sig = flip(sig)
		case 3:
			body = flip(body)
		case 4, 5, 6:
			stamp = flip(stamp)
		default:
			n := r.IntN(2)
			if names[n] = flip(names[n]); http.CanonicalHeaderKey(names[n]) == []string{timestampHeader, signatureHeader}[n] {
				continue // capital or small: HTTP does not tell them apart
			}
		}
		h := http.Header{names[0]: {stamp}, names[1]: {sig}}
		if d.passes(t, h, body) {
			t.Fatalf("let through: %q %q", h, body)
		}
		refusedOnes++
	}
	if !d.passes(t, signedHeader(strconv.Itoa(exampleTime), exampleSignature), exampleBody) {
		t.Error("unchanged it does not pass")
	}
}

// FuzzSignature holds the check to the library's, which it must never be more lenient than.
func FuzzSignature(f *testing.F) {
	now := time.Unix(exampleTime, 0)
	stamp := strconv.Itoa(exampleTime)
	f.Add(stamp, exampleSignature, []byte(exampleBody))
	f.Add(stamp, "", []byte(""))
	f.Add("0", exampleSignature, []byte(exampleBody))
	d := gatekeeper(now)
	key, err := publicKey(exampleKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, stamp, sig string, body []byte) {
		h := signedHeader(stamp, sig)
		if !d.passes(t, h, string(body)) {
			return
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, interactionsPath, bytes.NewReader(body))
		r.Header = h
		if !discordgo.VerifyInteraction(r, key) {
			t.Fatalf("the library refuses %q %q", stamp, sig)
		}
	})
}

// TestSignedSkew: a right signature at a wrong time is the clock's fault, and is said to be.
func TestSignedSkew(t *testing.T) {
	now := time.Unix(exampleTime, 0)
	d := gatekeeper(now)
	d.Now = func() time.Time { return now }
	ask := func(signature string) {
		d.passes(t, signedHeader(strconv.Itoa(exampleTime), signature), exampleBody)
	}
	want := func(skew time.Duration, off bool) {
		t.Helper()
		if got, is := d.SignedSkew(); got != skew || is != off {
			t.Errorf("skew %s %v, want %s %v", got, is, skew, off)
		}
		if err := d.HealthWarnings(); (err != nil) != off {
			t.Error(err)
		}
	}
	ask(exampleSignature)
	want(0, false)
	now = now.Add(7 * time.Minute)
	ask(strings.Repeat("0", 128))
	want(0, false) // nothing is known of a forger's clock
	ask(exampleSignature)
	want(7*time.Minute, true)
	now = now.Add(-17 * time.Minute)
	ask(exampleSignature)
	want(-10*time.Minute, true)
	now = time.Unix(exampleTime, 0)
	ask(exampleSignature)
	want(0, false)
}

// doorWorld is a bot that takes interactions by HTTP, and the fake's way to it.
func doorWorld(t *testing.T) (*gateWorld, *discordfake.Endpoint) {
	t.Helper()
	w := idle(t, func(o *Options) { o.HTTP = true })
	mux := http.NewServeMux()
	for pattern, h := range w.Routes() {
		mux.Handle(pattern, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return w, w.f.HTTP(s.URL)
}

// TestDoor is how each request is answered: what is refused learns nothing.
func TestDoor(t *testing.T) {
	w, h := doorWorld(t)
	ping := discordfake.Interaction{Payload: []byte(`{"type":1,"id":"1","token":"tok-1"}`)}
	if a, err := h.Deliver(t.Context(), ping); err != nil || a.Status != http.StatusServiceUnavailable {
		t.Errorf("before anything is known: %d, %v", a.Status, err)
	}
	w.run()
	w.until("Discord said who the bot is", func() bool { return w.me.Load() != nil && w.Health() == nil })
	if err := w.HealthWarnings(); err == nil || !strings.Contains(err.Error(), "/discord/interactions") {
		t.Errorf("nobody says that the portal has no address: %v", err)
	}
	if err := h.Verify(t.Context()); err != nil {
		t.Errorf("Discord would not take the address: %v", err)
	}
	w.f.Deliver(h)
	w.until("the address is seen", func() bool { return w.HealthWarnings() == nil })
	bad := int(w.door.refused.Load())
	if want := len(h.Bad(h.Request(ping))); bad != want {
		t.Errorf("%d refusals of %d are counted", bad, want)
	}
	w.answers(func([]byte) []byte { return []byte(`{"type":4,"data":{"content":"yes"}}`) })
	id, body := w.asks()
	good := h.Request(discordfake.Interaction{Payload: body})
	for _, c := range []struct {
		name   string
		change func(*discordfake.Request)
		status int
		want   string
	}{
		{"a form instead of JSON", func(r *discordfake.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "Unsupported Media Type\n"},
		{"too long", func(r *discordfake.Request) { r.Body = make([]byte, maxBody+1); h.Sign(r) }, 413, "Request Entity Too Large\n"},
		{"no interaction", func(r *discordfake.Request) { r.Body = []byte("[]"); h.Sign(r) }, 400, "Bad Request\n"},
		{"old", func(r *discordfake.Request) { h.SignAt(r, time.Now().Add(-listen.Window-time.Minute)) }, 401, "Unauthorized\n"},
		{"well, with a charset", func(r *discordfake.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }, 200, `{"type":4,"data":{"content":"yes"}}`},
		{"sent again", func(*discordfake.Request) {}, 401, "Unauthorized\n"},
		{"sent again at another time", func(r *discordfake.Request) { h.SignAt(r, time.Now().Add(time.Minute)) }, 401, "Unauthorized\n"},
	} {
		r := discordfake.Request{Path: good.Path, Header: good.Header.Clone(), Body: slices.Clone(good.Body)}
		c.change(&r)
		a, err := h.Send(t.Context(), r)
		if err != nil || a.Status != c.status || string(a.Body) != c.want {
			t.Errorf("%s: %d %q, %v", c.name, a.Status, a.Body, err)
		}
	}
	if n := w.taken(id); n != 1 {
		t.Errorf("taken %d times", n)
	}
	w.answers(func([]byte) []byte { panic("a bug") })
	id, body = w.asks()
	if a, err := h.Deliver(t.Context(), discordfake.Interaction{Payload: body}); err != nil || a.Status != 200 || !bytes.Contains(a.Body, []byte(id)) {
		t.Errorf("a panic: %d %s, %v", a.Status, a.Body, err)
	}
	if n := w.gate.Counts(); n.Dialed > 0 || w.Health() != nil {
		t.Errorf("%+v, %v", n, w.Health())
	}
	o := w.Options
	o.HTTP = false
	if shut := New(o).Routes(); len(shut) > 0 {
		t.Errorf("the door is open though nobody is to come in: %v", slices.Collect(maps.Keys(shut)))
	}
}

// TestDoorBeforeBeginning: with the key in the configuration, Discord's question is answered before it said who the bot
// is; an interaction waits for that, and is not carried out before.
func TestDoorBeforeBeginning(t *testing.T) {
	w, h := doorWorld(t)
	w.secrets.Store(&Secrets{BotToken: chat.Secret(w.f.BotToken()), PublicKey: w.f.PublicKey()})
	if err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	id, body := w.asks()
	if a, err := h.Deliver(t.Context(), discordfake.Interaction{Payload: body}); err != nil || a.Status != http.StatusServiceUnavailable || w.taken(id) > 0 {
		t.Errorf("%d, %v", a.Status, err)
	}
	w.timing.begin = 5 * time.Second
	time.AfterFunc(20*time.Millisecond, func() { _ = w.identify(t.Context()) })
	w.answers(func([]byte) []byte { return []byte(`{"type":5}`) })
	if a, err := h.Deliver(t.Context(), discordfake.Interaction{Payload: body}); err != nil || a.Status != http.StatusOK || w.taken(id) != 1 {
		t.Errorf("%d, %v", a.Status, err)
	}
}

// TestWrongEndpoint: with an address in the portal nothing comes over the gateway, and that is red.
func TestWrongEndpoint(t *testing.T) {
	w := idle(t).run()
	w.well()
	w.f.SetApplication(func(a *discordfake.Application) { a.InteractionsURL = "https://bot.example/discord/interactions" })
	w.red("Interactions Endpoint URL")
	w.f.SetApplication(func(a *discordfake.Application) { a.InteractionsURL = "" })
	w.well()
}
