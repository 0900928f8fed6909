package slackfake_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// call makes a call as a form, and gives the error, "ok", or with want another field of the answer.
func call(t testing.TB, f *slackfake.Fake, method string, fields ...string) map[string]any {
	t.Helper()
	form := url.Values{"token": {f.BotToken()}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out := map[string]any{"status": float64(resp.StatusCode), "retry": resp.Header.Get("Retry-After"), "scopes": resp.Header.Get("X-OAuth-Scopes")}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return out
}

func errorOf(answer map[string]any) string {
	name, _ := answer["error"].(string)
	if (name == "") != (answer["ok"] == true) {
		return "neither ok nor an error"
	}
	return name
}

// TestRefused makes the calls that Slack refuses, and says by which name.
func TestRefused(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	f.AddUser(slackfake.User{ID: "U0GONE", Name: "gone", Deleted: true})
	root, _ := call(t, f, "chat.postMessage", "channel", "C0APP", "text", "root")["ts"].(string)
	reply, _ := call(t, f, "chat.postMessage", "channel", "C0APP", "text", "reply", "thread_ts", root)["ts"].(string)
	theirs := f.As("U0ANA").Say("C0APP", "", "hers").TS
	whisper, _ := call(t, f, "chat.postEphemeral", "channel", "C0APP", "user", "U0ANA", "text", "psst")["message_ts"].(string)
	long := strings.Repeat("x", 13_201)
	blocks := `[` + strings.Repeat(`{"type":"section","text":{"type":"mrkdwn","text":"`+strings.Repeat("x", 2640)+`"}},`, 5)
	tests := []struct {
		name, method string
		fields       []string
		want         string
	}{
		{"posted", "chat.postMessage", []string{"channel", "C0APP", "text", "a"}, ""},
		{"to somebody", "chat.postMessage", []string{"channel", "U0ANA", "text", "a"}, ""},
		{"in a public channel without being there", "chat.postMessage", []string{"channel", "C0OPEN", "text", "a"}, ""},
		{"in a private one", "chat.postMessage", []string{"channel", "C0SECRET", "text", "a"}, "not_in_channel"},
		{"nowhere", "chat.postMessage", []string{"channel", "C0NONE", "text", "a"}, "channel_not_found"},
		{"archived", "chat.postMessage", []string{"channel", "C0OLD", "text", "a"}, "is_archived"},
		{"read only", "chat.postMessage", []string{"channel", "C0NEWS", "text", "a"}, "restricted_action"},
		{"says nothing", "chat.postMessage", []string{"channel", "C0APP"}, "no_text"},
		{"no blocks", "chat.postMessage", []string{"channel", "C0APP", "blocks", "[]"}, "no_text"},
		{"blocks that are no list", "chat.postMessage", []string{"channel", "C0APP", "blocks", "{}"}, "invalid_blocks_format"},
		{"a block that is none", "chat.postMessage", []string{"channel", "C0APP", "blocks", `[{"type":"poem"}]`}, "invalid_blocks"},
		{"as much as blocks hold", "chat.postMessage", []string{"channel", "C0APP", "blocks", strings.TrimSuffix(blocks, ",") + "]"}, ""},
		{"more", "chat.postMessage", []string{"channel", "C0APP", "blocks", blocks + `{"type":"header","text":{"type":"plain_text","text":"x"}}]`}, "msg_blocks_too_long"},
		{"long text", "chat.postMessage", []string{"channel", "C0APP", "text", long}, ""},
		{"answers nothing", "chat.postMessage", []string{"channel", "C0APP", "text", "a", "thread_ts", "1.000001"}, "invalid_thread_ts"},
		{"answers an answer", "chat.postMessage", []string{"channel", "C0APP", "text", "a", "thread_ts", reply}, "invalid_thread_ts"},
		{"answers what is elsewhere", "chat.postMessage", []string{"channel", "C0OPEN", "text", "a", "thread_ts", root}, "invalid_thread_ts"},
		{"metadata that is none", "chat.postMessage", []string{"channel", "C0APP", "text", "a", "metadata", "key"}, "invalid_metadata_format"},
		{"metadata without a type", "chat.postMessage", []string{"channel", "C0APP", "text", "a", "metadata", `{"event_payload":{}}`}, "invalid_metadata_schema"},
		{"markdown and text", "chat.postMessage", []string{"channel", "C0APP", "text", "a", "markdown_text", "b"}, "markdown_text_conflict"},
		{"long markdown", "chat.postMessage", []string{"channel", "C0APP", "markdown_text", long}, "msg_too_long"},

		{"edited", "chat.update", []string{"channel", "C0APP", "ts", root, "text", "b"}, ""},
		{"as much as an edit holds", "chat.update", []string{"channel", "C0APP", "ts", root, "text", strings.Repeat("é", 2000)}, ""},
		{"more", "chat.update", []string{"channel", "C0APP", "ts", root, "text", strings.Repeat("é", 2000) + "x"}, "msg_too_long"},
		{"more once escaped", "chat.update", []string{"channel", "C0APP", "ts", root, "text", strings.Repeat("<", 1001)}, "msg_too_long"},
		{"escaped before", "chat.update", []string{"channel", "C0APP", "ts", root, "text", strings.Repeat("&lt;", 1000)}, ""},
		{"by somebody else", "chat.update", []string{"channel", "C0APP", "ts", theirs, "text", "b"}, "cant_update_message"},
		{"what is not", "chat.update", []string{"channel", "C0APP", "ts", "1.000001", "text", "b"}, "message_not_found"},
		{"what only one sees", "chat.update", []string{"channel", "C0APP", "ts", whisper, "text", "b"}, "message_not_found"},
		{"by a user's id", "chat.update", []string{"channel", "U0ANA", "ts", root, "text", "b"}, "channel_not_found"},
		{"to nothing", "chat.update", []string{"channel", "C0APP", "ts", root}, "no_text"},
		{"where it is not", "chat.update", []string{"channel", "C0SECRET", "ts", root, "text", "b"}, "channel_not_found"},
		{"delete another's", "chat.delete", []string{"channel", "C0APP", "ts", theirs}, "cant_delete_message"},

		{"whisper to who is not there", "chat.postEphemeral", []string{"channel", "C0OPEN", "user", "U0BEN", "text", "a"}, "user_not_in_channel"},
		{"whisper too much", "chat.postEphemeral", []string{"channel", "C0APP", "user", "U0BEN", "text", long}, "msg_too_long"},
		{"link", "chat.getPermalink", []string{"channel", "C0APP", "message_ts", root}, ""},
		{"link to nothing", "chat.getPermalink", []string{"channel", "C0APP", "message_ts", "1.000001"}, "message_not_found"},

		{"open nobody", "conversations.open", []string{"users", "U0NONE"}, "user_not_found"},
		{"open who has left", "conversations.open", []string{"users", "U0GONE"}, "user_disabled"},
		{"open itself", "conversations.open", []string{"users", slackfake.Bot}, "cannot_dm_bot"},
		{"read where it is not", "conversations.history", []string{"channel", "C0OPEN"}, "not_in_channel"},
		{"read a private one", "conversations.history", []string{"channel", "C0SECRET"}, "channel_not_found"},
		{"read no thread", "conversations.replies", []string{"channel", "C0APP", "ts", "1.000001"}, "thread_not_found"},
		{"too many", "conversations.history", []string{"channel", "C0APP", "limit", "1001"}, "invalid_limit"},
		{"odd cursor", "conversations.history", []string{"channel", "C0APP", "cursor", "next"}, "invalid_cursor"},
		{"nobody", "users.info", []string{"user", "U0NONE"}, "user_not_found"},
		{"no group", "usergroups.users.list", []string{"usergroup", "S0NONE"}, "no_such_subteam"},
		{"home of nobody", "views.publish", []string{"user_id", "U0NONE", "view", "{}"}, "user_not_found"},
		{"a view that is none", "views.open", []string{"trigger_id", "1", "view", `{"type":"modal"}`}, "invalid_arguments"},
		{"the app's method", "apps.connections.open", nil, "not_allowed_token_type"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.name, func(t *testing.T) {
			if got := errorOf(call(t, f, tt.method, tt.fields...)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestTokens are told apart, and never remembered.
func TestTokens(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	try := func(method, token, header string) string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL()+method, strings.NewReader(url.Values{"token": {token}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if header != "" {
			req.Header.Set("Authorization", "Bearer "+header)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		var a struct{ Error, Needed, Provided string }
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(a.Error + " " + a.Needed)
	}
	got := []string{
		try("auth.test", "", ""), try("auth.test", "xoxb-other", ""), try("auth.test", f.BotToken(), ""), try("auth.test", "", f.BotToken()),
		try("apps.connections.open", "", f.AppToken()), try("auth.test", "", f.AppToken()),
	}
	want := []string{"not_authed", "invalid_auth", "", "", "", "not_allowed_token_type"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	f.SetScopes("chat:write")
	if got := try("users.info", f.BotToken(), ""); got != "missing_scope users:read" {
		t.Errorf("without the scope: %q", got)
	}
	if got := call(t, f, "auth.test")["scopes"]; got != "chat:write" {
		t.Errorf("scopes %q", got)
	}
	if got := errorOf(call(t, f, "chat.postMessage", "channel", "C0OPEN", "text", "a")); got != "not_in_channel" {
		t.Errorf("without chat:write.public: %q", got)
	}
	f.Revoke(f.BotToken(), "token_revoked")
	if got := try("auth.test", f.BotToken(), ""); got != "token_revoked" {
		t.Errorf("revoked: %q", got)
	}
	f.Grant("xoxb-new", "chat:write")
	if got := try("auth.test", "xoxb-new", ""); got != "" {
		t.Errorf("the new one: %q", got)
	}
	all, err := json.Marshal(f.Calls(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range f.Tokens() {
		if strings.Contains(string(all), token) {
			t.Error("a token is remembered")
		}
	}
	var kinds []string
	for _, c := range f.Calls("auth.test") {
		kinds = append(kinds, c.Token)
	}
	if diff := cmp.Diff([]string{"", "other", "bot", "bot", "app", "bot", "bot", "bot"}, kinds); diff != "" {
		t.Error(diff)
	}
}

// TestEdit keeps metadata unless it is taken away, and loses blocks that are not sent again.
func TestEdit(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	meta := `{"event_type":"k","event_payload":{"key":"1"}}`
	blocks := `[{"type":"divider"}]`
	ts, _ := call(t, f, "chat.postMessage", "channel", "C0APP", "text", "a", "blocks", blocks, "metadata", meta)["ts"].(string)
	now := func() slackfake.Message { return f.Messages("C0APP")[0] }
	call(t, f, "chat.update", "channel", "C0APP", "ts", ts, "text", "b", "blocks", blocks)
	if m := now(); string(m.Blocks) != blocks || string(m.Metadata) != meta || m.Edits != 1 {
		t.Errorf("edited: %+v", m)
	}
	call(t, f, "chat.update", "channel", "C0APP", "ts", ts, "text", "c", "metadata", "{}")
	if m := now(); m.Blocks != nil || m.Metadata != nil || m.Text != "c" {
		t.Errorf("emptied: %+v", m)
	}
	call(t, f, "chat.delete", "channel", "C0APP", "ts", ts)
	if got := errorOf(call(t, f, "chat.update", "channel", "C0APP", "ts", ts, "text", "d")); got != "message_not_found" || len(f.Messages("C0APP")) != 0 || len(f.Posted()) != 1 {
		t.Errorf("deleted: %q", got)
	}
}

// TestHistory pages, newest first, between oldest and latest, and gives every message once.
func TestHistory(t *testing.T) {
	clock := newClock()
	f, _ := acme(t, slackfake.Options{Now: clock.Now})
	var sent []string
	for range 7 {
		ts, _ := call(t, f, "chat.postMessage", "channel", "C0APP", "text", "a")["ts"].(string)
		call(t, f, "chat.postMessage", "channel", "C0APP", "text", "reply", "thread_ts", ts)
		sent = append([]string{ts}, sent...)
	}
	if sent[6] != "1767603600.000100" || sent[5] != "1767603600.000300" {
		t.Errorf("timestamps: %q", sent)
	}
	var read []string
	for cursor := ""; ; {
		a := call(t, f, "conversations.history", "channel", "C0APP", "limit", "3", "cursor", cursor)
		read = append(read, stamps(a)...)
		next, _ := a["response_metadata"].(map[string]any)["next_cursor"].(string)
		if a["has_more"] != (next != "") {
			t.Fatalf("has_more %v, cursor %q", a["has_more"], next)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if diff := cmp.Diff(sent, read); diff != "" {
		t.Error(diff)
	}
	between := []string{"channel", "C0APP", "oldest", sent[6], "latest", sent[2]}
	if diff := cmp.Diff(sent[3:6], stamps(call(t, f, "conversations.history", between...))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(sent[2:7], stamps(call(t, f, "conversations.history", append(between, "inclusive", "true")...))); diff != "" {
		t.Error(diff)
	}
}

func stamps(answer map[string]any) (all []string) {
	list, _ := answer["messages"].([]any)
	for _, m := range list {
		ts, _ := m.(map[string]any)["ts"].(string)
		all = append(all, ts)
	}
	return all
}

// TestDirectory is what the bot may know of people, channels and groups.
func TestDirectory(t *testing.T) {
	f, _ := acme(t, slackfake.Options{Enterprise: "E0ACME"})
	f.AddUser(slackfake.User{ID: "U0FAR", Name: "far", TeamID: "T0OTHER", Stranger: true})
	f.AddUser(slackfake.User{ID: "U0ONE", Name: "one", SingleChannelGuest: true})
	f.AddGroup(slackfake.Group{ID: "S0QA", Handle: "qa", Users: []string{"U0ANA"}})
	f.SetGroup("S0QA", func(g *slackfake.Group) { g.Users = append(g.Users, "U0BEN") })
	f.SetUser("U0ANA", func(u *slackfake.User) { u.Deleted = true })
	user := func(id string) map[string]any { return call(t, f, "users.info", "user", id)["user"].(map[string]any) }
	if u := user("U0FAR"); u["team_id"] != "T0OTHER" || u["is_stranger"] != true || u["enterprise_user"] != nil {
		t.Errorf("a stranger: %v", u)
	}
	if u := user("U0ONE"); u["is_restricted"] != true || u["is_ultra_restricted"] != true {
		t.Errorf("a guest: %v", u)
	}
	if u := user("U0ANA"); u["deleted"] != true || u["enterprise_user"].(map[string]any)["enterprise_id"] != "E0ACME" {
		t.Errorf("who has left: %v", u)
	}
	members := call(t, f, "usergroups.users.list", "usergroup", "S0QA")["users"]
	if diff := cmp.Diff([]any{"U0ANA", "U0BEN"}, members); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, c := range call(t, f, "conversations.list", "exclude_archived", "true", "types", "public_channel,private_channel")["channels"].([]any) {
		names = append(names, c.(map[string]any)["name"].(string))
	}
	if diff := cmp.Diff([]string{"app", "news", "open"}, names); diff != "" {
		t.Error(diff)
	}
	if team := call(t, f, "team.info")["team"].(map[string]any); team["enterprise_id"] != "E0ACME" || team["domain"] != "acme" {
		t.Errorf("team: %v", team)
	}
	if got := errorOf(call(t, f, "bots.info", "bot", slackfake.BotID)); got != "" {
		t.Errorf("the bot: %q", got)
	}
}

// TestUnknownMethod fails the test that calls one.
func TestUnknownMethod(t *testing.T) {
	heard := &recorder{TB: t}
	f, _ := acme(heard, slackfake.Options{})
	if got := errorOf(call(t, f, "chat.shout")); got != "unknown_method" || heard.errors() != 1 {
		t.Errorf("got %q, and %d errors", got, heard.errors())
	}
}
