package slack

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

const (
	inApp  = workflows.Place("slack/T0ACME/C0APP")
	inOps  = workflows.Place("slack/T0ACME/C0OPS")
	toAna  = workflows.Place("slack/@T0ACME/U0ANA")
	appID  = "C0APP"
	opsID  = "C0OPS"
	secret = "xoxb-fake-0bot-Zm9yLXRlc3Rz"
)

func newClock() *wire.Clock { return wire.NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) }

// acme is a workspace with two channels and a person.
func acme(t testing.TB, o slackfake.Options) *slackfake.Fake {
	t.Helper()
	f := slackfake.New(t, o)
	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
	f.AddChannel(slackfake.Channel{ID: appID, Name: "app", BotIsMember: true, Members: []string{"U0ANA"}})
	f.AddChannel(slackfake.Channel{ID: opsID, Name: "ops", BotIsMember: true, Members: []string{"U0ANA"}})
	return f
}

// sending is the platform on that workspace, at a pace that no test waits for.
func sending(f *slackfake.Fake, now func() time.Time) *Slack {
	s := New(Options{
		Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: f.URL(), Now: now, Log: slog.New(slog.DiscardHandler),
	})
	many := allowance{rate: 1000, burst: 1000}
	s.pace.rates = rates{channel: many, posts: many, calls: many}
	return s
}

func says(title string, lines ...string) chat.Message {
	return chat.Message{Title: title, Lines: lines}
}

// longMessage is one that takes several of Slack's.
func longMessage(t testing.TB) (m chat.Message, parts int) {
	t.Helper()
	m = says("A long list")
	for i := range 24 {
		m.Lines = append(m.Lines, fmt.Sprintf("%d %s", i, strings.Repeat("and one more word ", 14)))
	}
	if parts = len(blocks.Pages(m)); parts < 2 {
		t.Fatalf("a message of %d lines is drawn on %d pages: the test needs several", len(m.Lines), parts)
	}
	return m, parts
}

func TestSenderContract(t *testing.T) {
	for name, at := range map[string][2]workflows.Place{"channels": {inApp, inOps}, "direct messages": {toAna, inOps}} {
		t.Run(name, func(t *testing.T) {
			chattest.Sender(t, at[0], at[1], func(t *testing.T) chattest.Platform {
				return sending(acme(t, slackfake.Options{}), time.Now)
			})
		})
	}
}

func TestSendPosts(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	id, err := s.Send(t.Context(), chat.Post{Key: "k1", Place: inApp, Message: says("app@1.4 is *ready* <!channel>", "@here see #ops")})
	if err != nil {
		t.Fatal(err)
	}
	got := f.Messages(appID)
	if len(got) != 1 || messageID(appID, got[0].TS) != id {
		t.Fatalf("%d messages stand there; the id is %s", len(got), id)
	}
	if want := `{"event_type":"readyroom_post","event_payload":{"key":"k1"}}`; string(got[0].Metadata) != want {
		t.Errorf("metadata %s, want %s: all in the workspace can read it", got[0].Metadata, want)
	}
	if got[0].Text == "" || got[0].Blocks == nil {
		t.Error("text and blocks must both be there")
	}
	args := f.Calls("chat.postMessage")[0].Args
	for k, want := range map[string]string{"unfurl_links": "false", "unfurl_media": "false", "link_names": "false", "parse": "none"} {
		if args[k] != want {
			t.Errorf("%s is %q, want %q", k, args[k], want)
		}
	}
}

