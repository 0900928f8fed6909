package githubfake

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Workflow is one that can be dispatched.
type Workflow struct {
	File string // "deploy.yml"
	Name string // empty: the file
	// RunName is what its runs are called, with ${{ inputs.op }} in it; empty: as the workflow is.
	RunName string
	// Inputs are those that it takes; one with a "!" behind it must be given.
	Inputs []string
	// Environment is the one that its runs deploy to, with ${{ inputs.env }} in it; empty: none.
	Environment string
	// Late is how many times its runs are listed before a new one is among them.
	Late     int
	Disabled bool
	Push     bool // it cannot be dispatched, only pushed to
	id       int64
	made     time.Time
}

func init() {
	const at = "/repos/{owner}/{repo}/actions"
	runs := []string{"actor", "branch", "event", "status", "created", "head_sha", "exclude_pull_requests", "check_suite_id", "page"}
	serve(
		route{method: "GET", pattern: at + "/workflows", needs: "actions=read", query: []string{"page"}, do: listWorkflows},
		route{method: "GET", pattern: at + "/workflows/{file}", needs: "actions=read", do: getWorkflow},
		route{method: "POST", pattern: at + "/workflows/{file}/dispatches", needs: "actions=write", kind: "dispatch", creates: true, do: dispatch},
		route{method: "GET", pattern: at + "/workflows/{file}/runs", needs: "actions=read", query: runs, do: listRuns},
		route{method: "GET", pattern: at + "/runs", needs: "actions=read", query: runs, do: listRuns},
		route{method: "GET", pattern: at + "/runs/{id}", needs: "actions=read", query: []string{"exclude_pull_requests"}, do: getRun},
		route{method: "GET", pattern: at + "/runs/{id}/pending_deployments", needs: "actions=read", do: pendingDeployments},
	)
}

// Workflow says that a repository has a workflow.
func (r *Repo) Workflow(w Workflow) {
	r.set(func() {
		w.id, w.made = r.f.id(), r.f.now()
		if w.Name == "" {
			w.Name = w.File
		}
		r.workflows = append(slices.DeleteFunc(r.workflows, func(x *Workflow) bool { return x.File == w.File }), &w)
	})
}

// workflow is the one that a call means, by its file or its id.
func (c *Call) workflow() *Workflow {
	for _, w := range c.repo.workflows {
		if w.File == c.Params["file"] || itoa(w.id) == c.Params["file"] {
			return w
		}
	}
	return nil
}

func (r *Repo) workflowAll(w *Workflow) reply {
	state := "active"
	if w.Disabled {
		state = "disabled_manually"
	}
	return reply{
		"id": w.id, "node_id": node("W", w.id), "name": w.Name, "path": ".github/workflows/" + w.File, "state": state, "created_at": stamp(w.made), "updated_at": stamp(w.made),
		"url": r.url("/actions/workflows/" + itoa(w.id)), "html_url": r.html("/blob/" + r.def + "/.github/workflows/" + w.File), "badge_url": r.html("/workflows/" + w.Name + "/badge.svg"),
	}
}

func listWorkflows(_ *Fake, c *Call) (any, refusal) {
	return reply{"total_count": len(c.repo.workflows), "workflows": each(paged(c, c.repo.workflows), c.repo.workflowAll)}, refusal{}
}

func getWorkflow(_ *Fake, c *Call) (any, refusal) {
	w := c.workflow()
	if w == nil {
		return nil, notFound()
	}
	return c.repo.workflowAll(w), refusal{}
}

// dispatch begins a run of a workflow at a branch or a tag; an id of a commit is none.
func dispatch(f *Fake, c *Call) (any, refusal) {
	r, w, ref := c.repo, c.workflow(), c.text("ref")
	if w == nil {
		return nil, notFound()
	}
	id, ok := r.named(ref)
	inputs, no := w.inputs(c)
	switch {
	case !ok || ref == "":
		return nil, unprocessable("No ref found for: " + ref)
	case w.Push:
		return nil, unprocessable("Workflow does not have 'workflow_dispatch' trigger")
	case w.Disabled:
		return nil, unprocessable("Cannot trigger a 'workflow_dispatch' on a disabled workflow")
	case no.given():
		return nil, no
	}
	run := &Run{
		ID: f.id(), File: w.File, Title: filled(w.RunName, inputs), Event: "workflow_dispatch", Branch: strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/tags/"), SHA: id,
		Status: "queued", Inputs: inputs, Actor: c.grant.login, workflow: w, hidden: w.Late, made: f.now(), changed: f.now(), number: len(r.runs) + 1,
	}
	if run.Title == "" {
		run.Title = w.Name
	}
	r.runs = append(r.runs, run)
	r.tell("workflow_run", "requested", reply{"workflow_run": r.runAll(run), "workflow": r.workflowAll(w)})
	if env := filled(w.Environment, inputs); env != "" {
		run.deployment = r.deploy(&Deployment{SHA: id, Ref: run.Branch, Task: "deploy", Env: env, Payload: "{}", Creator: "github-actions[bot]", production: env == "production"})
	}
	if c.is("return_run_details", false) {
		return reply{"workflow_run_id": run.ID, "run_url": r.url("/actions/runs/" + itoa(run.ID)), "html_url": r.html("/actions/runs/" + itoa(run.ID))}, refusal{}
	}
	return nil, refusal{}
}

// inputs holds what a dispatch says to what the workflow takes.
func (w *Workflow) inputs(c *Call) (map[string]string, refusal) {
	given, _ := c.in["inputs"].(map[string]any)
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(w.Inputs, name) && !slices.Contains(w.Inputs, name+"!") {
			return nil, unprocessable(fmt.Sprintf("Unexpected inputs provided: [%q]", name))
		}
		out[name] = fmt.Sprint(given[name])
	}
	for _, name := range w.Inputs {
		if name, must := strings.CutSuffix(name, "!"); must && out[name] == "" {
			return nil, unprocessable("Required input '" + name + "' not provided")
		}
	}
	return out, refusal{}
}

var inputPattern = regexp.MustCompile(`\$\{\{\s*(?:github\.event\.)?inputs\.([A-Za-z0-9_-]+)\s*\}\}`)

func filled(template string, inputs map[string]string) string {
	return inputPattern.ReplaceAllStringFunc(template, func(s string) string { return inputs[inputPattern.FindStringSubmatch(s)[1]] })
}
