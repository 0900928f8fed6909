package release

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

func check(name string, state workflows.CheckState) workflows.Check {
	return workflows.Check{Name: name, State: state, Link: "https://ci.example/" + name}
}

// madeBy is a check as somebody made it.
func madeBy(maker, name string, state workflows.CheckState) workflows.Check {
	c := check(name, state)
	c.By = maker
	return c
}

// meaning reads checks by their names, a maker behind an @: "test@github-actions"; none: nothing is named.
func meaning(texts ...string) (all []workflows.CheckName) {
	for _, text := range texts {
		name, maker, _ := strings.Cut(text, "@")
		all = append(all, workflows.CheckName{Name: name, By: maker})
	}
	return all
}

// withCI begins a release in whose product machines check commits.
func withCI(t *testing.T, risk policy.Risk, wanted ...string) *story {
	t.Helper()
	s := begin(t, New{ID: "app@1.0", Template: "hotfix", Risk: risk})
	s.f.Sources, s.f.Checks, s.f.Book.Checked = map[Source]bool{CI: true}, meaning(wanted...), map[workflows.Product]bool{"app": true}
	return s
}

// looks lets the machine look at the checks as they stand, and gives the kinds of what was recorded.
func (s *story) looks(checks ...workflows.Check) []string {
	s.Helper()
	s.f.Found = workflows.Found{Commit: s.Candidate.Commit, Checks: checks, Required: asked(s.f.Found.Required)}
	s.machine(News{Commit: s.Candidate.Commit.ID})
	var kinds []string
	for _, e := range s.said {
		kinds = append(kinds, e.Kind())
	}
	return kinds
}

// TestChecked: what all checks say together, and what a reader sees of it.
func TestChecked(t *testing.T) {
	const pass, fail, run, odd = workflows.CheckPassed, workflows.CheckFailed, workflows.CheckRunning, workflows.CheckUnknown
	tests := []struct {
		name   string
		wanted []string
		checks []workflows.Check
		signed bool
		why    string
		turn   bool // somebody's
	}{
		{"all passed", nil, []workflows.Check{check("build", pass), check("test", pass)}, true, "", false},
		{"none at all", nil, nil, false, "no check has reported", false},
		{"one failed", nil, []workflows.Check{check("build", pass), check("test", fail)}, false, "test failed → https://ci.example/test", true},
		{"several failed", nil, []workflows.Check{check("build", pass), check("test", fail), check("lint", fail), check("slow", run)}, false, "test and 1 more failed → https://ci.example/test", true},
		{"one runs", nil, []workflows.Check{check("build", run), check("test", pass)}, false, "build is running → https://ci.example/build", false},
		{"failed goes before running", nil, []workflows.Check{check("build", run), check("test", fail)}, false, "test failed → https://ci.example/test", true},
		{"nobody knows the word", nil, []workflows.Check{{Name: "build", State: odd, Said: "splendid"}, check("test", pass)}, false,
			"build says “splendid”, which is not known to be well", true},
		{"no state", nil, []workflows.Check{{Name: "build", Said: "?"}}, false, "build says “?”, which is not known to be well", true},
		{"a state of tomorrow", nil, []workflows.Check{{Name: "build", State: "superb", Said: "superb"}}, false, "build says “superb”, which is not known to be well", true},
		{"those that are wanted passed", []string{"test"}, []workflows.Check{check("lint", fail), check("test", pass)}, true, "", false},
		{"one that is wanted is missing", []string{"test", "build"}, []workflows.Check{check("test", pass), check("lint", pass)}, false, "build has not reported", false},
		{"none is wanted by that name", []string{"Test"}, []workflows.Check{check("test", pass)}, false, "Test has not reported", false},
		{"none of those that are wanted", []string{"test"}, nil, false, "test has not reported", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := withCI(t, policy.Normal, tt.wanted...)
			s.looks(tt.checks...)
			got := s.item("ga.ready/tests")
			if tt.signed {
				if got.State != Holds || len(got.Votes) != 1 || got.Votes[0].Machine != CI || !strings.HasSuffix(got.Votes[0].Note, "passed") || !strings.HasPrefix(got.Votes[0].Evidence, "https://ci.example/") {
					t.Errorf("it reads %+v", got)
				}
				return
			}
			if want := "waits for CI: " + tt.why; got.State != Open || got.Turn != ToCheck || got.Why != want || (len(got.Who) > 0) != tt.turn {
				t.Errorf("it reads %s %s %v, %q, want %q", got.State, got.Turn, got.Who, got.Why, want)
			}
			if again := s.looks(tt.checks...); len(again) > 0 {
				t.Errorf("the same look again recorded %v", again)
			}
		})
	}
}

