package slack

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// waive is a form that was opened at a basis.
func waive(basis string) chat.Reply {
	return chat.Reply{Form: &chat.Form{Title: "Waive docs", Line: "item waive docs", Basis: basis, Submit: "Waive", Fields: []chat.Field{
		{Key: "owner", Label: "Who", Required: true, Kind: chat.KindPerson},
		{Key: "reason", Label: "Why", Required: true, Long: true},
		{Key: "note", Label: "Note"},
	}}}
}

// filled is what a submission gives.
func filled(values map[string]string, press bool) chat.Request {
	r := chat.Request{ID: "slack/form/", By: "slack/T0ACME/U0ANA", At: "slack/T0ACME/C0APP", Text: "item waive docs", Values: values, Press: press}
	if press {
		r.Text += " ~3f2a9c1.4"
	}
	return r
}

// TestForm: a form opens at once, stays open as long as a field is wrong, and is answered where it was opened.
func TestForm(t *testing.T) {
	for _, basis := range []string{"", "~3f2a9c1.4"} {
		t.Run("basis "+basis, func(t *testing.T) {
			o := newOffice(t)
			o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
				switch {
				case r.Values == nil:
					return waive(basis)
				case r.Values["reason"] == "no":
					return chat.Reply{Message: &chat.Message{Title: "invalid"}, Wrong: map[string]string{"reason": "says too little", "until": "is needed"}}
				}
				return words("waived docs")
			})
			r := o.ana.Slash(t.Context(), app, "/release", "item waive docs")
			o.reads(t, r, "")
			if v, ok := o.fake.Modal("U0ANA"); !ok || v.Title != "Waive docs" || len(r.Texts()) != 0 {
				t.Fatalf("modal %+v, texts %q", v, r.Texts())
			}
			r = o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "no"})
			want := map[string]string{"reason": "says too little", "owner": "until: is needed"}
			if diff := cmp.Diff(want, r.Errors); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			r = o.ana.Submit(t.Context(), map[string]string{"reason": "a <b> & c\nd"})
			o.reads(t, r, "waived docs")
			if _, open := o.fake.Modal("U0ANA"); open || len(r.Whispers()) != 1 || r.Whispers()[0].Channel != app {
				t.Errorf("open %v, whispers %+v", open, r.Whispers())
			}
			if diff := cmp.Diff(filled(map[string]string{"owner": "@ben", "reason": "a <b> & c\nd", "note": ""}, basis != ""), o.desk.last(t)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFormAsksMore: what is missing that the form has no field for is asked for by the form that has.
func TestFormAsksMore(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		more := waive("")
		more.Form.Fields = append(more.Form.Fields, chat.Field{Key: "until", Label: "Until", Required: true})
		switch {
		case r.Values == nil:
			return waive("")
		case r.Values["until"] == "":
			more.Wrong = map[string]string{"until": "is needed"}
			return more
		}
		return chat.Reply{Posted: true}
	})
	o.ana.Slash(t.Context(), app, "/release", "item waive docs")
	o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "later"})
	if v, _ := o.fake.Modal("U0ANA"); len(v.Inputs) != 4 {
		t.Fatalf("inputs %+v", v.Inputs)
	}
	r := o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "later", "until": "friday"})
	if _, open := o.fake.Modal("U0ANA"); open || r.Shown != "" || len(r.Texts()) != 0 {
		t.Errorf("open %v, shown %q, texts %q", open, r.Shown, r.Texts())
	}
}

// TestFormAsksMuch: a form that follows another one, and is longer than an acknowledgement may be, comes all the same, and
// whole.
func TestFormAsksMuch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	draft := strings.Repeat("what is new, ", 2000)
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		switch r.Values["text"] {
		case "":
			more := waive("")
			if r.Values != nil {
				more.Form.Fields = append(more.Form.Fields, chat.Field{Key: "text", Label: "Notes", Long: true, Required: true, Value: draft})
			}
			return more
		case draft:
			return words("published")
		}
		return words("cut")
	})
	o.ana.Slash(t.Context(), app, "/release", "notes")
	ack := o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "later"})
	v, _ := o.fake.Modal("U0ANA")
	if ack.Shown != "" || len(v.Raw) > shortAck {
		t.Fatalf("shown %q, acknowledged with %d bytes", ack.Shown, len(v.Raw))
	}
	o.fake.Wait(t.Context(), "the form", func() bool { v, _ := o.fake.Modal("U0ANA"); return len(v.Inputs) > 4 })
	o.reads(t, o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "later"}), "published")
}

