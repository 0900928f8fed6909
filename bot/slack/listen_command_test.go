package slack

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

// TestCommand is how typed commands reach the bot, and that the answer is shown to whoever typed alone.
func TestCommand(t *testing.T) {
	tests := []struct {
		name, user, channel, command, text string
		want                               chat.Request
	}{
		{"in a channel", "U0ANA", app, "/release", "status app@1.0.0", chat.Request{By: "slack/T0ACME/U0ANA", At: "slack/T0ACME/C0APP", Text: "/release status app@1.0.0"}},
		{"nothing but the command", "U0ANA", app, "/release", "", chat.Request{By: "slack/T0ACME/U0ANA", At: "slack/T0ACME/C0APP", Text: "/release"}},
		{"the other command", "U0BEN", app, "/flag", "kill beta -- a & b", chat.Request{By: "slack/T0ACME/U0BEN", At: "slack/T0ACME/C0APP", Text: "/flag kill beta -- a &amp; b"}},
		{"with mentions", "U0ANA", app, "/release", "assign docs @ben #app", chat.Request{By: "slack/T0ACME/U0ANA", At: "slack/T0ACME/C0APP", Text: "/release assign docs @ben #app"}},
		{"in direct messages", "U0ANA", "D0ANA", "/release", "todo", chat.Request{By: "slack/T0ACME/U0ANA", At: "slack/@T0ACME/U0ANA", Text: "/release todo"}},
		{"by a guest", "U0GUS", app, "/release", "hold -- now", chat.Request{By: "slack/guest/T0ACME/U0GUS", At: "slack/T0ACME/C0APP", Text: "/release hold -- now"}},
	}
	o := newOffice(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			channel := tt.channel
			if channel == "D0ANA" {
				channel = o.fake.DM("U0ANA")
			}
			r := o.fake.As(tt.user).Slash(t.Context(), channel, tt.command, tt.text)
			o.reads(t, r, "did")
			tt.want.ID = "slack/command/"
			if diff := cmp.Diff(tt.want, o.desk.last(t)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if len(r.Messages()) > 0 || len(r.Whispers()) != 1 {
				t.Errorf("%d messages, %d whispers", len(r.Messages()), len(r.Whispers()))
			}
		})
	}
}

// TestCommandAnswers are the kinds of answer to a command.
func TestCommandAnswers(t *testing.T) {
	long := chat.Message{Title: "history"}
	for i := range 1200 {
		long.Lines = append(long.Lines, fmt.Sprintf("line %d of a long history, which nobody reads to its end", i))
	}
	parts := len(blocks.Pages(long))
	if parts <= maxPosts {
		t.Fatalf("%d pages are not enough", parts)
	}
	tests := []struct {
		name            string
		reply           chat.Reply
		whispers, posts int
		text            string
	}{
		{"words", words("GO"), 1, 0, "GO"},
		{"in the open", chat.Reply{Message: &chat.Message{Title: "app 1.0.0"}, Open: true}, 0, 1, "app 1.0.0"},
		{"the card in the channel is the answer", chat.Reply{Posted: true}, 0, 0, ""},
		{"nothing", chat.Reply{}, 0, 0, ""},
		{"a refusal without words of its own", chat.Reply{Refusal: workflows.Refuse("not_ready", "3 open")}, 1, 0, "3 open"},
		{"more than Slack takes answers", chat.Reply{Message: &long}, parts, 0, "line 1199 of"},
	}
	o := newOffice(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o.desk.answers(func(context.Context, chat.Request) chat.Reply { return tt.reply })
			r := o.ana.Slash(t.Context(), app, "/release", "audit")
			o.reads(t, r, tt.text)
			if w, m := r.Whispers(), r.Messages(); len(w) != tt.whispers || len(m) != tt.posts {
				t.Errorf("%d whispers, %d messages", len(w), len(m))
			}
			texts := strings.Join(r.Texts(), "\n")
			if tt.whispers > 1 && strings.Index(texts, "line 0 of") > strings.Index(texts, "line 1199 of") {
				t.Error("the pages are out of order")
			}
		})
	}
}

