package discordfake_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

const messages = "/channels/" + discordfake.General + "/messages"

// TestAdmitted takes calls of the bot, by a client that names itself, and no other.
func TestAdmitted(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	tests := []struct {
		name         string
		header       http.Header
		status, code int
		body         string
	}{
		{"good", nil, 200, 0, ""},
		{"no token", http.Header{"Authorization": nil}, 401, 0, `{"code":0,"message":"401: Unauthorized"}`},
		{"another", http.Header{"Authorization": {"Bot x"}}, 401, 0, ""},
		{"not as a bot", http.Header{"Authorization": {a.BotToken()}}, 401, 0, ""},
		{"as a person", http.Header{"Authorization": {"Bearer " + a.BotToken()}}, 401, 0, ""},
		{"Go's own name", http.Header{"User-Agent": {"Go-http-client/1.1"}}, 403, 40333, `{"code":40333,"message":"internal network error"}`},
		{"a name without a version", http.Header{"User-Agent": {"DiscordBot (https://a.example)"}}, 403, 40333, ""},
	}
	for _, tt := range tests {
		g := a.with(t.Context(), t, "GET", "/users/@me", "", tt.header)
		if g.status != tt.status || g.code() != tt.code || tt.body != "" && string(g.text) != tt.body {
			t.Errorf("%s: %d %s", tt.name, g.status, g.text)
		}
	}
	if a.Invalid() != 6 {
		t.Errorf("%d were invalid", a.Invalid())
	}
	a.Revoke(a.BotToken())
	a.Grant("another")
	if g := a.do(t.Context(), t, "GET", "/users/@me", ""); g.status != 401 {
		t.Errorf("revoked: %d", g.status)
	}
	if g := a.with(t.Context(), t, "GET", "/users/@me", "", http.Header{"Authorization": {"Bot another"}}); g.status != 200 || len(a.Tokens()) != 2 {
		t.Errorf("the new one: %d", g.status)
	}
}

// TestBodies are JSON, or a form with it.
func TestBodies(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	send := func(kind, body string) got {
		return a.with(t.Context(), t, "POST", messages, body, http.Header{"Content-Type": {kind}})
	}
	if g := send("application/json", `{"content":`); g.code() != 50109 {
		t.Errorf("half of it: %s", g.text)
	}
	if g := send("application/json", `[]`); g.code() != 50035 {
		t.Errorf("a list: %s", g.text)
	}
	if g := send("application/x-www-form-urlencoded", "content=x"); g.code() != 50035 {
		t.Errorf("a form of the old kind: %s", g.text)
	}
	if g := send("application/json", `{}`); g.code() != 50006 {
		t.Errorf("nothing: %s", g.text)
	}
	if g := send("application/json", `{"content":"`+strings.Repeat("x", discordfake.MaxRequest)+`"}`); g.code() != 40005 {
		t.Errorf("too much: %d %.90s", g.status, g.text)
	}
	if g := send("application/json", `{"content":"`+strings.Repeat("x", 2001)+`"}`); string(g.text) != `{"code":50035,"errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 2000 or fewer in length."}]}},"message":"Invalid Form Body"}` {
		t.Errorf("a long one: %s", g.text)
	}
	if g := send("application/json", `{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"x"}]}],"flags":32768,"content":"x"}`); g.status != 400 {
		t.Errorf("components v2: %d", g.status)
	}
	if len(a.Messages(discordfake.General)) != 0 {
		t.Error("something was posted")
	}
}

