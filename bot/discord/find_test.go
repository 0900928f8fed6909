package discord

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

// snowflake is an id that Discord would give at a time.
func snowflake(at time.Time) string {
	return fmt.Sprint((at.UnixMilli() - epoch) << 22)
}

// history has the next look at what was said answered with these messages.
func history(f *discordfake.Fake, messages ...map[string]any) {
	text, err := json.Marshal(append([]map[string]any{}, messages...))
	if err != nil {
		panic(err)
	}
	f.Fail(reading, discordfake.Raw(200, string(text)))
}

// said is a message as Discord lists it, with the mark of a key.
func saidBy(user, key string, at time.Time) map[string]any {
	return map[string]any{"id": snowflake(at), "channel_id": appID, "author": map[string]any{"id": user},
		"embeds": []map[string]any{{"description": "hello", "url": embeds.MarkURL(discordfake.Server, appID, key)}}}
}

// TestFindCountsItsOwn: others can copy a mark, and write it elsewhere.
func TestFindCountsItsOwn(t *testing.T) {
	now := time.Now()
	own := func() map[string]any { return saidBy(discordfake.Bot, "k", now) }
	tests := []struct {
		name   string
		change func(map[string]any)
		want   bool
	}{
		{"the bot's", func(map[string]any) {}, true},
		{"somebody's", func(m map[string]any) { m["author"] = map[string]any{"id": anaID} }, false},
		{"nobody's", func(m map[string]any) { delete(m, "author") }, false},
		{"the application's id", func(m map[string]any) { m["author"] = map[string]any{"id": discordfake.App} }, false},
		{"another key", func(m map[string]any) { m["embeds"] = saidBy("", "k2", now)["embeds"] }, false},
		{"in words", func(m map[string]any) {
			m["content"] = embeds.MarkURL(discordfake.Server, appID, "k")
			m["embeds"] = nil
		}, false},
		{"not first", func(m map[string]any) { m["embeds"] = append([]map[string]any{{}}, m["embeds"].([]map[string]any)...) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := acme(t, discordfake.Options{})
			m := own()
			tt.change(m)
			history(f, m)
			id, ok, err := sending(f, time.Now).Find(t.Context(), chat.Post{Key: "k", Place: inApp, Since: now, Message: says("hello")})
			if err != nil || ok != tt.want || ok && id != messageID(appID, snowflake(now)) {
				t.Errorf("found %v as %q, %v", ok, id, err)
			}
		})
	}
}

// TestFindNeedsToKnowItself: as long as nobody knows who the bot is, nothing is its own, and nothing is said to be missing.
func TestFindNeedsToKnowItself(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	d.me.Store(nil)
	if _, ok, err := d.Find(t.Context(), chat.Post{Key: "k", Place: inApp, Message: says("hello")}); ok || chattest.VerdictOf(err) != chat.Retry {
		t.Errorf("found %v, %v", ok, err)
	}
}

