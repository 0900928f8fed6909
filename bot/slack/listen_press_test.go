package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/listen"
)

// pressableCard is a message with a button that carries a basis, and one that does not.
func pressableCard(title string) chat.Reply {
	return chat.Reply{Message: &chat.Message{Title: title, Buttons: []chat.Button{
		{Label: "Advance", Line: "advance app@1.0.0", Basis: "~3f2a9c1.4"}, {Label: "Why not?", Line: "check app@1.0.0"}}}}
}

// TestPress: a button is its line, with the basis that it was drawn at, wherever it stands.
func TestPress(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if r.Press {
			return words("pressed " + r.Text)
		}
		return pressableCard("app 1.0.0")
	})
	if _, err := o.s.Send(t.Context(), chat.Post{Key: "k", Place: "slack/T0ACME/C0APP", Message: *pressableCard("app 1.0.0").Message}); err != nil {
		t.Fatal(err)
	}
	root := o.fake.Messages(app)[0].TS
	if _, err := o.s.Send(t.Context(), chat.Post{Key: "l", Place: "slack/T0ACME/C0APP", Thread: messageID(app, root), Message: *pressableCard("in the thread").Message}); err != nil {
		t.Fatal(err)
	}
	inThread := o.fake.Thread(app, root)[0].TS
	dm := o.fake.DM("U0ANA")
	o.reads(t, o.ana.Slash(t.Context(), dm, "/release", "status"), "app 1.0.0")
	tests := []struct {
		name   string
		press  func() slackfake.Result
		want   chat.Request
		thread string
	}{
		{"on the card", func() slackfake.Result { return o.ana.PressIn(t.Context(), app, root, "Advance") },
			chat.Request{At: "slack/T0ACME/C0APP", Text: "advance app@1.0.0 ~3f2a9c1.4"}, ""},
		{"in a thread", func() slackfake.Result { return o.ana.PressIn(t.Context(), app, inThread, "Why not?") },
			chat.Request{At: "slack/T0ACME/C0APP", Text: "check app@1.0.0"}, root},
		{"in direct messages, on what only they see", func() slackfake.Result { return o.ana.Press(t.Context(), dm, "Advance") },
			chat.Request{At: "slack/@T0ACME/U0ANA", Text: "advance app@1.0.0 ~3f2a9c1.4"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.press()
			o.reads(t, r, "pressed "+tt.want.Text)
			tt.want.ID, tt.want.By, tt.want.Press = "slack/press/", "slack/T0ACME/U0ANA", true
			if diff := cmp.Diff(tt.want, o.desk.last(t)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			w := r.Whispers()
			if len(w) != 1 || w[0].ThreadTS != tt.thread || len(r.Messages()) != 0 || len(r.Body) != 0 {
				t.Errorf("whispers %+v, messages %+v, acknowledged with %q", w, r.Messages(), r.Body)
			}
		})
	}
}

// TestPressSlow: a press that takes long is said to, first, and answered after.
func TestPressSlow(t *testing.T) {
	o := newOffice(t)
	o.s.replies.within = 30 * time.Millisecond
	release := make(chan struct{})
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if r.Press {
			<-release
			return words("passed")
		}
		return pressableCard("app 1.0.0")
	})
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "status"), "app 1.0.0")
	r := o.ana.Press(t.Context(), app, "Advance")
	o.reads(t, r, listen.Saving)
	close(release)
	o.reads(t, r, "passed")
	if got := r.Texts(); len(got) != 2 || got[0] != listen.Saving || !strings.Contains(got[1], "passed") {
		t.Errorf("it reads %q", got)
	}
}

// TestAnswersArrive: an answer whose address takes no more arrives all the same, and where nobody can be whispered to,
// in direct messages.
func TestAnswersArrive(t *testing.T) {
	tests := []struct {
		name  string
		fails func(o *office)
		dm    bool
	}{
		{"the address ran out", func(o *office) { o.fake.Fail("response_url", slackfake.Raw(404, `{"ok":false,"error":"expired_url"}`)) }, false},
		{"the address takes no more", func(o *office) { o.fake.Fail("response_url", slackfake.Raw(404, `{"ok":false,"error":"used_url"}`)) }, false},
		{"the address answers with a redirect", func(o *office) { o.fake.Fail("response_url", slackfake.Redirect("https://elsewhere.example")) }, false},
		{"the address wants it later", func(o *office) { o.fake.Fail("response_url", slackfake.TooMany("1")) }, false},
		{"and they are not in the channel", func(o *office) {
			o.fake.Fail("response_url", slackfake.Raw(404, "expired_url"))
			o.fake.Fail("chat.postEphemeral", slackfake.Error("user_not_in_channel"))
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
				if r.Press {
					return words("passed")
				}
				return pressableCard("app 1.0.0")
			})
			o.reads(t, o.ana.Slash(t.Context(), app, "/release", "status"), "app 1.0.0")
			tt.fails(o)
			r := o.ana.Press(t.Context(), app, "Advance")
			o.reads(t, r, "passed")
			if dm := len(r.Messages()) == 1 && r.Messages()[0].Channel == o.fake.DM("U0ANA"); dm != tt.dm || len(r.Texts()) != 1 {
				t.Errorf("it reads %q; in direct messages: %v", r.Texts(), dm)
			}
			if o.fake.Unspent() != 0 {
				t.Error("not all went wrong that should")
			}
		})
	}
}

