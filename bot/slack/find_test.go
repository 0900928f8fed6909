package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// history answers the next search with messages made up by a test.
func history(f *slackfake.Fake, method string, messages ...map[string]any) {
	body, err := json.Marshal(map[string]any{"ok": true, "messages": messages, "has_more": false})
	if err != nil {
		panic(err)
	}
	f.Fail(method, slackfake.Raw(200, string(body)))
}

func found(user, bot, event, key string) map[string]any {
	return map[string]any{
		"type": "message", "ts": "1.2", "user": user, "bot_id": bot, "text": "hello",
		"metadata": map[string]any{"event_type": event, "event_payload": map[string]any{"key": key, "other": 7}},
	}
}

// TestFindCountsItsOwn: metadata can be copied by every app and person; only what the bot wrote counts.
func TestFindCountsItsOwn(t *testing.T) {
	tests := []struct {
		name    string
		message map[string]any
		want    bool
	}{
		{"its own", found(slackfake.Bot, slackfake.BotID, eventType, "k"), true},
		{"another app's", found("U0EVIL", "B0EVIL", eventType, "k"), false},
		{"a person's", found("U0ANA", "", eventType, "k"), false},
		{"nobody's", found("", "", eventType, "k"), false},
		{"another event", found(slackfake.Bot, slackfake.BotID, "somebody_else", "k"), false},
		{"another key", found(slackfake.Bot, slackfake.BotID, eventType, "k#2"), false},
		{"no metadata", map[string]any{"ts": "1.2", "user": slackfake.Bot}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := acme(t, slackfake.Options{})
			s := sending(f, time.Now)
			history(f, "conversations.history", tt.message)
			id, ok, err := s.Find(t.Context(), chat.Post{Key: "k", Place: inApp, Message: says("hello")})
			if err != nil || ok != tt.want || ok && id != "C0APP/1.2" {
				t.Errorf("found %q, %v, %v", id, ok, err)
			}
		})
	}
}

// TestFindNeedsToKnowItself: without knowing who the bot is, nothing is said of what stands there.
func TestFindNeedsToKnowItself(t *testing.T) {
	for _, odd := range []slackfake.Fault{slackfake.Raw(200, `{"ok":true}`), slackfake.Raw(200, `{"ok":true,"user_id":"U1"}`), slackfake.Raw(502, ""), slackfake.Error("token_revoked")} {
		f := acme(t, slackfake.Options{})
		s := sending(f, time.Now)
		f.Fail("auth.test", odd)
		if _, ok, err := s.Find(t.Context(), chat.Post{Key: "k", Place: inApp, Message: says("hello")}); ok || err == nil {
			t.Errorf("%s: found %v, without an error", odd.Body, ok)
		}
	}
}

// TestFindLooksFarEnough: a post is looked for as far back as it may be, and where too much was said since, nobody knows.
func TestFindLooksFarEnough(t *testing.T) {
	c := newClock()
	f := acme(t, slackfake.Options{Now: c.Now})
	s := sending(f, c.Now)
	p := chat.Post{Key: "k", Place: inApp, Message: says("hello"), Since: c.Now()}
	want, err := s.Send(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	find := func(p chat.Post) (bool, error) {
		t.Helper()
		id, ok, err := s.Find(t.Context(), p)
		if ok && id != want {
			t.Errorf("found as %s, want %s", id, want)
		}
		return ok, err
	}
	c.Pass(72 * time.Hour)
	if ok, err := find(p); !ok || err != nil {
		t.Errorf("three days later: %v, %v", ok, err)
	}
	p.Since = time.Time{}
	if ok, err := find(p); ok || err != nil {
		t.Errorf("three days later, and nobody knows since when: %v, %v", ok, err)
	}
	p.Since = c.Now().Add(-72 * time.Hour)
	talk(t, f, 450)
	if ok, err := find(p); !ok || err != nil {
		t.Errorf("after 450 messages: %v, %v", ok, err)
	}
	talk(t, f, 600)
	if ok, err := find(p); ok || err == nil {
		t.Errorf("after 1050 messages: %v, %v", ok, err)
	}
	other := p
	other.Key, other.Since = "never sent", c.Now().Add(time.Hour)
	if ok, err := find(other); ok || err != nil {
		t.Errorf("what was never sent: %v, %v", ok, err)
	}
}

// talk is people talking.
func talk(t *testing.T, f *slackfake.Fake, n int) {
	t.Helper()
	for i := range n {
		f.As("U0ANA").Say(appID, "", fmt.Sprint("message ", i))
	}
}

// TestFindPartOfAPost: a post whose rest is missing is not found, so that Send adds the rest.
func TestFindPartOfAPost(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	p := chat.Post{Key: "k", Place: inApp}
	var parts int
	p.Message, parts = longMessage(t)
	f.Fail("chat.postMessage", slackfake.Ends(slackfake.Ordinary), slackfake.Raw(502, ""))
	if _, err := s.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Unclear {
		t.Fatalf("a break between two parts: %v", err)
	}
	if id, ok, err := s.Find(t.Context(), p); ok || err != nil {
		t.Errorf("one part is there: %q, %v, %v", id, ok, err)
	}
	p.Again = true
	id, err := s.Send(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok, err := s.Find(t.Context(), p); !ok || err != nil || got != id {
		t.Errorf("all are there: %q, %v, %v; want %q", got, ok, err, id)
	}
	if n := len(f.Messages(appID)); n != parts {
		t.Errorf("%d messages, want %d", n, parts)
	}
}

// TestFindThreadGone: a thread whose first message was deleted holds no answer of ours that anybody sees.
func TestFindThreadGone(t *testing.T) {
	f := acme(t, slackfake.Options{})
	s := sending(f, time.Now)
	p := chat.Post{Key: "k", Place: inApp, Thread: "C0APP/1.000100", Message: says("an answer")}
	if id, ok, err := s.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %q, %v, %v", id, ok, err)
	}
	var fault *chat.Fault
	if _, err := s.Send(t.Context(), p); !errors.As(err, &fault) || !fault.Gone || fault.Verdict != chat.Fatal {
		t.Errorf("an answer to nothing: %v", err)
	}
}
