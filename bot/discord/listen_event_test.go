package discord

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// says has a message of somebody's come in, and waits until it is answered.
func (e *ear) says(t *testing.T, m object) {
	t.Helper()
	e.happened(t.Context(), "MESSAGE_CREATE", jsonOf(m))
	e.settles(t)
}

const named = "<@" + ourBot + "> "

// TestMention: a line that is said to the bot by its name is a request in the open; a thread's is about its channel.
func TestMention(t *testing.T) {
	open := func(_ context.Context, r chat.Request) chat.Reply {
		return chat.Reply{Message: &chat.Message{Title: "GO"}, Open: r.Open}
	}
	for name, tt := range map[string]struct {
		m          object
		text       string
		hereThread chat.MessageID
	}{
		"in a channel": {wrote(anaUser, named+"sign docs <@"+benUser+">"), "sign docs @ben", ""},
		"nothing else": {wrote(anaUser, "<@!"+ourBot+">"), "", ""},
		"in a thread":  {with(wrote(anaUser, named+"check"), object{"channel_id": hereThread}), "check", messageID(hereThread, "800000000000000001")},
		"as a reply":   {with(wrote(anaUser, named+"check"), object{"type": 19}), "check", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			e.inbox.answers(open)
			e.says(t, tt.m)
			want := chat.Request{ID: "discord/800000000000000001", By: "discord/" + anaUser, At: "discord/" + hereServer + "/" + hereChannel, Text: tt.text, Open: true}
			if diff := cmp.Diff(want, e.inbox.last(t)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if got := e.board.posts; len(got) != 1 || got[0].Place != want.At || got[0].Thread != tt.hereThread || got[0].Key != "answer/"+want.ID || !got[0].Again {
				t.Errorf("posted %+v", got)
			}
		})
	}
}

// TestMentionByOutsiders: whoever is not let in has no say where they can write.
func TestMentionByOutsiders(t *testing.T) {
	for _, m := range []object{{"pending": true}, {"pending": false, "flags": 16}} {
		e := newEar(t)
		e.says(t, with(wrote(anaUser, named+"hold"), object{"member": m}))
		if got := e.inbox.last(t).By; !got.Guest() {
			t.Errorf("%v asks as %s", m, got)
		}
	}
}

// TestMentionAmongOthers: where the team does not talk among itself, nothing is answered in the open.
func TestMentionAmongOthers(t *testing.T) {
	e := newEar(t)
	e.Team = func(_ context.Context, at workflows.Place) bool { return at == channelPlace(hereServer, hereChannel) }
	e.inbox.answers(func(_ context.Context, r chat.Request) chat.Reply {
		return chat.Reply{Message: &chat.Message{Title: "NO-GO: waits for ben"}, Open: r.Open}
	})
	const general = "772908445358620703"
	e.api.scripted(func(c call) (int, string) {
		if c.path == "/channels/"+general {
			return 200, `{"id":"` + general + `","type":0,"guild_id":"` + hereServer + `"}`
		}
		return 0, ""
	})
	e.says(t, with(wrote(anaUser, named+"status"), object{"channel_id": general}))
	e.says(t, with(wrote(anaUser, named+"status"), object{"channel_id": hereThread, "id": "800000000000000002"}))
	want := []string{"discord/@" + anaUser + " NO-GO: waits for ben", "discord/" + hereServer + "/" + hereChannel + " NO-GO: waits for ben"}
	if got := e.board.said(); !slices.Equal(got, want) {
		t.Errorf("posted %q", got)
	}
}

// TestLine: what is written to the bot in direct messages is a line, and answered there.
func TestLine(t *testing.T) {
	direct := func(user, text string) object {
		m := with(wrote(user, text), object{"channel_id": anaDirect})
		delete(m, "guild_id")
		delete(m, "member")
		return m
	}
	for user, by := range map[string]workflows.Handle{anaUser: "discord/" + anaUser, eveUser: "discord/guest/" + eveUser} {
		e := newEar(t)
		e.says(t, direct(user, map[string]string{anaUser: "todo", eveUser: "@readyroom todo"}[user])) // as hints say it, or without
		want := chat.Request{ID: "discord/800000000000000001", By: by, At: workflows.Direct(by), Text: "todo"}
		if diff := cmp.Diff(want, e.inbox.last(t)); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		if got := e.board.said(); !slices.Equal(got, []string{"discord/@" + user + " did todo"}) {
			t.Errorf("posted %q", got)
		}
		if r, f := e.opened(t.Context(), user); f != nil || r.ID != anaDirect || slices.ContainsFunc(e.api.all(), func(c call) bool { return c.path == "/users/@me/channels" }) {
			t.Errorf("to answer in %s, the direct messages are opened: %v", r.ID, f)
		}
	}
}