// TestPrivateChannel: where the bot may not be, an answer that is posted says what to do if it does not come.
func TestPrivateChannel(t *testing.T) {
	o := newOffice(t)
	o.fake.AddChannel(slackfake.Channel{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{"U0ANA"}})
	posted := func(context.Context, chat.Request) chat.Reply { return chat.Reply{Posted: true} }
	form := func(context.Context, chat.Request) chat.Reply {
		return chat.Reply{Form: &chat.Form{Title: "New release", Line: "new", Fields: []chat.Field{{Key: "release", Label: "Release"}}}}
	}
	tests := []struct {
		name, channel string
		reply         func(context.Context, chat.Request) chat.Reply
		says          string
	}{
		{"a card in a private channel", "C0SECRET", posted, "/invite @readyroom"},
		{"a card in a public one", app, posted, ""},
		{"a form in a private one", "C0SECRET", form, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o.desk.answers(tt.reply)
			r := o.ana.Slash(t.Context(), tt.channel, "/release", "new app@1.0.0")
			o.reads(t, r, tt.says)
			if n := len(r.Whispers()); (n > 0) != (tt.says != "") {
				t.Errorf("%d whispers", n)
			}
		})
	}
}

// TestChoices: who only has to choose gets buttons, and each is the whole line.
func TestChoices(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if r.Press {
			return words("pressed " + r.Text)
		}
		return chat.Reply{Message: &chat.Message{Title: "Which one?"}, Choices: []workflows.Choice{
			{Label: "app 1.0.0", Line: "check app@1.0.0"}, {Label: "web 2.0.0", Line: "check web@2.0.0"}}}
	})
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "check"), "Which one?")
	o.reads(t, o.ana.Press(t.Context(), app, "web 2.0.0"), "pressed check web@2.0.0")
}

// TestCommandSlow: while the disk stalls, the honest sentence comes in time, and the answer when it is known.
func TestCommandSlow(t *testing.T) {
	o := newOffice(t)
	o.s.replies.within = 50 * time.Millisecond
	release := make(chan struct{})
	o.desk.answers(func(ctx context.Context, _ chat.Request) chat.Reply {
		select {
		case <-release:
			return words("ok docs")
		case <-ctx.Done():
			return words("cut off")
		}
	})
	r := o.ana.Slash(t.Context(), app, "/release", "sign docs")
	o.reads(t, r, listen.Saving)
	if r.Elapsed > time.Second {
		t.Errorf("acknowledged after %s", r.Elapsed)
	}
	close(release)
	o.reads(t, r, "ok docs")
	if got := r.Texts(); len(got) != 2 || got[0] != listen.Saving {
		t.Errorf("it reads %q", got)
	}
}

// TestAcknowledgedInTime asks a hundred things at once while nothing can be saved: each is acknowledged well before
// Slack gives up, and answered later.
func TestAcknowledgedInTime(t *testing.T) {
	o := newOffice(t)
	const people = 100
	for i := range people {
		o.fake.AddUser(slackfake.User{ID: fmt.Sprintf("U%03d", i), Name: fmt.Sprint("p", i)})
	}
	o.s.replies.within = 200 * time.Millisecond
	release := make(chan struct{})
	o.desk.answers(func(_ context.Context, r chat.Request) chat.Reply { <-release; return words("saved " + string(r.By)) })
	results := make(chan slackfake.Result, people)
	for i := range people {
		go func() {
			results <- o.fake.As(fmt.Sprintf("U%03d", i)).Slash(t.Context(), app, "/release", "hold -- now")
		}()
	}
	var all []slackfake.Result
	for range people {
		r := <-results
		if r.Err != nil || r.Shown != "" || r.Elapsed > time.Second {
			t.Errorf("after %s the client shows %q (%v)", r.Elapsed, r.Shown, r.Err)
		}
		all = append(all, r)
	}
	close(release)
	for _, r := range all {
		o.reads(t, r, "saved slack/T0ACME/U")
	}
	if n := o.desk.count(); n != people {
		t.Errorf("%d were carried out", n)
	}
}

