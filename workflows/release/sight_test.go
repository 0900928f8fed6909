package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// sighted begins a release that lacks nothing but the word of the checks.
func sighted(t *testing.T, risk policy.Risk) *story {
	t.Helper()
	s := withCI(t, risk)
	s.f.Forge = Forge{Repository: "acme/app", Deploys: map[workflows.Environment]string{"production": ""}}
	s.f.Envs = []workflows.Environment{"production"}
	s.looks(check("build", workflows.CheckPassed))
	g, _ := s.Next()
	for _, i := range g.Items {
		if i.Key != "tests" {
			s.sign("mia", OK, g.Full(i))
			s.sign("ben", OK, g.Full(i))
		}
	}
	return s
}

// sees is what a look on behalf of a wish shows.
func (s *story) sees(w Outward, checks ...workflows.Check) {
	q := Sighted(s.Release, w, s.f).Query(s.f)
	s.f.Found = workflows.Found{Commit: workflows.Commit{ID: q.Ref}, Checks: checks}
	if q.Rules {
		s.f.Found.Required = &workflows.Required{}
	}
}

var silent = workflows.Found{Missing: workflows.Refuse(workflows.Unavailable, "GitHub gives no answer").By("whoever asks again").Type("/release status")}

func TestSightRestsOnMachines(t *testing.T) {
	const tests = "ga.ready/tests"
	waive := func(s *story) {
		s.looks(check("build", workflows.CheckFailed))
		s.by("ana", Waive{Item: tests, Owner: "mia", Until: s.f.Now.AddDate(0, 0, 3), Why: "flaky"})
	}
	for _, tt := range []struct {
		name  string
		risk  policy.Risk
		wish  Outward
		do    func(*story)
		items []string
	}{
		{"the word of a machine", policy.Normal, Advance{}, nil, []string{tests}},
		{"one that waits for it", policy.Normal, Advance{}, func(s *story) { s.looks(check("build", workflows.CheckFailed)) }, []string{tests}},
		{"something else is open", policy.Normal, Advance{}, func(s *story) { s.sign("mia", Block, "way-back") }, nil},
		{"which the glass is broken over", policy.Normal, BreakGlass{Why: "x"}, func(s *story) { s.sign("mia", Block, "way-back") }, []string{tests}},
		{"a person vouches for it", policy.Low, Advance{}, func(s *story) { s.sign("ben", OK, "tests") }, nil},
		{"it is waived", policy.Normal, Advance{}, waive, nil},
		{"no machine checks it", policy.Normal, Advance{}, func(s *story) { s.f.Sources[CI] = false }, nil},
		{"on hold", policy.Normal, Advance{}, func(s *story) { s.by("ana", HoldOn{Why: "x"}) }, nil},
		{"another stage is meant", policy.Normal, Advance{Stage: workflows.Preview}, nil, nil},
		{"a deployment to users", policy.Normal, Deploy{Env: "production"}, nil, []string{tests}},
		{"behind a flag", policy.Normal, Deploy{Env: "production"}, func(s *story) { s.f.Flags = map[workflows.FlagKey]map[workflows.Environment]int{"f": nil} }, nil},
		{"to nobody", policy.Normal, Deploy{Env: "staging"}, func(s *story) {
			s.f.Envs, s.f.Forge.Deploys = []workflows.Environment{"staging", "production"}, map[workflows.Environment]string{"staging": ""}
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sighted(t, tt.risk)
			if tt.do != nil {
				tt.do(s)
			}
			got := Sighted(s.Release, tt.wish, s.f)
			if diff := cmp.Diff(tt.items, got.Items); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			q := got.Query(s.f)
			if asks := q.Forge != ""; asks != (len(tt.items) > 0) || asks && (!q.Only || !q.Checks || q.Ref != "aaaaaaaa" || len(q.Envs) > 0) {
				t.Errorf("it asks %+v", q)
			}
		})
	}
}

