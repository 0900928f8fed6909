package discordfake_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestBuckets take five posts in five seconds in each channel, and say so.
func TestBuckets(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Scale: 1}})
	var g got
	for i := range 5 {
		g = a.post(t, discordfake.General, strings.Repeat("x", i+1))
		if g.status != 200 || g.header.Get("X-RateLimit-Remaining") != string(rune('4'-i)) {
			t.Errorf("the %d.: %d %v", i+1, g.status, g.header)
		}
		c.Pass(time.Second)
	}
	for k, want := range map[string]string{"Limit": "5", "Remaining": "0", "Reset": "1767603605.000", "Reset-After": "1.000"} {
		if got := g.header.Get("X-RateLimit-" + k); got != want {
			t.Errorf("%s: %q", k, got)
		}
	}
	bucket := g.header.Get("X-RateLimit-Bucket")
	c.Pass(-500 * time.Millisecond)
	g = a.post(t, discordfake.General, "y")
	if string(g.text) != `{"global":false,"message":"You are being rate limited.","retry_after":0.5}` || g.header.Get("Retry-After") != "1" ||
		g.header.Get("X-RateLimit-Scope") != "user" || g.header.Get("X-RateLimit-Bucket") != bucket {
		t.Errorf("the sixth: %d %s %v", g.status, g.text, g.header)
	}
	if g := a.post(t, a.news, "y"); g.status != 200 || g.header.Get("X-RateLimit-Bucket") != bucket {
		t.Errorf("another channel: %d", g.status)
	}
	id := a.Messages(discordfake.General)[0].ID
	if g := a.do(t.Context(), t, "PATCH", messages+"/"+id, `{"content":"z",`+quiet+`}`); g.status != 200 || g.header.Get("X-RateLimit-Bucket") == bucket {
		t.Errorf("an edit: %d", g.status)
	}
	if g := a.post(t, discordfake.General, "y"); g.status != 429 || len(a.Early()) != 1 {
		t.Errorf("before its time: %d, %d", g.status, len(a.Early()))
	}
	c.Pass(500 * time.Millisecond)
	if g := a.post(t, discordfake.General, "y"); g.status != 200 || len(a.Early()) != 1 {
		t.Errorf("in time: %d, %d", g.status, len(a.Early()))
	}
	if a.Limited() != 2 || a.Invalid() != 2 {
		t.Errorf("%d limited, %d invalid", a.Limited(), a.Invalid())
	}
}

// TestGlobal takes fifty calls a second, and a hundred where it is scaled so.
func TestGlobal(t *testing.T) {
	for _, scale := range []float64{1, 2} {
		c := newClock()
		a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Scale: scale}})
		paths := []string{"/users/@me", "/applications/@me", "/users/@me/guilds", "/guilds/" + discordfake.Server, "/channels/" + discordfake.General,
			"/guilds/" + discordfake.Server + "/roles", "/guilds/" + discordfake.Server + "/channels", "/users/" + a.ana, messages, "/channels/" + a.news}
		for i := range int(50 * scale) {
			if g := a.do(t.Context(), t, "GET", paths[i%10], ""); g.status != 200 {
				t.Fatalf("scaled %v, the %d.: %d %s", scale, i+1, g.status, g.text)
			}
		}
		g := a.do(t.Context(), t, "GET", paths[0], "")
		if string(g.text) != `{"global":true,"message":"You are being rate limited.","retry_after":1}` || g.header.Get("X-RateLimit-Global") != "true" || g.header.Get("X-RateLimit-Scope") != "global" {
			t.Errorf("scaled %v, one more: %d %s", scale, g.status, g.text)
		}
		a.do(t.Context(), t, "GET", "/channels/"+a.news, "")
		if len(a.Early()) != 1 {
			t.Errorf("%d came early", len(a.Early()))
		}
		c.Pass(time.Second)
		if g := a.do(t.Context(), t, "GET", "/channels/"+a.DM(a.ana), ""); g.status != 200 {
			t.Errorf("a second later: %d", g.status)
		}
	}
}

// TestBan turns everything away after too many invalid calls.
func TestBan(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Ban: 3}})
	bad := func() {
		a.with(t.Context(), t, "GET", "/users/@me", "", http.Header{"Authorization": {"Bot x"}})
	}
	bad()
	c.Pass(discordfake.InvalidSpan) // that one is forgotten
	for range 3 {
		bad()
	}
	if a.Banned() || a.Invalid() != 4 {
		t.Errorf("banned %v, %d invalid", a.Banned(), a.Invalid())
	}
	bad()
	g := a.do(t.Context(), t, "GET", "/users/@me", "")
	if !a.Banned() || g.status != 429 || !strings.Contains(string(g.text), "1015") || g.header.Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Errorf("banned %v: %d %s", a.Banned(), g.status, g.text)
	}
	c.Pass(discordfake.BanSpan)
	if g := a.do(t.Context(), t, "GET", "/users/@me", ""); g.status != 200 || a.Banned() {
		t.Errorf("later: %d", g.status)
	}
}

// TestManyDMs are not opened at once.
func TestManyDMs(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Scale: 1}})
	open := func(user string) got {
		c.Pass(2 * time.Second)
		return a.do(t.Context(), t, "POST", "/users/@me/channels", `{"recipient_id":"`+user+`"}`)
	}
	for range discordfake.MaxDMsAtOnce {
		if g := open(a.AddUser(discordfake.User{Name: "u"})); g.status != 200 {
			t.Errorf("%s", g.text)
		}
	}
	if g := open(a.ana); g.status != 403 || g.code() != 40003 {
		t.Errorf("one more: %d %s", g.status, g.text)
	}
	c.Pass(discordfake.MaxDMsMinutes * time.Minute)
	open(a.ana)
	if g := open(a.ana); g.status != 200 {
		t.Errorf("later: %s", g.text)
	}
}
