package release

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// named is another release as the desk names it.
func named(id workflows.ReleaseID) map[string]Other {
	return map[string]Other{string(id): {Dependency: Dependency{ID: id, Stage: workflows.Before, Where: "before tech preview"}}}
}

func numbers(r Release) []int {
	var out []int
	for _, e := range r.Scope {
		out = append(out, e.N)
	}
	return out
}

// The same thing is planned once, however it is written; numbers are never given again.
func TestScope(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	s.by("ben", ScopeAdd{What: "https://github.com/acme/app/issues/12", Title: "Totals", For: []string{"@mia", "https://tickets.example.org/7"}, Labels: []string{"money"}})
	s.by("ben", ScopeAdd{What: "ABC-7"})
	want := []Entry{
		{N: 1, URL: "https://github.com/acme/app/issues/12", Title: "Totals", For: []string{"@mia", "https://tickets.example.org/7"}, Labels: []string{"money"}, By: "ben", At: monday},
		{N: 2, URL: "ABC-7", By: "ben", At: monday}}
	if diff := cmp.Diff(want, s.Scope); diff != "" {
		t.Fatal(diff)
	}
	for _, what := range []string{"#12", "https://github.com/acme/app/pull/12", "acme/app#12", "https://jira.example.org/browse/ABC-7"} {
		s.refuses("ben", ScopeAdd{What: what}, workflows.Exists)
	}
	s.by("ben", ScopeAdd{What: "other/app#12"})
	s.refuses("ben", ScopeDrop{N: 2}, workflows.NeedsReason)
	s.by("ben", ScopeDrop{N: 2, Why: "nobody asked"})
	s.by("ben", ScopeDrop{N: 3, Why: "nobody asked"})
	s.refuses("ben", ScopeDrop{N: 3, Why: "again"}, workflows.Unchanged)
	s.refuses("ben", ScopeDrop{N: 4, Why: "x"}, workflows.UnknownItem)
	s.refuses("ben", ScopeDrop{N: -1, Why: "x"}, workflows.UnknownItem)
	s.by("ben", ScopeAdd{What: "ABC-7"})
	if got := numbers(s.Release); !slices.Equal(got, []int{1, 4}) || s.Tally.Late != 0 {
		t.Errorf("numbers %v, %d late", got, s.Tally.Late)
	}
	s.f.Named = named("app@invoices")
	s.by("ben", ScopeAdd{What: "app@invoices"})
	s.refuses("ben", ScopeAdd{What: "app@invoices"}, workflows.Exists)
	s.f.Named = named("shop@invoices")
	s.refuses("ben", ScopeAdd{What: "shop@invoices"}, workflows.Invalid)
	s.f.Named = named("app@2.0")
	s.refuses("ben", ScopeAdd{What: "app@2.0"}, workflows.Invalid)
}

// What an entry says has bounds, and who is named is somebody.
func TestScopeBounds(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	for name, c := range map[string]struct {
		add ScopeAdd
		no  workflows.Reason
	}{
		"nothing":      {ScopeAdd{What: "words"}, workflows.Invalid},
		"long title":   {ScopeAdd{What: "#1", Title: strings.Repeat("é", 201)}, workflows.Invalid},
		"long address": {ScopeAdd{What: "https://example.org/" + strings.Repeat("x", 1000)}, workflows.Invalid},
		"many labels":  {ScopeAdd{What: "#1", Labels: make([]string, 11)}, workflows.Invalid},
		"long label":   {ScopeAdd{What: "#1", Labels: []string{strings.Repeat("x", 41)}}, workflows.Invalid},
		"for many":     {ScopeAdd{What: "#1", For: slices.Repeat([]string{"@ana"}, 11)}, workflows.Invalid},
		"for a word":   {ScopeAdd{What: "#1", For: []string{"mia"}}, workflows.Invalid},
		"for nobody":   {ScopeAdd{What: "#1", For: []string{"@mai"}}, workflows.UnknownPerson},
		"for an @":     {ScopeAdd{What: "#1", For: []string{"@"}}, workflows.UnknownPerson},
	} {
		t.Run(name, func(t *testing.T) { s.T = t; s.refuses("ben", c.add, c.no) })
	}
	s.T = t
	s.by("ben", ScopeAdd{What: "#1", Title: strings.Repeat("é", 200)})
	for n := 2; n <= maxScope; n++ {
		s.by("ben", ScopeAdd{What: fmt.Sprint("#", n)})
	}
	s.refuses("ben", ScopeAdd{What: "#1000"}, workflows.Invalid)
	s.f.Found.Planned = []workflows.Planned{{Ref: "#1000"}}
	s.refuses("ben", ScopeFrom{Milestone: "1.0"}, workflows.Invalid)
}

