package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/workflows"
)

// TestSharedOutside: what is said to the bot in a channel that people of other workspaces read is answered to whoever said
// it alone, also where the answer is meant for all.
func TestSharedOutside(t *testing.T) {
	for _, shared := range []bool{true, false} {
		o := newOffice(t)
		o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
			reply := words("GO")
			reply.Open = r.Open
			return reply
		})
		said := o.ana.Say(app, "", "check")
		o.s.take(t.Context(), inbound{kind: event, body: []byte(`{"type":"event_callback","team_id":"T0ACME","event_id":"Ev7","is_ext_shared_channel":` + strconv.FormatBool(shared) +
			`,"event":{"type":"app_mention","user":"U0ANA","channel":"C0APP","text":"<@U0BOT> check","ts":"` + said.TS + `"}}`)})
		if err := o.s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if whispered := len(o.fake.Ephemerals(app, "U0ANA")) == 1; whispered != shared || o.desk.count() != 1 {
			t.Errorf("shared %v, whispered %v, asked %d", shared, whispered, o.desk.count())
		}
	}
}

// The genuine payloads: everything by which somebody has something done. Each id in them is altered below.
var genuine = map[string]struct {
	kind kind
	body string
}{
	"a command": {command, `{"team_id":"T0ACME","enterprise_id":"","api_app_id":"A0READY","user_id":"U0ANA","channel_id":"C0APP","command":"/release","text":"hold","trigger_id":"1.2"}`},
	"a press":   {interaction, `{"type":"block_actions","team":{"id":"T0ACME"},"enterprise":null,"api_app_id":"A0READY","user":{"id":"U0ANA","team_id":"T0ACME"},"trigger_id":"1.2","container":{"type":"message","channel_id":"C0APP","message_ts":"1.1"},"actions":[{"action_id":"rr:0","value":"hold"}]}`},
	"a press at home": {interaction, `{"type":"block_actions","team":{"id":"T0ACME"},"enterprise":null,"api_app_id":"A0READY","user":{"id":"U0ANA","team_id":"T0ACME"},"trigger_id":"1.2",` +
		`"view":{"id":"V1","type":"home"},"actions":[{"action_id":"rr:0","value":"hold"}]}`},
	"a form": {interaction, `{"type":"view_submission","team":{"id":"T0ACME"},"enterprise":null,"api_app_id":"A0READY","user":{"id":"U0ANA","team_id":"T0ACME"},"trigger_id":"1.2",` +
		`"view":{"id":"V1","type":"modal","callback_id":"rr:form","private_metadata":"{\"line\":\"hold\",\"at\":\"slack/T0ACME/C0APP\"}","state":{"values":{}}}}`},
	"a shortcut": {interaction, `{"type":"message_action","callback_id":"feedback","team":{"id":"T0ACME"},"enterprise":null,"api_app_id":"A0READY","user":{"id":"U0ANA","team_id":"T0ACME"},"trigger_id":"1.2",` +
		`"channel":{"id":"C0APP"},"message_ts":"1.1","message":{"text":"see https://docs.example"}}`},
	"a mention":      {event, `{"type":"event_callback","team_id":"T0ACME","enterprise_id":"","api_app_id":"A0READY","event_id":"Ev1","event":{"type":"app_mention","user":"U0ANA","user_team":"T0ACME","channel":"C0APP","text":"<@U0BOT> hold","ts":"1.1"}}`},
	"a line":         {event, `{"type":"event_callback","team_id":"T0ACME","enterprise_id":"","api_app_id":"A0READY","event_id":"Ev1","event":{"type":"message","channel_type":"im","user":"U0ANA","user_team":"T0ACME","channel":"D1","text":"hold","ts":"1.1"}}`},
	"a look at home": {event, `{"type":"event_callback","team_id":"T0ACME","enterprise_id":"","api_app_id":"A0READY","event_id":"Ev1","event":{"type":"app_home_opened","tab":"home","user":"U0ANA"}}`},
}

// alterations are what a payload may claim, and what is done then: what may be read only, and nothing at all, is told by
// whom it is done for.
var alterations = []struct {
	name, old, new string
	listed         string // a workspace that is listened to besides
	want           string // by whom; empty: by nobody
}{
	{name: "as it came", want: "slack/T0ACME/U0ANA"},
	{name: "of no app", old: `"A0READY"`, new: `""`, want: "slack/T0ACME/U0ANA"},
	{name: "of another app", old: `"A0READY"`, new: `"A0OTHER"`},
	{name: "of another workspace", old: `"T0ACME"`, new: `"T0OTHER"`},
	{name: "of another workspace that is listened to", old: `"T0ACME"`, new: `"T0OTHER"`, listed: "T0OTHER", want: "slack/guest/T0OTHER/U0ANA"},
	{name: "of no workspace", old: `"T0ACME"`, new: `""`},
	{name: "of a workspace that is none", old: `"T0ACME"`, new: `"t0acme"`},
	{name: "of a path", old: `"T0ACME"`, new: `"T0ACME/U0BEN"`},
	{name: "by a guest", old: `"U0ANA"`, new: `"U0GUS"`, want: "slack/guest/T0ACME/U0GUS"},
	{name: "by a stranger in a shared channel", old: `"U0ANA"`, new: `"U0EVE"`, want: "slack/guest/T0OTHER/U0EVE"},
	{name: "by somebody who left", old: `"U0ANA"`, new: `"U0LEFT"`, want: "slack/guest/T0ACME/U0LEFT"},
	{name: "by a bot", old: `"U0ANA"`, new: `"U0ROBOT"`, want: "slack/guest/T0ACME/U0ROBOT"},
	{name: "by nobody known", old: `"U0ANA"`, new: `"U0NONE"`, want: "slack/guest/T0/U0NONE"},
	{name: "by nobody", old: `"U0ANA"`, new: `""`},
	{name: "by a channel", old: `"U0ANA"`, new: `"C0APP"`},
	{name: "by a path", old: `"U0ANA"`, new: `"U0ANA/../U0BEN"`},
}

