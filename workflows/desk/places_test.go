package desk

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/release"
)

// post is a bot that lasts from one step to the next, over a platform that takes several places at once.
func (h *house) post(f *chattest.Fake) *bot.Bot {
	return &bot.Bot{Queue: h.store, Reader: h.Desk, Do: h.Do, Places: h.Desk, Senders: map[string]chat.Sender{"chat": chattest.Wide{Fake: f, At: 4}},
		Log: slog.New(slog.DiscardHandler)}
}

// until steps from due time to due time, up to a time.
func (h *house) until(b *bot.Bot, end time.Time) {
	h.Helper()
	for !h.now.After(end) {
		next, waiting, err := b.Step(context.Background(), h.now)
		if err != nil {
			h.Fatal(err)
		}
		if !waiting || next.After(end) {
			break
		}
		h.now = next
	}
	h.now = end
}

func (h *house) parked() []places.State {
	h.Helper()
	all, err := h.Parked(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// TestAChannelIsArchived and brought back two hours later: the owner hears of both in person within a minute, once, and
// nothing is lost; what the channel would have been told is told then.
func TestAChannelIsArchived(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	b := h.post(f)
	h.must(h.ask("ben", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.until(b, monday.Add(time.Minute))
	for range 1000 {
		f.ScriptAt("chat/#app", chattest.Park("is_archived"))
	}
	h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "errors"}))
	h.until(b, h.now.Add(time.Minute))
	told := direct(f, "ana")
	if len(told) != 1 || !strings.Contains(told[0], "nothing can be told in chat/#app") || !strings.Contains(told[0], "is_archived") || !strings.Contains(told[0], "of app 1.0 waits") {
		t.Errorf("within a minute the owner heard %q", told)
	}
	if got := h.parked(); len(got) != 1 || got[0].Place != "chat/#app" || got[0].Parked.Why != "is_archived" {
		t.Errorf("parked is %+v", got)
	}
	h.must(h.ask("ben", "app@1.0", release.Resume{Note: "mended"}))
	h.until(b, h.now.Add(2*time.Hour))
	if got := direct(f, "ana"); len(got) != 1 || len(f.Shows("chat/#app")) != 3 || b.Parked() != 1 {
		t.Errorf("the owner heard %q, the channel shows %d", got, len(f.Shows("chat/#app")))
	}

	b = h.post(f) // the process ends, and another goes on
	f.ScriptAt("chat/#app")
	h.until(b, h.now.Add(time.Minute))
	h.until(b, h.now.Add(time.Hour))
	if got := direct(f, "ana"); len(got) != 2 || !strings.Contains(got[1], "something can be told again in chat/#app") {
		t.Errorf("the owner heard %q", got)
	}
	var threads, holds int
	for _, s := range f.Shows("chat/#app") {
		if s.Thread != "" {
			threads++
		}
		if strings.Contains(s.Message.Title, "app 1.0 is on hold") {
			holds++
		}
	}
	if threads != 5 || holds != 1 || len(h.parked()) != 0 || b.Parked() != 0 {
		t.Errorf("the channel shows %+v; parked %+v", f.Shows("chat/#app"), h.parked())
	}
	for _, who := range []string{"ben", "mia", "zoe"} {
		if got := direct(f, who); len(got) != 0 {
			t.Errorf("%s is told of what is the owners': %q", who, got)
		}
	}
	h.verified()
	h.whole()
}

// TestWhatCannotBeToldIsTheOwners: something that waits for a human is told to the owners with its id; that they cannot
// be told themselves makes no more of it.
func TestWhatCannotBeToldIsTheOwners(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	b := h.post(f)
	h.must(h.ask("ben", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.until(b, monday.Add(time.Minute))
	f.ScriptAt("chat/#app", chattest.Arrives(), chattest.Arrives(), chattest.Fatal()) // the card, the step, and the news
	h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "errors"}))
	h.until(b, h.now.Add(time.Minute))
	dead, err := h.store.Waiting(context.Background())
	if err != nil || len(dead) != 1 {
		t.Fatalf("waiting %+v, %v", dead, err)
	}
	told := direct(f, "ana")
	if len(told) != 1 || !strings.Contains(told[0], "a hold of app 1.0 could not be told in chat/#app") || !strings.Contains(told[0], "readyroom undelivered "+dead[0].ID) {
		t.Errorf("the owner heard %q", told)
	}
	h.verified()
}

// TestWhoCannotBeTold of trouble makes no more of it: it is in the list of what waits, and nowhere else.
func TestWhoCannotBeTold(t *testing.T) {
	for name, fault := range map[string]chattest.Outcome{"fatal": chattest.Fatal(), "parked": chattest.Park("account_inactive")} {
		h, f := newHouse(t), &chattest.Fake{}
		b := h.post(f)
		for range 100 {
			f.ScriptAt("chat/@ana", fault)
		}
		f.ScriptAt("chat/#app", chattest.Park("is_archived"))
		h.must(h.ask("ben", "", release.New{ID: "app@1.0", Risk: "low"}))
		h.until(b, monday.Add(5*time.Hour))
		streams := map[workflows.Stream]int{}
		for _, r := range h.ledger() {
			if r.Stream.Room() == places.Room {
				streams[r.Stream]++
			}
		}
		if app := places.StreamOf(places.Mend{Place: "chat/#app"}); streams[app] != 2 || len(streams) != 1 {
			t.Errorf("%s: on record are %v", name, streams)
		}
	}
}

// TestTroubleWithoutOwners: without owners it is on record, and nobody is told.
func TestTroubleWithoutOwners(t *testing.T) {
	h := newHouse(t, func(c *Config) { b := *c.Book; b.Owners = nil; c.Book = &b })
	got := h.must(h.machine("delivery", "", places.Trouble{Place: "chat/#app", Fate: places.Parked, What: "card", Delivery: "x-1", Why: "is_archived"}))
	if len(got.Events) != 1 || len(got.Told) != 0 || len(h.parked()) != 1 {
		t.Errorf("%+v, told %v", got.Events, got.Told)
	}
	a := h.ask("ana", "", places.Mend{Place: "chat/#app"})
	h.refuses(a, workflows.NotAllowed)
}