func TestSendEdits(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	card := chat.Post{Key: "k1", Place: inApp, Stays: true, Message: says("NO-GO")}
	id, err := s.Send(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	before := f.Messages(appID)[0]
	long := says("GO", strings.Repeat("é&<", 3000))
	if _, err := s.Send(t.Context(), chat.Post{Key: "k2", Place: inApp, Edit: id, Stays: true, Message: long}); err != nil {
		t.Fatal(err)
	}
	after := f.Messages(appID)
	if len(after) != 1 || after[0].Edits != 1 || after[0].Blocks == nil || string(after[0].Blocks) == string(before.Blocks) {
		t.Errorf("after the edit: %+v", after)
	}
	if string(after[0].Metadata) != string(before.Metadata) {
		t.Errorf("the edit made %s of the metadata", after[0].Metadata)
	}
	if got, ok, err := s.Find(t.Context(), card); err != nil || !ok || got != id {
		t.Errorf("after the edit the post is found as %q, %v, %v", got, ok, err)
	}
}

// What does not fit into an edited message goes on in its thread, once, also where an answer is lost.
func TestSendEditGoesOn(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	id, err := s.Send(t.Context(), chat.Post{Key: "k1", Place: inApp, Message: says("notes", "one")})
	if err != nil {
		t.Fatal(err)
	}
	m, parts := longMessage(t)
	p := chat.Post{Key: "k2", Place: inApp, Edit: id, Message: m}
	f.Fail("chat.postMessage", slackfake.Stored(slackfake.Ends(slackfake.Reset)))
	if _, err := s.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Unclear {
		t.Fatal(err)
	}
	p.Again = true
	for range 2 {
		if got, err := s.Send(t.Context(), p); err != nil || got != id {
			t.Fatal(got, err)
		}
	}
	if got := f.Messages(appID); len(got) != parts || got[0].Edits != 3 {
		t.Errorf("%d messages, not %d", len(got), parts)
	}
}

func TestSendGoesOnInTheThread(t *testing.T) {
	m, parts := longMessage(t)
	for _, threaded := range []bool{false, true} {
		t.Run(fmt.Sprint("threaded ", threaded), func(t *testing.T) {
			f := acme(t, slackfake.Options{})
			s := sending(f, time.Now)
			p := chat.Post{Key: "k", Place: inApp, Message: m}
			var root string
			if threaded {
				card, err := s.Send(t.Context(), chat.Post{Key: "card", Place: inApp, Message: says("card")})
				if err != nil {
					t.Fatal(err)
				}
				_, root, _ = channelAndTS(card)
				p.Thread = card
			}
			id, err := s.Send(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			_, first, _ := channelAndTS(id)
			all := f.Messages(appID)
			if threaded {
				all = f.Thread(appID, root)
			}
			if len(all) != parts || all[0].TS != first || all[0].ThreadTS != root {
				t.Fatalf("%d parts, the first %s in thread %q; want %d, %s, %q", len(all), all[0].TS, all[0].ThreadTS, parts, first, root)
			}
			for i, part := range all {
				var meta struct {
					Payload struct{ Key string } `json:"event_payload"`
				}
				if err := json.Unmarshal(part.Metadata, &meta); err != nil || meta.Payload.Key != partKey("k", i) {
					t.Errorf("part %d has the metadata %s", i, part.Metadata)
				}
				if i > 0 && !threaded && part.ThreadTS != first {
					t.Errorf("part %d is in thread %q, want %q", i, part.ThreadTS, first)
				}
			}
			p.Stays = true
			p.Key = "card 2"
			if _, err := s.Send(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if got := len(f.Messages(appID)) - len(all); got > 2 {
				t.Errorf("what stays took several messages")
			}
		})
	}
}

func TestSendDirect(t *testing.T) {
	f := acme(t, slackfake.Options{})
	f.AddUser(slackfake.User{ID: "U0GONE", Name: "gone", Deleted: true})
	s := sending(f, time.Now)
	for i := range 3 {
		if _, err := s.Send(t.Context(), chat.Post{Key: fmt.Sprint(i), Place: toAna, Message: says("for you")}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.Calls("conversations.open")); n != 1 {
		t.Errorf("the direct messages were opened %d times", n)
	}
	if n := len(f.Messages(f.DM("U0ANA"))); n != 3 {
		t.Errorf("%d messages arrived", n)
	}
	_, err := s.Send(t.Context(), chat.Post{Key: "x", Place: "slack/@T0ACME/U0GONE", Message: says("for you")})
	if chattest.VerdictOf(err) != chat.Park {
		t.Errorf("an account that is switched off: %v", err)
	}
	f.AddUser(slackfake.User{ID: "U0BEA", Name: "bea"})
	f.Fail("conversations.open", slackfake.Raw(502, ""), slackfake.Raw(200, `{"ok":true}`))
	for range 2 {
		_, err := s.Send(t.Context(), chat.Post{Key: "y", Place: "slack/@T0ACME/U0BEA", Message: says("for you")})
		if chattest.VerdictOf(err) != chat.Retry {
			t.Errorf("nothing was posted yet, so it is safe to try again: %v", err)
		}
	}
}

// TestSendRefuses: what is not in order calls nobody.
func TestSendRefuses(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	s.me.Store(&identity{team: slackfake.Team, enterprise: "E0ACME", user: slackfake.Bot, bot: slackfake.BotID})
	s.Teams = []string{"T0SISTER"}
	ok := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
	tests := map[string]func(*chat.Post){
		"empty":             func(p *chat.Post) { p.Message = chat.Message{} },
		"no key":            func(p *chat.Post) { p.Key = "" },
		"no place":          func(p *chat.Post) { p.Place = "" },
		"another platform":  func(p *chat.Post) { p.Place = "console/#app" },
		"no channel":        func(p *chat.Post) { p.Place = "slack/T0ACME/" },
		"no team":           func(p *chat.Post) { p.Place = "slack/C0APP" },
		"another team":      func(p *chat.Post) { p.Place = "slack/T0OTHER/C0APP" },
		"a sister's":        func(p *chat.Post) { p.Place = "slack/T0SISTER/C0APP" },
		"a stranger":        func(p *chat.Post) { p.Place = "slack/@T0OTHER/U0ANA" },
		"edit elsewhere":    func(p *chat.Post) { p.Edit = "C0OPS/1.2" },
		"edit of nothing":   func(p *chat.Post) { p.Edit = "C0APP" },
		"thread elsewhere":  func(p *chat.Post) { p.Thread = "C0OPS/1.2" },
		"thread of nothing": func(p *chat.Post) { p.Thread = "/1.2" },
	}
	for name, spoil := range tests {
		p := ok
		spoil(&p)
		if _, err := s.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Fatal {
			t.Errorf("%s: %v, want a fatal fault", name, err)
		}
	}
	for _, p := range []workflows.Place{toAna, "slack/@E0ACME/T0FAR/U0ANA", "slack/@T0SISTER/U0ANA", "slack/@E0ACME/T0ACME/U0ANA"} {
		if !s.reaches(p) {
			t.Errorf("%s is out of reach", p)
		}
	}
	if n := len(f.Calls("")); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}
