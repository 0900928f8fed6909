package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// onlyHeld is a wish that makes sense for held releases alone.
type onlyHeld struct{ release.Resume }

func (onlyHeld) Fits(r release.Row) bool { return r.Held }

func TestSelectors(t *testing.T) {
	h := newHouse(t)
	for _, id := range []workflows.ReleaseID{"app@1.0", "app@1.1", "app@search", "shop@2"} {
		a := h.ask("ana", "", release.New{ID: id, Risk: "low"})
		a.At = workflows.Place("chat/#" + id.Version())
		h.must(a)
	}
	h.must(h.ask("ana", "app@search", release.HoldOn{Why: "errors"}))
	cancel := h.ask("ana", "app@1.1", release.Set{Cancelled: true, Note: "no"})
	h.confirmed(cancel)
	for _, c := range []struct {
		typed string
		at    workflows.Place
		want  workflows.ReleaseID
		why   workflows.Reason
		more  []string // choices, or lines to type
	}{
		{typed: "app@1.0", want: "app@1.0"},
		{typed: "3", want: "app@search"},
		{typed: "shop", want: "shop@2"},
		{typed: "app@1", want: "app@1.0"}, // the only open one
		{typed: "app@s", want: "app@search"},
		{typed: "app@1.1", want: "app@1.1"}, // in full, though it is over
		{typed: "app", why: workflows.Ambiguous, more: []string{"app@1.0", "app@search"}},
		{typed: "", at: "chat/#1.0", want: "app@1.0"},
		{typed: "shop", at: "chat/#1.0", want: "shop@2"}, // what is typed counts
		{typed: "", at: "chat/#1.1", why: workflows.WhichRelease, more: []string{"app@1.0", "app@search", "shop@2"}}, // it let its channel go
		{typed: "", at: "chat/@ana", why: workflows.WhichRelease, more: []string{"app@1.0", "app@search", "shop@2"}},
		{typed: "5", why: workflows.UnknownRelease},
		{typed: "ap@1.0", why: workflows.UnknownRelease, more: []string{"/release status app@1.0"}},
		{typed: "zzz", why: workflows.UnknownRelease, more: []string{"/release list"}},
		{typed: "é", why: workflows.UnknownRelease, more: []string{"/release list"}},
		{typed: "app@1.0/x", why: workflows.UnknownRelease},
	} {
		t.Run(fmt.Sprintf("%s in %s", c.typed, c.at), func(t *testing.T) {
			got, err := h.Release(context.Background(), workflows.Selectors{Release: c.typed}, c.at)
			no := refusalOf(err)
			switch {
			case c.why == "":
				if err != nil || got.ID != c.want {
					t.Fatalf("%s, %v; want %s", got.ID, err, c.want)
				}
				return
			case no == nil || no.Reason != c.why:
				t.Fatalf("%s, %v; want %s", got.ID, err, c.why)
			}
			said := slices.Clone(no.Next)
			for _, x := range no.Choices {
				said = append(said, x.Label)
			}
			for _, want := range c.more {
				if !slices.Contains(said, want) {
					t.Errorf("says %v, not %s", said, want)
				}
			}
			if c.why == workflows.WhichRelease && len(no.Choices) != len(c.more) {
				t.Errorf("choices %v", no.Choices)
			}
		})
	}
	// A selector that is left out looks among those that the wish makes sense for.
	a := h.ask("ana", "", onlyHeld{})
	a.At = "chat/#nowhere"
	if got := h.must(a); got.Stream != "release/app@search" {
		t.Errorf("resumed %s", got.Stream)
	}
	a = h.ask("ana", "", onlyHeld{})
	a.At = "chat/#nowhere"
	h.refuses(a, workflows.NoRelease)
}

func TestNothingOpen(t *testing.T) {
	h := newHouse(t)
	_, err := h.Release(context.Background(), workflows.Selectors{}, "chat/#app")
	if no := refusalOf(err); no == nil || no.Reason != workflows.NoRelease || !slices.Contains(no.Next, "/release new PRODUCT@VERSION") {
		t.Error(err)
	}
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	got, err := h.Release(context.Background(), workflows.Selectors{}, "chat/#elsewhere")
	if err != nil || got.ID != "app@1.0" {
		t.Errorf("the only open one: %s, %v", got.ID, err)
	}
}

