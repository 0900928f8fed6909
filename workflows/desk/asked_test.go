package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// signedThrough opens a release at low risk and signs both of its gates, so that one advance too many would close it.
func (h *house) signedThrough(id workflows.ReleaseID) {
	h.Helper()
	h.must(h.ask("ana", "", release.New{ID: id, Risk: "low"}))
	h.must(h.ask("ana", id, release.Sign{Items: []string{"tests", "changelog", "way-back", "announced", "healthy"}}))
}

// Two people are asked whether to open GA and both press: the second press does not close the release.
func TestTheSecondOfTwoConfirmedPresses(t *testing.T) {
	h := newHouse(t)
	h.signedThrough("app@1.0")
	ana, ben := h.ask("ana", "app@1.0", release.Advance{}), h.ask("ben", "app@1.0", release.Advance{})
	toAna, toBen := h.must(ana).Confirm, h.must(ben).Confirm
	h.must(press(ana, "ana-presses", toAna.Key))
	h.refuses(press(ben, "ben-presses", toBen.Key), workflows.Changed)
	if got := h.release("app@1.0").Stage(); got != workflows.GA {
		t.Errorf("it is %s", got)
	}
	h.must(h.ask("ben", "app@1.0", release.Advance{})) // typed, it means what it says
	if got := h.release("app@1.0").Stage(); got != workflows.Closed {
		t.Errorf("it is %s", got)
	}
}

// A line that named no release was asked about the one bound to the channel. Another is bound there by the time of the
// press: nothing happens to that one, whether its next gate would have asked too or not.
func TestAPressAfterTheChannelWasRebound(t *testing.T) {
	for name, c := range map[string]struct {
		between func(*house)
		want    workflows.Reason // empty: asked anew, about the other
		stage   workflows.Stage  // of the other, still
	}{
		"the other would open GA": {func(*house) {}, "", workflows.Before},
		"the other would close":   {func(h *house) { h.confirmed(h.ask("ben", "app@1.1", release.Advance{})) }, workflows.Changed, workflows.GA},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.signedThrough("app@1.0")
			a := h.ask("ana", "", release.Advance{})
			q := h.must(a).Confirm
			h.confirmed(h.ask("ben", "app@1.0", release.Advance{}))
			h.must(h.ask("ben", "app@1.0", release.Advance{}))
			h.signedThrough("app@1.1")
			c.between(h)
			if a = press(a, "ana-presses", q.Key); c.want != "" {
				h.refuses(a, c.want)
			} else if got := h.must(a); got.Confirm == nil || got.Confirm.Key == q.Key || got.Confirm.Stream != "release/app@1.1" {
				t.Errorf("asked %+v", got.Confirm)
			}
			if got := h.release("app@1.1").Stage(); got != c.stage {
				t.Errorf("the other is %s", got)
			}
		})
	}
}

