package discord

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestPublish: in an announcement channel what does not stay is published; cards, answers and edits are not.
func TestPublish(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	send := func(p chat.Post) chat.MessageID {
		t.Helper()
		id, err := d.Send(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	news := send(chat.Post{Key: "news", Place: inNews, Message: says("1.4 is out", "with notes")})
	card := send(chat.Post{Key: "card", Place: inNews, Stays: true, Message: says("1.4: GO")})
	send(chat.Post{Key: "edit", Place: inNews, Edit: card, Message: says("1.4: out")})
	send(chat.Post{Key: "answer", Place: inNews, Thread: card, Message: says("passed")})
	send(chat.Post{Key: "other", Place: inApp, Message: says("1.4 is out")})
	for _, m := range f.Posted() {
		if m.Published != (messageID(m.Channel, m.ID) == news) {
			t.Errorf("%s is published: %v", m.Content, m.Published)
		}
	}
	if n := len(f.Calls(publishing)); n != 1 {
		t.Errorf("%d calls to publish", n)
	}
}

// TestPublishLater: Discord takes ten an hour. What it wants later comes later: it stands there at once, it is not posted
// again, it is not given up, and nothing else waits for it.
func TestPublishLater(t *testing.T) {
	c := newClock()
	f := acme(t, discordfake.Options{Now: c.Now, Rates: discordfake.Rates{Scale: 1}})
	d := sending(f, c.Now)
	d.pace.scale = 1
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // as the bot gives: without, it would wait for the hour
	defer cancel()
	for i := range 12 {
		p := chat.Post{Key: string(rune('a' + i)), Place: inNews, Since: c.Now(), Message: says("news", "and more")}
		_, err := d.Send(ctx, p)
		c.Pass(10 * time.Second)
		if i < discordfake.PublishRate {
			if err != nil {
				t.Fatalf("%d.: %v", i+1, err)
			}
			continue
		}
		var fault *chat.Fault
		if !errors.As(err, &fault) || fault.Verdict != chat.Unclear || fault.After < 50*time.Minute {
			t.Fatalf("%d.: %v", i+1, err)
		}
		if n := len(f.Messages(newsID)); n != i+1 {
			t.Errorf("%d messages stand there, want %d", n, i+1)
		}
		if _, ok, err := d.Find(ctx, p); ok || err != nil {
			t.Errorf("it is not published, and found: %v, %v", ok, err)
		}
		p.Again = true
		for range 10 { // it comes too early, as when a process begins anew: that is no failure, and holds nothing else
			if _, err := d.Send(ctx, p); !errors.As(err, &fault) || fault.Verdict != chat.Retry || !fault.Paced || !fault.Alone || fault.After < 50*time.Minute {
				t.Fatalf("again: %v", err)
			}
			c.Pass(2 * time.Second)
		}
		if _, err := d.Send(ctx, chat.Post{Key: p.Key + "2", Place: inApp, Message: says("elsewhere")}); err != nil {
			t.Errorf("elsewhere: %v", err)
		}
	}
	c.Pass(time.Hour)
	for _, key := range []string{"k", "l"} {
		p := chat.Post{Key: key, Place: inNews, Since: c.Now().Add(-time.Hour - 5*time.Minute), Again: true, Message: says("news", "and more")}
		id, err := d.Send(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok, err := d.Find(ctx, p); !ok || err != nil || got != id {
			t.Errorf("found %v, %v", ok, err)
		}
	}
	for _, m := range f.Messages(newsID) {
		if !m.Published {
			t.Errorf("%s is not published", m.ID)
		}
	}
	if n := len(f.Messages(newsID)); n != 12 || len(f.Early()) > 0 {
		t.Errorf("%d messages, %d calls too early", n, len(f.Early()))
	}
}

// TestPublishNot: where the bot may not, the post counts as delivered, and that is said; where it is done or pointless,
// nothing is.
func TestPublishNot(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	for i, code := range []int{40033, 50024, 10008, 50068} {
		f.Fail(publishing, discordfake.Error(code))
		if _, err := d.Send(t.Context(), chat.Post{Key: string(rune('a' + i)), Place: inNews, Message: says("news")}); err != nil {
			t.Errorf("%d: %v", code, err)
		}
	}
	if w := d.unpublished.warnings(); len(w) > 0 {
		t.Errorf("it warns of %q", w)
	}
	for i := range 3 {
		f.Fail(publishing, discordfake.Error(50013))
		if _, err := d.Send(t.Context(), chat.Post{Key: string(rune('k' + i)), Place: inNews, Message: says("news")}); err != nil {
			t.Errorf("without the permission: %v", err)
		}
	}
	if w := d.unpublished.warnings(); len(w) != 1 || !strings.Contains(w[0], string(inNews)) || !strings.Contains(w[0], "→") {
		t.Errorf("it warns of %q", w)
	}
	if _, err := d.Send(t.Context(), chat.Post{Key: "z", Place: inNews, Message: says("news")}); err != nil || len(d.unpublished.warnings()) > 0 {
		t.Errorf("when it is mended: %v, %q", err, d.unpublished.warnings())
	}
}
