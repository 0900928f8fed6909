package githubfake_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// TestRates walks what is counted: as many as are taken, one more is refused, and when its time is over they are taken
// again.
func TestRates(t *testing.T) {
	read := func(api *caller) answer { return api.get("/repos/acme/app") }
	write := func(api *caller) answer {
		return api.do("PATCH", "/repos/acme/app/git/refs/heads/main", j{"sha": "0000000000000000000000000000000000000000"})
	}
	say := func(api *caller) answer { return api.post("/repos/acme/app/issues/1/comments", j{"body": "b"}) }
	tests := []struct {
		name    string
		rates   githubfake.Rates
		calls   int
		do      func(*caller) answer
		status  int
		per     time.Duration
		message string
		retry   string
	}{
		{"primary", githubfake.Rates{Primary: 7}, 7, read, 403, time.Hour, "API rate limit exceeded for user ID 1001.", ""},
		{"primary, 429", githubfake.Rates{Primary: 7, Status: 429}, 7, read, 429, time.Hour, "API rate limit exceeded for user ID 1001.", ""},
		{"points of reads", githubfake.Rates{Points: 10}, 10, read, 403, time.Minute, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "60"},
		{"points of writes", githubfake.Rates{Points: 10}, 2, write, 403, time.Minute, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "60"},
		{"points, 429", githubfake.Rates{Points: 10, Status: 429}, 10, read, 429, time.Minute, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "60"},
		{"points, without a time", githubfake.Rates{Points: 10, Bare: true}, 10, read, 403, time.Minute, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", ""},
		{"creations", githubfake.Rates{Creations: 3}, 3, say, 403, time.Minute, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "60"},
		{"creations an hour", githubfake.Rates{CreationsHour: 3}, 3, say, 403, time.Hour, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", "3600"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			c := newClock()
			f, r, api := acme(t, githubfake.Options{Now: c.Now, Rates: x.rates})
			r.Issue(githubfake.Issue{Title: "i"})
			for n := range x.calls {
				if a := x.do(api); a.StatusCode == 403 || a.StatusCode == 429 {
					t.Fatalf("call %d: %s", n+1, a.text)
				}
			}
			a := x.do(api).must(t, x.status)
			a.says(t, "message", x.message)
			if got := a.Header.Get("Retry-After"); got != x.retry {
				t.Errorf("Retry-After: %q, want %q", got, x.retry)
			}
			primary := x.rates.Primary > 0
			if left := a.Header.Get("X-Ratelimit-Remaining"); primary != (left == "0") {
				t.Errorf("%s are left", left)
			}
			if reset := a.Header.Get("X-Ratelimit-Reset"); reset != strconv.FormatInt(c.Now().Add(time.Hour).Unix(), 10) {
				t.Errorf("reset at %s", reset)
			}
			if f.Limited() != 1 || len(f.Early()) != 0 {
				t.Errorf("%d limited, %d early", f.Limited(), len(f.Early()))
			}
			if x.do(api).must(t, x.status); len(f.Early()) != 1 {
				t.Errorf("%d early", len(f.Early()))
			}
			c.Pass(x.per)
			if a := x.do(api); a.StatusCode == 403 || a.StatusCode == 429 {
				t.Errorf("after the time is over: %s", a.text)
			}
			if len(f.Early()) != 1 {
				t.Errorf("%d early", len(f.Early()))
			}
		})
	}
}

// TestUnchanged: what did not change is answered with 304, which costs nothing.
func TestUnchanged(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{Rates: githubfake.Rates{Primary: 3}})
	a := api.get("/repos/acme/app/commits").must(t, 200)
	tag := a.Header.Get("Etag")
	for range 10 {
		again := api.get("/repos/acme/app/commits", "If-None-Match", tag).must(t, 304)
		if len(again.text) > 0 || again.Header.Get("X-Ratelimit-Used") != "1" {
			t.Errorf("%s used, %q", again.Header.Get("X-Ratelimit-Used"), again.text)
		}
	}
	api.get("/repos/acme/app/commits?per_page=1", "If-None-Match", tag).must(t, 200)
	r.Commit("main", "ana", "fix: more", nil)
	api.get("/repos/acme/app/commits", "If-None-Match", tag).must(t, 200)
	api.get("/repos/acme/app/commits").must(t, http.StatusForbidden)
	api.get("/rate_limit").must(t, 200).says(t, "resources.core.remaining", 0)
	if f.Limited() != 1 {
		t.Errorf("%d limited", f.Limited())
	}
}

// TestAnonymous: whoever does not say who they are gets sixty an hour.
func TestAnonymous(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{Rates: githubfake.RealRates})
	r.Publish()
	api.token = ""
	for range 60 {
		api.get("/repos/acme/app").must(t, 200)
	}
	api.get("/repos/acme/app").must(t, 403)
}
