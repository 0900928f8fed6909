package desk

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/release"
)

// step lets the bot deliver to a platform what is due at a time.
func (h *house) step(f *chattest.Fake, now time.Time) {
	h.Helper()
	h.now = now
	b := &bot.Bot{Queue: h.store, Reader: h.Desk, Do: h.Do, Senders: map[string]chat.Sender{"chat": f}, Log: slog.New(slog.DiscardHandler)}
	if _, _, err := b.Step(context.Background(), now); err != nil {
		h.Fatal(err)
	}
}

// wakes is when each schedule comes next.
func (h *house) wakes() map[string]string {
	h.Helper()
	out := map[string]string{}
	for _, p := range h.queue() {
		if p.What != wakeSchedule {
			continue
		}
		var s calendar.Schedule
		if err := json.Unmarshal(p.Data, &s); err != nil {
			h.Fatal(err)
		}
		key := strings.TrimSuffix(s.Kind+" "+string(s.Person), " ")
		if out[key] != "" {
			h.Errorf("%s waits twice", key)
		}
		out[key] = p.When.Format("Mon 15:04")
	}
	return out
}

func TestSchedulesAreMadeOnce(t *testing.T) {
	h := newHouse(t)
	want := map[string]string{"digest ana": "Tue 09:00", "digest ben": "Tue 09:00", "digest leo": "Tue 09:00", "digest mia": "Tue 09:00",
		"digest zoe": "Tue 09:00", "readiness": "Mon 09:30"}
	if diff := cmp.Diff(want, h.wakes()); diff != "" {
		t.Error(diff)
	}
	h.now = h.now.Add(10 * time.Minute)
	h.restart()
	if diff := cmp.Diff(want, h.wakes()); diff != "" {
		t.Errorf("after a restart: %s", diff)
	}
}

func TestScheduleFollowsItsConfiguration(t *testing.T) {
	h := newHouse(t)
	h.restart(func(c *Config) {
		c.Digest = spec("10:15")
		p := c.Book.People["mia"]
		p.Zone = "Asia/Tokyo"
		c.Book.People["mia"] = p
		delete(c.Book.People, "leo")
	})
	got := h.wakes()
	if got["digest ana"] != "Mon 10:15" || got["digest mia"] != "Tue 01:15" || got["readiness"] != "Mon 09:30" {
		t.Errorf("%v", got)
	}
	f := &chattest.Fake{}
	h.step(f, monday.Add(48*time.Hour))
	if got := h.wakes(); got["digest leo"] != "" || got["digest ana"] != "Wed 10:15" {
		t.Errorf("who is gone is reminded for ever: %v", got)
	}
}

// direct is what a person was told by direct message.
func direct(f *chattest.Fake, who string) []string {
	var out []string
	for _, s := range f.Shows(workflows.Place("chat/@" + who)) {
		out = append(out, s.Message.Title+"\n"+strings.Join(s.Message.Lines, "\n"))
	}
	return out
}

func TestDigest(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.step(f, monday.Add(24*time.Hour))
	for _, who := range []string{"ana", "ben", "mia", "leo", "zoe"} {
		if got := direct(f, who); len(got) > 0 {
			t.Errorf("nothing waits for %s, who was told %q", who, got)
		}
	}
	due := calendar.Due{Schedule: calendar.Schedule{Kind: calendar.Digest, Person: "ben", Spec: "09:00", Zone: "UTC"}, At: h.now}
	if got := h.must(h.machine("clock", "", due)); len(got.Told) > 0 {
		t.Errorf("nothing waits for ben, who is to be told %v", got.Told)
	}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.step(f, monday.Add(48*time.Hour))
	if got := direct(f, "ben"); len(got) != 1 || !strings.Contains(got[0], "way-back") {
		t.Errorf("ben was told %q", got)
	}
	if got := direct(f, "zoe"); len(got) > 0 {
		t.Errorf("zoe can sign nothing and was told %q", got)
	}
}

// Down over many occurrences: one, late, and then on as before.
func TestOutageIsOneOccurrence(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.now = monday.Add(9*24*time.Hour + 3*time.Hour) // Wednesday of the next week, 12:00
	h.restart()
	h.step(f, h.now)
	h.step(f, h.now.Add(time.Hour))
	if got := direct(f, "ben"); len(got) != 1 {
		t.Errorf("after nine days ben was told %d times", len(got))
	}
	if got := h.wakes(); got["digest ben"] != "Thu 09:00" || got["readiness"] != "Thu 09:30" {
		t.Errorf("next: %v", got)
	}
}

// The channel's reminder comes for what blocks within its lead time, edits yesterday's, and says so when nothing does.
func TestReadiness(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low", Target: monday.Add(7 * 24 * time.Hour)}))
	reminders := func() (out []chattest.Shown) {
		for _, s := range f.Shows("chat/#app") {
			if strings.Contains(s.Message.Title, "target") && s.Thread == "" && !strings.Contains(s.Message.Title, "GO") {
				out = append(out, s)
			}
		}
		return out
	}
	h.step(f, monday.Add(26*time.Hour)) // five working days ahead of a target with leads of three
	if got := reminders(); len(got) > 0 {
		t.Fatalf("reminded too early: %v", got)
	}
	h.step(f, monday.Add(3*24*time.Hour))
	h.step(f, monday.Add(4*24*time.Hour+time.Hour))
	got := reminders()
	if len(got) != 1 || !strings.Contains(strings.Join(got[0].Message.Lines, "\n"), "way-back") {
		t.Fatalf("in the lead time the channel shows %v", got)
	}
	posted := len(f.Shows("chat/#app"))
	h.step(f, monday.Add(7*24*time.Hour+time.Hour))
	if again := reminders(); len(again) != 1 || len(again[0].Keys) < 2 || len(f.Shows("chat/#app")) != posted {
		t.Errorf("yesterday's reminder was not edited: %v", again)
	}
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.step(f, monday.Add(8*24*time.Hour+time.Hour))
	last := reminders()
	if len(last) != 1 || slices.ContainsFunc(last[0].Message.Lines, func(l string) bool { return strings.Contains(l, "way-back") }) {
		t.Errorf("everything is signed, and the channel shows %v", last)
	}
}

// A tick that comes again, late or early records nothing twice.
func TestTick(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.machine("ci", "app@1.0", release.Vouch{Source: release.CI, OK: true, Expires: monday.Add(3 * time.Hour)}))
	lapsed := func() (n int) {
		for _, r := range h.ledger() {
			if r.Kind == "release.lapsed" {
				n++
			}
		}
		return n
	}
	tests := func() workflows.Reason {
		v := release.Check(h.release("app@1.0"), h.cfg.Book, h.now)
		return v.Items[0].Reason
	}
	h.step(f, monday.Add(2*time.Hour))
	if n, why := lapsed(), tests(); n != 0 || why != "" {
		t.Errorf("an hour before: lapsed %d, tests %s", n, why)
	}
	h.step(f, monday.Add(3*time.Hour))
	h.must(h.machine("clock", "app@1.0", release.Tick{}))
	h.step(f, monday.Add(30*time.Hour))
	if n, why := lapsed(), tests(); n != 1 || why != workflows.ItemExpired {
		t.Errorf("after it ran out: lapsed %d times, tests %s", n, why)
	}
}
