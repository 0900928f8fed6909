package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/release"
)

// follows has somebody follow app@search.
func (h *house) follows(who string, want feedback.Want) {
	h.Helper()
	h.must(h.ask(who, "app@search", feedback.Follow{Want: want}))
}

// inPerson is what one account was told by the bot, in order.
func inPerson(f *chattest.Fake, who string) []string {
	var out []string
	for _, s := range f.Shows(workflows.Place("chat/@" + who)) {
		out = append(out, s.Message.Title)
	}
	return out
}

// wereTold holds what each account was told to what it should have been.
func wereTold(t *testing.T, f *chattest.Fake, want map[string][]string) {
	t.Helper()
	for who, lines := range want {
		if diff := cmp.Diff(lines, inPerson(f, who)); diff != "" {
			t.Errorf("%s was told (-want +got):\n%s", who, diff)
		}
	}
}

// Whoever follows is told in person of each thing once: those whom nobody knows as well, and nobody of what they did
// themselves or hear of otherwise. What was taken back they hear of, and of its return.
func TestFollowing(t *testing.T) {
	h, f := preview(t), &chattest.Fake{}
	h.must(h.ask("ben", "app@search", release.ScopeAdd{What: "ABC-12", For: []string{"@mia"}}))
	h.follows("eve", feedback.Ships) // whom nobody knows
	h.follows("zoe", feedback.Preview)
	h.follows("mia", feedback.Preview) // she asked for it besides
	h.follows("ana", feedback.Preview) // who passes the gates
	h.follows("leo", feedback.Ships)
	h.follows("leo", feedback.Off)
	h.pass("app@search")
	h.step(f, h.now)
	const open, out, back = "app search is in tech preview", "app search is out", "app search was taken back for now; we will say when it returns"
	wereTold(t, f, map[string][]string{"eve": nil, "zoe": {open}, "mia": {open}, "ana": nil, "leo": nil})
	h.pass("app@search")
	h.step(f, h.now)
	h.pass("app@search")
	h.step(f, h.now)
	wereTold(t, f, map[string][]string{"eve": {out}, "zoe": {open, out}, "mia": {open, out}, "ana": nil, "leo": nil})
	h.later(time.Minute)
	h.confirmed(h.ask("ben", "app@search", release.RollBack{Why: "errors"}))
	h.step(f, h.now)
	wereTold(t, f, map[string][]string{"eve": {out, back}, "zoe": {open, out, back}, "ana": {back}, "leo": nil})
	h.must(h.ask("ana", "app@search", release.Resume{Note: "mended"}))
	for range 3 { // the votes stand
		h.later(time.Minute)
		a := h.ask("ana", "app@search", release.Advance{})
		if q := h.must(a).Confirm; q != nil {
			h.must(press(a, a.ID+"-press", q.Key))
		}
	}
	h.step(f, h.now)
	wereTold(t, f, map[string][]string{"eve": {out, back, out}, "leo": nil})
	if lines, _, err := findings(h.store); err != nil || len(lines) > 0 {
		t.Errorf("%v %v", lines, err)
	}
}