// TestFormSlow: a form whose answer takes long says so, and shows it when it is there; closed meanwhile, the answer
// comes where it was opened.
func TestFormSlow(t *testing.T) {
	wrong := waive("")
	wrong.Form, wrong.Wrong, wrong.Message = nil, map[string]string{"reason": "x"}, &chat.Message{Title: "reason: says too little"}
	tests := []struct {
		name   string
		reply  chat.Reply
		close  bool
		want   string
		button string
	}{
		{"it is done", words("waived docs"), false, "waived docs", ""},
		{"a field is wrong", wrong, false, "reason: says too little", "Open the form"},
		{"closed meanwhile", words("waived docs"), true, "waived docs", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.s.replies.within = 50 * time.Millisecond
			release := make(chan struct{})
			o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
				if r.Values == nil {
					return waive("")
				}
				<-release
				return tt.reply
			})
			o.ana.Slash(t.Context(), app, "/release", "item waive docs")
			r := o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "later"})
			if v, _ := o.fake.Modal("U0ANA"); r.Shown != "" || !strings.Contains(string(v.Raw), "Do not ship on it") || v.Title != "Waive docs" {
				t.Fatalf("shown %q, waiting %s", r.Shown, v.Raw)
			}
			if tt.close {
				o.ana.CloseModal(t.Context())
			}
			close(release)
			if tt.close {
				o.reads(t, r, tt.want)
				return
			}
			o.fake.Wait(t.Context(), "the answer", func() bool {
				v, _ := o.fake.Modal("U0ANA")
				return strings.Contains(string(v.Raw), tt.want) && strings.Contains(string(v.Raw), tt.button)
			})
			if len(r.Texts()) != 0 {
				t.Errorf("and it reads %q", r.Texts())
			}
			if tt.button != "" {
				o.ana.Press(t.Context(), app, tt.button)
				o.fake.Wait(t.Context(), "the form again", func() bool { v, _ := o.fake.Modal("U0ANA"); return len(v.Inputs) == 3 })
			}
		})
	}
}

// TestFormTooLate: a form that comes too late makes way for a button that opens it, under both names of the error.
func TestFormTooLate(t *testing.T) {
	for _, name := range []string{"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "internal_error"} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.desk.answers(func(context.Context, chat.Request) chat.Reply { return waive("~3f2a9c1.4") })
			o.fake.Fail("views.open", slackfake.Error(name))
			r := o.ana.Slash(t.Context(), app, "/release", "item waive docs")
			want := tooLate
			if name == "internal_error" {
				want = "Slack did not open the form."
			}
			o.reads(t, r, want)
			r = o.ana.Press(t.Context(), app, "Open the form")
			o.fake.Wait(t.Context(), "the form", func() bool { _, ok := o.fake.Modal("U0ANA"); return ok })
			if got := o.desk.last(t); got.Text != "/release item waive docs" || !got.Press || len(r.Texts()) != 0 {
				t.Errorf("asked %+v", got)
			}
		})
	}
}

// TestPrivate: what a form carries along fits, if need be without the address for answers, and never loses its line.
func TestPrivate(t *testing.T) {
	a := &asked{url: "https://hooks.slack.com/" + strings.Repeat("x", 400), channel: "C1", request: chat.Request{At: "slack/T1/C1"}}
	for _, tt := range []struct {
		line    int
		ok, url bool
	}{{100, true, true}, {2600, true, false}, {3000, false, false}} {
		text, ok := private(a, chat.Form{Line: strings.Repeat("l", tt.line)})
		o, _ := readOpener(text)
		if ok != tt.ok || (o.URL != "") != tt.url || ok && (len(text) > maxPrivate || len(o.Line) != tt.line) {
			t.Errorf("%d: %v, %d long, with the address: %v", tt.line, ok, len(text), o.URL != "")
		}
	}
}

