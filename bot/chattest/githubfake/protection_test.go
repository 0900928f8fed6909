package githubfake_test

import (
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// TestProtection: what is required of a branch is shown with it, what rulesets require among their rules, to whoever may see
// it; and nothing gets onto the branch past either.
func TestProtection(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	main := r.Head("main")
	const branch, rules, ref = "/repos/acme/app/branches/main", "/repos/acme/app/rules/branches/main", "/repos/acme/app/git/refs/heads/main"
	api.get(branch).says(t, "protected", false)
	api.get(rules).must(t, 200).says(t, "#", 0.0)

	r.Require("main", githubfake.Demand{Name: "slow", App: "github-actions"}, githubfake.Demand{Name: "lint"})
	a := api.get(branch).must(t, 200)
	a.says(t, "protected", true)
	a.says(t, "protection.required_status_checks.enforcement_level", "non_admins")
	a.says(t, "protection.required_status_checks.checks.0.app_id", 15368.0)
	a.says(t, "protection.required_status_checks.checks.1.app_id", nil)
	a.says(t, "protection.required_status_checks.contexts.1", "lint")
	api.do("PATCH", ref, j{"sha": main, "force": true}).must(t, 422)
	r.Require("main")

	r.Rule("main", githubfake.Demand{Name: "slow", App: "github-actions"})
	api.get(branch).says(t, "protected", true)
	a = api.get(rules).must(t, 200)
	a.says(t, "#", 3.0)
	a.says(t, "2.type", "required_status_checks")
	a.says(t, "2.parameters.required_status_checks.0.integration_id", 15368.0)
	api.get("/repos/acme/app/rules/branches/none").must(t, 200).says(t, "#", 0.0)
	api.get(rules+"?per_page=2&page=2").must(t, 200).says(t, "#", 1.0)
	api.do("PATCH", ref, j{"sha": main, "force": true}).must(t, 422)
	for how, status := range map[string]int{"old": 404, "plan": 403, "hidden": 403, "shown": 200} {
		r.Rulesets(how)
		api.get(rules).must(t, status)
	}
	r.Rulesets("shown")
	r.Rule("main")
	api.get(rules).must(t, 200).says(t, "#", 0.0)
}

// TestMakers: who made a check, and who set a status, is told, of the newest statuses alone it is not.
func TestMakers(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	main := r.Head("main")
	r.Check(main, "test", "completed", "success")
	r.CheckBy("jenkins", main, "test", "completed", "failure")
	r.StatusBy("jenkins[bot]", main, "ci", "success", "")
	runs := api.get("/repos/acme/app/commits/"+main+"/check-runs").must(t, 200)
	runs.says(t, "total_count", 2.0)
	runs.says(t, "check_runs.0.app.slug", "jenkins")
	api.get("/repos/acme/app/commits/"+main+"/check-runs?app_id=15368").says(t, "total_count", 1.0)
	api.get("/repos/acme/app/commits/"+main+"/statuses").says(t, "0.creator.login", "jenkins[bot]")
	api.get("/repos/acme/app/commits/"+main+"/status").says(t, "statuses.0.creator", nil)
	api.get("/apps/jenkins").must(t, 200).says(t, "id", float64(f.App("jenkins")))
	api.get("/apps/nobody").must(t, 404)
}
