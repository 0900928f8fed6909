package githubfake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

const deployments = "/repos/acme/app/deployments"

// TestDeployments: what is deployed, how far it is, and what it takes the place of.
func TestDeployments(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	sha := r.Head("main")
	deploy := func(env string) int64 {
		a := api.post(deployments, j{"ref": sha, "auto_merge": false, "required_contexts": []string{}, "environment": env, "payload": j{"op": "1"}, "description": "d"})
		a.must(t, 201).says(t, "sha", sha)
		return int64(a.at(t, "id").(float64))
	}
	one, two := deploy("staging"), deploy("staging")
	status := func(id int64, body j) answer { return api.post(fmt.Sprint(deployments, "/", id, "/statuses"), body) }
	api.get(fmt.Sprint(deployments, "/", one, "/statuses")).says(t, "#", 0)
	status(one, j{"state": "success", "log_url": "https://ci.example/1"}).must(t, 201).says(t, "target_url", "https://ci.example/1")
	r.FinishDeployment(two, "in_progress")
	r.FinishDeployment(two, "success")
	states := ""
	for _, d := range r.Deployments() {
		states += d.State() + " "
	}
	if states != "inactive success " {
		t.Errorf("%s", states)
	}
	api.get(fmt.Sprint(deployments, "/", two, "/statuses")).says(t, "0.state", "success")
	a := api.get(deployments + "?environment=staging&sha=" + sha)
	a.says(t, "#", 2)
	a.says(t, "0.id", two)
	a.says(t, "0.payload.op", "1")
	api.get(deployments+"?environment=production").says(t, "#", 0)
	api.get("/repos/acme/app/environments").says(t, "environments.0.name", "staging")
	status(one, j{"state": "success", "description": strings.Repeat("é", 140)}).must(t, 201)
	status(one, j{"state": "success", "description": strings.Repeat("é", 141)}).must(t, 422)
	status(one, j{"state": "done"}).must(t, 422)
	status(7, j{"state": "success"}).must(t, 404)
	// Production stays as it is: only what is said ends it.
	old := r.Deploy(sha, "production", "ben")
	r.FinishDeployment(old, "success")
	r.FinishDeployment(r.Deploy(sha, "production", "ben"), "success")
	api.get(fmt.Sprint(deployments, "/", old, "/statuses")).says(t, "0.state", "success")
}

// TestDeploymentDefaults: what is not said is dangerous. The default branch is merged and nothing deployed; every status
// must be well.
func TestDeploymentDefaults(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	r.Branch("topic", "main")
	r.Commit("topic", "ben", "feat: x", map[string]string{"x": "x"})
	r.Commit("main", "ana", "fix: y", map[string]string{"y": "y"})
	before := r.Head("topic")
	api.post(deployments, j{"ref": "topic"}).must(t, 202).says(t, "message", "Auto-merged main into topic on deployment.")
	if len(r.Deployments()) != 0 || r.Head("topic") == before {
		t.Errorf("%d deployments, topic is at %s", len(r.Deployments()), r.Head("topic"))
	}
	api.post(deployments, j{"ref": "topic"}).must(t, 201).says(t, "environment", "production")
	r.Commit("topic", "ben", "feat: z", map[string]string{"z": "theirs"})
	r.Commit("main", "ana", "fix: z", map[string]string{"z": "ours"})
	api.post(deployments, j{"ref": "topic"}).must(t, 409).says(t, "message", "Conflict merging main into topic.")
	sha := r.Head("main")
	r.Check(sha, "test", "completed", "success")
	r.Status(sha, "ci", "pending", "")
	a := api.post(deployments, j{"ref": "main"}).must(t, 409)
	a.says(t, "message", "Conflict: Commit status checks failed for main.")
	a.says(t, "errors.0.contexts.0.context", "ci")
	api.post(deployments, j{"ref": "main", "required_contexts": []string{"test"}}).must(t, 201)
	api.post(deployments, j{"ref": "main", "required_contexts": []string{"other"}}).must(t, 409)
	r.Status(sha, "ci", "success", "")
	api.post(deployments, j{"ref": "main"}).must(t, 201)
	api.post(deployments, j{"ref": "nothing"}).must(t, 422).says(t, "message", "No ref found for: nothing")
}