// TestCheckedComesAndGoes: a word is taken back as soon as it is not so any more, given again, and of a commit that is not
// the candidate it says nothing.
func TestCheckedComesAndGoes(t *testing.T) {
	s := withCI(t, policy.Normal)
	step := func(want []string, checks ...workflows.Check) {
		t.Helper()
		for n := range 100 {
			got := s.looks(checks...)
			if n > 0 {
				want = nil
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("look %d at %v (-want +got):\n%s", n+1, checks, diff)
			}
		}
	}
	said, signed, back := Checked{}.Kind(), Signed{}.Kind(), Withdrawn{}.Kind()
	step([]string{said}, check("build", workflows.CheckRunning))
	step([]string{said, signed}, check("build", workflows.CheckPassed))
	s.reads("ga.ready/tests", Holds, "")
	step([]string{said, back}, check("build", workflows.CheckRunning)) // run again
	s.reads("ga.ready/tests", Open, workflows.ItemUnsigned)
	step([]string{said, signed}, check("build", workflows.CheckPassed))
	step([]string{said, back}) // gone
	step([]string{said, signed}, check("build", workflows.CheckPassed))
	step([]string{said, back}, check("build", workflows.CheckPassed), workflows.Check{Name: "new", State: "odd", Said: "odd"})
	step([]string{said, signed}, check("build", workflows.CheckPassed), check("new", workflows.CheckPassed))

	s.moves(commit("bbbbbbbb", "ben"))
	s.reads("ga.ready/tests", Open, workflows.ItemStale)
	if got := s.item("ga.ready/tests"); got.Why != "waits for CI: nobody has looked yet" {
		t.Errorf("of a new commit it says %q", got.Why)
	}
	step([]string{said}, check("build", workflows.CheckFailed)) // what is stale needs no taking back
	s.f.Found.Commit.ID = "aaaaaaaa"
	s.f.Found.Checks = []workflows.Check{check("build", workflows.CheckPassed)}
	s.machine(News{})
	if len(s.said) > 0 {
		t.Errorf("the checks of another commit said %v", s.said)
	}
	s.moves(commit("aaaaaaaa", "ana"))
	s.reads("ga.ready/tests", Open, workflows.ItemStale) // they passed there once, and may have failed since
	step([]string{said}, check("build", workflows.CheckPassed), check("new", workflows.CheckPassed))
	s.reads("ga.ready/tests", Holds, "")
}

// TestCheckedByHand: where no machine checks, and at low risk, a person signs; else nobody does in the machine's place.
func TestCheckedByHand(t *testing.T) {
	for _, tt := range []struct {
		risk       policy.Risk
		configured bool
		refused    bool
	}{{policy.Low, true, false}, {policy.Low, false, false}, {policy.Normal, false, false}, {policy.Normal, true, true}} {
		s := withCI(t, tt.risk)
		s.f.Sources[CI], s.f.Book.Checked["app"] = tt.configured, tt.configured
		if kinds := s.looks(check("build", workflows.CheckFailed)); (len(kinds) > 0) != tt.configured {
			t.Errorf("risk %s, configured %v: recorded %v", tt.risk, tt.configured, kinds)
		}
		if turn := s.item("ga.ready/tests").Turn; (turn == ToCheck) != tt.configured {
			t.Errorf("risk %s, configured %v: its turn is %s", tt.risk, tt.configured, turn)
		}
		if tt.refused {
			s.refuses("ben", Sign{Items: []string{"tests"}}, workflows.NotAllowed)
			continue
		}
		s.sign("ben", OK, "tests")
		if got := s.item("ga.ready/tests"); got.State != Holds || !got.Votes[0].ByHand {
			t.Errorf("risk %s, configured %v: it reads %+v", tt.risk, tt.configured, got)
		}
	}
}

