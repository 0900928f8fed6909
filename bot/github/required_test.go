package github_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
)

// rules is a query for checks, and for which of them are required.
var rules = workflows.Query{Checks: true, Rules: true}

// protectedBy has the next answer show main under that protection.
func protectedBy(protection string) func(*githubfake.Fake, *githubfake.Repo, string) {
	return func(f *githubfake.Fake, _ *githubfake.Repo, _ string) {
		f.Fail("GET /repos/{owner}/{repo}/branches/{branch...}", githubfake.Raw(200, `{"name": "main", "commit": {"sha": "0123456789abcdef0123456789abcdef01234567"}, "protected": true, "protection": `+protection+`}`))
	}
}

// What GitHub requires before a merge is read of rulesets and of a branch's protection, together, with whose checks they must
// be; of what it does not show nothing is believed.
func TestRequiredChecks(t *testing.T) {
	type demand = githubfake.Demand
	names := func(texts ...string) (all []workflows.CheckName) {
		for _, text := range texts {
			name, by, _ := strings.Cut(text, "@")
			all = append(all, workflows.CheckName{Name: name, By: by})
		}
		return all
	}
	tests := map[string]struct {
		set    func(f *githubfake.Fake, r *githubfake.Repo, id string)
		want   []workflows.CheckName
		unseen string
	}{
		"nothing":        {func(*githubfake.Fake, *githubfake.Repo, string) {}, nil, ""},
		"only protected": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) { r.Protect("main") }, nil, ""},
		"by protection":  {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) { r.Require("main", demand{Name: "slow"}) }, names("slow"), ""},
		"of nobody": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Require("main", demand{Name: "slow"})
			r.Enforce("main", "off")
		}, nil, ""},
		"of all": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Require("main", demand{Name: "slow"})
			r.Enforce("main", "everyone")
		}, names("slow"), ""},
		"of a new word": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Require("main", demand{Name: "slow"})
			r.Enforce("main", "moonlight")
		}, names("slow"), ""},
		"elsewhere": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Require("other", demand{Name: "slow"})
			r.Rule("other", demand{Name: "slow"})
		}, nil, ""},
		"by a ruleset": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Rule("main", demand{Name: "slow"}, demand{Name: "lint"})
		}, names("lint", "slow"), ""},
		"by two rulesets": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Rule("main", demand{Name: "slow"})
			r.Rule("main", demand{Name: "slow"}, demand{Name: "lint"})
		}, names("lint", "slow"), ""},
		"by both": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Rule("main", demand{Name: "slow", App: "github-actions"})
			r.Require("main", demand{Name: "slow"}, demand{Name: "lint"})
		}, names("lint", "slow", "slow@the App 15368"), ""},
		"whose it is, which made one": {func(_ *githubfake.Fake, r *githubfake.Repo, id string) {
			r.Rule("main", demand{Name: "slow", App: "github-actions"})
			r.Check(id, "other", "completed", "success")
		}, names("slow@github-actions"), ""},
		"whose it is, which set a status": {func(_ *githubfake.Fake, r *githubfake.Repo, id string) {
			r.Require("main", demand{Name: "slow", App: "jenkins"})
			r.StatusBy("jenkins[bot]", id, "slow", "success", "")
		}, names("slow@jenkins"), ""},
		"another program's": {func(_ *githubfake.Fake, r *githubfake.Repo, id string) {
			r.Require("main", demand{Name: "slow", App: "github-actions"})
			r.StatusBy("readyroom[bot]", id, "slow", "success", "")
		}, names("slow@the App 15368"), ""},
		"a program's that nobody sees": {func(_ *githubfake.Fake, r *githubfake.Repo, id string) {
			r.Require("main", demand{Name: "slow", App: "github-actions"})
			r.StatusBy("secret-ci[bot]", id, "slow", "success", "")
		}, names("slow@the App 15368"), ""},
		"a person's who chose that name": {func(_ *githubfake.Fake, r *githubfake.Repo, id string) {
			r.Require("main", demand{Name: "slow", App: "github-actions"})
			r.StatusBy("github-actions", id, "slow", "success", "")
		}, names("slow@the App 15368"), ""},
		"an old server": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) {
			r.Rulesets("old")
			r.Require("main", demand{Name: "slow"})
		}, names("slow"), ""},
		"a small plan":     {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) { r.Rulesets("plan") }, nil, ""},
		"rules are hidden": {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) { r.Rulesets("hidden") }, nil, "does not show the bot the rules of the branch main"},
		"no such branch":   {func(_ *githubfake.Fake, r *githubfake.Repo, _ string) { r.DefaultBranch("trunk") }, nil, "shows the bot no branch trunk of acme/app"},
		"another protection": {func(f *githubfake.Fake, _ *githubfake.Repo, _ string) {
			f.Fail("GET /repos/{owner}/{repo}/branches/{branch...}", githubfake.Raw(200, `{"name": "main", "commit": {"sha": "0123456789abcdef0123456789abcdef01234567"}, "protected": true}`))
		}, nil, "does not say how the branch main is protected"},
		"a protection that says nothing": {protectedBy(`{"enabled": true}`), nil, "does not say how the branch main is protected"},
		"checks of which none is said":   {protectedBy(`{"enabled": true, "required_status_checks": {"enforcement_level": "everyone"}}`), nil, "does not say how the branch main is protected"},
		"a check without a name": {protectedBy(`{"enabled": true, "required_status_checks": {"enforcement_level": "everyone", "contexts": ["slow", ""], "checks": [{"context": "slow"}, {"app_id": 1}]}}`),
			nil, "does not say how the branch main is protected"},
		"of everybody none": {protectedBy(`{"enabled": true, "required_status_checks": {"enforcement_level": "everyone", "contexts": [], "checks": []}}`), nil, ""},
		"open, unlike others": {func(f *githubfake.Fake, _ *githubfake.Repo, _ string) {
			f.Fail("GET /repos/{owner}/{repo}/branches/{branch...}", githubfake.Raw(200, `{"name": "main", "commit": {"sha": "0123456789abcdef0123456789abcdef01234567"}, "protected": false}`))
		}, nil, ""},
		"names of old": {func(f *githubfake.Fake, _ *githubfake.Repo, _ string) {
			f.Fail("GET /repos/{owner}/{repo}/branches/{branch...}", githubfake.Raw(200, `{"name": "main", "commit": {"sha": "0123456789abcdef0123456789abcdef01234567"}, "protected": true, "protection": {"enabled": true, "required_status_checks":
				{"enforcement_level": "non_admins", "contexts": ["old", "slow"], "checks": [{"context": "slow", "app_id": -1}]}}}`))
		}, names("old", "slow"), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, r, g := repository(t)
			id := r.Commit("main", "ana", "root", map[string]string{"a": "1"})
			r.Branch("other", "main")
			tt.set(f, r, id)
			found, err := g.Complete(t.Context(), workflows.Query{Forge: "acme/app", Checks: true, Rules: true}, workflows.Found{Commit: workflows.Commit{ID: id}})
			if err != nil || found.Required == nil {
				t.Fatalf("%+v, %v", found.Required, err)
			}
			if diff := gocmp.Diff(tt.want, found.Required.Checks); diff != "" {
				t.Error(diff)
			}
			if got := found.Required.Unseen; !strings.Contains(got, tt.unseen) || (got == "") != (tt.unseen == "") {
				t.Errorf("it says %q, want %q", got, tt.unseen)
			}
		})
	}
}

