package desk

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

const (
	skilling = "ga.ready/skilling-up"
	changes  = "ga.ready/changelog"
)

// outByWord brings a feature to GA with a flag at 30 % in the preview; skilling-up and the change log follow from the
// briefing and the notes, the rest is signed by two people.
func outByWord(t *testing.T, risk policy.Risk) *house {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: risk, Why: "small", Ref: "dddddddd"}))
	h.must(h.ask("ana", "app@search", flag.New{Key: "search"}))
	h.passRest()
	h.flagged(flag.Set{Percent: 30})
	h.now = h.now.Add(25 * time.Hour)
	h.passRest()
	h.brief("app@search")
	h.must(h.ask("zoe", "app@search", briefing.Ack{}))
	h.must(h.ask("ana", "app@search", notes.Draft{}))
	h.must(h.ask("ana", "app@search", notes.Approve{}))
	h.passRest()
	return h
}

// passRest signs what does not follow from elsewhere at the next gate, and passes it.
func (h *house) passRest() {
	h.Helper()
	g, _ := h.release("app@search").Next()
	var items []string
	for _, i := range g.Items {
		if full := g.Full(i); full != skilling && full != changes {
			items = append(items, full)
		}
	}
	h.must(h.ask("ana", "app@search", release.Sign{Items: items}))
	h.must(h.ask("mia", "app@search", release.Sign{Items: items}))
	a := h.ask("ana", "app@search", release.Advance{})
	if q := h.must(a).Confirm; q != nil {
		h.must(press(a, a.ID+"-press", q.Key))
	}
}

// reads holds an item of the feature to being signed or open.
func (h *house) reads(when, full string, want release.State) {
	h.Helper()
	if s := h.item("app@search", full); s.State != want || want == release.Open && s.Reason != workflows.ItemUnsigned {
		h.Errorf("%s: %s reads %s %s, want %s", when, full, s.State, s.Reason, want)
	}
}

// resend sends another text of the briefing, which nobody has read.
func (h *house) resend() {
	h.must(h.ask("ana", "app@search", briefing.Draft{Fields: briefing.Fields{Changes: "quite another thing", Help: "look"}}))
	h.confirmed(h.ask("ana", "app@search", briefing.Send{}))
}

func (h *house) rewrite() {
	h.must(h.ask("ana", "app@search", notes.Edit{Text: "words that nobody approved"}))
}

// What a source took back while everyone had the release, or after it was closed, is open once the release is back
// before that gate; it holds again by the source's new word alone.
func TestTakenBackBehindAPassedGate(t *testing.T) {
	for when, shut := range map[string]bool{"in GA": false, "closed": true} {
		t.Run(when, func(t *testing.T) {
			h := outByWord(t, policy.Low)
			h.reads("out", skilling, release.Holds)
			h.reads("out", changes, release.Holds)
			if shut {
				h.passRest()
			}
			h.resend()
			h.rewrite()
			h.confirmed(h.ask("ana", "app@search", release.RollBack{Why: "errors"}))
			h.must(h.ask("ana", "app@search", release.Resume{}))
			if got := h.release("app@search").Stage(); got != workflows.Preview {
				t.Fatalf("it is %s", got)
			}
			h.reads("rolled back", skilling, release.Open)
			h.reads("rolled back", changes, release.Open)
			h.must(h.ask("ben", "app@search", notes.Approve{}))
			h.reads("approved", changes, release.Holds)
			h.refuses(h.ask("zoe", "app@search", briefing.Ack{}), workflows.Changed)
			h.confirmed(h.ask("ana", "app@search", briefing.Send{}))
			h.reads("sent", skilling, release.Open)
			h.must(h.ask("zoe", "app@search", briefing.Ack{}))
			h.reads("read", skilling, release.Holds)
		})
	}
}

// A rollback by itself undoes what was briefed, and nothing that was approved: the text is sent and read anew.
func TestABriefingIsReadAnewAfterARollback(t *testing.T) {
	h := outByWord(t, policy.Low)
	h.confirmed(h.ask("ana", "app@search", release.RollBack{Why: "errors"}))
	h.must(h.ask("ana", "app@search", release.Resume{}))
	h.reads("rolled back", skilling, release.Open)
	h.reads("rolled back", changes, release.Holds)
	h.confirmed(h.ask("ana", "app@search", briefing.Send{}))
	h.reads("sent", skilling, release.Open)
	h.must(h.ask("zoe", "app@search", briefing.Ack{}))
	h.reads("read", skilling, release.Holds)
}

// Back in the preview, the soak begins again, and something comes back when it is over.
func TestASoakAfterARollback(t *testing.T) {
	h := outByWord(t, policy.Normal)
	h.now = h.now.Add(72 * time.Hour) // every earlier soak is long over
	h.confirmed(h.ask("ana", "app@search", release.RollBack{Why: "errors"}))
	r, until := h.release("app@search"), h.now.Add(24*time.Hour)
	if r.Stage() != workflows.Preview || !r.Soaking.Equal(h.now) {
		t.Fatalf("it is %s since %s", r.Stage(), r.Soaking)
	}
	ticks := 0
	for _, p := range h.queue() {
		if p.What == "tick" && p.When.Equal(until) && p.Stream == "release/app@search" {
			ticks++
		}
	}
	if ticks != 1 {
		t.Errorf("%d wake-ups come at %s", ticks, until)
	}
}