// TestHome: a person's own page is drawn when they look at it, and anew after each press and form there.
func TestHome(t *testing.T) {
	var signed atomic.Int64
	o := newOffice(t, func(opts *Options) {
		opts.Home = func(_ context.Context, r chat.Request) []chat.Message {
			if r.At != "slack/@T0ACME/U0ANA" || r.By != "slack/T0ACME/U0ANA" {
				t.Errorf("drawn for %+v", r)
			}
			return []chat.Message{{Title: "Waits for you", Lines: []string{strings.Repeat("done ", int(signed.Load()))}, Buttons: []chat.Button{
				{Label: "Sign docs", Line: "sign docs app@1.0.0", Basis: "~3f2a9c1.4"}, {Label: "Waive docs", Line: "item waive docs"}}}}
		}
	})
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if r.Text == "item waive docs" && r.Values == nil {
			return waive("")
		}
		signed.Add(1)
		return words("ok " + r.Text)
	})
	shows := func(text string) {
		t.Helper()
		o.fake.Wait(t.Context(), "the page "+text, func() bool {
			v, ok := o.fake.Home("U0ANA")
			return ok && strings.Contains(string(v.Raw), text)
		})
	}
	o.ana.OpenHome(t.Context())
	shows("Waits for you")
	r := o.ana.PressHome(t.Context(), "Sign docs")
	o.reads(t, r, "ok sign docs app@1.0.0")
	shows("done ")
	if got := o.desk.last(t); got.At != "slack/@T0ACME/U0ANA" || !got.Press || len(r.Messages()) != 1 || r.Messages()[0].Channel != o.fake.DM("U0ANA") {
		t.Errorf("asked %+v, answered %+v", got, r.Messages())
	}
	o.ana.PressHome(t.Context(), "Waive docs")
	o.fake.Wait(t.Context(), "the form", func() bool { _, ok := o.fake.Modal("U0ANA"); return ok })
	o.reads(t, o.ana.Submit(t.Context(), map[string]string{"owner": "ben", "reason": "later"}), "ok item waive docs")
	shows("done done ")
}

// TestShortcuts open the form of their command, with what the message says.
func TestShortcuts(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		switch r.Text {
		case "/release scope add":
			return chat.Reply{Form: &chat.Form{Title: "Plan something", Line: "scope add", Submit: "Plan", Fields: []chat.Field{{Key: "what", Label: "What"}}}}
		case "/release feedback add":
			return chat.Reply{Form: &chat.Form{Title: "Feedback", Line: "feedback add", Submit: "Send", Fields: []chat.Field{{Key: "url", Label: "Where"}, {Key: "text", Label: "What", Long: true}}}}
		}
		return words("what?")
	})
	with := o.ana.Say(app, "", "see https://tracker.example.org/12?a=1&b=2 & <tell> @ben")
	without := o.ana.Say(app, "", "it is slow")
	tests := []struct {
		callback string
		ts       string
		want     map[string]string
	}{
		{"add_to_release", with.TS, map[string]string{"what": "https://tracker.example.org/12?a=1&b=2"}},
		{"add_to_release", without.TS, map[string]string{"what": "https://acme.slack.com/archives/C0APP/p" + strings.Replace(without.TS, ".", "", 1)}},
		{"feedback", with.TS, map[string]string{"url": "https://acme.slack.com/archives/C0APP/p" + strings.Replace(with.TS, ".", "", 1),
			"text": "see https://tracker.example.org/12?a=1&b=2 & <tell> @ben"}},
	}
	for _, tt := range tests {
		t.Run(tt.callback, func(t *testing.T) {
			r := o.ana.Shortcut(t.Context(), tt.callback, app, tt.ts)
			if r.Shown != "" {
				t.Fatal(r.Shown)
			}
			o.fake.Wait(t.Context(), "the form", func() bool { _, ok := o.fake.Modal("U0ANA"); return ok })
			got := map[string]string{}
			v, _ := o.fake.Modal("U0ANA")
			for _, in := range v.Inputs {
				got[in.Block] = in.Value
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("the form begins with (-want +got):\n%s", diff)
			}
			o.ana.CloseModal(t.Context())
		})
	}
}