// After the cut-off the release manager alone changes the scope, says why, and it is counted.
func TestCutoff(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Cutoff: monday.Truncate(24 * time.Hour), Target: monday.AddDate(0, 0, 9)})
	s.f.Book.Roles = map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ben"}}, workflows.ReleaseManager: {People: []workflows.PersonID{"mia"}}}
	s.by("ben", ScopeAdd{What: "#1"}) // the cut-off is the whole day
	s.f.Now = monday.Truncate(24 * time.Hour).Add(24*time.Hour - time.Nanosecond)
	s.by("ben", ScopeAdd{What: "#2"})
	s.f.Now = s.f.Now.Add(time.Nanosecond)
	s.f.Found.Planned = []workflows.Planned{{Ref: "#9"}}
	for _, w := range []Wish{ScopeAdd{What: "#3", Note: "please"}, ScopeDrop{N: 1, Why: "please"}, ScopeFrom{Milestone: "x", Note: "please"}} {
		if no := s.refuses("ben", w, workflows.NotAllowed); !slices.Contains(no.Who, "@ana") {
			t.Errorf("who can: %v", no.Who)
		}
	}
	s.refuses("ana", ScopeAdd{What: "#3"}, workflows.NeedsReason)
	s.refuses("ana", ScopeFrom{Milestone: "x"}, workflows.NeedsReason)
	s.by("ana", ScopeAdd{What: "#3", Note: "a customer waits"})
	s.by("ana", ScopeFrom{Milestone: "x", Note: "all of it"})
	s.by("ana", ScopeDrop{N: 1, Why: "too much"})
	if e := s.Scope[1]; !e.Late || e.Why != "a customer waits" || s.Late() != 2 || s.Tally.Late != 2 {
		t.Errorf("%+v, %d late, %d counted", e, s.Late(), s.Tally.Late)
	}
	s.by("ana", ScopeDrop{N: 3, Why: "after all not"})
	if s.Late() != 1 || s.Tally.Late != 2 {
		t.Errorf("what was late is %d, and was counted %d times", s.Late(), s.Tally.Late)
	}
}

// What is out, or over, has its scope.
func TestScopeOfWhatIsOut(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: "low"})
	s.signAll("ben")
	s.by("ben", Advance{})
	s.refuses("ana", ScopeAdd{What: "#1"}, workflows.GateClosed)
	s.by("ben", RollBack{Why: "x"})
	s.by("ana", ScopeAdd{What: "#1"})
	s.by("ana", Set{Cancelled: true, Note: "x"})
	s.refuses("ana", ScopeAdd{What: "#2"}, workflows.Over)
	s.refuses("ana", ScopeDrop{N: 1, Why: "x"}, workflows.Over)
}

// A milestone comes whole or not at all, and what is there already only once.
func TestScopeFrom(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	s.by("ben", ScopeAdd{What: "#12"})
	s.f.Found.Planned = nil
	s.refuses("ben", ScopeFrom{Milestone: "1.0"}, workflows.NoRepository)
	s.f.Found.Planned = []workflows.Planned{{Ref: "https://github.com/a/b/issues/12"}, {Title: "Undo", For: []string{"@mia"}, Labels: []string{"x"}}, {Title: "undo"},
		{Ref: "#13", Title: strings.Repeat("é", 300)}, {Ref: "#13"}}
	bad := slices.Clone(s.f.Found.Planned)
	bad[3].For = []string{"@nobody"}
	good := s.f.Found.Planned
	s.f.Found.Planned = bad
	if no := s.refuses("ben", ScopeFrom{Milestone: "1.0"}, workflows.UnknownPerson); !strings.Contains(no.Why, "ééé") || len(s.Scope) != 1 {
		t.Errorf("%s; the scope has %d", no.Why, len(s.Scope))
	}
	s.f.Found.Planned = good
	s.by("ben", ScopeFrom{Milestone: "1.0"})
	e := s.said[0].(ScopeAdded)
	if e.Already != 3 || len(s.Scope) != 3 || s.Scope[1].From != "1.0" || s.Scope[1].Title != "Undo" || len([]rune(s.Scope[2].Title)) != maxTitle {
		t.Errorf("%+v", e)
	}
	s.refuses("ben", ScopeFrom{Milestone: "1.0"}, workflows.Unchanged)
}

