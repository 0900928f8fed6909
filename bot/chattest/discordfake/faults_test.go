package discordfake_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

const create = "POST /channels/{channel}/messages"

// TestFaults tries every fault with the message stored and not, and looks that it is remembered only when it should be.
func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		fault  discordfake.Fault
		status int    // 0: none came
		body   string // in what came
		broken bool   // the body ended before its time
	}{
		{"no access", discordfake.Error(50001), 403, `{"code":50001,"message":"Missing Access"}`, false},
		{"unknown channel", discordfake.Error(10003), 404, "Unknown Channel", false},
		{"401", discordfake.HTTP(401), 401, `{"code":0,"message":"401: Unauthorized"}`, false},
		{"500", discordfake.HTTP(500), 500, "500: Internal Server Error", false},
		{"502", discordfake.HTML(502), 502, "<!DOCTYPE", false},
		{"503", discordfake.HTTP(503), 503, "503", false},
		{"504 without a word", discordfake.Raw(504, ""), 504, "", false},
		{"nothing", discordfake.Raw(200, ""), 200, "", false},
		{"an object", discordfake.Raw(200, "{}"), 200, "{}", false},
		{"null", discordfake.Raw(200, "null"), 200, "null", false},
		{"a page", discordfake.HTML(200), 200, "<!DOCTYPE", false},
		{"too many", discordfake.TooMany(1500*time.Millisecond, "2", "user"), 429, `"retry_after":1.5`, false},
		{"too many for all", discordfake.TooMany(time.Second, "", "global"), 429, `"global":true`, false},
		{"too many edits", discordfake.TooManyEdits(time.Minute), 429, `"code":30046`, false},
		{"reset", discordfake.Ends(discordfake.Reset), 0, "", false},
		{"cut", discordfake.Ends(discordfake.Cut), 200, `{`, true},
		{"short", discordfake.Ends(discordfake.Short), 200, `{`, false},
		{"endless", discordfake.Ends(discordfake.Endless), 200, "   ", false},
		{"dribble", discordfake.Fault{Body: "slow", Way: discordfake.Dribble}, 200, "slow", false},
		{"bomb", discordfake.Ends(discordfake.Bomb), 200, "   ", false},
		{"moved", discordfake.Redirect("http://localhost:1/"), 307, "moved", false},
		{"late", discordfake.Late(20*time.Millisecond, discordfake.HTTP(500)), 500, "500", false},
	}
	for _, tt := range tests {
		for _, stored := range []bool{false, true} {
			name, fault := tt.name+" and lost", tt.fault
			if stored {
				name, fault = tt.name+" and stored", discordfake.Stored(fault)
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				a := newAcme(t, discordfake.Options{})
				a.Fail(create, fault)
				g := a.post(t, discordfake.General, "a")
				if g.status != tt.status || !strings.Contains(string(g.text), tt.body) || (g.err != nil) != (tt.broken || tt.status == 0) {
					t.Errorf("got %d %.80q, %v", g.status, g.text, g.err)
				}
				if got := len(a.Messages(discordfake.General)) == 1; got != stored {
					t.Errorf("stored: %v", got)
				}
				if calls := a.Calls(create); len(calls) != 1 || calls[0].Params["channel"] != discordfake.General || !calls[0].Faulted || calls[0].Status != tt.status {
					t.Errorf("calls: %+v", calls)
				}
				if g := a.post(t, discordfake.General, "a"); g.status != 200 || !json.Valid(g.text) || g.err != nil || a.Unspent() != 0 || len(a.Messages(discordfake.General)) != 1 {
					t.Errorf("the next: %d %q, %v", g.status, g.text, g.err)
				}
			})
		}
	}
}

// TestFaultsInOrder have their turn one by one; an ordinary one lets a call through.
func TestFaultsInOrder(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	a.Fail(create, discordfake.HTTP(500), discordfake.Ends(discordfake.Ordinary), discordfake.Error(50013))
	a.Fail("", discordfake.HTTP(504))
	var all []int
	for _, s := range []string{"a", "b", "c", "d", "e"} {
		all = append(all, a.post(t, discordfake.General, s).status)
	}
	if want := [5]int{500, 200, 403, 504, 200}; [5]int(all) != want || len(a.Messages(discordfake.General)) != 2 {
		t.Errorf("got %v, %d stored", all, len(a.Messages(discordfake.General)))
	}
}