// Who does not answer says nothing: whatever is read for it, a fault in its place is none of "nothing is required".
func TestRequiredChecksAreNotGuessed(t *testing.T) {
	for _, route := range []string{"GET /repos/{owner}/{repo}/branches/{branch...}", "GET /repos/{owner}/{repo}/rules/branches/{branch...}", "GET /apps/{slug}", "GET /repos/{owner}/{repo}/commits/{ref...}/statuses"} {
		for name, fault := range map[string]githubfake.Fault{
			"500": githubfake.HTTP(500), "429": githubfake.TooMany(429, "1"), "reset": githubfake.Ends(githubfake.Reset), "empty": githubfake.Raw(200, ""), "null": githubfake.Raw(200, "null"),
			"{}": githubfake.Raw(200, "{}"), "401": githubfake.HTTP(401),
		} {
			f, r, g := repository(t)
			id := r.Commit("main", "ana", "root", map[string]string{"a": "1"})
			r.Require("main", githubfake.Demand{Name: "slow", App: "jenkins"})
			r.StatusBy("jenkins[bot]", id, "slow", "success", "")
			f.Fail(route, fault, fault, fault)
			found, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Checks: true, Rules: true})
			if err == nil && (found.Required == nil || len(found.Required.Checks) != 1 || found.Required.Checks[0].By == "") {
				t.Errorf("%s at %s: %+v", name, route, found.Required)
			}
			if err != nil && strings.Contains(err.Error(), f.Token()) {
				t.Errorf("%s at %s: %v", name, route, err)
			}
		}
	}
	for kind, want := range map[string]bool{"workflows": true, "code_scanning": true, "deletion": false} { // what reports under names that no rule says
		_, r, g := repository(t)
		r.Commit("main", "ana", "root", map[string]string{"a": "1"})
		r.Rule("main", githubfake.Demand{Name: "slow"})
		r.RuleOf("main", kind)
		if got := look(t, g, rules).Required; got.More != want || gocmp.Diff([]workflows.CheckName{{Name: "slow"}}, got.Checks) != "" {
			t.Errorf("%s: %+v", kind, got)
		}
	}
	for name, answer := range map[string]string{
		"a rule without its checks": `[{"type": "required_status_checks"}]`, "no list": `[{"type": "required_status_checks", "parameters": {"required_status_checks": {}}}]`,
		"no name": `[{"type": "required_status_checks", "parameters": {"required_status_checks": [{"integration_id": 1}]}}]`,
	} {
		f, r, g := repository(t)
		r.Commit("main", "ana", "root", map[string]string{"a": "1"})
		f.Fail("GET /repos/{owner}/{repo}/rules/branches/{branch...}", githubfake.Raw(200, answer))
		if found, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Checks: true, Rules: true}); err == nil {
			t.Errorf("%s: %+v", name, found.Required)
		}
	}
}

