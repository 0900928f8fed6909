package github

import (
	"encoding/json"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
)

// Whoever may run the workflow can give a run the name of ours, before we start it or afterwards: it keeps nothing from
// being deployed, and its end is none of ours.
func TestRunsOfOthersUnderOurName(t *testing.T) {
	s := speaking(t)
	id := s.repo.Commit("main", "ana", "one", map[string]string{"a": "1"})
	s.repo.Workflow(githubfake.Workflow{File: "deploy.yml", RunName: "Deploy ${{ inputs.readyroom }}", Inputs: []string{"readyroom!", "ref", "environment"}})
	s.as(appOf(s, map[string]string{"actions": "write", "metadata": "read", "contents": "read"}))
	eve := s.g.GitHub
	s.as(Secrets{Token: chat.Secret(s.fake.Token())})
	bot := s.g.GitHub
	const op = "app@1.0.0/deploy/3/ab12cd"
	data, err := json.Marshal(workflows.Deploy{Forge: "acme/app", Op: op, Env: "production", Commit: id, Workflow: "deploy.yml", At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	act := func(g *GitHub) {
		t.Helper()
		if _, err := g.Deploys().Act(t.Context(), data); err != nil {
			t.Fatal(err)
		}
	}
	act(eve)
	s.repo.FinishRun(s.repo.Runs()[0].ID, "success")
	act(bot)
	act(bot)
	if got := s.repo.Runs(); len(got) != 2 || got[0].Actor == got[1].Actor {
		t.Fatalf("runs: %+v", got)
	}
	act(eve) // the newest one now, were it another
	found, err := bot.Look(t.Context(), workflows.Query{Forge: "acme/app", Envs: map[workflows.Environment]string{"production": "deploy.yml"}})
	if err != nil || len(found.Deployments) != 1 || found.Deployments[0].Op != op || found.Deployments[0].State != workflows.DeployRunning {
		t.Errorf("%+v, %v", found.Deployments, err)
	}
}

// Whatever else people call a run, it is followed where it was found.
func TestOperationsInTitles(t *testing.T) {
	const op = "my-app@1.0.0+b1/deploy/3/ab12cd"
	for _, title := range []string{op, "deploy " + op + " to staging", "[" + op + "]", "deploy:" + op, "op=" + op + ", staging", "→" + op} {
		if got := opOf(&gh.WorkflowRun{DisplayTitle: gh.String(title)}); got != op {
			t.Errorf("%q names %q", title, got)
		}
	}
}