// TestFaultCounts: a scripted 429 is waited for, and a scripted 403 leads to a ban, as true ones do.
func TestFaultCounts(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now})
	a.Fail(create, discordfake.TooMany(1163*time.Second, "1", "shared"), discordfake.Error(50013), discordfake.HTTP(401))
	a.post(t, discordfake.General, "a")
	c.Pass(time.Second)
	a.post(t, discordfake.General, "a")
	c.Pass(1162 * time.Second)
	a.post(t, discordfake.General, "a")
	if len(a.Early()) != 1 || a.Invalid() != 2 {
		t.Errorf("%d came early, %d were invalid", len(a.Early()), a.Invalid())
	}
	if calls := a.Calls(create); calls[1].Code != 50013 {
		t.Errorf("calls: %+v", calls[1])
	}
}

// TestOtherID has its effect, and tells of another.
func TestOtherID(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	a.Fail(create, discordfake.OtherID("1100000000000000042"))
	g := a.post(t, discordfake.General, "a")
	if m := a.Messages(discordfake.General); g.id() != "1100000000000000042" || g.str("content") != "a" || len(m) != 1 || m[0].ID == g.id() {
		t.Errorf("%s", g.text)
	}
}

// TestSilent gives no answer until the caller gives up, and the server ends all the same.
func TestSilent(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	a.Fail(create, discordfake.Stored(discordfake.Ends(discordfake.Silent)))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if g := a.do(ctx, t, "POST", messages, `{"content":"a"}`); !errors.Is(g.err, context.DeadlineExceeded) {
		t.Errorf("got %v", g.err)
	}
	if len(a.Messages(discordfake.General)) != 1 {
		t.Error("it was not stored")
	}
}

// TestElsewhere tells of whoever follows with a token.
func TestElsewhere(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	e := a.Elsewhere(t)
	a.Fail("GET /users/@me", discordfake.Redirect(e.URL))
	g := a.do(t.Context(), t, "GET", "/users/@me", "")
	if visits, _ := e.Visits(); visits != 0 || g.status != 307 {
		t.Errorf("%d visits", visits)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.header.Get("Location"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bot "+a.BotToken())
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if visits, tokens := e.Visits(); visits != 1 || tokens != 1 {
		t.Errorf("%d visits with %d tokens", visits, tokens)
	}
}

// TestDown resets what is open and what comes, and is up again at the same address.
func TestDown(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	for _, s := range []string{"a", "b"} {
		a.Down(true)
		if g := a.post(t, discordfake.General, s); g.err == nil {
			t.Error("it answered while down")
		}
		a.Down(false)
		if g := a.post(t, discordfake.General, s); g.status != 200 || g.err != nil {
			t.Errorf("up again: %d, %v", g.status, g.err)
		}
	}
	if got := len(a.Calls("")); got != 2 {
		t.Errorf("%d calls arrived", got)
	}
}

// recorder counts the errors that a test would have.
type recorder struct {
	testing.TB
	n int
}

func (r *recorder) Errorf(string, ...any) { r.n++ }

// TestMisuse fails the test that asks for what is not there.
func TestMisuse(t *testing.T) {
	r := &recorder{TB: t}
	a := acme{Fake: discordfake.New(r, discordfake.Options{})}
	tries := []func(){
		func() { a.AddUser(discordfake.User{ID: "U0ANA"}) },
		func() { a.AddMember(discordfake.Member{User: "1100000000000000099"}) },
		func() { a.AddChannel(discordfake.Channel{Type: discordfake.PublicThread}) },
		func() { a.AddRole(discordfake.Role{Server: "1100000000000000099"}) },
		func() { a.SetRole("1100000000000000099", func(*discordfake.Role) {}) },
		func() { a.DM("1100000000000000099") },
		func() { a.Say(discordfake.General, "1100000000000000099", "hello") },
		func() { a.Fail("chat.postMessage", discordfake.HTTP(500)) },
		func() { a.do(t.Context(), t, "PUT", "/channels/"+discordfake.General, "{}") },
	}
	for i, try := range tries {
		if try(); r.n != i+1 {
			t.Errorf("the %d. misuse is not told of", i+1)
			r.n = i + 1
		}
	}
}
