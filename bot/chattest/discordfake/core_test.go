package discordfake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// agent is a name that Discord takes.
const agent = "DiscordBot (https://example.org/fake, 1)"

func newClock() *wire.Clock { return wire.NewClock(time.Unix(1_767_603_600, 0)) }

// acme is the server of these tests: #general, #news for announcements, and two people.
type acme struct {
	*discordfake.Fake
	ana, ben, news string
}

func newAcme(t testing.TB, o discordfake.Options) acme {
	t.Helper()
	f := discordfake.New(t, o)
	a := acme{Fake: f, ana: f.AddUser(discordfake.User{Name: "ana", GlobalName: "Ana"}), ben: f.AddUser(discordfake.User{Name: "ben"})}
	f.AddMember(discordfake.Member{User: a.ana, Nick: "ana (release)"})
	f.AddMember(discordfake.Member{User: a.ben})
	a.news = f.AddChannel(discordfake.Channel{Name: "news", Type: discordfake.Announcement})
	return a
}

// got is what a call was answered with.
type got struct {
	status int
	header http.Header
	text   []byte
	err    error
	m      map[string]any
	list   []any
}

func (g got) code() int           { n, _ := g.m["code"].(float64); return int(n) }
func (g got) id() string          { s, _ := g.m["id"].(string); return s }
func (g got) str(k string) string { s, _ := g.m[k].(string); return s }
func (g got) ids() (all []string) {
	for _, x := range g.list {
		all = append(all, x.(map[string]any)["id"].(string))
	}
	return all
}

// do makes a call: body is JSON, "" for none.
func (a acme) do(ctx context.Context, t testing.TB, method, path, body string) got {
	t.Helper()
	return a.with(ctx, t, method, path, body, http.Header{"Content-Type": {"application/json"}})
}