// Whatever checks do in whatever order: the item holds exactly while all that must be well are, and what is recorded is no
// more than what changed.
func TestCheckedAlways(t *testing.T) {
	states := []workflows.CheckState{workflows.CheckPassed, workflows.CheckPassed, workflows.CheckPassed, workflows.CheckFailed, workflows.CheckRunning, workflows.CheckUnknown, "", "odd"}
	rapid.Check(t, func(rt *rapid.T) {
		s := withCI(t, policy.Normal)
		s.f.Checks = meaning(rapid.SampledFrom([][]string{nil, {"a"}, {"a", "b"}, {"a@x"}, {"a@x", "b"}}).Draw(rt, "wanted")...)
		if rules := meaning(rapid.SampledFrom([][]string{nil, {}, {"b"}, {"b@x", "a"}}).Draw(rt, "required")...); rapid.Bool().Draw(rt, "rules are known") {
			s.f.Found.Required = &workflows.Required{Checks: rules, Unseen: rapid.SampledFrom([]string{"", "", "it is secret"}).Draw(rt, "unseen")}
		}
		wanted := s.f.Checks
		if rules := s.f.Found.Required; wanted == nil && rules != nil {
			wanted = rules.Checks
		}
		was, last := Checks{}, ""
		for range rapid.IntRange(1, 12).Draw(rt, "looks") {
			var checks []workflows.Check
			for _, name := range []string{"a", "b", "c"} {
				if rapid.Bool().Draw(rt, "there is "+name) {
					for _, maker := range rapid.SampledFrom([][]string{{"x"}, {"y"}, {"x", "y"}, {""}}).Draw(rt, "who makes it") {
						checks = append(checks, workflows.Check{Name: name, By: maker, State: rapid.SampledFrom(states).Draw(rt, name), Said: "odd"})
					}
				}
			}
			kinds := s.looks(checks...)
			well := len(checks) > 0 && (s.f.Checks != nil || s.f.Found.Required == nil || s.f.Found.Required.Unseen == "")
			for _, c := range checks {
				isMeant := wanted == nil || slices.ContainsFunc(wanted, func(n workflows.CheckName) bool { return n.Name == c.Name && (n.By == "" || n.By == c.By) })
				well = well && (c.State == workflows.CheckPassed || !isMeant)
			}
			for _, n := range wanted {
				well = well && slices.ContainsFunc(checks, func(c workflows.Check) bool { return c.Name == n.Name && (n.By == "" || n.By == c.By) })
			}
			if got := s.item("ga.ready/tests").State == Holds; got != well {
				rt.Fatalf("%v wanted of %v: it holds: %v", s.f.Checks, checks, got)
			}
			now, _ := s.Checking()
			if said := fmt.Sprint(now); (said != last) != slices.Contains(kinds, Checked{}.Kind()) && now.State != was.State {
				rt.Fatalf("from %v to %v: %v", was, now, kinds)
			} else {
				last = said
			}
			was = now
		}
	})
}