// TestTooMuch: neither one person nor all together can ask for more than can be answered, and all are told.
func TestTooMuch(t *testing.T) {
	o := newOffice(t)
	now := time.Now()
	o.s.Now = func() time.Time { return now }
	for range listen.Burst {
		o.reads(t, o.ana.Slash(t.Context(), app, "/release", "status"), "did")
	}
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "status"), listen.TooFast)
	o.reads(t, o.fake.As("U0BEN").Slash(t.Context(), app, "/release", "status"), "did")
	now = now.Add(time.Second)
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "status"), "did")
	for range listen.InFlight {
		o.s.replies.flights.Enter(0)
	}
	o.reads(t, o.fake.As("U0BEN").Slash(t.Context(), app, "/release", "status"), listen.TooBusy)
	for range listen.InFlight {
		o.s.replies.flights.Leave()
	}
	o.reads(t, o.fake.As("U0BEN").Slash(t.Context(), app, "/release", "status"), "did")
	if got := o.s.Counts(); got.Slowed != 1 || got.Busy != 1 {
		t.Errorf("counted %+v", got)
	}
}

// stuck is a network on which what is sent to one person stays, until it is let go.
type stuck struct {
	next http.RoundTripper
	free chan struct{}
}

func (s stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/chat.postEphemeral") {
		select {
		case <-s.free:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return s.next.RoundTrip(r)
}

// TestHammering: somebody who presses far too fast, and cannot even be told so, keeps nobody else out.
func TestHammering(t *testing.T) {
	free := make(chan struct{})
	o := newOffice(t, func(opts *Options) { opts.Transport = stuck{http.DefaultTransport, free} })
	now := time.Now()
	o.s.Now = func() time.Time { return now }
	for range listen.Burst + listen.InFlight + listen.Excuses {
		o.s.take(t.Context(), inbound{kind: interaction, body: []byte(genuine["a press"].body)})
	}
	o.reads(t, o.fake.As("U0BEN").Slash(t.Context(), app, "/release", "status"), "did")
	if n := o.s.Counts().Slowed; n != listen.InFlight+listen.Excuses {
		t.Errorf("slowed %d times", n)
	}
	close(free)
}

// TestBroken: a handler that falls over costs one answer, and nothing else.
func TestBroken(t *testing.T) {
	o := newOffice(t)
	o.desk.answers(func(context.Context, chat.Request) chat.Reply { panic("out of cheese") })
	r := o.ana.Slash(t.Context(), app, "/release", "status")
	o.reads(t, r, "Reference: slack/command/")
	if strings.Contains(strings.Join(r.Texts(), ""), "cheese") {
		t.Error("it says what broke")
	}
	o.desk.answers(nil)
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "status"), "did")
}

// TestBrokenBefore: so does what falls over before the handler is asked, as reading the message that a form is about.
func TestBrokenBefore(t *testing.T) {
	o := newOffice(t, func(opts *Options) {
		opts.Person = func(context.Context, workflows.Handle) (workflows.PersonID, bool) { panic("out of cheese") }
	})
	o.s.take(t.Context(), inbound{kind: interaction, body: []byte(`{"type":"message_action","callback_id":"feedback","team":{"id":"T0ACME"},"user":{"id":"U0ANA"},"trigger_id":"1.2",` +
		`"channel":{"id":"C0APP"},"message_ts":"1.1","message":{"text":"<@U0BEN> see"}}`)})
	if err := o.s.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := o.fake.Ephemerals(app, "U0ANA"); len(w) != 1 || !strings.Contains(w[0].Text, "Reference: slack/shortcut/1.2") {
		t.Errorf("it reads %+v", w)
	}
}

// TestWhoIsUnknown: as long as Slack does not say who somebody is, nothing is done for them.
func TestWhoIsUnknown(t *testing.T) {
	o := newOffice(t)
	o.fake.Fail("users.info", slackfake.Raw(500, "oops"))
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "advance"), nobody)
	if o.desk.count() != 0 {
		t.Error("something was done")
	}
	o.s.me.Store(nil)
	o.reads(t, o.ana.Slash(t.Context(), app, "/release", "advance"), starting)
}
