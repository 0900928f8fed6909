package release

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// opened is a release as a template opens it, with some gates behind it.
func opened(t Template, risk policy.Risk, passed int) Release {
	return Release{ID: "app@search", Template: t.Name, Risk: risk, Gates: t.At(risk), Passed: passed}
}

// with adds an item to a gate of a release.
func (r Release) with(gate string, i Item) Release {
	r = r.clone()
	for n, g := range r.Gates {
		if g.Key() == gate {
			r.Gates[n].Items = append(slices.Clone(g.Items), i)
		}
	}
	return r
}

func by(o Origin, key string) Item {
	i := own(key)
	i.Origin = o
	return i
}

func TestDifference(t *testing.T) {
	team := func(c Change) Template {
		made, err := Extend(Templates()[c.Extends], "team", c)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	other := pick("changelog")[0]
	other.Role, other.Text, other.Lead, other.Evidence = workflows.Docs, "x", 9, "doc URL"
	for name, c := range map[string]struct {
		r    Release
		t    Template
		want string
		then string // the gates
	}{
		"none":  {opened(feature, policy.High, 2), feature, "", outline(feature.At(policy.High))},
		"added": {opened(simple, policy.Low, 0), team(Change{Extends: "simple", Add: []Gate{adds("ga.ready", own("a")), adds("ga.done", own("b"))}}), "+ ga.ready/a, + ga.done/b", "ga.ready: tests changelog way-back a\nga.done: announced healthy b"},
		"added before what the risk added": {opened(simple, policy.Normal, 0), team(Change{Extends: "simple", Add: []Gate{adds("ga.ready", own("a"))}}), "+ ga.ready/a",
			"ga.ready: tests changelog way-back a rollback-plan\nga.done: announced healthy validation"},
		"dropped":                      {opened(simple, policy.Low, 0), team(Change{Extends: "simple", Drop: []string{"tests"}}), "− ga.ready/tests", "ga.ready: changelog way-back\nga.done: announced healthy"},
		"dropped, but the risk has it": {opened(simple, policy.Normal, 0), team(Change{Extends: "simple", Drop: []string{"tests"}}), "", "ga.ready: changelog way-back tests rollback-plan\nga.done: announced healthy validation"},
		"moved": {opened(feature, policy.Low, 3), team(Change{Extends: "feature", Move: []Move{{"cli-api", "ga.ready"}}}), "",
			outline(feature.Gates[:3]) + "\nga.done: leftovers retrospective cli-api"}, // to what is passed: still asked
		"moved in time": {opened(simple, policy.Low, 0), team(Change{Extends: "simple", Move: []Move{{"healthy", "ga.ready"}}}), "healthy: ga.done → ga.ready",
			"ga.ready: tests changelog way-back healthy\nga.done: announced"},
		"changed": {opened(simple, policy.Low, 0), team(Change{Extends: "simple", Drop: []string{"changelog"}, Add: []Gate{adds("ga.ready", other)}}),
			"changed ga.ready/changelog (role engineering → docs, evidence nothing → doc URL, lead 3 d → 9 d, text)", "ga.ready: tests way-back changelog\nga.done: announced healthy"},
		"moved and changed": {opened(simple, policy.Low, 0), team(Change{Extends: "simple", Drop: []string{"changelog"}, Add: []Gate{adds("ga.done", other)}}),
			"changelog: ga.ready → ga.done, changed ga.done/changelog (role engineering → docs, evidence nothing → doc URL, lead 3 d → 9 d, text)", "ga.ready: tests way-back\nga.done: announced healthy changelog"},
		"what is passed stays": {opened(simple, policy.Low, 1), team(Change{Extends: "simple", Drop: []string{"tests"}, Add: []Gate{adds("ga.ready", own("a"))}}), "", outline(simple.Gates)},
		"over":                 {opened(simple, policy.Low, 2), feature, "", outline(simple.Gates)},
		"a preview in time":    {opened(hotfix, policy.Low, 0), team(Change{Extends: "hotfix", Add: []Gate{adds("preview.ready", own("a"))}}), "+ preview.ready/a", "preview.ready: a\npreview.done:\n" + outline(hotfix.Gates)},
		"a preview too late":   {opened(hotfix, policy.Low, 1), team(Change{Extends: "hotfix", Add: []Gate{adds("preview.ready", own("a"))}}), "", outline(hotfix.Gates)},
		"no preview any more":  {opened(team(Change{Extends: "hotfix", Add: []Gate{adds("preview.ready", own("a"))}}), policy.Low, 0), hotfix, "− preview.ready/a", outline(hotfix.Gates)},
		"in a preview that is no more": {opened(team(Change{Extends: "hotfix", Add: []Gate{adds("preview.ready", own("a")), adds("preview.done", own("b"))}}), policy.Low, 1), hotfix, "− preview.done/b",
			"preview.ready: a\npreview.done:\n" + outline(hotfix.Gates)},
		"a person's stays": {opened(simple, policy.Low, 0).with("ga.done", by(OfPerson, "p")), team(Change{Extends: "simple", Drop: []string{"healthy"}}), "− ga.done/healthy", "ga.ready: tests changelog way-back\nga.done: announced p"},
		"so does its stage": {opened(team(Change{Extends: "hotfix", Add: []Gate{adds("preview.ready", own("a"))}}), policy.Low, 0).with("preview.done", by(OfPlan, "p")), hotfix, "− preview.ready/a",
			"preview.ready:\npreview.done: p\n" + outline(hotfix.Gates)},
		"and its place": {opened(simple, policy.Low, 0).with("ga.done", by(OfGlass, "p")), team(Change{Extends: "simple", Add: []Gate{adds("ga.done", own("p"), own("q"))}}), "+ ga.done/q", "ga.ready: tests changelog way-back\nga.done: announced healthy p q"},
		"a person's makes way for the template's of that name": {opened(simple, policy.Low, 0).with("ga.ready", Item{Key: "gdpr", Text: "it is fine", Role: workflows.Engineering, Lead: soon, Origin: OfPerson}),
			team(Change{Extends: "simple", Add: []Gate{adds("ga.ready", own("gdpr"))}}), "changed ga.ready/gdpr (role engineering → sre, text)", "ga.ready: tests changelog way-back gdpr\nga.done: announced healthy"},
	} {
		before := read(c.r)
		gates := Adopt(c.r, c.t)
		if got := Difference(c.r, c.t); got.String() != c.want || got.Empty() != (c.want == "") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if diff := cmp.Diff(c.then, outline(gates)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if read(c.r) != before {
			t.Fatalf("%s changed the release", name)
		}
	}
	r := opened(simple, policy.Low, 0).with("ga.done", by(OfGlass, "p"))
	gates := Adopt(r, Template{Gates: []Gate{adds("ga.ready"), adds("ga.done", own("p"))}})
	if p := gates[1].Items[0]; p.Origin != OfGlass {
		t.Errorf("the review of broken glass became %+v", p)
	}
}

// What the risk asks of a gate it asks whatever template is taken over: also where something keeps a gate that the
// template lacks, and where somebody moved an item of the same name elsewhere.
func TestAdoptAsksWhatTheRiskAsks(t *testing.T) {
	kept := opened(feature, policy.Normal, 0).with("preview.ready", by(OfMove, "p"))
	if diff := cmp.Diff("preview.ready: tests p\npreview.done:\nga.ready: tests changelog way-back rollback-plan\nga.done: announced healthy validation", outline(Adopt(kept, simple))); diff != "" {
		t.Error(diff)
	}
	moved := opened(simple, policy.Normal, 0).with("ga.done", by(OfMove, "tests"))
	if diff := cmp.Diff(outline(opened(feature, policy.Normal, 0).with("ga.done", by(OfMove, "tests")).Gates), outline(Adopt(moved, feature))); diff != "" {
		t.Error(diff)
	}
}

// A release differs in nothing from the template that opened it, and from one that it took over; what is passed, and
// what people added, survives both.
func TestAdopted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) Template {
			c := drawChange(t, label)
			made, err := Extend(Templates()[c.Extends], label, c)
			if err != nil {
				return Templates()[c.Extends]
			}
			return made
		}
		first, second := draw("first"), draw("second")
		risk := rapid.SampledFrom(policy.Risks()).Draw(t, "risk of the release")
		r := opened(first, risk, rapid.IntRange(0, len(first.Gates)).Draw(t, "passed"))
		if d := Difference(opened(first, risk, 0), first); !d.Empty() {
			t.Fatalf("a fresh release differs: %s", d)
		}
		for _, o := range []Origin{OfPerson, OfPlan, OfGlass} {
			if gate := rapid.SampledFrom(first.Gates).Draw(t, "in"); rapid.Bool().Draw(t, "by hand") {
				r = r.with(gate.Key(), by(o, "by-"+string(o)))
			}
		}
		if open := r.Gates[r.Passed:]; len(open) > 0 && rapid.Bool().Draw(t, "moved") { // by the release manager
			from, to := rapid.SampledFrom(open).Draw(t, "out of"), rapid.SampledFrom(open).Draw(t, "into")
			if len(from.Items) > 0 && from.Items[0].Origin == OfTemplate && !hasItem(to.Items, from.Items[0].Key) {
				r = Evolve(r, workflows.Recorded{Event: ItemMoved{Item: from.Full(from.Items[0]), Gate: to.Key()}})
			}
		}
		after := r
		after.Gates = Adopt(r, second)
		if d := Difference(after, second); !d.Empty() {
			t.Fatalf("it took the template over and differs still: %s\n%s\n%s", d, outline(r.Gates), outline(after.Gates))
		}
		if diff := cmp.Diff(r.Gates[:r.Passed], after.Gates[:r.Passed]); diff != "" {
			t.Fatalf("what is passed changed: %s", diff)
		}
		for _, p := range ahead(r.Gates) {
			if p.Item.byHand() && !slices.ContainsFunc(ahead(after.Gates), func(q Placed) bool { return q == p }) {
				t.Fatalf("%s is gone", p.Full())
			}
		}
		for n, g := range after.Gates {
			if n > 0 && g.place() <= after.Gates[n-1].place() || n%2 != 0 && after.Gates[n-1].Stage != g.Stage {
				t.Fatalf("the gates are %s", outline(after.Gates))
			}
		}
	})
}