func TestNewNames(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	for id, want := range map[workflows.ReleaseID]workflows.Reason{
		"app@1.0":                                workflows.Exists,
		"app@l.O":                                workflows.Exists, // reads like it
		"app@":                                   workflows.Invalid,
		"@1.0":                                   workflows.Invalid,
		"App@2":                                  workflows.Invalid,
		"app@1/2":                                workflows.Invalid,
		"app@a b":                                workflows.Invalid,
		"app@\u202e1":                            workflows.Invalid,
		"app@\xff":                               workflows.Invalid,
		"appp@1":                                 workflows.UnknownProduct,
		workflows.ReleaseID(longName + "@1"):     workflows.Invalid,
		workflows.ReleaseID("app@1" + longName):  workflows.Invalid,
		workflows.ReleaseID("other@" + "search"): workflows.UnknownProduct,
	} {
		no := h.refuses(h.ask("ana", "", release.New{ID: id}), want)
		if len(no.Next) == 0 {
			t.Errorf("%q: %v says nothing to type", id, no)
		}
	}
	if rows, err := h.Rows(context.Background(), release.KeyAll); err != nil || len(rows) != 1 {
		t.Errorf("%d releases, %v", len(rows), err)
	}
}

var longName = strings.Repeat("a", 33)

// Without configured products the first release names the work tree's.
func TestWorktreeNamesItsProduct(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Products, c.Worktree = nil, Product{Repository: "repo"} })
	got := h.must(h.ask("ana", "", release.New{ID: "tool@1.0"}))
	if got.After.(release.Release).Candidate == nil {
		t.Error("no candidate")
	}
	h.refuses(h.ask("ana", "", release.New{ID: "other@1.0"}), workflows.UnknownProduct)
	h.must(h.ask("ana", "", release.New{ID: "tool@search"}))
}

// A channel belongs to one open release; `new` takes its product's own, else where it was asked, else none.
func TestChannels(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Products["app"] = Product{Repository: "repo", Home: "chat/#home"} })
	at := func(p workflows.Place, wish workflows.Intent, on workflows.ReleaseID) workflows.Ask {
		a := h.ask("ana", on, wish)
		a.At = p
		return a
	}
	h.must(at("chat/#here", release.New{ID: "app@1"}, ""))
	h.must(at("chat/#here", release.New{ID: "app@2"}, ""))
	h.must(at("chat/@ana", release.New{ID: "app@3"}, ""))
	for id, want := range map[workflows.ReleaseID][]workflows.Place{"app@1": {"chat/#home"}, "app@2": {"chat/#here"}, "app@3": nil} {
		if diff := cmp.Diff(want, h.release(id).Places); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	h.refuses(at("chat/#here", release.Set{Here: true}, "app@3"), workflows.Exists)
	h.refuses(at("chat/@ana", release.Set{Here: true}, "app@3"), workflows.Invalid)
	h.must(at("chat/#third", release.Set{Here: true}, "app@3"))
}

// Who lacks the need of a wish is refused, and told who can.
func TestWhoMay(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Book.Roles = map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ben"}},
			workflows.Docs: {People: []workflows.PersonID{"mia"}}, workflows.ReleaseManager: {People: []workflows.PersonID{"ana"}}}
	})
	h.must(h.ask("ben", "", release.New{ID: "app@1.0"})) // ben is its manager
	title := "A"
	for _, c := range []struct {
		who  string
		wish workflows.Intent
		ok   bool
	}{
		{"zoe", release.HoldOn{Why: "x"}, true}, // an audience makes a member
		{"leo", release.Resume{}, false},
		{"mia", release.Resume{}, false},
		{"ben", release.Resume{}, true},
		{"leo", release.HoldOn{Why: "x"}, false},
		{"mia", release.SetCandidate{Ref: "aaaaaaaa"}, false},
		{"ben", release.SetCandidate{Ref: "aaaaaaaa"}, true},
		{"mia", release.Set{Title: &title}, false},
		{"ana", release.Set{Title: &title}, true},
		{"zoe", release.Sign{Items: []string{"tests"}}, false},
		{"mia", release.Sign{Items: []string{"tests"}}, false},
		{"ben", release.Sign{Items: []string{"tests"}}, true},
	} {
		a := h.ask(c.who, "app@1.0", c.wish)
		if c.ok {
			h.must(a)
			continue
		}
		if no := h.refuses(a, workflows.NotAllowed); len(no.Who) == 0 || len(no.Next) == 0 {
			t.Errorf("%s %T: %v", c.who, c.wish, no)
		}
	}
}
