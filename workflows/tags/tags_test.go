package tags_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/tags"
)

var facts = tags.Facts{Owners: []workflows.PersonID{"ana", "ben"}, Lead: "mia"}

func tag(name, object string) workflows.Tagged {
	return workflows.Tagged{Name: name, Object: object, Commit: true}
}

// do decides and folds a wish, and says what happened and who hears of it.
func do(t rapid.TB, s tags.State, w tags.Wish) (next tags.State, kinds []string, told []workflows.PersonID) {
	t.Helper()
	if w.Needs() != workflows.Machine {
		t.Errorf("%T is for %s", w, w.Needs())
	}
	before := fmt.Sprintf("%+v", s)
	events, err := tags.Decide(s, w, facts)
	if err != nil {
		t.Fatal(err)
	}
	next = s
	for _, e := range events {
		r := workflows.Recorded{Event: e}
		next = tags.Evolve(next, r)
		kinds = append(kinds, e.Kind())
		for _, effect := range tags.Tell(next, r) {
			told = append(told, effect.To.Person)
		}
	}
	if after := fmt.Sprintf("%+v", s); after != before {
		t.Fatalf("was %s, is %s", before, after)
	}
	return next, kinds, told
}

func begin(all ...workflows.Tagged) tags.Begin {
	return tags.Begin{Product: "app", Forge: "acme/app", Pattern: "v*", Tags: all}
}

func TestEachIsToldOnce(t *testing.T) {
	s, kinds, told := do(t, tags.State{}, begin(tag("v1", "1"), tag("v0", "0")))
	if !slices.Equal(kinds, []string{"tags.begun"}) || told != nil || !slices.Equal(s.Old, []string{"v0", "v1"}) {
		t.Fatalf("%v, told %v: %+v", kinds, told, s)
	}
	for _, c := range []struct {
		wish  tags.Wish
		kinds []string
		told  []workflows.PersonID
	}{
		{begin(tag("v2", "2")), nil, nil},
		{tags.Decline{Product: "app", Tag: tag("v1", "1"), Why: "no"}, nil, nil},
		{tags.Decline{Product: "app", Tag: tag("v2", "2"), Why: "no"}, []string{"tags.declined"}, []workflows.PersonID{"ana", "ben"}},
		{tags.Decline{Product: "app", Tag: tag("v2", "2"), Why: "no"}, nil, nil},
		{tags.Take{Product: "app", Tag: tag("v3", "3"), Release: "app@3", Commit: "c"}, []string{"tags.took"}, []workflows.PersonID{"mia"}},
		{tags.Move{Product: "app", Tag: tag("v3", "3")}, nil, nil},
		{tags.Move{Product: "app", Tag: tag("v3", "4")}, []string{"tags.moved"}, []workflows.PersonID{"ana", "ben", "mia"}},
		{tags.Move{Product: "app", Tag: tag("v3", "4")}, nil, nil},
		{tags.Move{Product: "app", Tag: tag("v0", "4")}, nil, nil},
	} {
		var kinds []string
		var told []workflows.PersonID
		if s, kinds, told = do(t, s, c.wish); !slices.Equal(kinds, c.kinds) || !slices.Equal(told, c.told) {
			t.Errorf("%+v: %v told to %v", c.wish, kinds, told)
		}
	}
	if k, ok := s.Of("v3"); !ok || k != (tags.Known{Object: "4", Release: "app@3", Commit: "c"}) {
		t.Errorf("of v3 is known %+v", k)
	}
	s, kinds, _ = do(t, s, tags.Begin{Product: "app", Forge: "acme/app", Pattern: "w*", Tags: []workflows.Tagged{tag("w1", "1"), tag("v3", "3")}})
	if !slices.Equal(kinds, []string{"tags.begun"}) || !slices.Equal(s.Old, []string{"v0", "v1", "w1"}) || s.Begun("acme/app", "v*") {
		t.Errorf("another pattern: %v, %+v", kinds, s)
	}
}

// Whatever is tagged, moved and deleted, and however often it is looked at: a tag is news once, what was there at first never.
func TestNewsOnce(t *testing.T) {
	names := []string{"v1", "v2", "v3", "v4"}
	rapid.Check(t, func(t *rapid.T) {
		there := map[string]string{}
		list := func() (out []workflows.Tagged) {
			for name, object := range there {
				out = append(out, tag(name, object))
			}
			return out
		}
		change := func() {
			name := rapid.SampledFrom(names).Draw(t, "name")
			if there[name] = rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "object"); there[name] == "" {
				delete(there, name)
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "before") {
			change()
		}
		s, _, _ := do(t, tags.State{}, begin(list()...))
		old, news := slices.Clone(s.Old), map[string]int{}
		for range rapid.IntRange(0, 20).Draw(t, "looks") {
			change()
			fresh, moved := s.News(list())
			for _, x := range fresh {
				news[x.Name]++
				if rapid.Bool().Draw(t, "opens") {
					s, _, _ = do(t, s, tags.Take{Product: "app", Tag: x, Release: "app@1"})
				} else {
					s, _, _ = do(t, s, tags.Decline{Product: "app", Tag: x, Why: "no"})
				}
			}
			for _, x := range moved {
				if k, _ := s.Of(x.Name); k.Object == x.Object {
					t.Fatalf("%s did not move", x.Name)
				}
				s, _, _ = do(t, s, tags.Move{Product: "app", Tag: x})
			}
			if fresh, moved = s.News(list()); len(fresh)+len(moved) > 0 {
				t.Fatalf("the same look again: %v, %v", fresh, moved)
			}
			b, err := json.Marshal(s)
			var back tags.State
			if err != nil || json.Unmarshal(b, &back) != nil || cmp.Diff(s, back) != "" {
				t.Fatalf("a snapshot reads back as %+v, was %+v (%v)", back, s, err)
			}
		}
		for name, n := range news {
			if n > 1 || slices.Contains(old, name) {
				t.Fatalf("%s was news %d times, and old are %v", name, n, old)
			}
		}
	})
}

func TestEvents(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range tags.Events() {
		if seen[e.Kind()] {
			t.Errorf("%s twice", e.Kind())
		}
		seen[e.Kind()] = true
		tags.Tell(tags.State{}, workflows.Recorded{Event: e})
	}
	if s := tags.Evolve(tags.State{Forge: "x"}, workflows.Recorded{}); s.Forge != "x" || tags.Tell(s, workflows.Recorded{}) != nil {
		t.Error("an event of nobody's does something")
	}
}