// with makes a call with these headers beside the usual ones.
func (a acme) with(ctx context.Context, t testing.TB, method, path, body string, h http.Header) got {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, a.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bot " + a.BotToken()}, "User-Agent": {agent}}
	for k, v := range h {
		r.Header[k] = v
	}
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer c.CloseIdleConnections()
	resp, err := c.Do(r)
	if err != nil {
		return got{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	g := got{status: resp.StatusCode, header: resp.Header}
	g.text, g.err = io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	_ = json.Unmarshal(g.text, &g.m)
	_ = json.Unmarshal(g.text, &g.list)
	return g
}

// quiet is what every message says.
const quiet = `"allowed_mentions":{"parse":[]}`

// post posts a text, with a nonce of its own.
func (a acme) post(t testing.TB, channel, content string) got {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"content": content, "allowed_mentions": map[string]any{"parse": []string{}}, "enforce_nonce": true, "nonce": "n" + content,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.do(t.Context(), t, "POST", "/channels/"+channel+"/messages", string(body))
}

// TestFurnished has what every fake has.
func TestFurnished(t *testing.T) {
	f := discordfake.New(t, discordfake.Options{})
	if got := f.Permissions(discordfake.General, f.BotUser()); got != discordfake.Everyone {
		t.Errorf("the bot may %b", got)
	}
	if len(f.PublicKey()) != 64 {
		t.Errorf("the key is %q", f.PublicKey())
	}
}

// TestPostEditReadDelete does it over the wire, and looks at what stands there then.
func TestPostEditReadDelete(t *testing.T) {
	c := newClock()
	a := newAcme(t, discordfake.Options{Now: c.Now})
	first := a.do(t.Context(), t, "POST", "/channels/"+discordfake.General+"/messages",
		`{"content":" 1.4 ","embeds":[{"description":" ready ","url":"https://discord.com/channels/1#rr","fields":[{"name":"a","value":"b"}]}],`+
			`"components":[{"type":1,"components":[{"type":2,"style":1,"label":"Sign","custom_id":"sign 1.4"}]}],`+
			`"nonce":"n1","enforce_nonce":true,`+quiet+`}`)
	if first.status != 200 || first.str("content") != "1.4" || first.str("nonce") != "n1" || first.m["edited_timestamp"] != nil {
		t.Fatalf("posted: %d %s", first.status, first.text)
	}
	if at := first.str("timestamp"); at != "2026-01-05T09:00:00.000000+00:00" {
		t.Errorf("it was posted at %s", at)
	}
	c.Pass(time.Minute)
	path := "/channels/" + discordfake.General + "/messages/" + first.id()
	edited := a.do(t.Context(), t, "PATCH", path, `{"content":"1.4 is out",`+quiet+`}`)
	if edited.status != 200 || edited.str("edited_timestamp") != "2026-01-05T09:01:00.000000+00:00" {
		t.Errorf("edited: %d %s", edited.status, edited.text)
	}
	read := a.do(t.Context(), t, "GET", path, "")
	if !bytes.Contains(read.text, []byte(`"embeds":[{"description":"ready","fields":[{"inline":false,"name":"a","value":"b"}],"type":"rich","url":"https://discord.com/channels/1#rr"}]`)) {
		t.Errorf("an edit without embeds does not leave them: %s", read.text)
	}
	if read.m["nonce"] != nil || read.str("content") != "1.4 is out" || !bytes.Contains(read.text, []byte(`"custom_id":"sign 1.4"`)) {
		t.Errorf("read: %s", read.text)
	}
	if m := a.Messages(discordfake.General); len(m) != 1 || m[0].Edits != 1 || m[0].Nonce != "n1" || m[0].Author != a.BotUser() {
		t.Errorf("there stand %+v", m)
	}
	if g := a.do(t.Context(), t, "PATCH", path, `{"content":"","embeds":[],"components":[],`+quiet+`}`); g.code() != 50006 {
		t.Errorf("emptied: %s", g.text)
	}
	if g := a.do(t.Context(), t, "DELETE", path, ""); g.status != 204 || len(g.text) != 0 {
		t.Errorf("deleted: %d %s", g.status, g.text)
	}
	if g := a.do(t.Context(), t, "GET", path, ""); g.status != 404 || g.code() != 10008 {
		t.Errorf("read again: %s", g.text)
	}
	if len(a.Messages(discordfake.General)) != 0 || len(a.Posted()) != 1 || len(a.Failures()) != 0 {
		t.Errorf("%d stand there, %d were posted, failures: %v", len(a.Messages(discordfake.General)), len(a.Posted()), a.Failures())
	}
}

// TestFiles come as parts of a form, stay in an edit that names them, and go with one that does not.
func TestFiles(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	form := "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n" +
		`{"content":"notes","nonce":"f","enforce_nonce":true,"attachments":[{"id":0,"filename":"notes.txt"}],` + quiet + "}\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"notes.txt\"\r\n\r\nall that is new\r\n--b--\r\n"
	h := http.Header{"Content-Type": {"multipart/form-data; boundary=b"}}
	g := a.with(t.Context(), t, "POST", "/channels/"+discordfake.General+"/messages", form, h)
	files, _ := g.m["attachments"].([]any)
	if g.status != 200 || len(files) != 1 || string(a.Messages(discordfake.General)[0].Files[0].Data) != "all that is new" {
		t.Fatalf("posted: %d %s", g.status, g.text)
	}
	id, _ := files[0].(map[string]any)["id"].(string)
	path := "/channels/" + discordfake.General + "/messages/" + g.id()
	for _, tt := range []struct {
		attachments string
		want        int
	}{{`[{"id":"` + id + `"}]`, 1}, {`[]`, 0}} {
		if g := a.do(t.Context(), t, "PATCH", path, `{"attachments":`+tt.attachments+`,`+quiet+`}`); g.status != 200 {
			t.Errorf("edited: %s", g.text)
		}
		if n := len(a.Messages(discordfake.General)[0].Files); n != tt.want {
			t.Errorf("%d files after %s", n, tt.attachments)
		}
	}
}

// TestHistory reads stretches of a channel.
func TestHistory(t *testing.T) {
	a := newAcme(t, discordfake.Options{})
	var ids []string // the newest first, as they are read
	for _, c := range []string{"1", "2", "3", "4", "5", "6"} {
		ids = append([]string{a.post(t, discordfake.General, c).id()}, ids...)
	}
	tests := []struct {
		query string
		want  []string
	}{
		{"", ids},
		{"?limit=2", ids[:2]},
		{"?limit=2&before=" + ids[1], ids[2:4]},
		{"?limit=2&after=" + ids[4], ids[2:4]},
		{"?limit=9&after=" + ids[0], nil},
		{"?after=0&limit=1", ids[5:]},
		{"?limit=3&around=" + ids[2], ids[1:4]},
	}
	for _, tt := range tests {
		if got := a.do(t.Context(), t, "GET", "/channels/"+discordfake.General+"/messages"+tt.query, "").ids(); strings.Join(got, " ") != strings.Join(tt.want, " ") {
			t.Errorf("%s: got %v, want %v", tt.query, got, tt.want)
		}
	}
	for _, query := range []string{"?limit=101", "?limit=0", "?limit=x", "?before=x", "?before=" + ids[0] + "&after=" + ids[1], "?newest=1"} {
		if g := a.do(t.Context(), t, "GET", "/channels/"+discordfake.General+"/messages"+query, ""); g.code() != 50035 {
			t.Errorf("%s: %d %s", query, g.status, g.text)
		}
	}
}