// A cut-off comes before the target, and is not past when it is set.
func TestDatesInOrder(t *testing.T) {
	day := func(n int) time.Time { return monday.Truncate(24*time.Hour).AddDate(0, 0, n) }
	for name, c := range map[string]struct {
		cutoff, target time.Time
		no             bool
	}{
		"before":                {day(1), day(2), false},
		"the same day":          {day(2), day(2), false},
		"on the day, at noon":   {day(2).Add(12 * time.Hour), day(2), false},
		"the day before a time": {day(2), day(2).Add(12 * time.Hour), false},
		"the same time":         {day(2).Add(12 * time.Hour), day(2).Add(12 * time.Hour), false},
		"later on the day":      {day(2).Add(13 * time.Hour), day(2).Add(12 * time.Hour), true},
		"the day after":         {day(3), day(2), true},
		"without a target":      {day(3), time.Time{}, false},
		"without a cut-off":     {time.Time{}, day(3), false},
		"past":                  {day(-1), time.Time{}, true},
		"today":                 {day(0), time.Time{}, false},
		"past, by an hour":      {monday.Add(-time.Hour), time.Time{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := &story{T: t, f: Facts{Now: monday, Zone: time.UTC, Book: testBook(), Templates: Templates(), Default: DefaultTemplate, Number: 1}}
			switch n := (New{ID: "app@1.0", Cutoff: c.cutoff, Target: c.target}); {
			case c.no:
				s.refuses("ana", n, workflows.Invalid)
			default:
				s.by("ana", n)
			}
			s = begin(t, New{ID: "app@1.0"})
			switch w := (Set{Cutoff: &c.cutoff, Target: &c.target, Note: "x"}); {
			case c.no:
				s.refuses("ana", w, workflows.Invalid)
			case !c.cutoff.IsZero() || !c.target.IsZero():
				s.by("ana", w)
			}
		})
	}
	s := begin(t, New{ID: "app@1.0", Cutoff: day(5), Target: day(6)})
	early := day(4)
	s.refuses("ana", Set{Target: &early}, workflows.Invalid)
	s.by("ana", Set{Cutoff: new(time.Time)})
	if !s.Cutoff.IsZero() {
		t.Errorf("the cut-off is %s", s.Cutoff)
	}
	s.by("ana", Set{Target: &early})
	s.refuses("ana", Set{Cutoff: new(time.Time)}, workflows.Unchanged)
}

// Whatever is added and dropped in whatever order: no number twice, no thing twice, and the count of what came late only
// grows.
func TestScopeNumbersAreNeverGivenAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Release{ID: "app@1.0", Gates: simple.At("low"), Manager: "ana", Cutoff: monday, Revisions: map[string]uint64{}}
		f := Facts{Zone: time.UTC, Book: testBook(), Actor: workflows.Actor{Person: "ana"}}
		given, late := map[int]string{}, 0
		for n := range rapid.IntRange(1, 40).Draw(t, "acts") {
			f.Now = monday.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, "hours")) * time.Hour)
			var w Wish = ScopeAdd{What: fmt.Sprint("#", rapid.IntRange(1, 9).Draw(t, "what")), Note: "x"}
			if rapid.Bool().Draw(t, "drop") {
				w = ScopeDrop{N: rapid.IntRange(1, 12).Draw(t, "n"), Why: "x"}
			}
			events, err := Decide(r, w, f)
			if err != nil {
				continue
			}
			r = Evolve(r, recordedAt(events[0], n))
			seen := map[string]bool{}
			for _, e := range r.Scope {
				if was, ok := given[e.N]; ok && was != e.URL || seen[e.URL] {
					t.Fatalf("%d was %s and is %s", e.N, was, e.URL)
				}
				given[e.N], seen[e.URL] = e.URL, true
			}
			if r.Tally.Late < late || r.Tally.Late < r.Late() {
				t.Fatalf("%d were late, and %d before; %d stand", r.Tally.Late, late, r.Late())
			}
			late = r.Tally.Late
		}
	})
}

// A roadmap of many lines is decided about while everybody waits: each of them is read once.
func TestScopeFromALongRoadmap(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	var long []workflows.Planned
	for n := range 20_000 {
		long = append(long, workflows.Planned{Ref: fmt.Sprintf("https://github.com/a/b/issues/%d", n+1)})
	}
	s.f.Found.Planned = long
	s.refuses("ben", ScopeFrom{Milestone: "1.0"}, workflows.Invalid)
	for n := range long { // the same things over and over
		long[n].Ref = fmt.Sprintf("#%d", n%maxScope+1)
	}
	s.by("ben", ScopeFrom{Milestone: "1.0"})
	if e := s.said[0].(ScopeAdded); len(s.Scope) != maxScope || e.Already != len(long)-maxScope {
		t.Errorf("%d in the scope, %d were there", len(s.Scope), e.Already)
	}
}
