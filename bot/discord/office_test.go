package discord

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// office is a server with two people at their clients, and the bot that takes what they do.
type office struct {
	*discordfake.Fake
	d        *Discord
	inbox    *inbox
	ana, ben *discordfake.Person
	id       map[string]string // of people, by name
}

// Deliver brings what people do to the bot, as an authenticated transport does.
func (o *office) Deliver(ctx context.Context, i discordfake.Interaction) (discordfake.Answer, error) {
	began := time.Now()
	body := o.d.take(context.WithoutCancel(ctx), i.Payload)
	return discordfake.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Elapsed: time.Since(began)}, nil
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Fake: discordfake.New(t, discordfake.Options{}), inbox: &inbox{}, id: map[string]string{}}
	for _, name := range []string{"ana", "ben"} {
		o.id[name] = o.AddUser(discordfake.User{Name: name})
		o.AddMember(discordfake.Member{User: o.id[name]})
	}
	rows := []chat.Command{
		{Path: []string{"status"}, Short: "where it stands", Params: []chat.Param{{Name: "target", Kind: chat.KindRelease, Short: "which", Offered: true}}},
		{Path: []string{"new"}, Short: "open one", Params: []chat.Param{{Name: "release", Kind: chat.KindNew, Short: "which"}}},
		{Path: []string{"scope", "add"}, Short: "plan", Params: []chat.Param{{Name: "what", Kind: chat.KindPlanned, Short: "what"}}},
	}
	o.d = New(Options{
		Secrets: Secrets{BotToken: chat.Secret(o.BotToken())}, URL: o.URL(), Now: time.Now, Settings: Settings{Everyone: true}, Log: slog.New(slog.DiscardHandler),
		Commands: rows, Handle: o.inbox.handle,
		Complete: func(context.Context, chat.Request) []chat.Completion {
			return []chat.Completion{{Text: "app@1.0.0", Short: "NO-GO 1/3"}, {Text: "web@2.0.0"}}
		},
		Person: func(_ context.Context, h workflows.Handle) (workflows.PersonID, bool) {
			for name, id := range o.id {
				if h == handle(id) {
					return workflows.PersonID(name), true
				}
			}
			return "", false
		},
	})
	o.d.replies.waits = waits{first: time.Second, saving: time.Second, settle: time.Millisecond}
	o.d.me.Store(&identity{app: discordfake.App, user: discordfake.Bot, servers: []string{discordfake.Server}})
	f := o.d.call(t.Context(), request{method: http.MethodPut, path: "/applications/" + discordfake.App + "/guilds/" + discordfake.Server + "/commands",
		body: tree.Commands(rows, tree.Options{Everyone: true})}, nil)
	if f != nil {
		t.Fatal(f)
	}
	o.Fake.Deliver(o)
	o.ana, o.ben = o.As(o.id["ana"]), o.As(o.id["ben"])
	t.Cleanup(func() {
		if err := o.d.settled(context.Background()); err != nil {
			t.Error(err)
		}
		for _, f := range o.Failures() {
			t.Errorf("the fake reproaches: %+v", f)
		}
	})
	return o
}

// reads waits until somebody's client shows a text that came since.
func (o *office) reads(t *testing.T, r discordfake.Result, want string) {
	t.Helper()
	if r.Err != nil || r.Shown != "" {
		t.Fatalf("the client shows %q (%v)", r.Shown, r.Err)
	}
	if !o.Wait(t.Context(), "the answer "+want, func() bool { return strings.Contains(strings.Join(r.Texts(), "\n"), want) }) {
		t.Fatalf("it reads %q", r.Texts())
	}
}

// in is a channel of the server.
const in = discordfake.General

// TestOffice: what people do at their clients is taken and answered, by the rules of a strict Discord.
func TestOffice(t *testing.T) {
	o := newOffice(t)
	r := o.ana.Slash(t.Context(), in, []string{"release", "status"}, map[string]any{"target": "app@1.0.0"})
	o.reads(t, r, "did /release status")
	if len(r.Messages()) > 0 || len(r.Whispers()) != 1 {
		t.Errorf("%d messages, %d whispers", len(r.Messages()), len(r.Whispers()))
	}
	if got := o.inbox.last(t); got.By != handle(o.id["ana"]) || got.At != channelPlace(discordfake.Server, in) || got.Values["target"] != "app@1.0.0" {
		t.Errorf("asked %+v", got)
	}
	r = o.ben.Autocomplete(t.Context(), in, []string{"release", "status"}, map[string]any{"target": "a"}, "target")
	if len(r.Choices) != 2 || r.Choices[0].Name != "app@1.0.0 · NO-GO 1/3" {
		t.Errorf("offered %+v (%v)", r.Choices, r.Err)
	}
	said := o.ben.Say(t.Context(), in, "see https://issues.example/7")
	o.inbox.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if len(r.Values) == 0 {
			return chat.Reply{Form: &chat.Form{Title: "Add", Line: "scope add", Fields: []chat.Field{{Key: "what", Label: "What", Required: true}}}}
		}
		return words("planned " + r.Values["what"])
	})
	if r := o.ana.ContextMenu(t.Context(), tree.AddToRelease, in, said.Message); r.Answer != opens {
		t.Fatalf("answered with %d (%v)", r.Answer, r.Err)
	}
	o.reads(t, o.ana.Submit(t.Context(), nil), "planned https://issues.example/7")
}

