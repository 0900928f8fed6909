package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// TestCommand is how typed commands reach the bot, and that whoever typed sees the answer alone.
func TestCommand(t *testing.T) {
	inThread := with(by(anaUser), object{"channel_id": hereThread, "channel": object{"id": hereThread, "type": 11, "parent_id": hereChannel}})
	guest := with(by(anaUser), object{"member": object{"user": object{"id": anaUser}, "pending": true}})
	for _, tt := range []struct {
		name string
		what object
		want chat.Request
	}{
		{"in a channel", typedBy(by(anaUser), 2, []string{"release", "status"}, option("target", "app@1.0.0")),
			chat.Request{By: "discord/" + anaUser, Text: "/release status", Values: map[string]string{"target": "app@1.0.0"}}},
		{"in a thread", typedBy(inThread, 2, []string{"release", "status"}),
			chat.Request{By: "discord/" + anaUser, Text: "/release status", Values: map[string]string{}}},
		{"with mentions", typedBy(by(benUser), 2, []string{"release", "assign"}, option("item", "docs"), option("who", "<@"+anaUser+">")),
			chat.Request{By: "discord/" + benUser, Text: "/release assign", Values: map[string]string{"item": "docs", "who": "@ana"}}},
		{"of a group", typedBy(by(anaUser), 2, []string{"release", "scope", "add"}, option("what", "#12")),
			chat.Request{By: "discord/" + anaUser, Text: "/release scope add", Values: map[string]string{"what": "#12"}}},
		{"by whom the server did not let in yet", typedBy(guest, 2, []string{"release", "status"}),
			chat.Request{By: "discord/guest/" + anaUser, Text: "/release status", Values: map[string]string{}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEar(t)
			g := e.does(t, tt.what)
			tt.want.ID, tt.want.At, tt.want.Typed = "discord/900000000000000001", "discord/"+hereServer+"/"+hereChannel, true
			if diff := cmp.Diff(tt.want, e.inbox.last(t)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if g.Type != saysMessage || g.Data.Flags != unseen || !strings.Contains(g.text(), "did /release") {
				t.Errorf("answered %s", g.raw)
			}
			if n := len(e.api.all()); n != 0 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

// TestOutdated: a command that was not declared so is refused with what to do, and nothing is asked.
func TestOutdated(t *testing.T) {
	e := newEar(t)
	g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "destroy"}))
	if len(e.inbox.all()) > 0 || !strings.Contains(g.text(), "type it again") || e.Counts().Ignored != 1 {
		t.Errorf("answered %s, counted %+v", g.raw, e.Counts())
	}
}

// TestCommandAnswers are the kinds of answer to a command.
func TestCommandAnswers(t *testing.T) {
	form := chat.Form{Title: "New release", Line: "new", Fields: []chat.Field{{Key: "release", Label: "Release"}}}
	for _, tt := range []struct {
		name  string
		reply chat.Reply
		kind  int
		flags int
		says  string
	}{
		{"words", words("GO"), saysMessage, unseen, "GO"},
		{"in the open", chat.Reply{Message: &chat.Message{Title: "app 1.0.0"}, Open: true}, saysMessage, 0, "app 1.0.0"},
		{"the card in the channel is the answer", chat.Reply{Posted: true}, saysMessage, unseen, "comes into this channel"},
		{"nothing", chat.Reply{}, saysMessage, unseen, isDone},
		{"a refusal without words of its own", chat.Reply{Refusal: workflows.Refuse("not_ready", "3 open")}, saysMessage, unseen, "3 open"},
		{"a form", chat.Reply{Form: &form}, opens, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEar(t)
			e.inbox.replies(tt.reply)
			g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
			if g.Type != tt.kind || g.Data.Flags != tt.flags || !strings.Contains(g.text(), tt.says) {
				t.Errorf("answered %s", g.raw)
			}
			e.settles(t)
		})
	}
}

// TestChoices: who only has to choose gets buttons, and each is the whole line.
func TestChoices(t *testing.T) {
	e := newEar(t)
	e.inbox.replies(chat.Reply{Message: &chat.Message{Title: "Which one?"}, Choices: []workflows.Choice{
		{Label: "app 1.0.0", Line: "check app@1.0.0"}, {Label: "web 2.0.0", Line: "check web@2.0.0"}}})
	g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
	if got := g.buttons()["web 2.0.0"]; got != "check web@2.0.0" {
		t.Errorf("the button says %q", got)
	}
}

// long is an answer of so many lines.
func long(n int) chat.Reply {
	m := chat.Message{Title: "history"}
	for i := range n {
		m.Lines = append(m.Lines, fmt.Sprintf("line %d of a long history, which nobody reads to its end", i))
	}
	return chat.Reply{Message: &m}
}

// TestPages: what does not fit into one message follows in its order, to the same people; what is very long comes as a file.
func TestPages(t *testing.T) {
	for name, tt := range map[string]struct {
		lines, most int
		open, file  bool
	}{
		"a few":          {250, maxFollow, false, false},
		"in the open":    {250, maxFollow, true, false},
		"far too many":   {1500, maxFollow, false, true},
		"and all see it": {1500, maxFollow, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				r := long(tt.lines)
				r.Open = tt.open
				e.inbox.replies(r)
				g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
				e.settles(t)
				changed, added := e.answers(t)
				if len(changed) > 0 || len(added) == 0 || len(added) > tt.most {
					t.Fatalf("%d changed, %d added", len(changed), len(added))
				}
				flags := unseen
				if tt.open {
					flags = 0
				}
				all := g.text()
				for _, a := range append([]given{g}, added...) {
					if a.Data.Flags != flags {
						t.Errorf("a page has the flags %d", a.Data.Flags)
					}
				}
				for _, a := range added {
					all += a.text()
				}
				files := e.api.all()[len(e.api.all())-1].files
				last := fmt.Sprintf("line %d of", tt.lines-1)
				if whole := strings.Contains(all, last); whole == tt.file || tt.file != strings.Contains(files["answer.txt"], last) {
					t.Errorf("shown whole: %v, %d bytes in the file", whole, len(files["answer.txt"]))
				}
				if strings.Index(all, "line 0 of") > strings.Index(all, "line 20 of") {
					t.Error("the pages are out of order")
				}
			})
		})
	}
}