// TestCheckedByWhom: a check that is wanted of somebody counts from nobody else; of a name alone whoever stands worst counts;
// and where nothing is named here, what the repository's own rules require.
func TestCheckedByWhom(t *testing.T) {
	const pass, fail, run = workflows.CheckPassed, workflows.CheckFailed, workflows.CheckRunning
	actions := func(name string, state workflows.CheckState) workflows.Check {
		return madeBy("github-actions", name, state)
	}
	rules := func(texts ...string) *workflows.Required { return &workflows.Required{Checks: meaning(texts...)} }
	more := func(texts ...string) *workflows.Required {
		return &workflows.Required{Checks: meaning(texts...), More: true}
	}
	tests := map[string]struct {
		wanted   []string
		required *workflows.Required
		checks   []workflows.Check
		note     string // signed with it
		why      string // or else open for it
		turn     bool
	}{
		"theirs":                       {[]string{"build@github-actions"}, nil, []workflows.Check{actions("build", pass)}, "build (github-actions) passed", "", false},
		"whatever the case":            {[]string{"build@@CI-Bot"}, nil, []workflows.Check{madeBy("@ci-bot", "build", pass)}, "build (@ci-bot) passed", "", false},
		"another's":                    {[]string{"build@github-actions"}, nil, []workflows.Check{madeBy("evil-ci", "build", pass)}, "", "build is reported by evil-ci, not by github-actions", false},
		"two others'":                  {[]string{"build@github-actions"}, nil, []workflows.Check{madeBy("@eve", "build", pass), madeBy("evil-ci", "build", pass)}, "", "build is reported by @eve and evil-ci, not by github-actions", false},
		"nobody knows whose":           {[]string{"build@github-actions"}, nil, []workflows.Check{check("build", pass)}, "", "build is reported by somebody unknown, not by github-actions", false},
		"theirs beside another's":      {[]string{"build@github-actions"}, nil, []workflows.Check{madeBy("evil-ci", "build", fail), actions("build", pass)}, "build (github-actions) passed", "", false},
		"theirs hidden by another's":   {[]string{"build@github-actions"}, nil, []workflows.Check{madeBy("evil-ci", "build", pass), actions("build", fail)}, "", "build (github-actions) failed → https://ci.example/build", true},
		"whoever's, the worst":         {[]string{"build"}, nil, []workflows.Check{actions("build", pass), madeBy("evil-ci", "build", fail)}, "", "build (evil-ci) failed → https://ci.example/build", true},
		"whoever's, all well":          {[]string{"build"}, nil, []workflows.Check{actions("build", pass), madeBy("jenkins", "build", pass)}, "build (github-actions); build (jenkins) passed", "", false},
		"none of any":                  {[]string{"build@github-actions"}, nil, nil, "", "build (github-actions) has not reported", false},
		"by maker":                     {nil, nil, []workflows.Check{actions("build", pass), madeBy("@ci", "lint", pass), actions("test", pass)}, "build, test (github-actions); lint (@ci) passed", "", false},
		"required, a quick one first":  {nil, rules("slow@github-actions"), []workflows.Check{actions("quick", pass)}, "", "slow (github-actions), which the repository requires, has not reported", false},
		"required, it runs":            {nil, rules("slow"), []workflows.Check{actions("quick", pass), actions("slow", run)}, "", "slow (github-actions) is running → https://ci.example/slow", false},
		"required, it passed":          {nil, rules("slow@github-actions"), []workflows.Check{madeBy("x", "quick", fail), actions("slow", pass)}, "slow (github-actions) passed, which the repository requires", "", false},
		"required of another":          {nil, rules("slow@github-actions"), []workflows.Check{madeBy("evil-ci", "slow", pass)}, "", "slow is reported by evil-ci, not by github-actions, which the repository requires", false},
		"required twice":               {nil, rules("slow", "slow@github-actions"), []workflows.Check{actions("slow", pass)}, "slow (github-actions) passed, which the repository requires", "", false},
		"none is required":             {nil, rules(), []workflows.Check{actions("quick", pass)}, "quick (github-actions) passed", "", false},
		"none is required, none there": {nil, rules(), nil, "", "no check has reported", false},
		"required, none there":         {nil, rules("slow"), nil, "", "slow, which the repository requires, has not reported", false},
		"more is required, it runs":    {nil, more("slow"), []workflows.Check{actions("slow", pass), actions("scan", run)}, "", "scan (github-actions) is running → https://ci.example/scan", false},
		"more is required, it failed":  {nil, more("slow"), []workflows.Check{actions("slow", pass), actions("scan", fail)}, "", "scan (github-actions) failed → https://ci.example/scan", true},
		"more is required, none there": {nil, more("slow"), []workflows.Check{actions("scan", pass)}, "", "slow, which the repository requires, has not reported", false},
		"more is required, all well":   {nil, more("slow"), []workflows.Check{actions("scan", pass), actions("slow", pass)}, "slow, scan (github-actions) passed", "", false},
		"only unnamed are required":    {nil, more(), []workflows.Check{actions("scan", pass)}, "scan (github-actions) passed", "", false},
		"more, and it is named here":   {[]string{"quick"}, more("slow"), []workflows.Check{actions("quick", pass), actions("scan", fail)}, "quick (github-actions) passed", "", false},
		"nobody can tell":              {nil, &workflows.Required{Unseen: "it is secret"}, []workflows.Check{actions("quick", pass)}, "", "nobody can tell which checks the repository requires: it is secret", true},
		"nobody can tell, it is named": {[]string{"quick"}, &workflows.Required{Unseen: "it is secret"}, []workflows.Check{actions("quick", pass)}, "quick (github-actions) passed", "", false},
		"named here goes before rules": {[]string{"quick"}, rules("slow"), []workflows.Check{actions("quick", pass)}, "quick (github-actions) passed", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := withCI(t, policy.Normal, tt.wanted...)
			s.f.Found.Required = tt.required
			s.looks(tt.checks...)
			got := s.item("ga.ready/tests")
			switch want := "waits for CI: " + tt.why; {
			case tt.note != "" && (got.State != Holds || len(got.Votes) != 1 || got.Votes[0].Note != tt.note):
				t.Errorf("it reads %+v, want it signed with %q", got, tt.note)
			case tt.note == "" && (got.State != Open || got.Why != want || (len(got.Who) > 0) != tt.turn):
				t.Errorf("it reads %s %v, %q, want %q", got.State, got.Who, got.Why, want)
			}
			if again := s.looks(tt.checks...); len(again) > 0 {
				t.Errorf("the same look again recorded %v", again)
			}
		})
	}
}

// asked is what the repository's rules say: where a test says nothing of them, they require nothing.
func asked(rules *workflows.Required) *workflows.Required {
	if rules == nil {
		return &workflows.Required{}
	}
	return rules
}
