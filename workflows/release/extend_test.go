package release

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// own is an item that no catalogue has.
func own(key string) Item {
	return Item{Key: key, Text: key + " is as it should be", Role: workflows.SRE, Lead: soon}
}

func adds(gate string, items ...Item) Gate {
	g, ok := GateOf(gate)
	if !ok {
		stage, half, _ := strings.Cut(gate, ".")
		g = Gate{Stage: workflows.Stage(stage), Half: Half(half)}
	}
	g.Items = items
	return g
}

// outline writes gates in one line each: "ga.ready: tests changelog".
func outline(gates []Gate) string {
	var lines []string
	for _, g := range gates {
		line := g.Key() + ":"
		for _, i := range g.Items {
			line += " " + i.Key
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

const simpleReady = "ga.ready: tests changelog way-back"

func TestExtend(t *testing.T) {
	for name, c := range map[string]struct {
		change Change
		want   string
	}{
		"nothing":             {Change{}, simpleReady + "\nga.done: announced healthy"},
		"dropped by key":      {Change{Drop: []string{"way-back", "healthy"}}, "ga.ready: tests changelog\nga.done: announced"},
		"dropped in full":     {Change{Drop: []string{"ga.done/announced"}}, simpleReady + "\nga.done: healthy"},
		"a gate left empty":   {Change{Drop: []string{"announced", "healthy"}}, simpleReady + "\nga.done:"},
		"moved":               {Change{Move: []Move{{"healthy", "ga.ready"}, {"ga.ready/tests", "ga.done"}}}, "ga.ready: changelog way-back healthy\nga.done: announced tests"},
		"moved on the spot":   {Change{Move: []Move{{"tests", "ga.ready"}}}, simpleReady + "\nga.done: announced healthy"},
		"added":               {Change{Add: []Gate{adds("ga.done", own("b"), own("a")), adds("ga.ready", pick("runbook")...)}}, simpleReady + " runbook\nga.done: announced healthy b a"},
		"added twice":         {Change{Add: []Gate{adds("ga.done", own("a")), adds("ga.done", own("b"))}}, simpleReady + "\nga.done: announced healthy a b"},
		"a preview":           {Change{Add: []Gate{adds("preview.done", own("a"))}}, "preview.ready:\npreview.done: a\n" + simpleReady + "\nga.done: announced healthy"},
		"moved to a preview":  {Change{Move: []Move{{"tests", "preview.ready"}}}, "preview.ready: tests\npreview.done:\nga.ready: changelog way-back\nga.done: announced healthy"},
		"dropped, then added": {Change{Drop: []string{"tests"}, Add: []Gate{adds("ga.done", pick("tests")...)}}, "ga.ready: changelog way-back\nga.done: announced healthy tests"},
		"in two gates":        {Change{Add: []Gate{adds("ga.done", pick("tests")...)}}, simpleReady + "\nga.done: announced healthy tests"},
		"made stricter":       {Change{Drop: []string{"way-back"}, Add: []Gate{adds("ga.ready", Item{Key: "way-back", Text: "x", Role: "legal", Binds: ToCommit})}}, simpleReady + "\nga.done: announced healthy"},
	} {
		before := simple.Revision()
		got, err := Extend(simple, "team", c.change)
		if err != nil || outline(got.Gates) != c.want || got.Name != "team" || got.Risk != policy.Low {
			t.Errorf("%s: %v %s at %s\n%s", name, err, got.Name, got.Risk, cmp.Diff(c.want, outline(got.Gates)))
		}
		if simple.Revision() != before {
			t.Fatalf("%s changed what it extends", name)
		}
	}
	if got, err := Extend(feature, "team", Change{Risk: policy.High}); err != nil || got.Risk != policy.High || outline(got.Gates) != outline(feature.Gates) {
		t.Errorf("%v %+v", err, got)
	}
	if got, err := Extend(simple, "team", Change{Add: []Gate{adds("ga.done", Item{Key: "a", Text: "a", Role: "sre", Origin: OfPerson, Late: true})}}); err != nil || got.Gates[1].Items[2].Origin != OfTemplate || got.Gates[1].Items[2].Late {
		t.Errorf("an item of a template is of origin %v %+v", err, got)
	}
}

func TestMisfits(t *testing.T) {
	item := func(change func(*Item)) []Gate {
		i := own("load-test")
		change(&i)
		return []Gate{adds("ga.ready", i)}
	}
	many := func(n int) []Item {
		var out []Item
		for i := range n {
			out = append(out, own(fmt.Sprintf("x%d.%d", i, i))) // none reads like another
		}
		return out
	}
	for name, c := range map[string]struct {
		base   Template
		change Change
		want   string
	}{
		"unknown":               {simple, Change{Drop: []string{"chnagelog"}}, "drop: there is no item «chnagelog» in what is extended; nearest: changelog"},
		"unknown in full":       {simple, Change{Drop: []string{"ga.ready/chnagelog"}}, "drop: there is no item «ga.ready/chnagelog» in what is extended; nearest: changelog"},
		"unlike any":            {simple, Change{Move: []Move{{"xyzzy-plugh", "ga.done"}}}, "move: there is no item «xyzzy-plugh» in what is extended"},
		"in another gate":       {simple, Change{Drop: []string{"ga.done/tests"}}, "drop: there is no item «ga.done/tests» in what is extended; nearest: tests"},
		"ambiguous":             {feature, Change{Drop: []string{"alerts"}}, "drop: «alerts» is preview.done/alerts and ga.ready/alerts; write which one"},
		"twice dropped":         {simple, Change{Drop: []string{"tests", "ga.ready/tests"}}, "drop: «ga.ready/tests» is dropped here; name it once"},
		"dropped, moved":        {simple, Change{Drop: []string{"tests"}, Move: []Move{{"tests", "ga.done"}}}, "move: «tests» is dropped here; name it once"},
		"moved nowhere":         {simple, Change{Move: []Move{{"tests", "ga"}}}, "move: «ga» is no gate; write preview.ready, preview.done, ga.ready, ga.done (one of them)"},
		"moved onto":            {feature, Change{Move: []Move{{"preview.done/alerts", "ga.ready"}}}, "move: ga.ready has an item alerts already; drop one of them"},
		"no gate":               {simple, Change{Add: []Gate{adds("beta.ready", own("a"))}}, "add: «beta.ready» is no gate; write preview.ready, preview.done, ga.ready, ga.done (one of them)"},
		"twice":                 {simple, Change{Add: []Gate{adds("ga.ready", pick("tests")...)}}, "add: ga.ready has an item tests already; leave it out, or drop the other first"},
		"twice added":           {simple, Change{Add: []Gate{adds("ga.ready", own("a"), own("a"))}}, "add: ga.ready has an item a already; leave it out, or drop the other first"},
		"look-alike":            {simple, Change{Add: []Gate{adds("ga.done", own("a11"), own("all"))}}, "add: «all» looks like a11; choose another key"},
		"look-alike of it":      {simple, Change{Add: []Gate{adds("ga.done", own("change1og"))}}, "add: «change1og» looks like changelog; choose another key"},
		"soak":                  {simple, Change{Add: item(func(i *Item) { i.Key = SoakKey })}, "add: «soak» stands for the time that a stage stays open; choose another key"},
		"a gate's name":         {simple, Change{Add: item(func(i *Item) { i.Key = "ga.done" })}, "add: «ga.done» names a gate; choose another key"},
		"a vote":                {simple, Change{Add: item(func(i *Item) { i.Key = "block" })}, "add: «block» is a vote; choose another key"},
		"no key":                {simple, Change{Add: item(func(i *Item) { i.Key = "A\u202eb" })}, "add: «A\\u202eb» cannot be an item's key: " + workflows.IDShape + "; choose another key"},
		"no text":               {simple, Change{Add: item(func(i *Item) { i.Text = " " })}, "add: load-test says nothing that must be true; write text:"},
		"long text":             {simple, Change{Add: item(func(i *Item) { i.Text = strings.Repeat("x", 201) })}, "add: load-test has a text longer than 200 bytes; put the rest behind a link"},
		"no role":               {simple, Change{Add: item(func(i *Item) { i.Role = "" })}, "add: load-test has no role that signs it; write role:"},
		"every role":            {simple, Change{Add: item(func(i *Item) { i.Role = workflows.EveryRole })}, "add: load-test has no role that signs it; write role:"},
		"made weaker":           {simple, Change{Drop: []string{"tests"}, Add: item(func(i *Item) { i.Key, i.Binds = "tests", ToTree })}, "add: tests vouches for the commit of the candidate; leave binds out, or choose another key"},
		"made to last":          {simple, Change{Add: item(func(i *Item) { i.Key, i.Valid = "rollback-rehearsal", 31 })}, "add: a vote on rollback-rehearsal lasts 30 days at the most; leave valid out, or choose another key"},
		"made to last for ever": {simple, Change{Add: item(func(i *Item) { i.Key = "rollback-rehearsal" })}, "add: a vote on rollback-rehearsal lasts 30 days at the most; leave valid out, or choose another key"},
		"no risk":               {simple, Change{Risk: "huge"}, "risk: «huge» is no risk; write low, normal or high"},
		"too many":              {simple, Change{Add: []Gate{adds("ga.done", many(56)...)}}, "add: a template has 60 items at the most; drop some, or split the release"},
	} {
		got, err := Extend(c.base, "team", c.change)
		var wrong Misfits
		if !errors.As(err, &wrong) || len(wrong) != 1 || err.Error() != c.want || got.Name != "" {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
	if _, err := Extend(simple, "team", Change{Add: []Gate{adds("ga.done", many(55)...)}}); err != nil {
		t.Errorf("60 items: %v", err)
	}
	_, err := Extend(simple, "team", Change{Drop: []string{"a"}, Move: []Move{{"b", "c"}}, Add: []Gate{adds("d.e")}})
	if n := len(strings.Split(fmt.Sprint(err), "\n")); n != 4 {
		t.Errorf("one mistake hides another: %v", err)
	}
}

func TestExtendAll(t *testing.T) {
	made, wrong := ExtendAll(map[string]Change{
		"a":       {Extends: "b", Drop: []string{"x"}},
		"b":       {Extends: "c", Add: []Gate{adds("ga.done", own("x"), own("y"))}},
		"c":       {Extends: "feature", Risk: policy.High},
		"plain":   {},
		"ring":    {Extends: "round"},
		"round":   {Extends: "ring"},
		"self":    {Extends: "self"},
		"outside": {Extends: "ring"},
		"lost":    {Extends: "featrue"},
		"broken":  {Drop: []string{"nothing-such"}},
		"after":   {Extends: "broken"},
		"h0tfix":  {},
		"alike":   {Extends: "h0tfix"},
	})
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range made {
			yield(name)
		}
	})
	if diff := cmp.Diff([]string{"a", "b", "c", "feature", "hotfix", "plain", "simple"}, names); diff != "" {
		t.Error(diff)
	}
	if a := made["a"]; a.Risk != policy.High || !strings.HasSuffix(outline(a.Gates), "cli-api retrospective y") || a.Name != "a" {
		t.Errorf("%+v", a)
	}
	if outline(made["plain"].Gates) != outline(simple.Gates) {
		t.Error("what names nothing to extend extends simple")
	}
	got := map[string]string{}
	for name, m := range wrong {
		got[name] = m.Error()
	}
	if diff := cmp.Diff(map[string]string{
		"ring":   "extends: it is made of itself: ring ← round ← ring; write simple, feature or hotfix for one of them",
		"round":  "extends: it is made of itself: round ← ring ← round; write simple, feature or hotfix for one of them",
		"self":   "extends: it is made of itself: self ← self; write simple, feature or hotfix for one of them",
		"lost":   "extends: there is no template «featrue»; nearest: feature",
		"broken": "drop: there is no item «nothing-such» in what is extended",
		"h0tfix": "name: «h0tfix» reads like hotfix, which is built in; choose another name",
	}, got); diff != "" {
		t.Error(diff)
	}
}

// drawChange makes a change, most of which fits.
func drawChange(t *rapid.T, label string) Change {
	some := func(what string, from []string, most int) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, most, rapid.ID).Draw(t, label+what)
	}
	c := Change{Extends: rapid.SampledFrom([]string{"simple", "feature", "hotfix"}).Draw(t, label+"extends"),
		Risk: rapid.SampledFrom([]policy.Risk{"", policy.Low, policy.Normal, policy.High}).Draw(t, label+"risk")}
	var full []string
	for _, g := range Templates()[c.Extends].Gates {
		for _, i := range g.Items {
			full = append(full, g.Full(i))
		}
	}
	c.Drop = some("drop", full, 3)
	for _, item := range some("move", full, 3) {
		c.Move = append(c.Move, Move{item, rapid.SampledFrom(GateKeys()).Draw(t, label+"to")})
	}
	for _, key := range some("add", append(CatalogueKeys(), "own-1st", "own-2nd"), 4) {
		i, ok := Catalogued(key)
		if !ok {
			i = own(key)
		}
		c.Add = append(c.Add, adds(rapid.SampledFrom(GateKeys()).Draw(t, label+"in"), i))
	}
	return c
}

// Whatever a change is, it is told in full or makes a template whose gates stand in order, both of each stage, no item
// twice; what stays of what was extended stays in its order.
func TestAnyChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawChange(t, "")
		base := Templates()[c.Extends]
		made, err := Extend(base, "team", c)
		if err != nil {
			return
		}
		last := -1
		for n, g := range made.Gates {
			if g.place() <= last || n%2 == 0 && g.Half != Ready || n%2 == 1 && (g.Half != Done || made.Gates[n-1].Stage != g.Stage) {
				t.Fatalf("the gates are %s", outline(made.Gates))
			}
			last = g.place()
			var stayed, was []string
			for _, i := range g.Items {
				if n := len(slices.DeleteFunc(slices.Clone(g.Items), func(x Item) bool { return x.Key != i.Key })); n != 1 {
					t.Fatalf("%s %d times", g.Full(i), n)
				}
			}
			old, _ := gateAt(base.Gates, g)
			for _, i := range old.Items {
				if hasItem(g.Items, i.Key) && !slices.ContainsFunc(c.Move, func(m Move) bool { return strings.HasSuffix(m.Item, "/"+i.Key) }) && !adding(c, i.Key) {
					was = append(was, i.Key)
				}
			}
			for _, i := range g.Items {
				if slices.Contains(was, i.Key) {
					stayed = append(stayed, i.Key)
				}
			}
			if !slices.Equal(was, stayed) {
				t.Fatalf("%s: %v came in the order %v", g.Key(), was, stayed)
			}
		}
		again, err := Extend(base, "team", c)
		if err != nil || again.Revision() != made.Revision() {
			t.Fatalf("the second time it is another: %v", err)
		}
	})
}

func adding(c Change, key string) bool {
	return slices.ContainsFunc(c.Add, func(g Gate) bool { return hasItem(g.Items, key) })
}