// TestFindLooksFarEnough: back to when the post was not sent yet, and no further; in so many pages, or it is said that
// nobody knows.
func TestFindLooksFarEnough(t *testing.T) {
	begun := time.Now()
	page := func(n int, from time.Time) (all []map[string]any) {
		for i := range n {
			all = append(all, saidBy(anaID, "x", from.Add(-time.Duration(i)*time.Second)))
		}
		return all
	}
	p := chat.Post{Key: "k", Place: inApp, Since: begun.Add(-time.Hour), Message: says("hello")}
	t.Run("the second page", func(t *testing.T) {
		f := acme(t, discordfake.Options{})
		d := sending(f, time.Now)
		first := page(pageSize, begun)
		history(f, first...)
		history(f, saidBy(discordfake.Bot, "k", begun.Add(-5*time.Minute)))
		if _, ok, err := d.Find(t.Context(), p); err != nil || !ok {
			t.Errorf("found %v, %v", ok, err)
		}
		want := url.Values{"limit": {"100"}, "before": {first[pageSize-1]["id"].(string)}}.Encode()
		if got := f.Calls(reading)[1].Query.Encode(); got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
	})
	t.Run("old enough", func(t *testing.T) {
		f := acme(t, discordfake.Options{})
		history(f, append(page(pageSize-1, begun), saidBy(anaID, "x", p.Since.Add(-skew-time.Second)))...)
		if _, ok, err := sending(f, time.Now).Find(t.Context(), p); err != nil || ok || len(f.Calls(reading)) != 1 {
			t.Errorf("found %v, %v in %d calls", ok, err, len(f.Calls(reading)))
		}
	})
	t.Run("too many", func(t *testing.T) {
		f := acme(t, discordfake.Options{})
		for i := range mostPages + 1 {
			history(f, page(pageSize, begun.Add(-time.Duration(i)*2*time.Minute))...)
		}
		if _, ok, err := sending(f, time.Now).Find(t.Context(), p); ok || chattest.VerdictOf(err) != chat.Fatal || len(f.Calls(reading)) != mostPages {
			t.Errorf("found %v, %v in %d calls", ok, err, len(f.Calls(reading)))
		}
	})
	t.Run("the same page again", func(t *testing.T) {
		f := acme(t, discordfake.Options{})
		history(f, page(pageSize, begun)...)
		history(f, page(pageSize, begun)...)
		if _, ok, err := sending(f, time.Now).Find(t.Context(), p); ok || chattest.VerdictOf(err) != chat.Unclear {
			t.Errorf("found %v, %v", ok, err)
		}
	})
}

// TestFindBlind: who may not read the history is told that there is none; that must not read as a message that did not
// arrive.
func TestFindBlind(t *testing.T) {
	f := acme(t, discordfake.Options{})
	d := sending(f, time.Now)
	p := chat.Post{Key: "k", Place: inApp, Since: time.Now(), Message: says("hello")}
	if _, ok, err := d.Find(t.Context(), p); ok || err != nil {
		t.Errorf("in an empty channel: %v, %v", ok, err)
	}
	if _, err := d.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	f.SetChannel(appID, func(c *discordfake.Channel) {
		c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.ReadMessageHistory}}
	})
	if _, ok, err := d.Find(t.Context(), p); ok || chattest.VerdictOf(err) != chat.Park || !strings.Contains(err.Error(), "Read Message History") {
		t.Errorf("blind: %v, %v", ok, err)
	}
	p.Key, p.Since = "k2", time.Now().Add(time.Hour)
	if _, ok, err := d.Find(t.Context(), p); ok || err != nil {
		t.Errorf("nothing was said there since: %v, %v", ok, err)
	}
}

// TestFindPartOfAPost: a post in several parts is found when all are there; Send then adds what is missing.
func TestFindPartOfAPost(t *testing.T) {
	m, n := longMessage(t)
	for _, place := range []chat.Post{{Place: inApp}, {Place: toAna}, {Place: inNews}} {
		f := acme(t, discordfake.Options{})
		d := sending(f, time.Now)
		p := chat.Post{Key: "k", Place: place.Place, Since: time.Now(), Message: m}
		f.Fail(posting, discordfake.Ends(discordfake.Ordinary), discordfake.Error(50013))
		if _, err := d.Send(t.Context(), p); chattest.VerdictOf(err) != chat.Unclear {
			t.Errorf("a part of it is there: %v", err)
		}
		if _, ok, err := d.Find(t.Context(), p); ok || err != nil {
			t.Errorf("%s: found %v, %v", p.Place, ok, err)
		}
		p.Again = true
		id, err := d.Send(t.Context(), p)
		if err != nil || len(f.Posted()) != n {
			t.Errorf("%s: %d messages, %v", p.Place, len(f.Posted()), err)
		}
		if got, ok, err := d.Find(t.Context(), p); !ok || err != nil || got != id {
			t.Errorf("%s: found %v as %q, %v", p.Place, ok, got, err)
		}
	}
}
