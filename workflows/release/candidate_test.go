package release

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Which votes go stale when the candidate moves, by what they are bound to and by what changed.
func TestWhatGoesStale(t *testing.T) {
	same := func(id, tree, api string, builds map[string]string) func(*story) {
		return func(s *story) {
			s.f.Found = workflows.Found{Commit: workflows.Commit{ID: id, Tree: tree, Under: map[string]string{"api/**": api}, Authors: []string{"ana@example.org"}}}
			s.by("ana", SetCandidate{Ref: id, Builds: builds})
		}
	}
	linux := func(d string) map[string]string { return map[string]string{"linux": d} }
	for name, c := range map[string]struct {
		id         workflows.ReleaseID
		paths      []string
		move       func(*story)
		commit     bool // whether votes bound to the commit go stale
		tree       bool // and those bound to the tree
		notCarried bool
	}{
		"version, another commit and tree":     {id: "app@1.0", move: same("b", "t2", "x2", nil), commit: true, tree: true},
		"version, another commit, same tree":   {id: "app@1.0", move: same("b", "t1", "x1", nil), commit: true},
		"version, same commit, a build":        {id: "app@1.0", move: same("a", "t1", "x1", linux("1")), commit: true, notCarried: true},
		"feature, whole tree":                  {id: "app@f", move: same("b", "t2", "x1", nil), commit: true, tree: true},
		"feature, same tree":                   {id: "app@f", move: same("b", "t1", "x1", nil)},
		"feature with paths, outside them":     {id: "app@f", paths: []string{"api/**"}, move: same("b", "t2", "x1", nil)},
		"feature with paths, inside them":      {id: "app@f", paths: []string{"api/**"}, move: same("b", "t2", "x2", nil), commit: true, tree: true},
		"feature with paths, a build as well":  {id: "app@f", paths: []string{"api/**"}, move: same("b", "t2", "x1", linux("1")), commit: true},
		"feature with paths, two builds since": {id: "app@f", paths: []string{"api/**"}, move: func(s *story) { same("b", "t2", "x1", linux("1"))(s); same("c", "t1", "x1", nil)(s) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, New{ID: c.id, Template: "feature", Risk: policy.Low, Paths: c.paths})
			same("a", "t1", "x1", nil)(s)
			bound := map[string]bool{"preview.ready/production-deployment": c.commit, "preview.ready/security-assessment": c.tree, "preview.ready/audit-logs": false}
			for full := range bound {
				s.sign("ben", OK, full)
			}
			c.move(s)
			for full, stale := range bound {
				want, state := workflows.Reason(""), Holds
				if stale {
					want, state = workflows.ItemStale, Open
				}
				s.reads(full, state, want)
				_, item, _ := s.find(full)
				carried := item.Binds != Unbound && !stale && !c.notCarried
				for _, v := range s.votesOn(full) {
					if s.Carried(v) != carried {
						t.Errorf("%s carried: %t", full, s.Carried(v))
					}
				}
			}
		})
	}
}