// TestNotSaid: what nobody said to the bot asks for nothing.
func TestNotSaid(t *testing.T) {
	e := newEar(t)
	for name, m := range map[string]object{
		"to others":         wrote(anaUser, "shall we ship?"),
		"a reply to it":     with(wrote(anaUser, "thanks!"), object{"type": 19, "mentions": []object{{"id": ourBot}}}),
		"its own":           with(wrote(ourBot, named+"hold"), object{"author": object{"id": ourBot, "bot": true}}),
		"another bot's":     with(wrote(benUser, named+"hold"), object{"author": object{"id": benUser, "bot": true}}),
		"a webhook's":       with(wrote(benUser, named+"hold"), object{"webhook_id": "77"}),
		"Discord's":         with(wrote(benUser, named+"hold"), object{"author": object{"id": benUser, "system": true}}),
		"about somebody":    with(wrote(benUser, named+"hold"), object{"type": 7}),
		"in another server": with(wrote(anaUser, named+"hold"), object{"guild_id": otherServer}),
		"by nobody":         with(wrote(anaUser, named+"hold"), object{"author": nil}),
		"by a path":         with(wrote(anaUser, named+"hold"), object{"author": object{"id": "guest/1"}}),
		"in no channel":     with(wrote(anaUser, named+"hold"), object{"channel_id": ""}),
		"of no id":          with(wrote(anaUser, named+"hold"), object{"id": "x"}),
		"odd":               {"author": 7},
	} {
		t.Run(name, func(t *testing.T) {
			e.says(t, m)
			for _, event := range []string{"MESSAGE_UPDATE", "MESSAGE_DELETE", "TYPING_START", ""} {
				e.happened(t.Context(), event, jsonOf(wrote(anaUser, named+"hold")))
			}
			e.happened(t.Context(), "MESSAGE_CREATE", nil)
			e.settles(t)
			if n := len(e.inbox.all()) + len(e.board.said()); n != 0 {
				t.Errorf("%d requests and answers", n)
			}
		})
	}
}

// TestAgain: a message that comes again asks for nothing, and what a former process may have answered is looked for first.
func TestAgain(t *testing.T) {
	e := newEar(t)
	e.says(t, wrote(anaUser, named+"check"))
	e.says(t, wrote(anaUser, named+"check"))
	if n := len(e.inbox.all()); n != 1 || e.Counts().Repeats != 1 {
		t.Errorf("asked %d times, counted %+v", n, e.Counts())
	}
	if since := e.board.posts[0].Since; !since.Equal(time.UnixMilli(1610805263281)) {
		t.Errorf("looked for since %s", since)
	}
	next := newEar(t) // a new process, and Discord brings the message again
	next.replies.posts = e.board
	next.says(t, wrote(anaUser, named+"check"))
	if got := e.board.said(); len(got) != 1 {
		t.Errorf("answered %q", got)
	}
}

// TestPrivate: what is not for all comes in direct messages. Where those are closed, nothing of it is said in the channel.
func TestPrivate(t *testing.T) {
	for _, closed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			e := newEar(t)
			if closed {
				e.board.no = func(p chat.Post) error {
					if p.Place == "discord/@"+anaUser {
						return &chat.Fault{Verdict: chat.Park, Err: errors.New("50007")}
					}
					return nil
				}
			}
			e.inbox.replies(words("security ✗ unpatched: /release sign security"))
			e.says(t, wrote(anaUser, named+"check"))
			got := e.board.said()
			if !closed && (len(got) != 1 || !strings.HasPrefix(got[0], "discord/@"+anaUser+" security")) {
				t.Errorf("said %q", got)
			}
			if closed && (len(got) != 1 || !strings.HasPrefix(got[0], "discord/"+hereServer+"/"+hereChannel+" I answer this in private") || strings.Contains(got[0], "security")) {
				t.Errorf("closed: said %q", got)
			}
		})
	}
}

// TestLineSlow: whoever wrote is told in private that it takes long, and then gets the answer.
func TestLineSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.inbox.answers(func(_ context.Context, r chat.Request) chat.Reply {
			time.Sleep(time.Minute)
			return chat.Reply{Message: &chat.Message{Title: "GO"}, Open: r.Open}
		})
		e.says(t, wrote(anaUser, named+"check"))
		if got := e.board.said(); len(got) != 2 || !strings.Contains(got[0], "@"+anaUser+" Still saving") || got[1] != "discord/"+hereServer+"/"+hereChannel+" GO" {
			t.Errorf("said %q", got)
		}
	})
}

