package slackfake_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// app is what the people of these tests speak to: it verifies with the library, remembers, and answers as it is told.
type app struct {
	*httptest.Server
	mu   sync.Mutex
	got  []got
	say  func(got) (status int, body string)
	hold func() // before it answers
}

type got struct {
	path   string
	form   url.Values // of a command
	json   string     // of an interaction or an event
	header http.Header
}

func newApp(t *testing.T, f *slackfake.Fake) *app {
	t.Helper()
	a := &app{say: func(got) (int, string) { return 200, "" }}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		v, err := slack.NewSecretsVerifier(r.Header, f.SigningSecret())
		if err == nil {
			_, _ = v.Write(text)
			err = v.Ensure()
		}
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		g := got{path: r.URL.Path, header: r.Header, json: string(text)}
		if r.URL.Path != slackfake.EventsPath {
			g.form, _ = url.ParseQuery(string(text))
			g.json = g.form.Get("payload")
		}
		a.mu.Lock()
		a.got = append(a.got, g)
		say, hold := a.say, a.hold
		a.mu.Unlock()
		if hold != nil {
			hold()
		}
		status, body := say(g)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(a.Close)
	f.Deliver(f.HTTP(a.URL))
	return a
}

func (a *app) answers(status int, body string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.say = func(got) (int, string) { return status, body }
}

func (a *app) last(t *testing.T) got {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.got) == 0 {
		t.Fatal("the app got nothing")
	}
	return a.got[len(a.got)-1]
}

// interaction reads the last payload with the library, as an app does.
func (a *app) interaction(t *testing.T) (c slack.InteractionCallback) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.last(t).json), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSlashText compares what somebody types with what the app gets.
func TestSlashText(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	f.AddGroup(slackfake.Group{ID: "S0QA", Handle: "qa"})
	a := newApp(t, f)
	for _, tt := range []struct{ typed, want string }{
		{"status", "status"},
		{"assign @ana qa 1.4", "assign <@U0ANA|ana> qa 1.4"},
		{"tell @ana.", "tell <@U0ANA|ana>."},
		{"tell @anna", "tell @anna"},
		{"mail ana@ben.example", "mail ana@ben.example"},
		{"to #app and #secret", "to <#C0APP|app> and <#C0SECRET|>"},
		{"ping @qa @here", "ping <!subteam^S0QA|@qa> <!here>"},
		{"see https://a.example/?x=1&y=2.", "see <https://a.example/?x=1&amp;y=2>."},
		{"a < b & c > d", "a &lt; b &amp; c &gt; d"},
		{"<!channel>", "&lt;!channel&gt;"},
		{"<@U0BEN>", "&lt;@U0BEN&gt;"},
	} {
		r := f.As("U0ANA").Slash(t.Context(), "C0APP", "/release", tt.typed)
		if got := a.last(t).form.Get("text"); got != tt.want || r.Shown != "" {
			t.Errorf("%s\ngot  %s\nwant %s", tt.typed, got, tt.want)
		}
	}
	s, err := slack.SlashCommandParse(&http.Request{Method: http.MethodPost, Form: a.last(t).form, PostForm: a.last(t).form})
	if err != nil || s.UserID != "U0ANA" || s.TeamID != slackfake.Team || s.ChannelName != "app" || s.Command != "/release" {
		t.Errorf("command: %+v, %v", s, err)
	}
}

// TestSlashAnswers is what the client shows of each kind of acknowledgement.
func TestSlashAnswers(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	a := newApp(t, f)
	for _, tt := range []struct {
		name, body string
		status     int
		shown      string
		texts      []string
		public     int
	}{
		{"nothing", "", 200, "", nil, 0},
		{"plain text", "done", 200, "", []string{"done"}, 0},
		{"JSON", `{"text":"done"}`, 200, "", []string{"done"}, 0},
		{"for all", `{"response_type":"in_channel","text":"done"}`, 200, "", []string{"done"}, 1},
		{"a fault", "sorry", 500, "http_service_error", nil, 0},
		{"blocks that are none", `{"text":"a","blocks":[{"type":"header"}]}`, 200, `invalid_command_response: invalid_blocks [ERROR] missing required field: text [json-pointer:/blocks/0]`, nil, 0},
	} {
		before := len(f.Messages("C0APP"))
		a.answers(tt.status, tt.body)
		r := f.As("U0ANA").Slash(t.Context(), "C0APP", "/release", "status")
		if diff := cmp.Diff(tt.texts, r.Texts()); diff != "" || r.Shown != tt.shown {
			t.Errorf("%s: shown %q, texts:\n%s", tt.name, r.Shown, diff)
		}
		if got := len(f.Messages("C0APP")) - before; got != tt.public {
			t.Errorf("%s: %d messages for all, want %d", tt.name, got, tt.public)
		}
	}
	if got := f.Ephemerals("C0APP", "U0BEN"); len(got) > 0 {
		t.Errorf("ben reads what was said to ana: %v", got)
	}
	if got := len(f.Failures()); got != 2 {
		t.Errorf("%d failures, want 2", got)
	}
}