// TestWhoever alters each id of everything that has something done: what is done is done for the person whom Slack itself
// knows under that id, as a member only of our own workspace, and for nobody else.
func TestWhoever(t *testing.T) {
	for what, g := range genuine {
		for _, a := range alterations {
			t.Run(what+" "+a.name, func(t *testing.T) {
				o, by := witnessed(t, a.listed)
				body := strings.ReplaceAll(g.body, a.old, a.new)
				if a.old == "" {
					body = g.body
				}
				o.s.take(t.Context(), inbound{kind: g.kind, body: []byte(body)})
				if got := by(t); got != a.want {
					t.Errorf("done for %q", got)
				}
				if g.kind != command {
					return
				}
				o, by = witnessed(t, a.listed)
				if status := overHTTP(t, o, body); status != http.StatusOK || by(t) != a.want {
					t.Errorf("over HTTP: %d, done for %q", status, by(t))
				}
			})
		}
	}
}

// TestHomeTeam: of a press in a channel that is shared, the workspace named is ours, and only that of whoever pressed is
// another: it decides.
func TestHomeTeam(t *testing.T) {
	for _, what := range []string{"a press", "a press at home", "a form", "a shortcut", "a mention", "a line"} {
		o, by := witnessed(t, "")
		body := genuine[what].body
		body = strings.Replace(body, `"team_id":"T0ACME"}`, `"team_id":"T0OTHER"}`, 1)
		body = strings.Replace(body, `"user_team":"T0ACME"`, `"user_team":"T0OTHER"`, 1)
		o.s.take(t.Context(), inbound{kind: genuine[what].kind, body: []byte(body)})
		if got := by(t); got != "slack/guest/T0OTHER/U0ANA" {
			t.Errorf("%s: done for %q", what, got)
		}
	}
}

// witnessed is an office that remembers for whom something was done, also at somebody's home.
func witnessed(t *testing.T, listed string) (*office, func(*testing.T) string) {
	t.Helper()
	var mu sync.Mutex
	var done []string
	see := func(r chat.Request) {
		mu.Lock()
		defer mu.Unlock()
		done = append(done, string(r.By))
		if r.At != workflows.Direct(r.By) && r.At != "slack/T0ACME/C0APP" {
			t.Errorf("done at %q for %q", r.At, r.By)
		}
	}
	o := newOffice(t, func(opts *Options) {
		opts.Handle = func(_ context.Context, r chat.Request) chat.Reply { see(r); return chat.Reply{Posted: true} }
		opts.Home = func(_ context.Context, r chat.Request) []chat.Message { see(r); return nil }
		if listed != "" {
			opts.Teams = []string{listed}
		}
	})
	o.fake.AddUser(slackfake.User{ID: "U0EVE", Name: "eve", Stranger: true, TeamID: "T0OTHER"})
	o.fake.AddUser(slackfake.User{ID: "U0LEFT", Name: "left", Deleted: true})
	o.fake.AddUser(slackfake.User{ID: "U0ROBOT", Name: "robot", Bot: true})
	return o, func(t *testing.T) string {
		t.Helper()
		if err := o.s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(done) == 0 {
			return ""
		}
		for _, by := range done {
			if by != done[0] {
				t.Errorf("done for %q", done)
			}
		}
		return done[0]
	}
}

// overHTTP sends a command's fields as Slack does, signed.
func overHTTP(t *testing.T, o *office, fields string) int {
	t.Helper()
	var all map[string]string
	if err := json.Unmarshal([]byte(fields), &all); err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for k, v := range all {
		form.Set(k, v)
	}
	body, stamp := form.Encode(), strconv.FormatInt(time.Now().Unix(), 10)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/commands", strings.NewReader(body))
	r.Header = signedHeader(stamp, signature(o.fake.SigningSecret(), stamp, []byte(body)))
	w := httptest.NewRecorder()
	mux(o.s).ServeHTTP(w, r)
	return w.Code
}

// TestNamedDirect: a channel is the place of what is typed there, also where it is called as Slack calls direct messages.
func TestNamedDirect(t *testing.T) {
	o := newOffice(t)
	for channel, want := range map[string]workflows.Place{"C0APP": "slack/T0ACME/C0APP", "D1": "slack/@T0ACME/U0ANA"} {
		o.s.take(t.Context(), inbound{kind: command, body: jsonOf(map[string]string{"team_id": "T0ACME", "user_id": "U0ANA", "channel_id": channel,
			"channel_name": "directmessage", "command": "/release", "text": "status", "trigger_id": channel})})
		if got := o.desk.last(t).At; got != want {
			t.Errorf("%s: asked at %q", channel, got)
		}
	}
}