// TestOfficeLate: an answer that takes long stands where it was said to follow, is seen by whom it is for, and is longer
// than a message where it must be.
func TestOfficeLate(t *testing.T) {
	o := newOffice(t)
	o.d.replies.waits = waits{first: 20 * time.Millisecond, saving: 50 * time.Millisecond, settle: time.Millisecond}
	free := make(chan chat.Reply)
	o.inbox.answers(func(ctx context.Context, _ chat.Request) chat.Reply {
		select {
		case r := <-free:
			return r
		case <-ctx.Done():
			return words("cut off")
		}
	})
	r := o.ana.Slash(t.Context(), in, []string{"release", "status"}, nil)
	o.reads(t, r, listen.Saving)
	free <- long(250)
	o.reads(t, r, "line 249 of")
	if len(r.Messages()) > 0 || len(r.Whispers()) < 2 || strings.Contains(strings.Join(r.Texts(), "\n"), listen.Saving) {
		t.Errorf("%d messages, %d whispers", len(r.Messages()), len(r.Whispers()))
	}
	r = o.ana.Slash(t.Context(), in, []string{"release", "status"}, nil)
	open := words("GO for all")
	open.Open = true
	free <- open
	o.reads(t, r, "GO for all")
	o.reads(t, r, inTheOpen)
	if len(r.Messages()) != 1 || len(r.Whispers()) != 1 {
		t.Errorf("%d messages, %d whispers", len(r.Messages()), len(r.Whispers()))
	}
}

// TestOfficeFiles: a file follows, for whoever asked alone.
func TestOfficeFiles(t *testing.T) {
	o := newOffice(t)
	o.inbox.replies(chat.Reply{Message: &chat.Message{Title: "7 entries"}, Files: []chat.File{{Name: "audit.jsonl", Data: []byte("{}")}}})
	r := o.ana.Slash(t.Context(), in, []string{"release", "status"}, nil)
	o.reads(t, r, "audit.jsonl")
	if w := r.Whispers(); len(w) != 2 || len(r.Messages()) > 0 {
		t.Errorf("%d whispers, %d messages", len(w), len(r.Messages()))
	}
}

// TestOfficeQuestion: a question makes way for what came of it, also where the version has to be typed.
func TestOfficeQuestion(t *testing.T) {
	o := newOffice(t)
	o.inbox.answers(func(_ context.Context, r chat.Request) chat.Reply {
		switch {
		case !r.Press && len(r.Values) == 0:
			return chat.Reply{Message: &chat.Message{Title: "Release app 1.0.0?", Buttons: []chat.Button{{Label: "Release", Line: "confirm k"}, {Label: "Not now", Line: "confirm k no"}}}}
		case r.Text == "confirm k no":
			return words("not now: nothing changed")
		case len(r.Values) == 0:
			return chat.Reply{Form: &chat.Form{Title: "Confirm", Line: "confirm k", Submit: "Go on", Fields: []chat.Field{{Key: "answer", Label: "Type 1.0.0", Required: true}}}}
		case r.Values["answer"] != "1.0.0":
			return chat.Reply{Refusal: workflows.Refuse("wrong_version", "that is another version"), Wrong: map[string]string{"answer": "that is another version"}}
		}
		return words("app 1.0.0 is out")
	})
	for _, way := range []string{"no", "yes"} {
		ask := o.ana.Slash(t.Context(), in, []string{"release", "status"}, nil)
		o.reads(t, ask, "Release app 1.0.0?")
		if way == "no" {
			o.reads(t, o.ana.Press(t.Context(), in, "Not now"), "not now")
		} else {
			if r := o.ana.Press(t.Context(), in, "Release"); r.Answer != opens {
				t.Fatalf("answered with %d (%v)", r.Answer, r.Err)
			}
			o.reads(t, o.ana.Submit(t.Context(), map[string]string{"answer": "2.0.0"}), "another version")
			if r := o.ana.Press(t.Context(), in, opensAgain); r.Answer != opens {
				t.Fatalf("answered with %d (%v)", r.Answer, r.Err)
			}
			if m, _ := o.Modal(o.id["ana"]); len(m.Fields) != 1 || m.Fields[0].Value != "2.0.0" {
				t.Errorf("opened %+v", m.Fields)
			}
			o.reads(t, o.ana.Submit(t.Context(), map[string]string{"answer": "1.0.0"}), "app 1.0.0 is out")
		}
		if strings.Contains(strings.Join(ask.Texts(), "\n"), "Release app 1.0.0?") {
			t.Errorf("%s: the question is still there: %q", way, ask.Texts())
		}
		if n := len(ask.Whispers()); n != 1 {
			t.Errorf("%s: %d messages in place of one: %q", way, n, ask.Texts())
		}
	}
}