// What is seen at the moment decides, whatever was heard before; what cannot be seen opens nothing.
func TestSightDecides(t *testing.T) {
	for _, w := range []Outward{Advance{}, Deploy{Env: "production"}} {
		s := sighted(t, policy.Normal)
		s.sees(w, check("build", workflows.CheckFailed))
		no := s.refuses("ana", w, workflows.NotReady)
		if no.Head != "NO-GO" || !strings.Contains(no.Why, "tests waits for CI: build failed → https://ci.example/build") {
			t.Errorf("%T: it says %s", w, no.Why)
		}
		s.sees(w)
		s.refuses("ana", w, workflows.NotReady)
		s.f.Found = silent
		no = s.refuses("ana", w, workflows.Unavailable)
		if want := "«before GA» goes by what machines say of tests at this moment, and nobody could see it: GitHub gives no answer"; no.Why != want ||
			!slices.Equal(no.Who, []string{"whoever asks again", "an owner by breaking the glass"}) || len(no.Next) != 2 || no.Next[1] != "/release advance --break-glass -- why" {
			t.Errorf("%T: it says %+v", w, no)
		}
		s.f.Found = workflows.Found{Commit: workflows.Commit{ID: "bbbbbbbb"}, Checks: []workflows.Check{check("build", workflows.CheckPassed)}, Required: &workflows.Required{}}
		s.refuses("ana", w, workflows.Unavailable)
		s.sees(w, check("build", workflows.CheckPassed))
		s.by("ana", w)
	}
}

// A check that passed since nobody had heard of it yet opens.
func TestSightHears(t *testing.T) {
	s := sighted(t, policy.Normal)
	s.looks(check("build", workflows.CheckRunning))
	s.sees(Advance{}, check("build", workflows.CheckPassed))
	s.machine(Seen{For: Advance{}})
	if got := s.said; len(got) != 2 || got[0].Kind() != (Checked{}).Kind() || got[1].Kind() != (Signed{}).Kind() {
		t.Errorf("it heard %v", got)
	}
	s.machine(Seen{For: Advance{}})
	if len(s.said) > 0 {
		t.Errorf("it heard twice: %v", s.said)
	}
	s.by("ana", Advance{})
	if s.Stage() != workflows.GA {
		t.Errorf("it is %s", s.Whereabouts())
	}
}

// Breaking the glass waits for nobody: the record says that nobody looked, and what was not seen is owed, should it turn
// out not to be so.
func TestGlassIsBrokenBlind(t *testing.T) {
	s := sighted(t, policy.Normal)
	s.sees(BreakGlass{Why: "it is down"}, check("build", workflows.CheckPassed))
	s.refuses("ana", BreakGlass{Why: "it is down"}, workflows.Unchanged)
	s.f.Found = silent
	s.by("ana", BreakGlass{Why: "it is down"})
	if got := s.Glass[0].Whole; len(got) != 1 || got[0] != "nobody could see how tests stands (unavailable)" || len(s.Glass[0].Open) > 0 {
		t.Errorf("it says %+v", s.Glass[0])
	}
	if s.Stage() != workflows.GA || !slices.Contains(s.Owing, "ga.ready/tests") {
		t.Errorf("it is %s and owes %v", s.Whereabouts(), s.Owing)
	}
	owed := func() bool {
		return slices.ContainsFunc(s.verdict().Whole, func(b Blocker) bool { return b.Item == "ga.ready/tests" })
	}
	if s.looks(check("build", workflows.CheckPassed)); owed() {
		t.Error("what was well is owed")
	}
	if s.looks(check("build", workflows.CheckFailed)); !owed() {
		t.Error("what was not well is not owed")
	}
}

// What is owed is asked for anew by the last gate.
func TestSightOfWhatIsOwed(t *testing.T) {
	s := sighted(t, policy.Normal)
	s.looks(check("build", workflows.CheckFailed))
	s.by("ana", BreakGlass{Why: "it is down"})
	s.looks(check("build", workflows.CheckPassed))
	s.f.Now = s.f.Now.AddDate(0, 0, 10)
	s.signAll("mia", "ben")
	if got := Sighted(s.Release, Advance{}, s.f); !slices.Equal(got.Items, []string{"ga.ready/tests"}) {
		t.Errorf("it looks at %v; open: %+v", got.Items, s.verdict())
	}
	s.sees(Advance{}, check("build", workflows.CheckFailed))
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.sees(Advance{}, check("build", workflows.CheckPassed))
	s.by("ana", Advance{})
}

