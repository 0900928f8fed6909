package slackfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// raw posts and gives what came back: the status and the bytes, or an error.
func raw(ctx context.Context, t *testing.T, f *slackfake.Fake, follow bool) (status int, body []byte, err error) {
	t.Helper()
	form := url.Values{"token": {f.BotToken()}, "channel": {"C0APP"}, "text": {"a"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL()+"chat.postMessage", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	c := &http.Client{}
	if !follow {
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	defer c.CloseIdleConnections()
	resp, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	return resp.StatusCode, body, err
}

// TestFaults tries every fault with the message stored and not, and looks that it is remembered only when it should be.
func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		fault  slackfake.Fault
		status int    // 0: none came
		body   string // in what came
		broken bool   // the body ended before its time
	}{
		{"error", slackfake.Error("fatal_error"), 200, `"fatal_error"`, false},
		{"500", slackfake.Raw(500, "oops"), 500, "oops", false},
		{"503 in HTML", slackfake.Raw(503, "<html>"), 503, "<html>", false},
		{"nothing", slackfake.Raw(200, "{}"), 200, "{}", false},
		{"null", slackfake.Raw(200, "null"), 200, "null", false},
		{"ok alone", slackfake.Raw(200, `{"ok":true}`), 200, `{"ok":true}`, false},
		{"a page", slackfake.HTML(), 200, "<!DOCTYPE", false},
		{"too many", slackfake.TooMany("1.5"), 429, "ratelimited", false},
		{"too many, for ever", slackfake.TooMany(""), 429, "ratelimited", false},
		{"reset", slackfake.Ends(slackfake.Reset), 0, "", false},
		{"cut", slackfake.Ends(slackfake.Cut), 200, `{`, true},
		{"short", slackfake.Ends(slackfake.Short), 200, `{`, false},
		{"endless", slackfake.Ends(slackfake.Endless), 200, "   ", false},
		{"dribble", slackfake.Fault{Body: "slow", Way: slackfake.Dribble}, 200, "slow", false},
		{"bomb", slackfake.Ends(slackfake.Bomb), 200, "   ", false},
		{"moved", slackfake.Redirect("http://localhost:1/"), 307, "moved", false},
		{"late", slackfake.Late(20*time.Millisecond, slackfake.Error("late")), 200, `"late"`, false},
	}
	for _, tt := range tests {
		for _, stored := range []bool{false, true} {
			name, fault := tt.name+" and lost", tt.fault
			if stored {
				name, fault = tt.name+" and stored", slackfake.Stored(fault)
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f, _ := acme(t, slackfake.Options{})
				f.Fail("chat.postMessage", fault)
				status, body, err := raw(t.Context(), t, f, false)
				if status != tt.status || !strings.Contains(string(body), tt.body) || (err != nil) != (tt.broken || tt.status == 0) {
					t.Errorf("got %d %.80q, %v", status, body, err)
				}
				if got := len(f.Messages("C0APP")) == 1; got != stored {
					t.Errorf("stored: %v", got)
				}
				if calls := f.Calls("chat.postMessage"); len(calls) != 1 || calls[0].Args["text"] != "a" || !calls[0].Faulted {
					t.Errorf("calls: %+v", calls)
				}
				if status, body, err := raw(t.Context(), t, f, false); status != 200 || !json.Valid(body) || err != nil || f.Unspent() != 0 {
					t.Errorf("the next: %d %q, %v", status, body, err)
				}
			})
		}
	}
}

// TestFaultsInOrder have their turn one by one; an ordinary one lets a call through.
func TestFaultsInOrder(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	f.Fail("chat.postMessage", slackfake.Error("a"), slackfake.Ends(slackfake.Ordinary), slackfake.Error("b"))
	var got []string
	for range 4 {
		got = append(got, errorOf(call(t, f, "chat.postMessage", "channel", "C0APP", "text", "a")))
	}
	if strings.Join(got, ",") != "a,,b," || len(f.Messages("C0APP")) != 2 {
		t.Errorf("got %q, %d stored", got, len(f.Messages("C0APP")))
	}
}

// TestSilent gives no answer until the caller gives up, and the server ends all the same.
func TestSilent(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	f.Fail("chat.postMessage", slackfake.Stored(slackfake.Ends(slackfake.Silent)))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, _, err := raw(ctx, t, f, false); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if len(f.Messages("C0APP")) != 1 {
		t.Error("it was not stored")
	}
}

