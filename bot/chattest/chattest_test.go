package chattest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

const here, there = workflows.Place("test/#here"), workflows.Place("test/#there")

func TestFakeHoldsTheContract(t *testing.T) {
	Sender(t, here, there, func(*testing.T) Platform { return &Fake{} })
}

// bent is a platform with one thing wrong.
type bent struct {
	*Fake
	send func(*Fake, context.Context, chat.Post) (chat.MessageID, error)
	find func(*Fake, context.Context, chat.Post) (chat.MessageID, bool, error)
}

func (b bent) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	if b.send == nil {
		return b.Fake.Send(ctx, p)
	}
	return b.send(b.Fake, ctx, p)
}

func (b bent) Find(ctx context.Context, p chat.Post) (chat.MessageID, bool, error) {
	if b.find == nil {
		return b.Fake.Find(ctx, p)
	}
	return b.find(b.Fake, ctx, p)
}

// sending bends each post on its way.
func sending(change func(*chat.Post)) bent {
	return bent{send: func(f *Fake, ctx context.Context, p chat.Post) (chat.MessageID, error) {
		change(&p)
		return f.Send(ctx, p)
	}}
}

// softened turns fatal faults into something else.
func softened(id chat.MessageID, soft error) bent {
	return bent{send: func(f *Fake, ctx context.Context, p chat.Post) (chat.MessageID, error) {
		got, err := f.Send(ctx, p)
		if err != nil && VerdictOf(err) == chat.Fatal {
			return id, soft
		}
		return got, err
	}}
}

