package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// bot is a small bot behind a console: it answers a few words, and posts what it has queued.
type bot struct {
	memory *Memory
	clock  *Clock
	got    []chat.Request
	queue  []due
	stuck  bool // says that something is due for ever
	steps  int
	err    error
}

// due is a post that goes out at a time.
type due struct {
	at   time.Time
	post chat.Post
}

func (b *bot) step(ctx context.Context) (next time.Time, ok bool, err error) {
	b.steps++
	now := b.clock.Now()
	var left []due
	for _, d := range b.queue {
		if d.at.After(now) {
			left = append(left, d)
			if !ok || d.at.Before(next) {
				next, ok = d.at, true
			}
			continue
		}
		if _, err := b.memory.Send(ctx, d.post); err != nil {
			return now, false, err
		}
	}
	b.queue = left
	if b.stuck {
		return now, true, nil
	}
	return next, ok, b.err
}

func (b *bot) post(at time.Time, p chat.Post) { b.queue = append(b.queue, due{at: at, post: p}) }

// handle answers by the first word of the line.
func (b *bot) handle(_ context.Context, r chat.Request) chat.Reply {
	b.got = append(b.got, r)
	word, rest, _ := strings.Cut(strings.TrimPrefix(r.Text, "/release "), " ")
	if r.Values != nil {
		return b.filled(r)
	}
	if answer, ok := answers[word]; ok {
		return answer(b, r, rest)
	}
	return chat.Reply{Message: &chat.Message{Title: "heard " + workflows.Display(r.Text, 60)}}
}

var answers = map[string]func(b *bot, r chat.Request, rest string) chat.Reply{
	"new": func(b *bot, r chat.Request, rest string) chat.Reply {
		b.post(r.When, chat.Post{Key: "card " + rest, Place: r.At, Message: chat.Message{
			Title: rest + " · before GA", Lines: []string{"NO-GO 0/3"},
			Buttons: []chat.Button{{Label: "Sign…", Line: "sign 1", Basis: "~3f2a9c1.0"}, {Label: "Hold", Line: "hold 1"}},
		}})
		return chat.Reply{Posted: true}
	},
	"sign": func(b *bot, r chat.Request, rest string) chat.Reply {
		b.post(r.When, chat.Post{Key: "edit " + rest, Place: "console/#general", Edit: "m1", Message: chat.Message{
			Title: "app 1.0.0 · before GA", Lines: []string{"GO 3/3"}, Buttons: []chat.Button{{Label: "Advance", Line: "advance 1"}},
		}})
		b.post(r.When, chat.Post{Key: "history " + rest, Place: "console/#general", Thread: "m1", Message: chat.Message{Title: "signed by " + r.By.Name()}})
		return chat.Reply{Message: &chat.Message{Title: "ok " + rest}, Items: []workflows.ItemLine{{Key: rest, State: "ok"}}}
	},
	"advance": func(*bot, chat.Request, string) chat.Reply {
		return chat.Reply{Message: &chat.Message{
			Title:   "Release app 1.0.0 to everyone?",
			Buttons: []chat.Button{{Label: "Release to everyone", Line: "confirm k1"}, {Label: "Not now", Line: "confirm k1 no"}},
		}}
	},
	"confirm": func(b *bot, r chat.Request, _ string) chat.Reply {
		b.post(r.When, chat.Post{Key: "out", Place: "console/#general", Message: chat.Message{Title: "app 1.0.0 is out"}})
		b.post(r.When, chat.Post{Key: "dm", Place: "console/@ana", Message: chat.Message{
			Title: "You acknowledged the briefing", Lines: []string{"app 1.0.0 is out"}, Buttons: []chat.Button{{Label: "Got it", Line: "brief ack"}},
		}})
		return chat.Reply{Message: &chat.Message{Title: "app 1.0.0 is out · to close: announced"}}
	},
	"which": func(*bot, chat.Request, string) chat.Reply {
		no := workflows.Refuse(workflows.WhichRelease, "two are open")
		return chat.Reply{Refusal: no, Message: &chat.Message{Title: no.Error()}, Choices: []workflows.Choice{
			{Label: "app 1.0.0", Line: "check app@1.0.0"}, {Label: "app 2.0.0", Line: "check app@2.0.0"},
		}}
	},
	"draft": func(*bot, chat.Request, string) chat.Reply { return chat.Reply{Form: &briefing} },
	"status": func(*bot, chat.Request, string) chat.Reply {
		return chat.Reply{Open: true, Message: &chat.Message{Title: "app 1.0.0 · GO"}}
	},
	"remind": func(b *bot, r chat.Request, rest string) chat.Reply {
		d, _ := time.ParseDuration(rest)
		b.post(r.When.Add(d), chat.Post{Key: "remind " + rest, Place: r.At, Message: chat.Message{Title: "reminder after " + rest}})
		return chat.Reply{Message: &chat.Message{Title: "will do"}}
	},
	"twice": func(b *bot, r chat.Request, _ string) chat.Reply {
		for _, n := range []string{"one", "two"} {
			b.post(r.When, chat.Post{Key: n, Place: r.At, Message: chat.Message{Title: n}})
		}
		return chat.Reply{Posted: true}
	},
	"mute": func(*bot, chat.Request, string) chat.Reply { return chat.Reply{Posted: true} },
	"nasty": func(*bot, chat.Request, string) chat.Reply {
		return chat.Reply{Message: &chat.Message{Title: "a\x1b[31mred\u202e\U000e0041\x9b", Lines: []string{"bell\a\nsecond\rline"}, Buttons: []chat.Button{{Label: "x\x1b", Line: "x"}}}}
	},
}

var briefing = chat.Form{Title: "Briefing", Line: "brief send", Submit: "Send", Fields: []chat.Field{
	{Key: "what", Label: "What changes", Required: true, Long: true, Value: "invoices\nand more"},
	{Key: "who", Label: "Who has it", Choices: []string{"all", "pro"}},
	{Key: "until", Label: "Until", Hint: "2026-12-01"},
}}

func (b *bot) filled(r chat.Request) chat.Reply {
	if r.Values["who"] == "" {
		return chat.Reply{Wrong: map[string]string{"who": "choose one", "until": "not a date"}}
	}
	return chat.Reply{Message: &chat.Message{Title: "sent: " + fmt.Sprintf("%q", r.Values)}}
}