// TestReproaches notes what Discord takes and nobody wants.
func TestReproaches(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"good", `{"content":"x","nonce":"a","enforce_nonce":true,` + quiet + `}`, ""},
		{"no nonce", `{"content":"x","enforce_nonce":true,` + quiet + `}`, "no nonce that is enforced"},
		{"one that is not enforced", `{"content":"x","nonce":"a",` + quiet + `}`, "no nonce that is enforced"},
		{"no allowed_mentions", `{"content":"x","nonce":"a","enforce_nonce":true}`, "no allowed_mentions"},
		{"without parse", `{"content":"x","nonce":"a","enforce_nonce":true,"allowed_mentions":{}}`, "allowed_mentions without parse"},
		{"everyone", `{"content":"x","nonce":"a","enforce_nonce":true,"allowed_mentions":{"parse":["everyone"]}}`, "allowed_mentions that let somebody be pinged"},
		{"the author", `{"content":"x","nonce":"a","enforce_nonce":true,"allowed_mentions":{"parse":[],"replied_user":true}}`, "allowed_mentions that let somebody be pinged"},
		{"somebody", `{"content":"x","nonce":"a","enforce_nonce":true,"allowed_mentions":{"parse":[],"users":["` + discordfake.Owner + `"]}}`, "allowed_mentions that let somebody be pinged"},
		{"two embeds with one url", `{"embeds":[{"description":"a","url":"https://a.example"},{"description":"b","url":"https://a.example"}],"nonce":"a","enforce_nonce":true,` + quiet + `}`, "an embed with the url of another, which is not shown"},
		{"what Discord does not know", `{"content":"x","nonce":"a","enforce_nonce":true,"priority":1,` + quiet + `}`, "unknown field priority"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAcme(t, discordfake.Options{})
			g := a.do(t.Context(), t, "POST", messages, tt.body)
			got := ""
			for _, x := range a.Failures() {
				got += x.Name
			}
			if got != tt.want || (g.status == 200) != !strings.Contains(tt.want, "unknown") {
				t.Errorf("got %q, want %q; %d", got, tt.want, g.status)
			}
		})
	}
	a := newAcme(t, discordfake.Options{})
	id := a.post(t, discordfake.General, "x").id()
	a.do(t.Context(), t, "PATCH", messages+"/"+id, `{"content":"y"}`)
	if x := a.Failures(); len(x) != 1 || x[0].Name != "no allowed_mentions" || x[0].What != "PATCH /channels/{channel}/messages/{message}" {
		t.Errorf("an edit: %v", x)
	}
}

// TestPings are of whom a text names, as far as it is let.
func TestPings(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	team := a.AddRole(discordfake.Role{Name: "team"})
	text := "@everyone <@" + a.ana + "> <@!" + a.ben + "> <@&" + team + ">"
	tests := []struct {
		allowed string
		want    discordfake.Pings
	}{
		{"", discordfake.Pings{Everyone: true, Users: []string{a.ana, a.ben}, Roles: []string{team}}},
		{`,"allowed_mentions":{"parse":[]}`, discordfake.Pings{}},
		{`,"allowed_mentions":{"parse":["users"]}`, discordfake.Pings{Users: []string{a.ana, a.ben}}},
		{`,"allowed_mentions":{"parse":["everyone"],"users":["` + a.ben + `"]}`, discordfake.Pings{Everyone: true, Users: []string{a.ben}}},
	}
	for _, tt := range tests {
		g := a.do(t.Context(), t, "POST", messages, `{"content":"`+text+`"`+tt.allowed+`}`)
		all := a.Messages(discordfake.General)
		if diff := cmp.Diff(tt.want, all[len(all)-1].Pings); diff != "" || g.status != 200 {
			t.Errorf("%s: %s", tt.allowed, diff)
		}
	}
	a.SetRole(discordfake.Server, func(r *discordfake.Role) { r.Permissions &^= discordfake.MentionEveryone })
	a.do(t.Context(), t, "POST", messages, `{"content":"`+text+`"}`)
	all := a.Messages(discordfake.General)
	if p := all[len(all)-1].Pings; p.Everyone || p.Roles != nil {
		t.Errorf("without the permission: %+v", p)
	}
}

// TestForgets posts what comes again again.
func TestForgets(t *testing.T) {
	a := newAcme(t, discordfake.Options{Forgets: true})
	body := `{"content":"x","nonce":"same","enforce_nonce":true,` + quiet + `}`
	one := a.do(t.Context(), t, "POST", "/channels/"+discordfake.General+"/messages", body)
	two := a.do(t.Context(), t, "POST", "/channels/"+discordfake.General+"/messages", body)
	if one.id() == "" || one.id() == two.id() || len(a.Messages(discordfake.General)) != 2 {
		t.Errorf("%s and %s", one.id(), two.id())
	}
}