// A branch that has another name now is asked for its rules by that, and one with a slash is one branch.
func TestRequiredChecksOfBranches(t *testing.T) {
	f, r, g := repository(t)
	r.Commit("release/1.0", "ana", "root", map[string]string{"a": "1"})
	r.Rule("release/1.0", githubfake.Demand{Name: "slow"})
	r.Require("release/1.0", githubfake.Demand{Name: "fast"})
	q := rules
	q.Branch = "release/1.0"
	want := []workflows.CheckName{{Name: "fast"}, {Name: "slow"}}
	if found := look(t, g, q); gocmp.Diff(want, found.Required.Checks) != "" {
		t.Errorf("%+v", found.Required)
	}
	f.Fail("GET /repos/{owner}/{repo}/branches/{branch...}", githubfake.Raw(200, `{"name": "release/1.0", "commit": {"sha": "0123456789abcdef0123456789abcdef01234567"}, "protected": false}`))
	q.Branch, q.Ref = "old", r.Head("release/1.0")
	if found := look(t, g, q); gocmp.Diff(want[1:], found.Required.Checks) != "" {
		t.Errorf("under its old name: %+v", found.Required)
	}
	f2 := len(f.Calls(""))
	look(t, g, q)
	asked := f.Calls("")[f2:]
	for _, c := range asked {
		if c.Route == "GET /repos/{owner}/{repo}/rules/branches/{branch...}" && c.Status != 304 {
			t.Errorf("asked again, it is answered anew: %d", c.Status)
		}
	}
}

// Of more rules than a page holds none is lost, and what changes between two pages is not believed.
func TestRequiredChecksOfManyRules(t *testing.T) {
	f, r, g := repository(t)
	r.Commit("main", "ana", "root", map[string]string{"a": "1"})
	for range 60 {
		r.Rule("main", githubfake.Demand{Name: "lint"})
	}
	r.Rule("main", githubfake.Demand{Name: "slow"})
	if found := look(t, g, rules); gocmp.Diff([]workflows.CheckName{{Name: "lint"}, {Name: "slow"}}, found.Required.Checks) != "" {
		t.Errorf("%+v", found.Required)
	}
	pages := 0
	f.Between(func(int) {
		if calls := f.Calls("GET /repos/{owner}/{repo}/rules/branches/{branch...}"); len(calls) > pages {
			if pages = len(calls); calls[pages-1].Query.Get("page") == "2" && calls[pages-1].Status == 0 {
				r.Rule("main")
				r.Rule("main", githubfake.Demand{Name: "lint"})
			}
		}
	})
	if found, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Checks: true, Rules: true}); err == nil {
		t.Errorf("of two rulings it makes one: %+v", found.Required)
	}
}