// TestAnswerFiles: a file is shown to whoever asked alone; one that Discord does not take is said to be missing.
func TestAnswerFiles(t *testing.T) {
	for _, taken := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			e := newEar(t)
			if !taken {
				e.api.scripted(func(c call) (int, string) {
					if len(c.files) > 0 || strings.Contains(c.body, `"content":"audit.jsonl"`) {
						return 413, `{"message":"Request entity too large","code":40005}`
					}
					return 0, ""
				})
			}
			e.inbox.replies(chat.Reply{Files: []chat.File{{Name: "audit.jsonl", Data: []byte("x")}}})
			if g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"})); g.text() == "" {
				t.Error("no answer")
			}
			e.settles(t)
			_, added := e.answers(t)
			last := added[len(added)-1]
			if !strings.Contains(last.text(), "audit") || last.Data.Flags != unseen || strings.Contains(last.text(), "could not be handed over") == taken {
				t.Errorf("taken %v: it reads %q", taken, last.text())
			}
		})
	}
}

// TestCommandSlow: while the disk stalls, the answer is put off in time, the honest sentence comes after ten seconds, and
// the answer when it is known, in its place.
func TestCommandSlow(t *testing.T) {
	form := chat.Form{Title: "Sign", Line: "sign docs", Fields: []chat.Field{{Key: "note", Label: "Note"}}}
	open := words("GO for all")
	open.Open = true
	for name, tt := range map[string]struct {
		after   time.Duration
		reply   chat.Reply
		changed []string
		added   string
	}{
		"in time":                   {time.Second, words("ok docs"), nil, ""},
		"a little late":             {3 * time.Second, words("ok docs"), []string{"ok docs"}, ""},
		"very late":                 {time.Minute, words("ok docs"), []string{"Still saving", "ok docs"}, ""},
		"a form":                    {3 * time.Second, chat.Reply{Form: &form}, []string{"Sign: this needs a form."}, ""},
		"for all":                   {3 * time.Second, open, []string{inTheOpen}, "GO for all"},
		"the card":                  {3 * time.Second, chat.Reply{Posted: true}, []string{"comes into this channel"}, ""},
		"after the token was there": {14 * time.Minute, words("ok docs"), []string{"Still saving", "ok docs"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				e.inbox.answers(func(context.Context, chat.Request) chat.Reply { time.Sleep(tt.after); return tt.reply })
				began := time.Now()
				g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("answered after %s", took)
				}
				if late := tt.changed != nil; late && (g.Type != saysLater || g.Data.Flags != unseen) || !late && g.Type != saysMessage {
					t.Errorf("answered %s", g.raw)
				}
				e.settles(t)
				changed, added := e.answers(t)
				if len(changed) != len(tt.changed) {
					t.Fatalf("changed %d times", len(changed))
				}
				for i, c := range changed {
					if !strings.Contains(c.text(), tt.changed[i]) {
						t.Errorf("it reads %q", c.text())
					}
				}
				if tt.added != "" && (len(added) != 1 || added[0].Data.Flags != 0 || !strings.Contains(added[0].text(), tt.added)) || tt.added == "" && len(added) > 0 {
					t.Errorf("added %+v", added)
				}
				if tt.reply.Form != nil && changed[0].buttons()[opensForm] == "" {
					t.Errorf("no button in %s", changed[0].raw)
				}
			})
		})
	}
}