// The word of a deployment is asked for where users are, and without that of the checks.
func TestSightOfADeployment(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Template: "feature", Risk: policy.Low})
	s.f.Sources, s.f.Book.Deployed = map[Source]bool{Deployment: true}, map[workflows.Product]bool{"app": true}
	s.f.Envs, s.f.Forge = []workflows.Environment{"staging", "production"}, Forge{Repository: "acme/app", Deploys: map[workflows.Environment]string{"staging": "", "production": "deploy.yml"}}
	g, _ := s.Next()
	for _, i := range g.Items {
		if i.From != Deployment {
			s.sign("mia", OK, g.Full(i))
		}
	}
	s.machine(Vouch{Source: Deployment, OK: true})
	q := Sighted(s.Release, Advance{}, s.f).Query(s.f)
	want := workflows.Query{Forge: "acme/app", Only: true, Envs: map[workflows.Environment]string{"production": "deploy.yml"}}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Fatalf("it asks (-want +got):\n%s", diff)
	}
	s.f.Found = silent
	s.refuses("ana", Advance{}, workflows.Unavailable)
	s.f.Found = workflows.Found{}
	s.by("ana", Advance{})
}

// What leads towards safety asks for nothing.
func TestSafetyWaitsForNobody(t *testing.T) {
	for _, w := range []Wish{HoldOn{}, RollBack{}, Resume{}, Sign{}, Set{}, Waive{}} {
		if _, is := w.(Outward); is {
			t.Errorf("%T looks first", w)
		}
	}
}

// Whatever was heard before and whatever is seen now: without glass a gate is passed exactly when what is seen is well.
func TestSightAlways(t *testing.T) {
	states := []workflows.CheckState{workflows.CheckPassed, workflows.CheckFailed, workflows.CheckRunning, workflows.CheckUnknown}
	rapid.Check(t, func(rt *rapid.T) {
		s := sighted(t, rapid.SampledFrom([]policy.Risk{policy.Low, policy.Normal}).Draw(rt, "risk"))
		s.looks(check("build", rapid.SampledFrom(states).Draw(rt, "heard")))
		now := rapid.SampledFrom(states).Draw(rt, "now")
		away := rapid.Bool().Draw(rt, "away")
		w := rapid.SampledFrom([]Outward{Advance{}, Deploy{Env: "production"}}).Draw(rt, "wish")
		if s.sees(w, check("build", now)); away {
			s.f.Found = silent
		}
		if rapid.Bool().Draw(rt, "on record") {
			s.machine(Seen{For: w})
		}
		if got := s.try("ana", w) == nil; got != (!away && now == workflows.CheckPassed) {
			rt.Fatalf("%T while the check is %s, away %v: done %v", w, now, away, got)
		}
	})
}

// What opens something asks as well which checks are required, where the configuration names none: one that is required since
// the last look keeps the gate shut.
func TestSightAsksWhatIsRequired(t *testing.T) {
	for _, w := range []Outward{Advance{}, Deploy{Env: "production"}} {
		s := sighted(t, policy.Normal)
		s.f.Forge.Branch = "main"
		if q := Sighted(s.Release, w, s.f).Query(s.f); !q.Rules || q.Branch != "main" {
			t.Errorf("%T: it asks %+v", w, q)
		}
		s.sees(w, check("build", workflows.CheckPassed))
		s.f.Found.Required = &workflows.Required{Checks: meaning("slow")}
		if no := s.refuses("ana", w, workflows.NotReady); !strings.Contains(no.Why, "slow, which the repository requires, has not reported") {
			t.Errorf("%T: it says %s", w, no.Why)
		}
		s.f.Checks = meaning("build")
		if q := Sighted(s.Release, w, s.f).Query(s.f); q.Rules {
			t.Errorf("%T: it asks %+v", w, q)
		}
		s.sees(w, check("build", workflows.CheckPassed))
		s.by("ana", w)
	}
}
