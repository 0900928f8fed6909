package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
)

// The pull request that brought a commit is found whichever way it was merged, and nothing that only looks like one is.
func TestPullRequestsOfCommits(t *testing.T) {
	f, r, g := repository(t)
	r.Commit("main", "ana", "root", map[string]string{"a": "1"})
	r.Tag("v1", r.Head("main"))
	issue := r.Issue(githubfake.Issue{Title: "It crashes"})
	propose := func(branch, title, body string) int64 {
		r.Branch(branch, r.Head("main"))
		r.Commit(branch, "ben", "work on "+branch, map[string]string{branch: "1"})
		return r.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: title, Body: body, Author: "ben", Labels: []string{"bug"}}, Head: branch})
	}
	merged := propose("one", "Sign in", fmt.Sprintf("Fixes #%d, resolves acme/other#7 and closes https://github.com/acme/app/issues/%d\n<!-- fixes #99 --> `fixes #98`", issue, issue))
	squashed := propose("two", "Dark mode", "no issue")
	open := propose("three", "Later", "")
	r.Merge(merged)
	r.Squash(squashed)
	r.Commit("main", "mia", fmt.Sprintf("by hand (#%d)", open), map[string]string{"h": "1"})
	r.Commit("main", "mia", fmt.Sprintf("an issue (#%d)", issue), map[string]string{"h": "2"})
	r.Commit("main", "mia", fmt.Sprintf("another's (#%d), (#4000)", merged), map[string]string{"h": "3"})
	want := map[string]*workflows.Pull{
		"work on one": {Number: int(merged), Title: "Sign in", Author: "ben", Labels: []string{"bug"}, Issues: []string{fmt.Sprint("#", issue), "acme/other#7"}},
	}
	squash := &workflows.Pull{Number: int(squashed), Title: "Dark mode", Author: "ben", Labels: []string{"bug"}}
	for range 2 { // the second time much is known
		found := look(t, g, workflows.Query{Log: true, Pulls: true, Since: "v1"})
		if len(found.Log) != 5 {
			t.Fatalf("%d commits", len(found.Log))
		}
		for _, c := range found.Log {
			expected := want[c.Subject]
			if strings.Contains(c.Subject, "Dark mode") {
				expected = squash
			}
			if diff := gocmp.Diff(expected, c.Pull); diff != "" {
				t.Errorf("%s: %s", c.Subject, diff)
			}
		}
		r.Label(squashed, "ui") // a label that came later counts
		squash.Labels = append([]string{}, "bug", "ui")
	}
	before := len(f.Calls(""))
	look(t, g, workflows.Query{Log: true, Since: "v1"})
	if found := look(t, g, workflows.Query{}); found.Commit.Pull != nil || before == 0 {
		t.Errorf("nobody asked for %+v", found.Commit.Pull)
	}
}