// TestAnswersAt: answers go to Slack, whatever address a request names.
func TestAnswersAt(t *testing.T) {
	for address, want := range map[string]bool{
		"https://hooks.slack.com/commands/T1/2/x": true, "https://acme.slack.com/x": true, "http://127.0.0.1:1234/response/1": true,
		"http://hooks.slack.com/x": false, "https://hooks.slack.com.evil.example/x": false, "https://evilslack.com/x": false,
		"https://hooks.slack.com@evil.example/x": false, "https://user@hooks.slack.com/x": false, "https://hooks.slack.com:8443/x": false,
		"http://127.0.0.1:9/x": false, "https://127.0.0.1:1234/x": false, "http://169.254.169.254/latest": false, "file:///etc/passwd": false,
		"//hooks.slack.com/x": false, "": false, "https://": false, "https://slack.com./x": false, ":": false,
	} {
		s := New(Options{URL: "http://127.0.0.1:1234/api/"})
		if got := s.answersAt(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// TestForeign: nothing is done for what comes from elsewhere, and whoever asked there is told.
func TestForeign(t *testing.T) {
	body := func(team, enterprise, app string) []byte {
		return jsonOf(map[string]string{"team_id": team, "enterprise_id": enterprise, "api_app_id": app, "user_id": "U1", "channel_id": "C1", "command": "/release", "text": "status"})
	}
	tests := []struct {
		name string
		body []byte
		mine bool
	}{
		{"ours", body("T0ACME", "", "A0READY"), true},
		{"of no named app", body("T0ACME", "", ""), true},
		{"listed", body("T0PARTNER", "", "A0READY"), true},
		{"of a listed enterprise", body("T7", "E0HOLDING", "A0READY"), true},
		{"another workspace", body("T0OTHER", "", "A0READY"), false},
		{"another enterprise", body("T7", "E7", "A0READY"), false},
		{"another app", body("T0ACME", "", "A0OTHER"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, func(opts *Options) { opts.Teams = []string{"T0PARTNER", "E0HOLDING"} })
			ack := o.s.take(t.Context(), inbound{kind: command, body: tt.body})
			told := strings.Contains(string(ack), "another workspace")
			if foreign := o.s.Counts().Foreign; told == tt.mine || (foreign == 1) == tt.mine || tt.mine != (o.desk.count() == 1 || strings.Contains(string(ack), "who you are")) {
				t.Errorf("answered %s; counted %d, asked %d", ack, foreign, o.desk.count())
			}
		})
	}
}

// TestUnknown: what nobody knows, and what lacks what is needed, is acknowledged, counted, and has no effect.
func TestUnknown(t *testing.T) {
	const team = `"team":{"id":"T0ACME"},"user":{"id":"U0ANA"}`
	tests := []struct {
		name    string
		kind    kind
		body    string
		ignored int
	}{
		{"no JSON", interaction, `{`, 1},
		{"nothing", event, ``, 1},
		{"null", command, `null`, 1},
		{"an unknown type", interaction, `{"type":"workflow_step_edit",` + team + `}`, 1},
		{"without a user", interaction, `{"type":"block_actions","team":{"id":"T0ACME"},"actions":[{"action_id":"rr:1","value":"x"}]}`, 1},
		{"a user that is none", interaction, `{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1/../T2"}}`, 1},
		{"a link that was followed", interaction, `{"type":"block_actions",` + team + `,"actions":[{"type":"button","action_id":"x1","url":"https://x.example"}]}`, 0},
		{"a picker of another's", interaction, `{"type":"block_actions",` + team + `,"actions":[{"type":"static_select","action_id":"rr:in:0","selected_option":{}}]}`, 0},
		{"a form of another's", interaction, `{"type":"view_submission",` + team + `,"view":{"id":"V1","callback_id":"rr:form","private_metadata":"x","state":{"values":{}}}}`, 1},
		{"a form without a state", interaction, `{"type":"view_submission",` + team + `,"view":{"id":"V1","callback_id":"rr:form","private_metadata":"{\"line\":\"hold\",\"direct\":true}"}}`, 1},
		{"a form of no name", interaction, `{"type":"view_submission",` + team + `,"view":{"id":"V1","private_metadata":"{\"line\":\"hold\",\"direct\":true}","state":{"values":{}}}}`, 1},
		{"a form that was closed", interaction, `{"type":"view_closed",` + team + `}`, 0},
		{"a shortcut of another's", interaction, `{"type":"message_action","callback_id":"x",` + team + `}`, 1},
		{"an unknown event", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"file_shared"}}`, 1},
		{"an event without a name", event, `{"type":"event_callback","team_id":"T0ACME","event":{"type":"app_mention"}}`, 1},
		{"an event of nothing", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":7}`, 1},
		{"a mention by nobody", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"app_mention","channel":"C0APP","ts":"1.2"}}`, 1},
		{"another bot's mention", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"app_mention","bot_id":"B1","user":"U1","channel":"C0APP","ts":"1.2"}}`, 0},
		{"the bot's own words", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"message","channel_type":"im","user":"U0BOT","channel":"D1","ts":"1.2"}}`, 0},
		{"words that were changed", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"message","subtype":"message_changed","channel_type":"im","channel":"D1","ts":"1.2"}}`, 0},
		{"words in a channel", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"message","channel_type":"channel","user":"U0ANA","channel":"C0APP","ts":"1.2"}}`, 0},
		{"somebody changed", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"user_change","user":{"id":"U0ANA"}}}`, 0},
		{"a group changed", event, `{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1","event":{"type":"subteam_updated","subteam":{"id":"S1"}}}`, 0},
		{"of no kind", "x", `{}`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			ack := o.s.take(t.Context(), inbound{kind: tt.kind, body: []byte(tt.body)})
			if err := o.s.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := o.s.Counts().Ignored; got != tt.ignored || len(ack) != 0 || o.desk.count() != 0 {
				t.Errorf("ignored %d, asked %d, acknowledged with %s", got, o.desk.count(), ack)
			}
		})
	}
}