// TestNeverLost: what Discord does not take of an answer is tried again, and comes in direct messages in the end.
func TestNeverLost(t *testing.T) {
	for name, tt := range map[string]struct {
		refuses func(n int) (int, string)
		changed int // how often it was tried
		direct  bool
	}{
		"before the first answer is there": {func(n int) (int, string) { return upTo(n, 2, 404, `{"code":10015,"message":"Unknown Webhook"}`) }, 3, false},
		"broken for a moment":              {func(n int) (int, string) { return upTo(n, 2, 500, `{"code":0,"message":"oops"}`) }, 3, false},
		"broken":                           {func(int) (int, string) { return 500, `{"code":0,"message":"oops"}` }, mostTries, true},
		"too late":                         {func(int) (int, string) { return 401, `{"code":50027,"message":"Invalid Webhook Token"}` }, 1, true},
		"cut off":                          {func(n int) (int, string) { return upTo(n, 1, -1, "") }, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				n := 0
				e.api.scripted(func(c call) (int, string) {
					if c.method != "PATCH" {
						return 0, ""
					}
					n++
					return tt.refuses(n)
				})
				e.inbox.answers(func(context.Context, chat.Request) chat.Reply { time.Sleep(5 * time.Second); return words("ok docs") })
				e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
				e.settles(t)
				changed, _ := e.answers(t)
				if len(changed) != tt.changed {
					t.Errorf("tried %d times", len(changed))
				}
				if got := e.board.said(); (len(got) == 1 && got[0] == "discord/@"+anaUser+" ok docs") != tt.direct || !tt.direct && len(got) > 0 {
					t.Errorf("in direct messages %q", got)
				}
				if strings.Contains(e.log.String(), "canary") {
					t.Errorf("a secret is in the log: %s", e.log.String())
				}
			})
		})
	}
}

func upTo(n, most, status int, body string) (int, string) {
	if n <= most {
		return status, body
	}
	return 0, ""
}

// TestNowhere: an answer that can be given nowhere is at least logged.
func TestNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.api.scripted(func(call) (int, string) { return 401, `{"code":50027,"message":"Invalid Webhook Token"}` })
		e.board.no = func(chat.Post) error { return &chat.Fault{Verdict: chat.Park, Err: errors.New("closed")} }
		e.inbox.answers(func(context.Context, chat.Request) chat.Reply { time.Sleep(5 * time.Second); return words("ok docs") })
		e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
		e.settles(t)
		if log := e.log.String(); !strings.Contains(log, "answer not delivered") || strings.Contains(log, "canary") {
			t.Errorf("logged %s", log)
		}
	})
}