// How every word of GitHub's is understood, and whose it is; of several that one maker has of a name the worst counts, of a
// repeated one the newest.
func TestChecks(t *testing.T) {
	_, r, g := repository(t)
	id := r.Commit("main", "ana", "root", map[string]string{"a": "1"})
	if found := look(t, g, workflows.Query{Checks: true}); len(found.Checks) != 0 {
		t.Errorf("nothing was said: %+v", found.Checks)
	}
	type named = workflows.CheckName
	want, said := map[named]workflows.CheckState{}, map[named]string{}
	const actions, ci = "github-actions", "@ci-bot"
	run := func(status, conclusion string, state workflows.CheckState, word string) {
		name := "run " + status + " " + conclusion
		r.Check(id, name, status, conclusion)
		want[named{Name: name, By: actions}], said[named{Name: name, By: actions}] = state, word
	}
	for _, c := range []string{"success", "neutral", "skipped"} {
		run("completed", c, workflows.CheckPassed, "")
	}
	for _, c := range []string{"failure", "timed_out", "cancelled", "action_required", "startup_failure", "stale"} {
		run("completed", c, workflows.CheckFailed, "")
	}
	for _, s := range []string{"queued", "in_progress", "waiting", "pending", "requested"} {
		run(s, "", workflows.CheckRunning, "")
	}
	run("completed", "splendid", workflows.CheckUnknown, "splendid")
	run("completed", "", workflows.CheckUnknown, "nothing")
	run("dreaming", "success", workflows.CheckUnknown, "dreaming")
	for state, means := range map[string]workflows.CheckState{"success": workflows.CheckPassed, "failure": workflows.CheckFailed, "error": workflows.CheckFailed, "pending": workflows.CheckRunning} {
		r.Status(id, "status "+state, "failure", "")
		r.Status(id, "status "+state, state, "")
		want[named{Name: "status " + state, By: ci}] = means
	}
	r.Check(id, "both", "completed", "failure")
	r.Status(id, "both", "success", "")
	r.Status(id, "both ways", "failure", "")
	r.Check(id, "both ways", "completed", "success")
	want[named{Name: "both", By: actions}], want[named{Name: "both", By: ci}] = workflows.CheckFailed, workflows.CheckPassed
	want[named{Name: "both ways", By: actions}], want[named{Name: "both ways", By: ci}] = workflows.CheckPassed, workflows.CheckFailed
	r.CheckBy("jenkins", id, "an App's", "completed", "success")
	r.StatusBy("jenkins[bot]", id, "an App's", "failure", "")
	r.CheckBy("evil-ci", id, "an App's", "completed", "success")
	want[named{Name: "an App's", By: "jenkins"}], want[named{Name: "an App's", By: "evil-ci"}] = workflows.CheckFailed, workflows.CheckPassed
	for i := range 120 { // more than a page
		name := fmt.Sprintf("x%03d", i)
		r.Check(id, name, "completed", "success")
		want[named{Name: name, By: actions}] = workflows.CheckPassed
	}
	r.Check(id, "again", "completed", "failure")
	r.Check(id, "again", "completed", "success")
	want[named{Name: "again", By: actions}] = workflows.CheckPassed
	found := look(t, g, workflows.Query{Checks: true})
	got := map[named]workflows.CheckState{}
	last := ""
	for _, c := range found.Checks {
		by := named{Name: c.Name, By: c.By}
		got[by] = c.State
		if key := c.Name + "\n" + c.By; key <= last || c.Said != said[by] || c.At.IsZero() || c.Idle != (c.Name == "run completed skipped") {
			t.Errorf("%+v after %s", c, last)
		}
		last = c.Name + "\n" + c.By
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDeployments(t *testing.T) {
	f, r, g := repository(t)
	one := r.Commit("main", "ana", "one", map[string]string{"a": "1"})
	two := r.Commit("main", "ana", "two", map[string]string{"a": "2"})
	envs := map[workflows.Environment]string{"staging": "", "production": "deploy.yml"}
	r.Workflow(githubfake.Workflow{File: "deploy.yml", RunName: "Deploy ${{ inputs.readyroom }}", Inputs: []string{"readyroom!", "ref", "environment"}, Environment: "production"})
	if found := look(t, g, workflows.Query{Envs: envs}); len(found.Deployments) != 0 {
		t.Errorf("nothing was deployed: %+v", found.Deployments)
	}
	first := r.Deploy(one, "staging", "ana")
	r.FinishDeployment(first, "success")
	second := r.Deploy(two, "staging", "ana")
	r.Deploy(two, "qa", "ana")
	state := func(op string, env workflows.Environment, commit string) (workflows.DeployState, string) {
		t.Helper()
		for _, d := range look(t, g, workflows.Query{Envs: envs}).Deployments {
			if d.Op == op && d.Env == env && d.Commit == commit {
				return d.State, d.Said
			}
		}
		return "none", ""
	}
	for _, c := range []struct {
		word  string
		means workflows.DeployState
	}{
		{"", workflows.DeployRunning}, {"queued", workflows.DeployRunning}, {"pending", workflows.DeployRunning}, {"in_progress", workflows.DeployRunning},
		{"error", workflows.DeployFailed}, {"failure", workflows.DeployFailed}, {"marvellous", workflows.DeployUnknown}, {"success", workflows.DeploySucceeded},
	} {
		if c.word != "" {
			r.FinishDeployment(second, c.word)
		}
		got, said := state("", "staging", two)
		if got != c.means || (said != "") != (got == workflows.DeployUnknown) {
			t.Errorf("%q is %s (%s)", c.word, got, said)
		}
	}
	if got, _ := state("", "staging", one); got != workflows.DeployGone {
		t.Errorf("what was replaced is %s", got)
	}
	if got, _ := state("", "qa", two); got != "none" {
		t.Errorf("nobody asked for qa: %s", got)
	}
	op := "app@1.0.0/deploy/3/ab12cd"
	dispatch(t, f, op, one)
	for _, c := range []struct {
		do    func(id int64)
		means workflows.DeployState
	}{
		{func(int64) {}, workflows.DeployRunning},
		{func(id int64) { r.StartRun(id) }, workflows.DeployRunning},
		{func(id int64) { r.FinishRun(id, "skipped") }, workflows.DeployUnknown},
		{func(id int64) { r.FinishRun(id, "cancelled") }, workflows.DeployFailed},
		{func(id int64) { r.FinishRun(id, "success") }, workflows.DeploySucceeded},
	} {
		c.do(r.Runs()[0].ID)
		if got, _ := state("", "production", r.Head("main")); got != "none" {
			t.Errorf("what the run itself deploys stands beside it: %s", got)
		}
		if got, said := state(op, "production", ""); got != c.means {
			t.Errorf("the run is %s (%s), want %s", got, said, c.means)
		}
	}
}

// dispatch starts the workflow that deploys, as whoever deploys does.
func dispatch(t *testing.T, f *githubfake.Fake, op, commit string) {
	t.Helper()
	body := fmt.Sprintf(`{"ref": "main", "inputs": {"readyroom": %q, "ref": %q, "environment": "production"}}`, op, commit)
	post(t, f, "/actions/workflows/deploy.yml/dispatches", body, http.StatusNoContent)
}

// post sends something to a fake, with the bot's token.
func post(t *testing.T, f *githubfake.Fake, path, body string, want int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/repos/acme/app"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.Token())
	r.Header.Set("Accept", "application/vnd.github+json")
	r.Header.Set("Content-Type", "application/json")
	answer, err := f.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != want {
		t.Fatalf("%s was answered with %s", path, answer.Status)
	}
}

// A check that comes between two pages of the list is not missed: a list that changed meanwhile is not believed.
func TestChecksThatChangeBetweenPages(t *testing.T) {
	const route = "GET /repos/{owner}/{repo}/commits/{ref...}/check-runs"
	f, r, g := repository(t)
	id := r.Commit("main", "ana", "one", nil)
	for i := range 150 {
		r.Check(id, fmt.Sprint("check ", i), "completed", "success")
	}
	first := len(f.Calls(route))
	f.Between(func(int) {
		if len(f.Calls(route)) == first+2 { // before the second page
			f.Between(nil)
			r.Check(id, "red", "completed", "failure")
		}
	})
	if found, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Checks: true}); err == nil || !strings.Contains(err.Error(), "with 150 of 151") {
		t.Errorf("%d checks, all well, and one is red: %v", len(found.Checks), err)
	}
	if found := look(t, g, workflows.Query{Checks: true}); len(found.Checks) != 151 {
		t.Errorf("%d checks", len(found.Checks))
	}
}