// Asking again is no second event, and asking for more is one; what is out, or never comes, is said so at once.
func TestFollowingTwice(t *testing.T) {
	h := preview(t)
	h.follows("eve", feedback.Ships)
	h.unchanged("asking again", func() {
		no := h.refuses(h.ask("eve", "app@search", feedback.Follow{Want: feedback.Ships}), workflows.Unchanged)
		if want := []workflows.Choice{{Label: "Never mind", Line: "feedback follow app@search off"}}; !slices.Equal(no.Choices, want) {
			t.Errorf("%v", no.Choices)
		}
		h.refuses(h.ask("joe", "app@search", feedback.Follow{Want: feedback.Off}), workflows.Unchanged)
		h.refuses(h.ask("joe", "app@search", feedback.Follow{Want: "gossip"}), workflows.Invalid)
	})
	h.follows("eve", feedback.Preview)
	h.refuses(h.ask("eve", "app@search", feedback.Follow{Want: feedback.Ships}), workflows.Unchanged)
	a := h.ask("eve", "app@search", feedback.Follow{Want: feedback.Off})
	h.must(a)
	if again := h.must(a); !again.Again {
		t.Errorf("the same request again: %+v", again)
	}
	if got := h.said("app@search").Following(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	h.ships("app@1.0", "dddddddd")
	h.refuses(h.ask("eve", "app@1.0", feedback.Follow{Want: feedback.Ships}), feedback.Out)
	h.refuses(h.ask("eve", "app@1.0", feedback.Follow{Want: feedback.Preview}), feedback.Out)
	h.must(h.ask("ana", "", release.New{ID: "app@2.0", Risk: "low"}))
	h.refuses(h.ask("eve", "app@2.0", feedback.Follow{Want: feedback.Preview}), feedback.NoPreview)
	h.confirmed(h.ask("ana", "app@2.0", release.Set{Cancelled: true, Note: "not now"}))
	h.refuses(h.ask("eve", "app@2.0", feedback.Follow{Want: feedback.Ships}), workflows.Over)
}

// Accounts that turn out to be one person's are told once, and let off together. What is told on a platform
// that is off comes where they are; and a platform that takes an account for a guest today takes nothing from it.
func TestOnePersonIsToldOnce(t *testing.T) {
	h := preview(t)
	on := func(account workflows.Handle, want feedback.Want) workflows.Ask {
		a := h.by(account, feedback.Follow{Want: want})
		a.On.Release = "app@search"
		return a
	}
	h.must(on("other/T9/EVE", feedback.Ships))
	h.must(on("chat/eve", feedback.Ships))
	h.must(on("chat/guest/joe", feedback.Ships))
	h.link("leo", "other/T9/EVE")
	h.link("leo", "chat/eve")
	for range 2 {
		h.pass("app@search")
	}
	h.pass("app@search")
	var to []workflows.Place
	for _, p := range h.queue() {
		if p.What == feedback.ToldFollower {
			to = append(to, p.Place)
		}
	}
	if diff := cmp.Diff([]workflows.Place{"chat/@leo", "chat/@joe"}, to); diff != "" {
		t.Error(diff)
	}
	h.must(on("chat/leo", feedback.Off))
	h.must(on("chat/joe", feedback.Off))
	if got := h.said("app@search").Following(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// A release that never comes: whoever followed is told so, and nobody follows any more.
func TestFollowingWhatNeverComes(t *testing.T) {
	h, f := preview(t), &chattest.Fake{}
	h.follows("eve", feedback.Ships)
	h.confirmed(h.ask("ana", "app@search", release.Set{Cancelled: true, Note: "the SECRET reason"}))
	h.step(f, h.now)
	wereTold(t, f, map[string][]string{"eve": {"app search will not come"}})
	for _, s := range f.Shows("chat/@eve") {
		if strings.Contains(fmt.Sprintf("%+v", s.Message), "SECRET") || len(s.Message.Buttons) > 0 {
			t.Errorf("%+v", s.Message)
		}
	}
	if got := h.said("app@search").Following(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// An account that takes no messages holds up nobody, and the owners are not asked to mend it.
func TestAFollowerWhoIsGone(t *testing.T) {
	for name, gone := range map[string]chattest.Outcome{"gone": chattest.Fatal(), "muted": chattest.Park("cannot_dm")} {
		h, f := preview(t), &chattest.Fake{}
		for _, who := range []string{"eve", "joe", "kim"} {
			h.follows(who, feedback.Ships)
		}
		h.confirmed(h.ask("ana", "app@search", release.Set{Cancelled: true, Note: "not now"}))
		f.ScriptAt("chat/@joe", gone)
		h.step(f, h.now)
		wereTold(t, f, map[string][]string{"eve": {"app search will not come"}, "joe": nil, "kim": {"app search will not come"}, "ana": nil})
		waits := 0
		for _, p := range h.queue() {
			if p.What == feedback.ToldFollower {
				waits++
			}
			if p.What == places.ToldTrouble {
				t.Errorf("%s: %s is told of it", name, p.Place)
			}
		}
		if waits != 1 {
			t.Errorf("%s: %d deliveries wait", name, waits)
		}
	}
}

// A thousand follow: each is told, in one act whose answer names none of them; and no more than that can follow, however
// often they change their minds.
func TestACrowd(t *testing.T) {
	h := preview(t)
	before := len(h.ledger())
	for i := range feedback.MaxFollowers + 5 {
		_, err := h.do(h.ask(fmt.Sprint("eve", i), "app@search", feedback.Follow{Want: feedback.Ships}))
		if no := refusalOf(err); (no == nil) != (i < feedback.MaxFollowers) || no != nil && no.Reason != feedback.Full {
			t.Fatalf("the %d.: %v", i, err)
		}
	}
	for i := range 3 * feedback.MaxTurns {
		_, _ = h.do(h.ask("eve0", "app@search", feedback.Follow{Want: []feedback.Want{feedback.Off, feedback.Ships}[i%2]}))
	}
	if got, most := len(h.ledger())-before, feedback.MaxFollowers+2*feedback.MaxTurns; got > most {
		t.Errorf("%d events, %d are the most", got, most)
	}
	a := h.ask("ana", "app@search", release.Set{Cancelled: true, Note: "not now"})
	begin := time.Now()
	got := h.confirmed(a)
	t.Logf("asked and carried out in %s", time.Since(begin))
	n := 0
	for _, p := range h.queue() {
		if p.What == feedback.ToldFollower {
			n++
		}
	}
	if n != feedback.MaxFollowers-1 { // eve0 said off last
		t.Errorf("%d are told", n)
	}
	if i := slices.IndexFunc(got.Told, func(x workflows.Told) bool { return x.N > 0 }); i < 0 || got.Told[i].In() != "999 who follow it" || len(got.Told) > 5 {
		t.Errorf("%+v", got.Told)
	}
}