// TestTooMuch: neither one person nor all together can ask for more than can be answered, and all are told.
func TestTooMuch(t *testing.T) {
	e := newEar(t)
	now := time.Now()
	e.Now = func() time.Time { return now }
	status := func(user string) string {
		return e.does(t, typedBy(by(user), 2, []string{"release", "status"})).text()
	}
	for range listen.Burst {
		if got := status(anaUser); !strings.Contains(got, "did") {
			t.Fatal(got)
		}
	}
	if got := status(anaUser); !strings.Contains(got, "Slow down") {
		t.Error(got)
	}
	if got := status(benUser); !strings.Contains(got, "did") {
		t.Error(got)
	}
	for range listen.InFlight {
		e.replies.flights.Enter(0)
	}
	if got := status(benUser); !strings.Contains(got, "I am busy") {
		t.Error(got)
	}
	for range listen.InFlight {
		e.replies.flights.Leave()
	}
	if got := e.Counts(); got.Slowed != 1 || got.Busy != 1 {
		t.Errorf("counted %+v", got)
	}
}

// TestBroken: a handler that falls over costs one answer, and nothing else.
func TestBroken(t *testing.T) {
	e := newEar(t)
	e.inbox.answers(func(context.Context, chat.Request) chat.Reply { panic("out of cheese") })
	g := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"}))
	if got := g.text(); !strings.Contains(got, "Something broke") || !strings.Contains(got, "900000000000000001") || strings.Contains(got, "cheese") {
		t.Errorf("it reads %q", got)
	}
	e.inbox.answers(nil)
	if got := e.does(t, typedBy(by(anaUser), 2, []string{"release", "status"})).text(); !strings.Contains(got, "did") {
		t.Error(got)
	}
}

// TestStarting: before Discord said who the bot is, nothing is done.
func TestStarting(t *testing.T) {
	e := newEar(t)
	e.me.Store(nil)
	for _, o := range genuine() {
		g := e.does(t, o)
		if g.Type == saysMessage && !strings.Contains(g.text(), "just starting") {
			t.Errorf("it reads %s", g.raw)
		}
	}
	if len(e.inbox.all()) > 0 {
		t.Error("something was done")
	}
}

// TestTyping offers ways on, with how they stand beside them; and nothing where nobody may know.
func TestTyping(t *testing.T) {
	e := newEar(t)
	typing := typedBy(by(anaUser), 4, []string{"release", "status"}, with(option("target", "ap"), object{"focused": true}))
	g := e.does(t, typing)
	if g.Type != offers || len(g.Data.Choices) != 1 || g.Data.Choices[0].Value != "app@1.0.0" || !strings.Contains(g.Data.Choices[0].Name, "NO-GO") {
		t.Errorf("offered %s", g.raw)
	}
	want := chat.Request{ID: "discord/900000000000000001", By: "discord/" + anaUser, At: "discord/" + hereServer + "/" + hereChannel, Text: "/release status", Typed: true,
		Focus: "target", Values: map[string]string{"target": "ap"}}
	if diff := cmp.Diff(want, e.inbox.last(t)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	for range 3 * listen.Burst { // every letter asks
		if g := e.does(t, typing); len(g.Data.Choices) != 1 {
			t.Fatal("nothing is offered any more")
		}
	}
	if g := e.does(t, with(typing, object{"guild_id": otherServer})); g.Type != offers || len(g.Data.Choices) != 0 {
		t.Errorf("elsewhere %s", g.raw)
	}
}

// TestTypingSlow: nobody waits for what is offered.
func TestTypingSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.inbox.answers(func(context.Context, chat.Request) chat.Reply { time.Sleep(time.Minute); return chat.Reply{} })
		began := time.Now()
		g := e.does(t, typedBy(by(anaUser), 4, []string{"release", "status"}, with(option("target", "ap"), object{"focused": true})))
		if took := time.Since(began); g.Type != offers || len(g.Data.Choices) > 0 || took > 2*time.Second || !strings.Contains(g.raw, `"choices":[]`) {
			t.Errorf("after %s %s", took, g.raw)
		}
		e.settles(t)
	})
}
