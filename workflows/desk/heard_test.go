package desk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// inRow opens releases of which each waits for the one before it.
func (h *house) inRow(ids ...workflows.ReleaseID) {
	h.Helper()
	var after []string
	for _, id := range ids {
		h.must(h.ask("ana", "", release.New{ID: id, Template: "simple", Risk: "low", After: after}))
		after = []string{string(id)}
	}
}

// heardBy lists who heard of what followed, and what of.
func heardBy(r workflows.Receipt) []string {
	var out []string
	for _, e := range r.Follows {
		if x, ok := e.Event.(release.HeardOf); ok {
			out = append(out, fmt.Sprintf("%s: %s is %s", e.Stream.ID(), x.Of.ID, x.Of.Stands()))
		}
	}
	return out
}

func (h *house) hears(r workflows.Receipt, want ...string) {
	h.Helper()
	if diff := cmp.Diff(want, heardBy(r)); diff != "" {
		h.Errorf("%s: %s", kinds(r.Events), diff)
	}
}

// Whatever becomes of a release is heard by those that wait for it, in the same act, and by nobody beyond.
func TestHeard(t *testing.T) {
	h := newHouse(t)
	h.inRow("shop@1", "app@1", "app@2")
	h.must(h.ask("ana", "", release.New{ID: "app@3", After: []string{"shop@1"}}))
	here := h.ask("ana", "app@1", release.Set{Here: true})
	here.At = "chat/#two"
	h.must(here)
	h.hears(h.must(h.ask("zoe", "shop@1", release.HoldOn{Why: "x"})), "app@1: shop@1 is on hold, before GA", "app@3: shop@1 is on hold, before GA")
	got := h.must(h.ask("ana", "shop@1", release.Resume{}))
	h.hears(got, "app@1: shop@1 is before GA", "app@3: shop@1 is before GA")
	if by := got.Follows[0].By; by.Machine != release.Room || got.Follows[0].Ask != got.Events[0].Ask {
		t.Errorf("by %+v", by)
	}
	h.refuses(h.ready("app@1"), workflows.NotReady)
	h.pass("shop@1")
	if d := h.release("app@1").After[0]; d.Stage != workflows.GA || d.Manager != "ana" {
		t.Errorf("%+v", d)
	}
	h.confirmed(h.ask("ana", "app@1", release.Advance{}))
	h.hears(h.confirmed(h.ask("ana", "shop@1", release.RollBack{Why: "errors"})), "app@1: shop@1 is on hold, before GA", "app@3: shop@1 is on hold, before GA")
	h.hears(h.confirmed(h.ask("ana", "shop@1", release.Set{Cancelled: true, Note: "x"})), "app@1: shop@1 is cancelled", "app@3: shop@1 is cancelled")
	var told []string
	f := &chattest.Fake{}
	h.step(f, h.now)
	for _, p := range f.Got() {
		if p.Place == "chat/#two" && p.Thread != "" {
			told = append(told, p.Message.Title)
		}
	}
	if !slices.Contains(told, "shop 1, which this comes after, is on hold, before GA") {
		t.Errorf("the threads say %v", told)
	}
}

// ready signs all of the next gate and asks to pass it.
func (h *house) ready(id workflows.ReleaseID) workflows.Ask {
	h.Helper()
	g, _ := h.release(id).Next()
	var items []string
	for _, i := range g.Items {
		items = append(items, g.Full(i))
	}
	h.must(h.ask("ana", id, release.Sign{Items: items}))
	return h.ask("ana", id, release.Advance{})
}

// What is closed hears nothing; rolled back, it hears what it missed.
func TestHearsAgain(t *testing.T) {
	h := newHouse(t)
	h.inRow("shop@1", "app@1")
	h.pass("shop@1")
	h.pass("app@1")
	h.pass("app@1")
	h.hears(h.confirmed(h.ask("ana", "shop@1", release.RollBack{Why: "errors"})))
	if d := h.release("app@1").After[0]; d.Stage != workflows.GA {
		t.Errorf("closed, it heard %+v", d)
	}
	h.hears(h.confirmed(h.ask("ana", "app@1", release.RollBack{Why: "errors there"})), "app@1: shop@1 is on hold, before GA")
	h.must(h.ask("ana", "app@1", release.Resume{}))
	no := h.refuses(h.ask("ana", "app@1", release.Advance{}), workflows.NotReady)
	if !strings.Contains(no.Why, "shop 1 is on hold") {
		t.Error(no.Why)
	}
	h.must(h.ask("ana", "shop@1", release.Resume{}))
	h.confirmed(h.ask("ana", "shop@1", release.Advance{}))
	if v := release.Check(h.release("app@1"), h.book0(), h.now); !v.Go {
		t.Errorf("%+v", v.Whole)
	}
}

// A product that the configuration dropped keeps nobody from going on, and its releases hear all the same.
func TestHeardWithoutAProduct(t *testing.T) {
	h := newHouse(t)
	h.inRow("app@1", "shop@1")
	h.restart(func(c *Config) { c.Products = map[workflows.Product]Product{"app": c.Products["app"]} })
	h.hears(h.must(h.ask("ana", "app@1", release.HoldOn{Why: "x"})), "shop@1: app@1 is on hold, before GA")
}