// TestOfficeParts: a form of many fields goes over several modals.
func TestOfficeParts(t *testing.T) {
	o := newOffice(t)
	o.inbox.forms(many(12), did)
	all := o.ana.Slash(t.Context(), in, []string{"release", "new"}, nil)
	for range 2 {
		o.reads(t, o.ana.Submit(t.Context(), nil), "of 3 of the form is kept")
		if r := o.ana.Press(t.Context(), in, goesOn); r.Answer != opens {
			t.Fatalf("answered with %d (%v)", r.Answer, r.Err)
		}
	}
	o.reads(t, o.ana.Submit(t.Context(), map[string]string{"f11": "eleven"}), "waived")
	if got := o.inbox.last(t).Values; len(got) != 12 || got["f11"] != "eleven" || got["f0"] != "was0" {
		t.Errorf("asked %v", got)
	}
	if n := len(all.Whispers()); n != 1 {
		t.Errorf("%d messages stand there: %q", n, all.Texts())
	}
}

// TestOfficeLines: what people write to the bot arrives over the gateway: in the open it is answered where it was said, by
// a reply in a thread, and in private in direct messages. What is no business of the bot's is none.
func TestOfficeLines(t *testing.T) {
	o := newOffice(t)
	o.Fake.Deliver(o.Gateway(0))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); o.d.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	if !o.Wait(t.Context(), "the gateway", func() bool { return o.Gateway(0).Open() == 1 }) {
		t.Fatal("it does not come")
	}
	o.inbox.answers(func(_ context.Context, r chat.Request) chat.Reply {
		return chat.Reply{Message: &chat.Message{Title: "heard " + r.Text}, Open: r.Open && strings.HasPrefix(r.Text, "check")}
	})
	channel := o.AddChannel(discordfake.Channel{Server: discordfake.Server, Name: "app"})
	branch := o.AddChannel(discordfake.Channel{Server: discordfake.Server, Name: "talk", Type: discordfake.PublicThread, Parent: channel})
	o.reads(t, o.ana.Mention(t.Context(), channel, "check @ben"), "heard check @ben")
	o.reads(t, o.ana.Mention(t.Context(), branch, "check this"), "heard check this")
	if got := o.inbox.last(t); got.At != channelPlace(discordfake.Server, channel) || got.By != handle(o.id["ana"]) || !got.Open {
		t.Errorf("asked %+v", got)
	}
	if n := len(o.Messages(channel)); n != 2 {
		t.Errorf("%d messages in the channel", n)
	}
	if all := o.Messages(branch); len(all) != 2 {
		t.Errorf("%d messages in the thread", len(all))
	}
	private := o.ben.Mention(t.Context(), channel, "todo")
	o.reads(t, private, "heard todo")
	dm := o.DM(o.id["ben"])
	if n := len(o.Messages(channel)); n != 3 || len(o.Messages(dm)) != 1 {
		t.Errorf("%d messages in the channel, %d in private", n, len(o.Messages(dm)))
	}
	o.reads(t, o.ben.Say(t.Context(), dm, "status app"), "heard status app")
	asked := len(o.inbox.all())
	o.ana.Say(t.Context(), channel, "shall we?")
	o.ana.Reply(t.Context(), channel, o.Messages(channel)[1].ID, "thanks")
	o.reads(t, o.ana.Mention(t.Context(), channel, "check again"), "heard check again")
	if n := len(o.inbox.all()); n != asked+1 {
		t.Errorf("asked %d times", n-asked)
	}
}
