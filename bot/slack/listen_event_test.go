package slack

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// TestMention: what is said to the bot in a channel is answered in the thread, in the open or to the asker alone.
func TestMention(t *testing.T) {
	tests := []struct {
		name     string
		open     bool
		inThread bool
	}{
		{"in the open", true, false}, {"in the open, in a thread", true, true},
		{"to the asker", false, false}, {"to the asker, in a thread", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
				reply := words("GO " + r.Text)
				reply.Open = tt.open
				return reply
			})
			root := ""
			if tt.inThread {
				root = o.fake.As("U0BEN").Say(app, "", "shall we?").TS
			}
			r := o.ana.Mention(t.Context(), app, root, "check docs @ben")
			o.reads(t, r, "GO check docs @ben")
			want := chat.Request{ID: "slack/event/", By: "slack/T0ACME/U0ANA", At: "slack/T0ACME/C0APP", Text: "check docs @ben", Open: true}
			if diff := cmp.Diff(want, o.desk.last(t)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			thread := root
			if tt.open && root == "" {
				thread = r.TS
			}
			for _, m := range r.Messages() {
				if !tt.open || m.ThreadTS != thread {
					t.Errorf("posted %+v", m)
				}
			}
			for _, w := range r.Whispers() {
				if tt.open || w.ThreadTS != thread {
					t.Errorf("whispered %+v", w)
				}
			}
		})
	}
}

// TestMentionForm: a line in a thread cannot open a form, but its answer has a button that does.
func TestMentionForm(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(context.Context, chat.Request) chat.Reply { return waive("") })
	o.reads(t, o.ana.Mention(t.Context(), app, "", "item waive docs"), "this needs a form")
	o.ana.Press(t.Context(), app, "Open the form")
	o.fake.Wait(t.Context(), "the form", func() bool { _, ok := o.fake.Modal("U0ANA"); return ok })
}

// TestLine: a line in direct messages is one typed there, and its answer stands there.
func TestLine(t *testing.T) {
	o := newOffice(t)
	dm := o.fake.DM("U0ANA")
	r := o.ana.Say(dm, "", "todo")
	ack, err := o.fake.Emit(t.Context(), map[string]any{"type": "message", "channel": dm, "channel_type": "im", "user": "U0ANA", "text": "todo", "ts": r.TS, "event_ts": r.TS})
	if err != nil || ack.Status != 200 {
		t.Fatal(ack, err)
	}
	o.reads(t, r, "did todo")
	want := chat.Request{ID: "slack/event/", By: "slack/T0ACME/U0ANA", At: "slack/@T0ACME/U0ANA", Text: "todo"}
	if diff := cmp.Diff(want, o.desk.last(t)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if m := r.Messages(); len(m) != 1 || m[0].Channel != dm || m[0].ThreadTS != "" {
		t.Errorf("answered %+v", m)
	}
}

// TestRepeats: an event that Slack sends again, at once, later, and after a restart, has one answer in the open.
func TestRepeats(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		return chat.Reply{Message: &chat.Message{Title: "GO " + r.Text}, Open: true}
	})
	r := o.ana.Mention(t.Context(), app, "", "check")
	o.reads(t, r, "GO check")
	send := func(h *slackfake.HTTP, retry string) {
		t.Helper()
		again := o.http.Sent()[0]
		again.Header = again.Header.Clone()
		if retry != "" {
			again.Header.Set("X-Slack-Retry-Num", retry)
		}
		h.Sign(&again)
		for _, ack := range h.Same(t.Context(), again, 3) {
			if ack.Status != 200 {
				t.Errorf("acknowledged with %d", ack.Status)
			}
		}
	}
	send(o.http, "1")
	if o.desk.count() != 1 || o.s.Counts().Repeats != 3 {
		t.Errorf("asked %d times, counted %+v", o.desk.count(), o.s.Counts())
	}
	for i, retry := range []string{"", "2"} {
		s := o.bot() // a new process
		send(o.serve(t, s), retry)
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o.desk.count() != 2+i {
			t.Errorf("asked %d times", o.desk.count())
		}
	}
	if got := r.Messages(); len(got) != 1 || len(r.Whispers()) != 0 {
		t.Errorf("%d answers, %d whispers", len(got), len(r.Whispers()))
	}
	ids := map[string]bool{}
	for _, a := range o.desk.asked {
		ids[a.ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("the desk cannot tell that it is one: %v", ids)
	}
}

// TestRepeatedAtOnce: of three of the same at the same moment one is carried out.
func TestRepeatedAtOnce(t *testing.T) {
	o := newOffice(t)
	body := []byte(`{"type":"event_callback","team_id":"T0ACME","event_id":"Ev7","event":{"type":"app_mention","user":"U0ANA","channel":"C0APP","text":"<@U0BOT> hold -- x","ts":"1795863407.000100"}}`)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { o.s.take(t.Context(), inbound{kind: event, body: body}) })
	}
	all.Wait()
	if err := o.s.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := o.desk.count(); n != 1 || len(o.fake.Ephemerals(app, "U0ANA")) != 1 {
		t.Errorf("carried out %d times, answered %d times", n, len(o.fake.Ephemerals(app, "U0ANA")))
	}
}

// TestOpenAnswers: an answer in the open whose fate is unknown is looked for, not posted again.
func TestOpenAnswers(t *testing.T) {
	tests := []struct {
		name     string
		fault    slackfake.Fault
		messages int
		whispers int
	}{
		{"stored, and no word of it", slackfake.Stored(slackfake.Ends(slackfake.Reset)), 1, 0},
		{"not stored, and no word of it", slackfake.Ends(slackfake.Reset), 1, 0},
		{"asked to wait", slackfake.TooMany("1"), 1, 0},
		{"not allowed there", slackfake.Error("restricted_action"), 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.desk.answers(func(context.Context, chat.Request) chat.Reply {
				return chat.Reply{Message: &chat.Message{Title: "GO"}, Open: true}
			})
			o.fake.Fail("chat.postMessage", tt.fault)
			r := o.ana.Mention(t.Context(), app, "", "check")
			o.reads(t, r, "GO")
			if err := o.s.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if m, w := r.Messages(), r.Whispers(); len(m) != tt.messages || len(w) != tt.whispers {
				t.Errorf("%d messages, %d whispers", len(m), len(w))
			}
		})
	}
}

// TestTokensGone: that Slack took the tokens away is noticed at once, and only for our own workspace.
func TestTokensGone(t *testing.T) {
	o := newOffice(t)
	for _, team := range []string{"T0OTHER", slackfake.Team} {
		o.s.take(t.Context(), inbound{kind: event, body: []byte(`{"type":"event_callback","team_id":"` + team + `","event_id":"Ev1","event":{"type":"tokens_revoked","tokens":{"bot":["U0BOT"]}}}`)})
	}
	o.s.take(t.Context(), inbound{kind: event, body: []byte(`{"type":"app_rate_limited","team_id":"T0ACME","minute_rate_limited":1518467820,"api_app_id":"A0READY"}`)})
	if got := o.s.Counts(); got.Foreign != 1 || got.Limited != 1 || len(o.s.standing.Again()) != 1 {
		t.Errorf("counted %+v; asked for a look: %d", got, len(o.s.standing.Again()))
	}
}