// TestElsewhere tells of whoever follows with a token.
func TestElsewhere(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	e := f.Elsewhere(t)
	for _, follow := range []bool{false, true} {
		f.Fail("chat.postMessage", slackfake.Redirect(e.URL))
		if _, _, err := raw(t.Context(), t, f, follow); err != nil {
			t.Fatal(err)
		}
		if visits, tokens := e.Visits(); (visits == 1) != follow || (tokens == 1) != follow {
			t.Errorf("follow %v: %d visits with %d tokens", follow, visits, tokens)
		}
	}
}

// TestDown resets what is open and what comes, and is up again at the same address.
func TestDown(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	for range 2 {
		f.Down(true)
		if _, _, err := raw(t.Context(), t, f, false); err == nil {
			t.Error("it answered while down")
		}
		f.Down(false)
		if status, _, err := raw(t.Context(), t, f, false); status != 200 || err != nil {
			t.Errorf("up again: %d, %v", status, err)
		}
	}
	if got := len(f.Calls("")); got != 2 {
		t.Errorf("%d calls arrived", got)
	}
}

// respond posts to a response URL.
func respond(t *testing.T, to, body string) (status int, name string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var a struct{ Error string }
	_ = json.Unmarshal(text, &a)
	return resp.StatusCode, a.Error
}

// TestResponseURL is used five times at most, and for half an hour.
func TestResponseURL(t *testing.T) {
	clock := wire.NewClock(time.Now())
	f, _ := acme(t, slackfake.Options{Now: clock.Now})
	a := newApp(t, f)
	u := f.As("U0ANA")
	r := u.Slash(t.Context(), "C0APP", "/release", "status")
	to := a.last(t).form.Get("response_url")
	expect := func(body, want string) {
		t.Helper()
		if status, name := respond(t, to, body); name != want || (status == 200) != (want == "") {
			t.Errorf("%s: %d %q, want %q", body, status, name, want)
		}
	}
	expect(`{"replace_original":true,"text":"a"}`, "no_original_message")
	for range 2 {
		expect(`{"text":"for ana"}`, "")
	}
	expect(`{"response_type":"in_channel","text":"for all"}`, "")
	expect(`{"text":""}`, "no_text")
	expect(`{"text":"the sixth"}`, "used_url")
	if got := strings.Join(r.Texts(), ","); got != "for ana,for ana,for all" {
		t.Errorf("she read %q", got)
	}
	u.Slash(t.Context(), "C0APP", "/release", "status")
	to = a.last(t).form.Get("response_url")
	clock.Pass(slackfake.ResponseLife)
	expect(`{"text":"in time"}`, "")
	clock.Pass(1)
	expect(`{"text":"late"}`, "expired_url")
	if got := len(f.Calls("response_url")); got != 8 {
		t.Errorf("%d posts are remembered", got)
	}
}

// TestResponseToPress replaces and deletes what was pressed.
func TestResponseToPress(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	a := newApp(t, f)
	blocks := `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}}]}]`
	call(t, f, "chat.postEphemeral", "channel", "C0APP", "user", "U0ANA", "text", "sure?", "blocks", blocks)
	call(t, f, "chat.postMessage", "channel", "C0APP", "text", "card", "blocks", blocks)
	ana := f.As("U0ANA")
	ana.Press(t.Context(), "C0APP", "Go")
	if status, _ := respond(t, a.interaction(t).ResponseURL, `{"replace_original":true,"text":"gone"}`); status != 200 {
		t.Errorf("replacing: %d", status)
	}
	if m := f.Messages("C0APP"); len(m) != 1 || m[0].Text != "gone" || m[0].Blocks != nil || m[0].Edits != 1 {
		t.Errorf("replaced: %+v", m)
	}
	r := ana.Press(t.Context(), "C0APP", "Go")
	to := a.interaction(t).ResponseURL
	if status, _ := respond(t, to, `{"replace_original":true,"text":"yes","blocks":`+blocks+`}`); status != 200 || r.Whispers()[0].Text != "yes" {
		t.Errorf("replacing hers: %+v", r.Whispers())
	}
	if status, _ := respond(t, to, `{"delete_original":true}`); status != 200 || len(f.Ephemerals("C0APP", "U0ANA")) != 0 {
		t.Error("hers is still there")
	}
}