// What is deployed is seen although the candidate itself is gone, as after a forced push: a rollback is followed to its end.
func TestDeploymentsBesideALostCommit(t *testing.T) {
	_, r, g := repository(t)
	id := r.Commit("main", "ana", "one", nil)
	r.FinishDeployment(r.Deploy(id, "staging", "ana"), "success")
	q := workflows.Query{Forge: "acme/app", Ref: strings.Repeat("a", 40), Checks: true, Optional: true, Envs: map[workflows.Environment]string{"staging": ""}}
	found, err := g.Look(t.Context(), q)
	if err != nil || found.Missing == nil || found.Missing.Reason != workflows.UnknownRef || len(found.Deployments) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}

// Whoever may push can name one of the bot's runs in a deployment of their own: that is seen all the same, unless it is of
// the commit that the run stands for.
func TestADeploymentBehindARunOfOurs(t *testing.T) {
	f, r, g := repository(t)
	one := r.Commit("main", "ana", "one", nil)
	r.Branch("work", one)
	two := r.Commit("work", "mallory", "two", nil)
	envs := map[workflows.Environment]string{"production": "deploy.yml"}
	r.Workflow(githubfake.Workflow{File: "deploy.yml", RunName: "Deploy ${{ inputs.readyroom }}", Inputs: []string{"readyroom!", "ref", "environment"}, Environment: "production"})
	dispatch(t, f, "app@1.0.0/deploy/3/ab12cd", one)
	run := r.Runs()[0].ID
	r.FinishRun(run, "success")
	post(t, f, fmt.Sprint("/deployments/", r.Deploy(two, "production", "mallory"), "/statuses"),
		fmt.Sprintf(`{"state": "success", "log_url": "https://github.com/acme/app/actions/runs/%d"}`, run), http.StatusCreated)
	found := look(t, g, workflows.Query{Envs: envs})
	var commits []string
	for _, d := range found.Deployments {
		commits = append(commits, d.Commit)
	}
	if diff := gocmp.Diff([]string{"", two}, slices.Sorted(slices.Values(commits))); diff != "" {
		t.Errorf("the commits that are deployed: %s", diff)
	}
}
