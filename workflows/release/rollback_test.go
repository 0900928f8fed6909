package release

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

type percents = map[workflows.FlagKey]map[workflows.Environment]int

// Where a rollback leads, by what the flags were when users were last let in and what they are now.
func TestPlanBack(t *testing.T) {
	production := func(n int) percents { return percents{"search": {"production": n}} }
	for name, c := range map[string]struct {
		preview, ga percents // as the gates were passed; nil ga: still in preview
		now         percents
		want        workflows.Stage
		flags       []FlagBack
	}{
		"preview, nobody in":             {preview: percents{}, now: production(0), want: workflows.Before},
		"preview, some in":               {preview: percents{}, now: production(30), want: workflows.Before, flags: []FlagBack{{"search", "production", 30, 0}}},
		"preview, was open before it":    {preview: production(10), now: production(30), want: workflows.Before, flags: []FlagBack{{"search", "production", 30, 10}}},
		"GA, preview users keep it":      {preview: percents{}, ga: production(30), now: production(100), want: workflows.Preview, flags: []FlagBack{{"search", "production", 100, 30}}},
		"GA, no preview users":           {preview: percents{}, ga: percents{}, now: production(100), want: workflows.Before, flags: []FlagBack{{"search", "production", 100, 0}}},
		"GA, lowered since, never up":    {preview: percents{}, ga: production(30), now: production(10), want: workflows.Preview},
		"GA, killed since":               {preview: percents{}, ga: production(30), now: percents{"search": {}}, want: workflows.Before},
		"GA, only staging is left":       {preview: percents{}, ga: percents{"search": {"staging": 100}}, now: percents{"search": {"staging": 100, "production": 100}}, want: workflows.Before, flags: []FlagBack{{"search", "production", 100, 0}}},
		"GA, no flags at all":            {preview: nil, ga: percents{}, now: nil, want: workflows.Before},
		"GA, two flags, one leaves some": {preview: percents{}, ga: percents{"a": {"production": 5}, "b": {}}, now: percents{"a": {"production": 5}, "b": {"production": 100}}, want: workflows.Preview, flags: []FlagBack{{"b", "production", 100, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
			pass := func(flags percents) {
				s.f.Flags = flags
				s.signAll("ana")
				s.by("ana", Advance{})
			}
			pass(c.preview)
			if c.ga != nil {
				pass(c.preview)
				pass(c.ga)
			}
			s.f.Flags, s.f.Base = c.now, "good"
			p, err := PlanBack(s.Release, s.f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.flags, p.Flags); diff != "" || p.Good != "good" {
				t.Error(diff)
			}
			if got := p.After(s.Release).Stage(); got != c.want {
				t.Errorf("the plan leads to %s, want %s", got, c.want)
			}
			s.refuses("ana", RollBack{}, workflows.NeedsReason)
			s.by("ben", RollBack{Why: "errors"})
			if s.Stage() != c.want || s.Held == nil || s.Held.By != "ben" || !s.Shipped.IsZero() || s.Over() {
				t.Errorf("it is %s, held %v", s.Stage(), s.Held)
			}
			s.refuses("ana", Advance{}, workflows.OnHold)
		})
	}
}

// A release that was closed can be rolled back, and begins again; a version goes back to before GA.
func TestRollbackOfAClosedRelease(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	for range 2 {
		s.signAll("ana")
		s.by("ana", Advance{})
	}
	s.by("ana", RollBack{Why: "errors"})
	if s.Over() || s.Stage() != workflows.Before || len(s.Openings) != 0 || !s.Ended.IsZero() {
		t.Errorf("stage %s, openings %v", s.Stage(), s.Openings)
	}
	s.refuses("ana", RollBack{Why: "again"}, "nothing_to_roll_back")
	s.by("ana", Resume{})
	s.by("ana", Advance{})
	if s.Stage() != workflows.GA {
		t.Errorf("stage %s", s.Stage())
	}
}

// What opens again asks for what the risk asks for by then, and no longer for what it does not.
func TestRollbackToOtherCare(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.signAll("ana")
	s.by("ana", Advance{})
	was := keys(s.Gates[0].Items)
	s.by("ana", Set{Risk: policy.High})
	s.by("ana", RollBack{Why: "errors"})
	want := append(slices.Clone(was), keys(AddedBy(policy.High, s.Gates[0].Key()))...)
	slices.Sort(want)
	want = slices.Compact(want)
	if got := keys(s.Gates[0].Items); s.Passed != 0 || !slices.Equal(got, want) {
		t.Errorf("asked again: %v, want %v", got, want)
	}
	s.by("ana", Set{Risk: policy.Low, Note: "a typo after all"})
	if got := keys(s.Gates[0].Items); !slices.Equal(got, was) {
		t.Errorf("at low risk: %v", got)
	}
}