// TestTooLate holds the app to the time that Slack gives.
func TestTooLate(t *testing.T) {
	f, _ := acme(t, slackfake.Options{Patience: 50 * time.Millisecond, RetryEvents: []time.Duration{0, 0, 0}})
	a := newApp(t, f)
	release := make(chan struct{})
	a.hold = func() { <-release }
	r := f.As("U0ANA").Slash(t.Context(), "C0APP", "/release", "status")
	if r.Shown != "operation_timeout" || r.Err == nil {
		t.Errorf("shown %q, %v", r.Shown, r.Err)
	}
	if r := f.As("U0ANA").Mention(t.Context(), "C0APP", "", "status"); r.Err == nil {
		t.Error("the event was taken")
	}
	f.Wait(t.Context(), "all four sendings", func() bool {
		all := f.Deliveries(slackfake.EventsAPI)
		return len(all) == 4 && all[3].Done
	})
	close(release)
	for i, d := range f.Deliveries(slackfake.EventsAPI) {
		if d.Envelope.RetryAttempt != i || (i > 0) != (d.Envelope.RetryReason == "http_timeout") {
			t.Errorf("sending %d: %+v", i, d.Envelope)
		}
	}
	if got := len(f.Deliveries(slackfake.SlashCommands)); got != 1 {
		t.Errorf("the command was sent %d times", got)
	}
}

// TestMention is what the app gets when it is spoken to.
func TestMention(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	a := newApp(t, f)
	u := f.As("U0ANA")
	root := u.Say("C0APP", "", "is it ready, @ben?")
	u.Mention(t.Context(), "C0APP", root.TS, "status")
	var e struct {
		Type    string
		EventID string `json:"event_id"`
		Event   struct{ Type, User, Text, Channel, TS, ThreadTS string }
	}
	if err := json.Unmarshal(bytes.ReplaceAll([]byte(a.last(t).json), []byte("thread_ts"), []byte("threadts")), &e); err != nil {
		t.Fatal(err)
	}
	if e.Type != "event_callback" || e.EventID == "" || e.Event.Text != "<@U0BOT> status" || e.Event.ThreadTS != root.TS {
		t.Errorf("event: %+v", e)
	}
	if r := u.Mention(t.Context(), "C0OPEN", "", "status"); r.Shown != "not_in_channel" {
		t.Errorf("where the bot is not: %+v", r)
	}
	if got := len(f.Deliveries("")); got != 1 {
		t.Errorf("%d deliveries, want 1", got)
	}
}

// TestForge changes requests on their way, and sends the same again.
func TestForge(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	a := newApp(t, f)
	h := f.HTTP(a.URL)
	f.Deliver(h)
	u := f.As("U0ANA")
	h.Before = func(r *slackfake.Request) { r.Body = append(r.Body, 'x') }
	if r := u.Slash(t.Context(), "C0APP", "/release", "status"); r.Status != http.StatusUnauthorized {
		t.Errorf("a changed body: %d", r.Status)
	}
	h.Before = nil
	if r := u.Slash(t.Context(), "C0APP", "/release", "status"); r.Status != http.StatusOK {
		t.Errorf("unchanged: %d", r.Status)
	}
	for _, ack := range h.Same(t.Context(), h.Sent()[1], 5) {
		if ack.Status != http.StatusOK {
			t.Errorf("replayed: %d", ack.Status)
		}
	}
	if len(a.got) != 6 || a.got[5].form.Encode() != a.got[0].form.Encode() {
		t.Errorf("the app got %d requests", len(a.got))
	}
}

// TestVerify looks whether the app echoes the challenge.
func TestVerify(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	a := newApp(t, f)
	if f.HTTP(a.URL).Verify(t.Context()) == nil {
		t.Error("an empty answer is no echo")
	}
	a.say = func(g got) (int, string) {
		var c struct{ Challenge string }
		if err := json.Unmarshal([]byte(g.json), &c); err != nil {
			t.Error(err)
		}
		return 200, c.Challenge
	}
	if err := f.HTTP(a.URL).Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestNoRetry does not send an event again that the app wants no more of, nor one that it took.
func TestNoRetry(t *testing.T) {
	f, _ := acme(t, slackfake.Options{RetryEvents: []time.Duration{0, 0, 0}})
	a := newApp(t, f)
	f.As("U0ANA").Mention(t.Context(), "C0APP", "", "status")
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusInternalServerError)
	})
	if ack, err := f.Emit(t.Context(), map[string]any{"type": "channel_archive", "channel": "C0OLD"}); err != nil || ack.Status != 500 {
		t.Errorf("%d, %v", ack.Status, err)
	}
	if got := len(f.Deliveries("")); got != 2 {
		t.Errorf("%d sendings, want 2", got)
	}
}