// TestLineForm: a line opens no form; a button of its answer does.
func TestLineForm(t *testing.T) {
	e := newEar(t)
	e.inbox.replies(chat.Reply{Form: &waiver})
	e.says(t, wrote(anaUser, named+"item waive docs"))
	p := e.board.posts
	if len(p) != 1 || p[0].Place != "discord/@"+anaUser || len(p[0].Message.Buttons) != 1 || p[0].Message.Buttons[0].Line != "item waive docs ~3f2a9c1.4" {
		t.Fatalf("posted %+v", p)
	}
	if g := e.does(t, pressedBy(inDM(anaUser), p[0].Message.Buttons[0].Line)); g.Type != opens {
		t.Errorf("opened %s", g.raw)
	}
}

// TestLineFiles: a file that was asked for in a channel is sent in direct messages.
func TestLineFiles(t *testing.T) {
	e := newEar(t)
	e.inbox.replies(chat.Reply{Message: &chat.Message{Title: "7 entries"}, Files: []chat.File{{Name: "audit.jsonl", Data: []byte("x")}}})
	e.says(t, wrote(anaUser, named+"audit export"))
	all := e.api.all()
	if last := all[len(all)-1]; last.String() != "POST /channels/"+anaDirect+"/messages" || !strings.Contains(last.body, `"parse":[]`) {
		t.Errorf("called %v", all)
	}
}

// TestChannelUnknown: where Discord does not say whose thread it is, nothing is done.
func TestChannelUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.api.scripted(func(c call) (int, string) {
			if strings.HasPrefix(c.path, "/channels/") {
				return 500, `{}`
			}
			return 0, ""
		})
		e.says(t, with(wrote(anaUser, named+"hold"), object{"channel_id": hereThread}))
		if len(e.inbox.all()) > 0 || len(e.board.posts) != 1 || e.board.posts[0].Message.Title != nowhere {
			t.Errorf("asked %v, said %q", e.inbox.all(), e.board.said())
		}
	})
}

// TestHammering: somebody who writes far too fast is told so in private, and keeps nobody else out.
func TestHammering(t *testing.T) {
	e := newEar(t)
	now := time.Now()
	e.Now = func() time.Time { return now }
	for i := range 100 {
		e.says(t, with(wrote(anaUser, named+"check"), object{"id": "80000000000000000" + string(rune('1'+i%9)) + string(rune('0'+i/9%10)) + string(rune('0'+i%10))}))
	}
	e.says(t, wrote(benUser, named+"check"))
	if got := e.inbox.last(t).By; got != "discord/"+benUser || e.Counts().Slowed == 0 {
		t.Errorf("asked by %s, counted %+v", got, e.Counts())
	}
}

// TestClosedEars: people whom no answer reaches, so that each waits for long, keep nobody's command out; nor the lines of
// others, as far as it is in the power of one of them.
func TestClosedEars(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.board.no = func(p chat.Post) error {
			if p.Place == "discord/@"+benUser {
				return nil
			}
			return &chat.Fault{Verdict: chat.Retry, Paced: true, After: time.Minute, Err: errors.New("too many are opened")}
		}
		e.inbox.answers(func(_ context.Context, _ chat.Request) chat.Reply { return words("for you alone") })
		n := 800000000000000100
		writes := func(user string) {
			n++
			e.happened(t.Context(), "MESSAGE_CREATE", jsonOf(with(wrote(user, named+"todo"), object{"id": strconv.Itoa(n)})))
			synctest.Wait()
		}
		for range 200 { // as fast as anybody may
			writes(anaUser)
			time.Sleep(time.Second)
		}
		if n := len(e.inbox.all()); n > listen.Burst {
			t.Errorf("one person takes %d places", n)
		}
		for i := range 2 * listen.InFlight {
			writes(strconv.Itoa(267348773423415296 + i))
		}
		answer := e.take(t.Context(), jsonOf(typedBy(by(benUser), 2, []string{"release", "status"})))
		if strings.Contains(string(answer), listen.TooBusy) {
			t.Errorf("a command is answered with %s", answer)
		}
		e.settles(t)
		before := len(e.inbox.all())
		writes(anaUser) // all of whose lines have ended
		if after := len(e.inbox.all()); after != before+1 {
			t.Errorf("%d requests came of a line", after-before)
		}
		e.settles(t)
	})
}
