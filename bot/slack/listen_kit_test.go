package slack

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/workflows"
)

// desk is what the bot's handler is to these tests: it remembers what it was asked, carries out each id once, and
// answers as scripted.
type desk struct {
	mu     sync.Mutex
	asked  []chat.Request
	effect map[string]int // by id
	answer func(context.Context, chat.Request) chat.Reply
}

func (d *desk) handle(ctx context.Context, r chat.Request) chat.Reply {
	d.mu.Lock()
	d.asked = append(d.asked, r)
	if d.effect == nil {
		d.effect = map[string]int{}
	}
	d.effect[r.ID]++
	answer := d.answer
	d.mu.Unlock()
	if answer == nil {
		return words("did " + r.Text)
	}
	return answer(ctx, r)
}

func (d *desk) answers(f func(context.Context, chat.Request) chat.Reply) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answer = f
}

// last is what was asked last, without what is not the same in each run.
func (d *desk) last(t *testing.T) chat.Request {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	r := d.asked[len(d.asked)-1]
	if r.ID == "" || r.When.IsZero() {
		t.Errorf("a request without id or time: %+v", r)
	}
	r.ID, r.When = r.ID[:strings.LastIndexByte(r.ID, '/')+1], time.Time{}
	return r
}

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.asked)
}

// office is a workspace with two people, a guest, two channels, and the bot behind its endpoints.
type office struct {
	fake *slackfake.Fake
	http *slackfake.HTTP
	s    *Slack
	desk *desk
	ana  *slackfake.Person
}

const app = "C0APP"

func newOffice(t *testing.T, change ...func(*Options)) *office {
	t.Helper()
	f := slackfake.New(t, slackfake.Options{})
	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
	f.AddUser(slackfake.User{ID: "U0BEN", Name: "ben"})
	f.AddUser(slackfake.User{ID: "U0GUS", Name: "gus", Guest: true})
	f.AddChannel(slackfake.Channel{ID: app, Name: "app", BotIsMember: true, Members: []string{"U0ANA", "U0BEN", "U0GUS"}})
	o := &office{fake: f, desk: &desk{}, ana: f.As("U0ANA")}
	o.s = o.bot(change...)
	o.http = o.serve(t, o.s)
	return o
}

// bot is a new process of the bot.
func (o *office) bot(change ...func(*Options)) *Slack {
	opts := Options{
		Secrets: Secrets{BotToken: chat.Secret(o.fake.BotToken()), Signing: []chat.Secret{chat.Secret(o.fake.SigningSecret())}},
		URL:     o.fake.URL(), Handle: o.desk.handle, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Person: func(_ context.Context, h workflows.Handle) (workflows.PersonID, bool) {
			id, ok := map[workflows.Handle]workflows.PersonID{"slack/T0ACME/U0ANA": "ana", "slack/T0ACME/U0BEN": "ben"}[h]
			return id, ok
		},
	}
	for _, c := range change {
		c(&opts)
	}
	s := New(opts)
	s.me.Store(&identity{team: slackfake.Team, user: slackfake.Bot, bot: slackfake.BotID, app: slackfake.App})
	return s
}

func (o *office) serve(t *testing.T, s *Slack) *slackfake.HTTP {
	t.Helper()
	server := httptest.NewServer(mux(s))
	t.Cleanup(func() {
		server.Close()
		if err := s.Drain(context.Background()); err != nil {
			t.Error(err)
		}
	})
	h := o.fake.HTTP(server.URL)
	o.fake.Deliver(h)
	return h
}

func mux(s *Slack) *http.ServeMux {
	m := http.NewServeMux()
	for pattern, h := range s.Routes() {
		m.Handle(pattern, h)
	}
	return m
}

// reads waits until a client shows a text that came since.
func (o *office) reads(t *testing.T, r slackfake.Result, want string) {
	t.Helper()
	if r.Err != nil || r.Shown != "" {
		t.Fatalf("the client shows %q (%v)", r.Shown, r.Err)
	}
	ok := o.fake.Wait(t.Context(), "the answer "+want, func() bool {
		return strings.Contains(strings.Join(r.Texts(), "\n"), want)
	})
	if !ok {
		t.Fatalf("it reads %q", r.Texts())
	}
}