// Selectors are as everywhere; what waits for what goes round in no circle, however long.
func TestOrderIsResolved(t *testing.T) {
	h := newHouse(t)
	h.inRow("shop@1", "app@1", "app@2", "app@3")
	set := func(on workflows.ReleaseID, after ...string) workflows.Ask {
		return h.ask("ana", on, release.Set{After: &after})
	}
	for _, c := range []struct {
		on    workflows.ReleaseID
		after []string
		want  workflows.Reason
	}{
		{"shop@1", []string{"app@3"}, workflows.Cycle}, {"shop@1", []string{"app@1"}, workflows.Cycle}, {"shop@1", []string{"shop"}, workflows.Cycle},
		{"shop@1", []string{"shop@1"}, workflows.Cycle}, {"shop@1", []string{"4"}, workflows.Cycle}, {"shop@1", []string{"app"}, workflows.Ambiguous},
		{"shop@1", []string{"web@1"}, workflows.UnknownRelease}, {"shop@1", []string{"we b"}, workflows.UnknownRelease}, {"app@3", []string{"app@2"}, workflows.Unchanged},
	} {
		if no := h.refuses(set(c.on, c.after...), c.want); len(no.Choices) > 0 || len(no.Next) == 0 {
			t.Errorf("%v: %+v", c.after, no)
		}
	}
	h.refuses(h.ask("ana", "", release.New{ID: "app@9", After: []string{"app@9"}}), workflows.Cycle)
	h.must(set("app@3", "shop", "2"))
	var got []workflows.ReleaseID
	for _, d := range h.release("app@3").After {
		got = append(got, d.ID)
	}
	if diff := cmp.Diff([]workflows.ReleaseID{"shop@1", "app@1"}, got); diff != "" {
		t.Error(diff)
	}
	h.refuses(set("shop@1", "app@3"), workflows.Cycle)
	h.must(set("app@3"))
	h.must(set("app@2"))
	h.must(set("shop@1", "app@3"))
}

// One act tells so many and no more: who comes later cannot wait for the same.
func TestManyWait(t *testing.T) {
	h := newHouse(t)
	h.inRow("shop@1")
	for n := range release.MaxWaited {
		h.must(h.ask("ana", "", release.New{ID: workflows.ReleaseID(fmt.Sprintf("app@1.%d", n)), After: []string{"shop@1"}}))
	}
	h.refuses(h.ask("ana", "", release.New{ID: "app@2", After: []string{"shop@1"}}), workflows.Invalid)
	if got := h.must(h.ask("ana", "shop@1", release.HoldOn{Why: "x"})); len(got.Follows) != release.MaxWaited {
		t.Errorf("%d heard of it", len(got.Follows))
	}
}

// A milestone is asked for in the file that the product names, before the transaction.
func TestScopeFromARoadmap(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Products["app"] = Product{Repository: "repo", Roadmap: "docs/plan.md"}
	})
	h.repo.planned = map[string][]workflows.Planned{"docs/plan.md 1.0": {{Ref: "#1"}, {Ref: "#2", For: []string{"@mia"}}}, " 1.0": {{Ref: "#3"}}}
	h.must(h.ask("ana", "", release.New{ID: "app@1", Template: "simple", Risk: "low"}))
	h.must(h.ask("ana", "", release.New{ID: "shop@1"}))
	h.refuses(h.ask("ben", "app@1", release.ScopeFrom{Milestone: "2.0"}), "unknown_milestone")
	h.refuses(h.ask("zoe", "app@1", release.ScopeFrom{Milestone: "1.0"}), workflows.NotAllowed)
	h.must(h.ask("ben", "app@1", release.ScopeFrom{Milestone: "1.0"}))
	h.must(h.ask("ben", "shop@1", release.ScopeFrom{Milestone: "1.0"}))
	if a, b := h.release("app@1").Scope, h.release("shop@1").Scope; len(a) != 2 || len(b) != 1 || b[0].URL != "#3" {
		t.Errorf("%+v and %+v", a, b)
	}
	f := &chattest.Fake{}
	h.pass("app@1")
	h.step(f, h.now)
	if got := direct(f, "mia"); len(got) != 1 || !strings.Contains(got[0], "app 1 is out") || !strings.Contains(got[0], "#2") || strings.Contains(got[0], "#1") {
		t.Errorf("mia was told %q", got)
	}
}

// A candidate keeps what its commits mention and how much it brings, since the product's last in GA.
func TestCandidateIsMeasured(t *testing.T) {
	h := newHouse(t)
	h.repo.commits[3].Mentions = []string{"#12"}
	h.repo.commits[4].Mentions = []string{"ABC-7"}
	h.must(h.ask("ana", "", release.New{ID: "app@1", Template: "simple", Risk: "low", Ref: "cccccccc"}))
	h.pass("app@1")
	h.must(h.ask("ana", "", release.New{ID: "app@2", Ref: "eeeeeeee"}))
	c := h.release("app@2").Candidate
	if diff := cmp.Diff(release.Size{Commits: 2, Authors: 2, Days: 1}, c.Size); diff != "" || c.Base != "cccccccc" || !slices.Equal(c.Mentions, []string{"#12", "ABC-7"}) {
		t.Errorf("%s %+v", diff, c)
	}
	h.must(h.ask("ana", "app@2", release.SetCandidate{Ref: "dddddddd"}))
	if c = h.release("app@2").Candidate; c.Size.Commits != 1 || !slices.Equal(c.Mentions, []string{"#12"}) {
		t.Errorf("%+v", c)
	}
}