const workflows = "/repos/acme/app/actions/workflows"

// TestDispatch: a run is found by what it is called, after a while.
func TestDispatch(t *testing.T) {
	c := newClock()
	_, r, api := acme(t, githubfake.Options{Now: c.Now})
	r.Workflow(githubfake.Workflow{File: "deploy.yml", RunName: "deploy ${{ inputs.env }} ${{inputs.op}}", Inputs: []string{"env!", "op"}, Environment: "${{ inputs.env }}", Late: 2})
	r.Workflow(githubfake.Workflow{File: "push.yml", Push: true})
	r.Workflow(githubfake.Workflow{File: "off.yml", Disabled: true})
	post := func(file string, body j) answer { return api.post(workflows+"/"+file+"/dispatches", body) }
	if a := post("deploy.yml", j{"ref": "main", "inputs": j{"env": "staging", "op": "op-1"}}).must(t, 204); len(a.text) > 0 {
		t.Errorf("%q", a.text)
	}
	for range 2 {
		api.get(workflows+"/deploy.yml/runs?event=workflow_dispatch").says(t, "workflow_runs.#", 0)
	}
	a := api.get(workflows+"/deploy.yml/runs?event=workflow_dispatch&created=%3E%3D2026-01-05T09:00:00Z").must(t, 200)
	a.says(t, "workflow_runs.0.display_title", "deploy staging op-1")
	a.says(t, "workflow_runs.0.status", "queued")
	a.says(t, "workflow_runs.0.head_sha", r.Head("main"))
	id := r.Runs()[0].ID
	for created, n := range map[string]int{">2026-01-05T09:00:00Z": 0, "2026-01-05..2026-01-06": 1, "*..2026-01-04": 0, "<=2026-01-05T09:00:00Z": 1, "2026-01-05": 1} {
		api.get(workflows+"/deploy.yml/runs?created="+strings.ReplaceAll(created, ">", "%3E")).says(t, "workflow_runs.#", n)
	}
	r.HoldRun(id)
	pending := fmt.Sprint("/repos/acme/app/actions/runs/", id, "/pending_deployments")
	api.get(pending).says(t, "0.environment.name", "staging")
	r.StartRun(id)
	api.get(pending).says(t, "#", 0)
	api.get(fmt.Sprint("/repos/acme/app/actions/runs/", id)).says(t, "status", "in_progress")
	r.FinishRun(id, "failure")
	api.get(fmt.Sprint("/repos/acme/app/actions/runs/", id)).says(t, "conclusion", "failure")
	if d := r.Deployments(); len(d) != 1 || d[0].State() != "failure" || d[0].Creator != "github-actions[bot]" {
		t.Errorf("%+v", d)
	}
	c.Pass(time.Minute)
	post("deploy.yml", j{"ref": "main", "inputs": j{"env": "staging"}, "return_run_details": true}).must(t, 200).says(t, "workflow_run_id", r.Runs()[1].ID)
	many := j{}
	for n := range 26 {
		many[fmt.Sprint("i", n)] = "x"
	}
	tests := []struct {
		file   string
		body   j
		status int
		want   string
	}{
		{"deploy.yml", j{"ref": r.Head("main"), "inputs": j{"env": "x"}}, 422, "No ref found for: " + r.Head("main")},
		{"deploy.yml", j{"ref": "main"}, 422, "Required input 'env' not provided"},
		{"deploy.yml", j{"ref": "main", "inputs": j{"env": "x", "colour": "red"}}, 422, `Unexpected inputs provided: ["colour"]`},
		{"deploy.yml", j{"ref": "main", "inputs": many}, 422, "you may only define up to 25"},
		{"push.yml", j{"ref": "main"}, 422, "does not have 'workflow_dispatch' trigger"},
		{"off.yml", j{"ref": "main"}, 422, "disabled workflow"},
		{"none.yml", j{"ref": "main"}, 404, "Not Found"},
	}
	for _, x := range tests {
		if a := post(x.file, x.body).must(t, x.status); !strings.Contains(a.at(t, "message").(string), x.want) {
			t.Errorf("%s %v: %s", x.file, x.body, a.text)
		}
	}
	if len(r.Runs()) != 2 {
		t.Errorf("%d runs", len(r.Runs()))
	}
}