// The author rule looks at what came since the product's last candidate in GA, and always at the candidate itself.
func TestAuthorships(t *testing.T) {
	a, b, ab := commit("a", "ana"), commit("b", "ben"), commit("c", "ben", "ana")
	for name, c := range map[string]struct {
		base  string
		log   []workflows.Commit
		found workflows.Commit
		want  []policy.Authorship
	}{
		"first release":      {found: a, log: []workflows.Commit{a, b}, want: []policy.Authorship{{Authors: a.Authors, Commits: 1, Example: "a"}}},
		"since the last":     {base: "0", found: a, log: []workflows.Commit{a, b, b}, want: []policy.Authorship{{Authors: a.Authors, Commits: 1, Example: "a"}, {Authors: b.Authors, Commits: 2, Example: "b"}}},
		"co-authors":         {base: "0", found: ab, log: []workflows.Commit{ab, commit("d", "ana", "ben")}, want: []policy.Authorship{{Authors: []string{"ana@example.org", "ben@example.org"}, Commits: 2, Example: "c"}}},
		"outside its paths":  {base: "0", found: a, log: []workflows.Commit{b}, want: []policy.Authorship{{Authors: a.Authors, Commits: 1, Example: "a"}, {Authors: b.Authors, Commits: 1, Example: "b"}}},
		"nothing new":        {base: "0", found: a, want: []policy.Authorship{{Authors: a.Authors, Commits: 1, Example: "a"}}},
		"nobody's own words": {found: workflows.Commit{ID: "x"}, want: []policy.Authorship{{Commits: 1, Example: "x"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := authorships(Facts{Base: c.base, Found: workflows.Found{Commit: c.found, Log: c.log}})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSameCandidate(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	s.f.Found = workflows.Found{Commit: commit("aaaaaaaa", "ana")}
	s.refuses("ana", SetCandidate{}, workflows.Unchanged)
	s.by("ana", SetCandidate{Builds: map[string]string{"linux": "1"}})
	if s.Candidate.Moves != 1 || !s.Soaking.Equal(monday) {
		t.Errorf("%+v", s.Candidate)
	}
}

// New takes the branch's commit where there is one; a detached head it never guesses.
func TestNewWithoutCandidate(t *testing.T) {
	s := begin(t, New{ID: "app@1.0"})
	fresh := &story{T: t, f: s.f}
	fresh.f.Found = workflows.Found{Missing: workflows.Refuse(workflows.Detached, "HEAD is detached")}
	no := fresh.refuses("ana", New{ID: "app@2.0"}, workflows.Detached)
	if diff := cmp.Diff([]string{"/release new app@2.0 --candidate HEAD"}, no.Next); diff != "" {
		t.Error(diff)
	}
	fresh.f.Found = workflows.Found{Missing: workflows.Refuse(workflows.NoCommit, "no commit yet")}
	fresh.by("ana", New{ID: "app@2.0"})
	if fresh.Candidate != nil {
		t.Errorf("candidate %+v", fresh.Candidate)
	}
	fresh.refuses("ana", Sign{Items: []string{"tests"}}, workflows.NoCandidate)
	fresh.by("ana", Sign{Items: []string{"way-back"}})
}

// While one person is known, rules for two cannot hold.
func TestRiskOfNew(t *testing.T) {
	for name, c := range map[string]struct {
		people int
		usual  string // the configuration's default template; empty: the built-in one
		new    New
		want   policy.Risk
		why    string
		no     workflows.Reason
	}{
		"one person":          {people: 1, new: New{ID: "app@1", Template: "feature"}, want: policy.Low, why: "one person known"},
		"one person, typed":   {people: 1, new: New{ID: "app@1", Risk: policy.Normal}, no: workflows.Unsatisfiable},
		"one person, low":     {people: 1, new: New{ID: "app@1", Risk: policy.Low}, want: policy.Low},
		"two, the template's": {people: 2, new: New{ID: "app@1", Template: "feature"}, want: policy.Normal},
		"two, typed":          {people: 2, new: New{ID: "app@1", Risk: policy.Normal}, want: policy.Normal},
		"another than usual":  {people: 2, usual: "feature", new: New{ID: "app@1", Template: "simple"}, no: workflows.NeedsReason},
		"with a reason":       {people: 2, usual: "feature", new: New{ID: "app@1", Template: "simple", Why: "two words"}, want: policy.Low, why: "lowered by @ana"},
		"as careful as usual": {people: 2, usual: "feature", new: New{ID: "app@1", Template: "simple", Risk: policy.Normal}, want: policy.Normal},
		"usual, one person":   {people: 1, usual: "feature", new: New{ID: "app@1", Template: "simple"}, want: policy.Low, why: "one person known"},
		"no template":         {people: 2, new: New{ID: "app@1", Template: "big"}, no: workflows.Invalid},
		"paths of a version":  {people: 2, new: New{ID: "app@1", Paths: []string{"a/**"}}, no: workflows.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			s := &story{T: t, f: Facts{Now: monday, Book: testBook(), Templates: Templates(), Default: DefaultTemplate}}
			if c.usual != "" {
				s.f.Default = c.usual
			}
			if c.people == 1 {
				s.f.Book.People = map[workflows.PersonID]workflows.Person{"ana": s.f.Book.People["ana"]}
			}
			if c.no != "" {
				s.refuses("ana", c.new, c.no)
				return
			}
			s.by("ana", c.new)
			if s.Risk != c.want || s.RiskWhy != c.why || s.Manager != "ana" || s.Revision != Templates()[s.Template].Revision() {
				t.Errorf("risk %s (%s)", s.Risk, s.RiskWhy)
			}
		})
	}
}
