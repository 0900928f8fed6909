package githubfake_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// since are fields that GitHub sends by now and the captures lack: those of objects that are the same in answers.
var since = []string{
	"event issues", "event issue_comment", "event status", "event create", "event delete", "event repository", // not captured at all
	"repository visibility", "repo visibility", "deployment transient_environment", "deployment production_environment", "deployment_status log_url",
	"deployment_status environment_url", "workflow_run display_title", "workflow_run path", "workflow_run actor", "workflow_run triggering_actor",
	"pull_request merged_at", "release published_at", // null and not, where the captures have but one
	"workflow_run run_attempt", "workflow_run run_started_at",
}

// shapes reads which fields GitHub's own payloads have, and of which types.
func shapes(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, kind := map[string][]string{}, ""
	for l := range strings.Lines(string(text)) {
		l = strings.TrimSpace(l)
		if name, is := strings.CutPrefix(l, "-- "); is {
			kind = strings.TrimSuffix(name, " --")
		} else if l != "" && kind != "" {
			name, types, _ := strings.Cut(l, " ")
			all[kind+" "+name] = strings.Fields(types)
		}
	}
	return all
}

// typeOf is the JSON type of a value.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// strange lists the fields of a payload that GitHub's own lack, or have with another type.
func strange(known map[string][]string, kind string, v any, out map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			strange(known, kind, x, out)
		}
	case map[string]any:
		for name, x := range v {
			path := kind + " " + name
			if slices.Contains(since, path) || slices.Contains(since, kind) {
				continue
			}
			if !slices.Contains(known[path], typeOf(x)) {
				out[fmt.Sprintf("%s is a %s, GitHub's is %v", path, typeOf(x), known[path])] = true
			}
			strange(known, name, x, out)
		}
	}
}

// busy has everything happen that a webhook tells of.
func busy(r *githubfake.Repo, api *caller) {
	t := api.t
	r.Branch("topic", "main")
	sha := r.Commit("topic", "ben", "feat: x", map[string]string{"x": "x"})
	issue := r.Issue(githubfake.Issue{Title: "broken", Labels: []string{"bug"}})
	m := r.Milestone("1.0", time.Date(2026, time.February, 1, 0, 0, 0, 0, time.UTC))
	n := r.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "X", Author: "ben", Body: fmt.Sprint("Fixes #", issue), Milestone: m}, Head: "topic"})
	r.Label(n, "bug")
	r.Commit("topic", "ben", "fix: y", map[string]string{"y": "y"})
	r.Say(issue, "ana", "me too")
	r.Check(sha, "test", "in_progress", "")
	r.Check(sha, "test", "completed", "success")
	r.Status(sha, "ci", "success", "well")
	r.Merge(n)
	r.Tag("v1", "main")
	r.DeleteTag("v1")
	r.DeleteBranch("topic")
	r.CloseMilestone(m)
	r.Workflow(githubfake.Workflow{File: "deploy.yml", Inputs: []string{"op"}, Environment: "staging"})
	api.post("/repos/acme/app/actions/workflows/deploy.yml/dispatches", j{"ref": "main", "inputs": j{"op": "1"}}).must(t, 204)
	r.FinishRun(r.Runs()[0].ID, "success")
	id := api.post("/repos/acme/app/releases", j{"tag_name": "v2", "draft": true}).must(t, 201).at(t, "id")
	api.do("PATCH", fmt.Sprintf("/repos/acme/app/releases/%.0f", id), j{"draft": false, "name": "two"}).must(t, 200)
	api.do("PATCH", fmt.Sprintf("/repos/acme/app/releases/%.0f", id), j{"body": "b"}).must(t, 200)
	api.do("DELETE", fmt.Sprintf("/repos/acme/app/releases/%.0f", id), nil).must(t, 204)
	api.post("/repos/acme/app/releases", j{"tag_name": "v3", "prerelease": true}).must(t, 201)
	api.post("/repos/acme/app/deployments", j{"ref": "main", "auto_merge": false, "required_contexts": []string{}}).must(t, 201)
	r.Archive()
}

// TestShapes holds what webhooks send to the fields that GitHub sends: an app that goes by a name of our own making would
// work here alone.
func TestShapes(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	f.Hook("http://app.example/github/webhooks", "secret")
	busy(r, api)
	known, out, seen := shapes(t), map[string]bool{}, map[string]bool{}
	for _, d := range f.Deliveries() {
		var v any
		if err := json.Unmarshal(d.Body, &v); err != nil {
			t.Fatal(err)
		}
		seen[strings.TrimSpace(d.Event+" "+d.Action)] = true
		if !slices.Contains(since, "event "+d.Event) {
			strange(known, "event "+d.Event, v, out)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(out)) {
		t.Error(what)
	}
	want := strings.Split("ping,push,create,delete,issues opened,issues closed,milestone created,milestone closed,pull_request opened,pull_request labeled,"+
		"pull_request synchronize,pull_request closed,issue_comment created,check_run created,check_run completed,status,workflow_run requested,"+
		"workflow_run completed,deployment created,deployment_status created,release created,release published,release released,release prereleased,"+
		"release edited,release deleted,repository archived", ",")
	for _, name := range want {
		if !seen[name] {
			t.Errorf("nobody was told of %s", name)
		}
	}
}