// The button that passes a gate was drawn at another commit, or another build of the same: it answers that, though the
// gate would hold for what is the candidate now.
func TestAdvancePressedAtAnotherCandidate(t *testing.T) {
	for name, move := range map[string]release.SetCandidate{
		"commit": {Ref: "dddddddd"}, // with the same content under the release's paths
		"build":  {Ref: "bbbbbbbb", Builds: map[string]string{"app": "sha256:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.must(h.ask("ana", "", release.New{ID: "app@inv", Template: "feature", Risk: "low", Why: "small", Paths: []string{"api/**"}, Ref: "bbbbbbbb"}))
			all := release.Sign{Items: []string{"performance-metrics", "utilization-metrics", "audit-logs", "security-assessment", "production-deployment", "preliminary-docs"}}
			h.must(h.ask("ana", "app@inv", all))
			a := h.ask("ana", "app@inv", release.Advance{})
			a.Basis = h.release("app@inv").AdvanceBasis()
			h.must(h.ask("ben", "app@inv", move))
			if name == "build" {
				h.must(h.ask("ben", "app@inv", release.Sign{Items: []string{"production-deployment"}}))
			}
			h.refuses(a, workflows.Changed)
			a = h.ask("ana", "app@inv", release.Advance{})
			a.Basis = h.release("app@inv").AdvanceBasis()
			if got := h.must(a); len(kinds(got.Events)) != 1 || h.release("app@inv").Stage() != workflows.Preview {
				t.Errorf("drawn anew it passes %v", kinds(got.Events))
			}
		})
	}
}

// Another build of the same commit was not what anybody vouched for: a button drawn before says so, and whoever
// approved the notes may do so again, once.
func TestAnotherBuildOfTheSameCommit(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "normal"}))
	h.must(h.ask("ana", "app@1.0", notes.Draft{}))
	h.must(h.ask("mia", "app@1.0", notes.Approve{}))
	sign := func(who string) workflows.Ask { return h.ask(who, "app@1.0", release.Sign{Items: []string{"tests"}}) }
	drawn := h.release("app@1.0").BasisOf("ga.ready/tests")
	h.must(h.ask("ben", "app@1.0", release.SetCandidate{Ref: "HEAD", Builds: map[string]string{"a": "x"}}))
	a := sign("mia")
	a.Basis = drawn
	h.refuses(a, workflows.Changed)
	if s := h.item("app@1.0", "ga.ready/changelog"); s.Reason != workflows.ItemStale {
		t.Errorf("changelog %s %s", s.State, s.Reason)
	}
	got := h.must(h.ask("mia", "app@1.0", notes.Approve{}))
	if diff := cmp.Diff([]string{"release.signed"}, kinds(got.Follows)); diff != "" {
		t.Error(diff)
	}
	if s := h.item("app@1.0", "ga.ready/changelog"); s.State != release.Holds {
		t.Errorf("approved again: changelog %s %s", s.State, s.Reason)
	}
	h.refuses(h.ask("mia", "app@1.0", notes.Approve{}), workflows.Unchanged)
	a = sign("mia")
	a.Basis = h.release("app@1.0").BasisOf("ga.ready/tests")
	h.must(a)
}

// Taking a kill back opens a flag: only somebody who might open it may.
func TestUndoOfAKillNeedsTheRole(t *testing.T) {
	for name, lost := range map[string]bool{"role lost": true, "role kept": false} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.ships("app@1.0", "aaaaaaaa")
			h.must(h.ask("ana", "app@1.0", flag.New{Key: "search"}))
			mia := func(wish workflows.Intent) workflows.Ask {
				a := h.ask("mia", "", wish)
				a.On.Flag = "search"
				return a
			}
			h.must(mia(flag.Set{Percent: 50}))
			undo := h.must(mia(flag.Kill{Note: "errors"})).Undo
			if undo == nil {
				t.Fatal("a kill cannot be taken back")
			}
			if lost {
				h.restart(func(c *Config) { c.Book.Roles = everyRole("ana", "ben", "leo") }) // mia is still of an audience
			}
			a := mia(flag.Set{Percent: 50, Env: "production"})
			a.Line, a.Press = undo.Line, undo.Key
			want := false
			if lost {
				h.refuses(a, workflows.NotAllowed)
			} else {
				want = len(h.must(a).Events) == 1
			}
			if f, err := h.Flag(t.Context(), "search"); err != nil || (f.Killed == nil) != want || want == lost {
				t.Errorf("flag %s, %v", f.Stands(), err)
			}
		})
	}
}

// A form is submitted after somebody else wrote the text: what they wrote stays.
func TestAFormOfATextThatChanged(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	fields := func(s string) briefing.Draft { return briefing.Draft{Fields: briefing.Fields{Changes: s, Help: s}} }
	write := func(who string, wish workflows.Intent, revision uint64) workflows.Ask {
		a := h.ask(who, "app@1.0", wish)
		a.Basis = workflows.Basis{Revision: revision, Said: true}
		return a
	}
	h.must(write("ben", notes.Edit{Text: "ben's"}, 0))
	h.refuses(write("ana", notes.Edit{Text: "ana's"}, 0), workflows.Changed)
	h.must(write("ben", fields("ben's"), 0))
	h.refuses(write("ana", fields("ana's"), 0), workflows.Changed)
	n, err := h.Notes(t.Context(), "app@1.0")
	b, err2 := h.Briefing(t.Context(), "app@1.0")
	if err != nil || err2 != nil || n.Text != "ben's" || b.Draft.Fields.Changes != "ben's" {
		t.Errorf("notes %q, briefing %q", n.Text, b.Draft.Fields.Changes)
	}
	h.must(write("ana", notes.Edit{Text: "ana's"}, n.Revision))
	h.must(write("ana", fields("ana's"), b.Draft.Revision))
}

// The same button twice is one vote; what says more is another.
func TestTheSameButtonTwice(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	sign := func(s release.Sign) workflows.Ask {
		a := h.ask("ben", "app@1.0", s)
		a.Basis = h.release("app@1.0").BasisOf("ga.ready/tests")
		return a
	}
	h.must(sign(release.Sign{Items: []string{"tests"}}))
	h.refuses(sign(release.Sign{Items: []string{"tests"}}), workflows.Unchanged)
	if r := h.release("app@1.0"); len(r.Votes) != 1 || r.Tally.Votes != 1 {
		t.Errorf("%d votes stand, %d were cast", len(r.Votes), r.Tally.Votes)
	}
	h.must(sign(release.Sign{Items: []string{"tests"}, Note: "all of them"}))
	if r := h.release("app@1.0"); len(r.Votes) != 1 || r.Votes[0].Note != "all of them" || r.Tally.Votes != 2 {
		t.Errorf("%d votes stand, %d were cast", len(r.Votes), r.Tally.Votes)
	}
}

// Where only the public is told anything, nobody can be briefed: that people know is signed by hand at any risk.
func TestSkillingUpWithoutAnAudience(t *testing.T) {
	public := policy.Audience{Name: "news", Place: "chat/#news", Public: true, People: []workflows.PersonID{"zoe"}}
	for name, c := range map[string]struct {
		audiences []policy.Audience
		want      workflows.Reason
	}{
		"public alone":            {[]policy.Audience{public}, ""},
		"public, and one of none": {[]policy.Audience{public, {Name: "support"}}, ""},
		"support":                 {[]policy.Audience{public, {Name: "support", People: []workflows.PersonID{"zoe"}}}, workflows.NotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, func(cfg *Config) { cfg.Book.Audiences = c.audiences })
			h.must(h.ask("ana", "", release.New{ID: "app@inv", Template: "feature", Risk: "normal"}))
			a := h.ask("mia", "app@inv", release.Sign{Items: []string{"skilling-up"}})
			if c.want != "" {
				h.refuses(a, c.want)
				return
			}
			h.must(a)
			if s := h.item("app@inv", "ga.ready/skilling-up"); s.State != release.Holds || !s.Votes[0].ByHand {
				t.Errorf("%s %s %+v", s.State, s.Reason, s.Votes)
			}
		})
	}
}
