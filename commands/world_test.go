package commands

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

const (
	general = workflows.Place("console/#general")
	random  = workflows.Place("console/#random")
)

// tester is what *testing.T, *testing.F and *rapid.T share.
type tester interface {
	checker
	Logf(format string, args ...any)
}

// office is the whole bot but its platforms: the handler over a real desk in memory, and people who type. Ana and ben
// hold every role, ana owns it; mia is support and an audience; rob is known and has no role; anybody else is a stranger.
type office struct {
	t      tester
	handle chat.Handler
	desk   *desk.Desk
	log    bytes.Buffer
	now    time.Time
	n      int
	check  func(line string, r chat.Reply) // sees every answer
}

func open(t tester) *office {
	t.Helper()
	ctx := context.Background()
	store, err := storage.Open(ctx, memory.New(), storage.Options{Random: bytes.NewReader(make([]byte, 32))})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	o := &office{t: t, now: noon}
	o.desk = desk.New(store, repository{}, desk.Config{Book: staff(), Worktree: desk.Product{Repository: "."}, Templates: release.Templates(),
		Default: release.DefaultTemplate, Week: calendar.Week{Zone: time.UTC}, Digest: spec(t, "09:00"), Readiness: spec(t, "weekdays 09:30"),
		Platforms: []string{"console"}})
	if err := o.desk.Start(ctx, o.now); err != nil {
		t.Fatalf("start: %v", err)
	}
	o.handle = Handler(o.desk, slog.New(slog.NewTextHandler(&o.log, nil)))
	return o
}

func staff() *policy.Book {
	b := &policy.Book{Owners: []workflows.PersonID{"ana"}, People: map[workflows.PersonID]workflows.Person{},
		Roles: map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana", "ben"}},
			workflows.Support: {People: []workflows.PersonID{"mia"}}},
		Audiences: []policy.Audience{{Name: "news", Place: "console/#news", Public: true},
			{Name: "support", People: []workflows.PersonID{"ben", "mia"}, Place: "console/#support", Quota: 80}}}
	for _, id := range []workflows.PersonID{"ana", "ben", "mia", "rob"} {
		b.People[id] = workflows.Person{ID: id, NoCode: true, Handles: []workflows.Handle{workflows.Handle("console/" + id)}}
	}
	return b
}

func spec(t tester, text string) calendar.Spec {
	s, err := calendar.ParseSpec(text)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

// repository knows two commits: HEAD, and next.
type repository struct{}

func (repository) Look(_ context.Context, q workflows.Query) (workflows.Found, error) {
	id := map[string]string{"": "3f2a9c1", "HEAD": "3f2a9c1", "next": "8be1d02"}[q.Ref]
	if id == "" && strings.Trim(q.Ref, "0123456789abcdef") == "" {
		id = q.Ref[:min(len(q.Ref), 7)]
	}
	if id == "" {
		return workflows.Found{}, workflows.Refuse(workflows.UnknownRef, "no commit, branch or tag is called "+workflows.Display(q.Ref, 40)).
			Type("/release candidate set HEAD")
	}
	full := id + strings.Repeat("0", 40-len(id))
	c := workflows.Commit{ID: full, Ref: q.Ref, Tree: "t" + full, Subject: "feat: export " + id, At: noon, Authors: []string{"x@example.org"}}
	return workflows.Found{Commit: c, Branch: "main", Log: []workflows.Commit{c}, SinceAs: "the beginning"}, nil
}

func (repository) Diff(context.Context, workflows.Query, string, string) ([]string, error) {
	return []string{"docs/a.md"}, nil
}

// request is one line, press or form of a person in a channel.
func (o *office) request(by string, at workflows.Place, text string, press bool, values map[string]string) chat.Reply {
	o.t.Helper()
	o.n++
	r := o.handle(context.Background(), chat.Request{ID: fmt.Sprintf("r%d", o.n), By: workflows.Handle("console/" + by), At: at, Text: text,
		Press: press, Values: values, When: o.now})
	if o.check != nil {
		o.check(text, r)
	}
	return r
}

func (o *office) types(by, text string) chat.Reply {
	o.t.Helper()
	return o.request(by, general, text, false, nil)
}

// does types lines that must be carried out; a question is pressed at once.
func (o *office) does(by string, lines ...string) chat.Reply {
	o.t.Helper()
	var r chat.Reply
	for _, text := range lines {
		if r = o.types(by, text); r.Message != nil && len(r.Message.Buttons) > 0 && strings.HasPrefix(r.Message.Buttons[0].Line, "confirm ") {
			r = o.request(by, general, r.Message.Buttons[0].Value(), true, nil)
		}
		if r.Refusal != nil || r.Form != nil {
			o.t.Fatalf("%s types %q: %v %+v", by, text, r.Refusal, r.Form)
		}
	}
	return r
}

// answered is all that an answer shows.
func answered(r chat.Reply) string {
	var b strings.Builder
	if m := r.Message; m != nil {
		b.WriteString(m.Title + "\n" + strings.Join(m.Lines, "\n") + m.Small)
		for _, x := range m.Buttons {
			b.WriteString("\n" + x.Label + " " + x.Value())
		}
	}
	if r.Refusal != nil {
		b.WriteString("\n" + r.Refusal.Error())
	}
	if r.Form != nil {
		fmt.Fprintf(&b, "\n%+v", *r.Form)
	}
	for _, c := range r.Choices {
		b.WriteString("\n" + c.Label + " " + c.Line)
	}
	return b.String()
}