// TestContractCatches bends a platform in one way at a time and wants the parts named to notice, and no others.
func TestContractCatches(t *testing.T) {
	fatals := "an edit of nothing is fatal, a thread of nothing is fatal, a message is known in its place only, an empty message is fatal"
	tests := []struct {
		name string
		bent bent
		want string
	}{
		{"nothing", bent{}, ""},
		{"one id for all", bent{send: func(f *Fake, ctx context.Context, p chat.Post) (chat.MessageID, error) {
			id, err := f.Send(ctx, p)
			if err == nil {
				id = "f1"
			}
			return id, err
		}}, "each post has its own id, posts at once have their own ids, an answer in a thread has its own id"},
		{"edits post", sending(func(p *chat.Post) { p.Edit = "" }),
			"an edit keeps the id, an answer in a thread has its own id, an edit of nothing is fatal, a message is known in its place only"},
		{"threads post", sending(func(p *chat.Post) { p.Thread = "" }),
			"a thread of nothing is fatal, a message is known in its place only"},
		{"one place", sending(func(p *chat.Post) { p.Place = here }), "a message is known in its place only"},
		{"empty allowed", sending(func(p *chat.Post) { p.Message.Title += " " }), "an empty message is fatal"},
		{"fatal said to be unclear", softened("", errors.New("no such message")), fatals},
		{"fatal swallowed", softened("f9", nil), fatals},
		{"room for a shorter button only", sending(func(p *chat.Post) {
			for i := range p.Message.Buttons {
				p.Message.Buttons[i].Line += "x"
			}
		}), "the longest button is taken"},
		{"keys forgotten", sending(func(p *chat.Post) { p.Key = "k" }),
			"a post is found by its key, a key sent twice is found"},
		{"nothing found", bent{find: func(*Fake, context.Context, chat.Post) (chat.MessageID, bool, error) { return "", false, nil }},
			"a post is found by its key, a key sent twice is found, a cancelled send is an error and leaves no doubt"},
		{"cancelled sends pass", bent{send: func(f *Fake, ctx context.Context, p chat.Post) (chat.MessageID, error) {
			return f.Send(context.WithoutCancel(ctx), p)
		}}, "a cancelled send is an error and leaves no doubt"},
		{"cancelled sends arrive, and are said not to", bent{send: func(f *Fake, ctx context.Context, p chat.Post) (chat.MessageID, error) {
			id, err := f.Send(context.WithoutCancel(ctx), p)
			if ctx.Err() != nil {
				return "", &chat.Fault{Verdict: chat.Retry, Err: ctx.Err()}
			}
			return id, err
		}}, "a cancelled send is an error and leaves no doubt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var noticed []string
			for _, part := range contract {
				b := tt.bent
				b.Fake = &Fake{}
				if err := part.holds(t.Context(), session{Platform: b, place: here, other: there}); err != nil {
					noticed = append(noticed, part.name)
				}
			}
			if got := strings.Join(noticed, ", "); got != tt.want {
				t.Errorf("noticed by:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestFakeScript(t *testing.T) {
	var f Fake
	f.Script(Retry(time.Minute), Fatal(), Unclear(true), Unclear(false), Arrives())
	want := []chat.Verdict{chat.Retry, chat.Fatal, chat.Unclear, chat.Unclear, ""}
	for i, v := range want {
		key := string(rune('a' + i))
		_, err := f.Send(t.Context(), chat.Post{Key: key, Place: here, Message: chat.Message{Title: key}})
		var got chat.Verdict
		if err != nil {
			got = VerdictOf(err)
		}
		if got != v {
			t.Errorf("send %s: %q, want %q", key, got, v)
		}
	}
	if got := len(f.Got()); got != len(want) {
		t.Errorf("remembers %d posts, want all %d", got, len(want))
	}
	var shown []string
	for _, s := range f.Shows(here) {
		shown = append(shown, s.Message.Title)
	}
	if diff := cmp.Diff([]string{"c", "e"}, shown); diff != "" {
		t.Errorf("what arrived (-want +got):\n%s", diff)
	}
	if _, ok, err := f.Find(t.Context(), chat.Post{Key: "c"}); !ok || err != nil {
		t.Errorf("the unclear post that arrived: %v, %v", ok, err)
	}
	if _, ok, err := f.Find(t.Context(), chat.Post{Key: "d"}); ok || err != nil {
		t.Errorf("the unclear post that did not arrive: %v, %v", ok, err)
	}
	f.Blind(errors.New("down"))
	if _, _, err := f.Find(t.Context(), chat.Post{Key: "c"}); err == nil {
		t.Error("found something blindly")
	}
}

func TestFakeIsStrict(t *testing.T) {
	ok := func() chat.Post {
		return chat.Post{Key: "k", Place: here, Message: chat.Message{Title: "x", Buttons: []chat.Button{{Label: "Go", Line: "go"}}}}
	}
	tests := map[string]func(*chat.Post){
		"no key":          func(p *chat.Post) { p.Key = "" },
		"no place":        func(p *chat.Post) { p.Place = "test" },
		"empty":           func(p *chat.Post) { p.Message.Title = "" },
		"long button":     func(p *chat.Post) { p.Message.Buttons[0].Line = strings.Repeat("x", chat.MaxLine+1) },
		"long with basis": func(p *chat.Post) { p.Message.Buttons[0].Basis = strings.Repeat("x", chat.MaxLine-2) },
		"no label":        func(p *chat.Post) { p.Message.Buttons[0].Label = "" },
		"unknown edit":    func(p *chat.Post) { p.Edit = "f7" },
		"unknown thread":  func(p *chat.Post) { p.Thread = "f7" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			var f Fake
			f.Script(Retry(0))
			p := ok()
			spoil(&p)
			if _, err := f.Send(t.Context(), p); err == nil || VerdictOf(err) != chat.Fatal {
				t.Errorf("got %v, want a fatal fault", err)
			}
			if len(f.Got()) != 1 || len(f.Shows(here)) != 0 {
				t.Error("the refused post was not remembered, or was shown")
			}
			if _, err := f.Send(t.Context(), ok()); VerdictOf(err) != chat.Retry {
				t.Errorf("the script was used up by a post out of order: %v", err)
			}
		})
	}
}