// TestNonce posts once, for five minutes, by channel.
func TestNonce(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now})
	post := func(channel, content string, enforce bool) string {
		t.Helper()
		body := `{"content":"` + content + `","nonce":"same",` + quiet
		if enforce {
			body += `,"enforce_nonce":true`
		}
		g := a.do(t.Context(), t, "POST", "/channels/"+channel+"/messages", body+`}`)
		if g.status != 200 || g.str("nonce") != "same" {
			t.Errorf("%d %s", g.status, g.text)
		}
		return g.id()
	}
	first := post(discordfake.General, "a", true)
	c.Pass(5*time.Minute - time.Millisecond)
	if again := post(discordfake.General, "b", true); again != first || a.Messages(discordfake.General)[0].Content != "a" {
		t.Error("it was posted again")
	}
	if post(a.news, "a", true) == first || post(discordfake.General, "a", false) == first {
		t.Error("another channel, or one that is not enforced, is the same")
	}
	c.Pass(time.Millisecond)
	second := post(discordfake.General, "a", true)
	if second == first {
		t.Error("it is kept for longer than five minutes")
	}
	a.do(t.Context(), t, "DELETE", messages+"/"+second, "")
	if post(discordfake.General, "a", true) == second {
		t.Error("what was deleted is given back")
	}
	for _, m := range a.do(t.Context(), t, "GET", messages, "").list {
		if m.(map[string]any)["nonce"] != nil {
			t.Error("it is told to who fetches the message")
		}
	}
}

// TestReply answers a message that is there.
func TestReply(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	id := a.post(t, discordfake.General, "x").id()
	reply := func(to, more string) got {
		return a.do(t.Context(), t, "POST", messages, `{"content":"y","message_reference":{"message_id":"`+to+`"`+more+`},"nonce":"`+to[10:]+`","enforce_nonce":true,`+quiet+`}`)
	}
	g := reply(id, "")
	if to, _ := g.m["referenced_message"].(map[string]any); g.m["type"] != 19.0 || to["id"] != id {
		t.Errorf("%s", g.text)
	}
	if g := reply(discordfake.General, ""); g.code() != 50035 {
		t.Errorf("to nothing: %s", g.text)
	}
	if g := reply(discordfake.General, `,"fail_if_not_exists":false`); g.status != 200 || g.m["message_reference"] != nil {
		t.Errorf("to nothing, and that is fine: %s", g.text)
	}
}

// TestSameURL shows the first of two embeds with one address, as Discord does.
func TestSameURL(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	g := a.do(t.Context(), t, "POST", messages, `{"embeds":[{"description":"a","url":"https://a.example"},{"description":"b","url":"https://a.example"},{"description":"c"},{"description":"d"}],`+quiet+`}`)
	if shown, _ := g.m["embeds"].([]any); len(shown) != 3 {
		t.Errorf("%s", g.text)
	}
}

// TestExamples takes the bodies that Discord's reference shows, and refuses the one that it shows to be wrong.
func TestExamples(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	tests := []struct {
		body string
		code int
	}{
		{`{"content":"Hello, World!","tts":false,"embeds":[{"title":"Hello, Embed!","description":"This is an embedded message."}]}`, 0},
		{`{"content":"This is a message with legacy components","components":[{"type":1,"components":[{"type":2,"style":1,"label":"Click Me","custom_id":"click_me_1"}]}]}`, 0},
		{`{"content":"@here Hello <@&1234> and <@5678> 👋"}`, 0},
		{`{"content":"@here Hello <@&1234> and <@5678> 👋","allowed_mentions":{"parse":[]}}`, 0},
		{`{"content":"@here Hello <@&1234> and <@5678> 👋","allowed_mentions":{"parse":["users","roles"],"users":[]}}`, 0},
		{`{"content":"@everyone <@1234> <@5678> <@&789> 👋","allowed_mentions":{"parse":["everyone"],"users":["1234","5678"]}}`, 0},
		{`{"content":"@everyone <@1234> <@5678> <@9012> <@&200>","allowed_mentions":{"parse":["users"],"users":["1234","5678"]}}`, 50035},
		{`{"content":"<@123> Time for some memes 🤠","allowed_mentions":{"users":["123","456"]}}`, 0},
	}
	for _, tt := range tests {
		if g := a.do(t.Context(), t, "POST", messages, tt.body); g.code() != tt.code {
			t.Errorf("%s: %s", tt.body, g.text)
		}
	}
}
