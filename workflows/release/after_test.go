package release

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// billing is another release as it stands.
func billing(stage workflows.Stage, where string) Dependency {
	return Dependency{ID: "billing@2", Stage: stage, Where: where, Manager: "leo"}
}

// Each gate that opens to users waits for the others to be as far; no other gate does.
func TestWaiting(t *testing.T) {
	in := billing(workflows.GA, "in GA")
	held, cancelled := in, billing(workflows.Before, "cancelled")
	held.Held, cancelled.Cancelled = true, true
	for name, c := range map[string]struct {
		of          Dependency
		preview, ga string
	}{
		"before":         {billing(workflows.Before, "before tech preview"), "billing 2 is not in preview yet (before tech preview)", "billing 2 is not out yet (before tech preview)"},
		"in preview":     {billing(workflows.Preview, "in tech preview"), "", "billing 2 is not out yet (in tech preview)"},
		"preview closed": {billing(workflows.Between, "before GA"), "", "billing 2 is not out yet (before GA)"},
		"out":            {in, "", ""},
		"closed":         {billing(workflows.Closed, "closed"), "", ""},
		"on hold":        {held, "billing 2 is on hold (in GA)", "billing 2 is on hold (in GA)"},
		"cancelled":      {cancelled, "billing 2 is cancelled: it will not come out", "billing 2 is cancelled: it will not come out"},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, New{ID: "app@f", Template: "feature", Risk: "low"})
			s.f.Named = map[string]Other{"billing": {Dependency: c.of}}
			if err := s.try("ana", Set{After: &[]string{"billing"}}); (err != nil) != c.of.Cancelled {
				t.Fatal(err)
			}
			s.After = []Dependency{c.of}
			for key, want := range map[string]string{"preview.ready": c.preview, "preview.done": "", "ga.ready": c.ga, "ga.done": ""} {
				i := slices.IndexFunc(s.Gates, func(g Gate) bool { return g.Key() == key })
				var got string
				for _, b := range CheckGate(s.Release, s.Gates[i], s.f.Book, s.f.Now).Whole {
					if b.Reason == workflows.WaitsFor {
						got = b.Why
						if who := map[bool]workflows.PersonID{false: "leo", true: "ana"}[c.of.Cancelled]; !slices.Equal(b.Who, []workflows.PersonID{who}) {
							t.Errorf("%s waits for %v", key, b.Who)
						}
					}
				}
				if got != want {
					t.Errorf("%s: %q, want %q", key, got, want)
				}
			}
		})
	}
}

// The gate stays shut until what it waits for is out, and shuts again.
func TestHearing(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: "low"})
	s.f.Named = map[string]Other{"billing": {Dependency: billing(workflows.Before, "before GA")}}
	s.by("ana", Set{After: &[]string{"billing", "billing"}})
	s.refuses("ana", Set{After: &[]string{"billing"}}, workflows.Unchanged)
	s.signAll("ben")
	if no := s.refuses("ben", Advance{}, workflows.NotReady); no.Items[0].Reason != workflows.WaitsFor || !slices.Equal(no.Who, []string{"@leo"}) {
		t.Errorf("%+v", no)
	}
	s.machine(Heard{Of: billing(workflows.GA, "in GA")})
	if !s.verdict().Go {
		t.Errorf("%+v", s.verdict().Whole)
	}
	s.machine(Heard{Of: billing(workflows.GA, "in GA")})
	if len(s.said) != 0 {
		t.Errorf("nothing new was heard, and said: %+v", s.said)
	}
	s.machine(Heard{Of: Dependency{ID: "other@1"}})
	if len(s.said) != 0 {
		t.Errorf("of one that it does not wait for it says %+v", s.said)
	}
	back := billing(workflows.Before, "before GA")
	back.Held = true
	s.machine(Heard{Of: back})
	s.refuses("ben", Advance{}, workflows.NotReady)
	s.by("ana", Set{After: &[]string{}})
	if len(s.After) != 0 || !s.verdict().Go {
		t.Errorf("after %v: %+v", s.After, s.verdict().Whole)
	}
	s.refuses("ana", Set{After: &[]string{}}, workflows.Unchanged)
}

// What can never come is refused when it is said, by new as by set.
func TestOrderThatCannotBe(t *testing.T) {
	others := map[string]Other{
		"self":   {Dependency: Dependency{ID: "app@1.0"}},
		"circle": {Dependency: billing(workflows.Before, "before GA"), Waits: true},
		"gone":   {Dependency: Dependency{ID: "web@1", Cancelled: true}},
		"loved":  {Dependency: Dependency{ID: "base@1"}, Waited: MaxWaited},
	}
	many := make([]string, 0, maxAfter+1)
	for _, c := range "abcdefghijk" {
		others[string(c)] = Other{Dependency: Dependency{ID: workflows.ReleaseID("p" + string(c) + "@1")}}
		many = append(many, string(c))
	}
	for name, c := range map[string]struct {
		after []string
		no    workflows.Reason
	}{
		"itself": {[]string{"self"}, workflows.Cycle}, "a circle": {[]string{"circle"}, workflows.Cycle}, "cancelled": {[]string{"gone"}, workflows.Over},
		"one of many": {[]string{"loved"}, workflows.Invalid}, "too many": {many, workflows.Invalid}, "the most": {many[:maxAfter], ""},
	} {
		t.Run(name, func(t *testing.T) {
			fresh := &story{T: t, f: Facts{Now: monday, Book: testBook(), Templates: Templates(), Default: DefaultTemplate, Number: 1, Named: others}}
			s := begin(t, New{ID: "app@1.0"})
			s.f.Named = others
			if c.no == "" {
				fresh.by("ana", New{ID: "app@1.0", After: c.after})
				s.by("ana", Set{After: &c.after})
				if diff := cmp.Diff(fresh.After, s.After); diff != "" || len(s.After) != maxAfter {
					t.Error(diff)
				}
				return
			}
			fresh.refuses("ana", New{ID: "app@1.0", After: c.after}, c.no)
			s.refuses("ana", Set{After: &c.after}, c.no)
		})
	}
}

// What others hear of a release is how it stands.
func TestAsDependency(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: "low"})
	holds := func(stage workflows.Stage, stands string, held bool) {
		t.Helper()
		if d := AsDependency(s.Release); d.ID != "app@1.0" || d.Manager != "ana" || d.Stage != stage || d.Stands() != stands || d.Held != held {
			t.Errorf("%+v stands %q", d, d.Stands())
		}
	}
	holds(workflows.Before, "before GA", false)
	s.by("ben", HoldOn{Why: "x"})
	holds(workflows.Before, "on hold, before GA", true)
	s.by("ana", Resume{})
	s.signAll("ben")
	s.by("ben", Advance{})
	holds(workflows.GA, "in GA", false)
	s.by("ben", RollBack{Why: "x"})
	s.by("ana", Set{Cancelled: true, Note: "x"})
	holds(workflows.Before, "cancelled", false)
	if d := AsDependency(s.Release); !d.Cancelled {
		t.Errorf("%+v", d)
	}
}

// An open release is found by what it waits for; one that is over is not.
func TestSummaryOfWhatWaits(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	s.After = []Dependency{billing(workflows.Before, "before GA")}
	if keys := Summary(s.Release).Keys; !slices.Contains(keys, KeyAfter("billing@2")) {
		t.Error(keys)
	}
	s.by("ana", Set{Cancelled: true, Note: "x"})
	if keys := Summary(s.Release).Keys; slices.Contains(keys, KeyAfter("billing@2")) {
		t.Error(keys)
	}
}
