package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// FuzzTake: whatever arrives, by either way in, nothing falls over, and something is done only for whom the workspace's own
// words name: for a member under their own id, for everybody else as somebody without a say, and for another app or
// workspace not at all.
func FuzzTake(f *testing.F) {
	for _, g := range genuine {
		f.Add(string(g.kind), g.body)
		for _, a := range alterations {
			f.Add(string(g.kind), strings.ReplaceAll(g.body, a.old, a.new))
		}
	}
	f.Add("form", "team_id=T0ACME&user_id=U0ANA&channel_id=C0APP&command=%2Frelease&text=hold")
	f.Add("payload", "payload="+url.QueryEscape(genuine["a press"].body))
	f.Add("event", `{"type":"app_rate_limited"}`)
	f.Add("event", `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"user_change","user":{"id":"U0ANA"}}}`)
	fake := slackfake.New(f, slackfake.Options{})
	fake.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
	fake.AddUser(slackfake.User{ID: "U0GUS", Name: "gus", Guest: true})
	fake.AddUser(slackfake.User{ID: "U0EVE", Name: "eve", Stranger: true, TeamID: "T0OTHER"})
	f.Fuzz(func(t *testing.T, k, body string) {
		said := body
		if fields, err := url.ParseQuery(body); err == nil && k == "form" {
			first := map[string]string{}
			for key := range fields {
				first[key] = fields.Get(key)
			}
			said = string(jsonOf(first))
		} else if err == nil && k == "payload" {
			said = fields.Get("payload")
		}
		sees := func(r chat.Request) {
			if problem := unfounded(r, said); problem != "" {
				t.Errorf("%s: %+v", problem, r)
			}
		}
		var log strings.Builder
		s := (&office{fake: fake, desk: &desk{}}).bot(func(opts *Options) {
			opts.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))
			opts.Handle = func(_ context.Context, r chat.Request) chat.Reply { sees(r); return chat.Reply{Posted: true} }
			opts.Home = func(_ context.Context, r chat.Request) []chat.Message { sees(r); return nil }
		})
		s.timing.person = 100 * time.Millisecond
		arrives(t, s, k, body)
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(log.String(), "msg=panic") {
			t.Error(log.String())
		}
	})
}

// arrives brings a body to the platform as the transports do, once it is known that it is Slack's.
func arrives(t *testing.T, s *Slack, k, body string) {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody)
	switch k {
	case "form":
		s.serveCommand(httptest.NewRecorder(), r, []byte(body))
	case "payload":
		s.serveInteraction(httptest.NewRecorder(), r, []byte(body))
	default:
		ack := s.take(t.Context(), inbound{kind: kind(k), body: []byte(body)})
		if len(ack) > 0 && (!json.Valid(ack) || len(ack) > maxAck) {
			t.Errorf("acknowledged with %d bytes: %.200s", len(ack), ack)
		}
	}
}

// unfounded says what is wrong with a request, by what was said, read in another way than the platform does.
func unfounded(r chat.Request, said string) string {
	strs := stringsIn(said)
	apps := strs["api_app_id"]
	switch user := lastPart(r.By.Name()); {
	case r.ID == "" || r.When.IsZero():
		return "without an id or a time"
	case !strings.HasPrefix(string(r.At), "slack/"):
		return "nowhere"
	case !slices.Contains(strs[""], user):
		return "for nobody who was named"
	case !slices.Contains(strs[""], "T0ACME"):
		return "from no workspace of ours"
	case len(apps) > 0 && !slices.Contains(apps, "A0READY") && !slices.Contains(apps, ""):
		return "for another app"
	case r.By != "slack/T0ACME/U0ANA" && !strings.HasPrefix(string(r.By), "slack/guest/"):
		return "for somebody who is no member"
	}
	return ""
}

// stringsIn are all strings in a JSON text, under "", and those that follow a key, whatever its letters' case, under it.
func stringsIn(text string) map[string][]string {
	all := map[string][]string{}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	before := ""
	for {
		token, err := d.Token()
		if err != nil {
			return all
		}
		if s, ok := token.(string); ok {
			all[""] = append(all[""], s)
			all[before] = append(all[before], s)
			before = strings.ToLower(s)
			continue
		}
		if token == nil && before != "" {
			all[before] = append(all[before], "")
		}
		before = ""
	}
}
