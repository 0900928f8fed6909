package github_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

const theOp = "app@1.0.0/deploy/3/0a1b2c"

// harbour is a repository that is deployed, and whoever deploys it. It needs no port, and time of its own.
type harbour struct {
	t    *testing.T
	fake *githubfake.Fake
	repo *githubfake.Repo
	hand github.Deploys
	sha  string
}

func newHarbour(t *testing.T) *harbour {
	t.Helper()
	h := &harbour{t: t, fake: githubfake.New(t, githubfake.Options{Portless: true})}
	h.repo = h.fake.AddRepo("acme/app")
	h.sha = h.repo.Commit("main", "ana", "feat: sign in", map[string]string{"a.go": "package a"})
	h.repo.Commit("main", "ana", "feat: sign out", map[string]string{"a.go": "package b"})
	h.repo.Workflow(githubfake.Workflow{File: "deploy.yml", RunName: "deploy ${{ inputs.readyroom }}", Inputs: []string{"readyroom!", "environment!", "ref!"}, Late: 2})
	g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(h.fake.Token())}, URL: "http://localhost/", Transport: h.fake.Transport(), Spacing: -1})
	if err != nil {
		t.Fatal(err)
	}
	h.hand = g.Deploys()
	return h
}

// wish is a deployment of the older commit; with a workflow, by that.
func (h *harbour) wish(workflow string) workflows.Deploy {
	d := workflows.Deploy{Forge: "acme/app", Op: theOp, Env: "staging", Commit: h.sha, Workflow: workflow, Text: workflows.Say("app 1.0.0"), At: time.Now()}
	return d
}

// carry has a wish carried out as the bot does it: what may have been done is sought, and done again only where it
// certainly was not. How it ended: done, refused, or nobody knows.
func (h *harbour) carry(d workflows.Deploy) (link, fate string, err error) {
	h.t.Helper()
	data, no := json.Marshal(d)
	if no != nil {
		h.t.Fatal(no)
	}
	doubt := false
	for range 8 {
		found := false
		if doubt {
			link, found, err = h.hand.Seek(h.t.Context(), data)
		}
		if err == nil && !found || !doubt {
			link, err = h.hand.Act(h.t.Context(), data)
		}
		var fault *chat.Fault
		var refusal *workflows.Refusal
		switch {
		case err == nil:
			return link, "done", nil
		case errors.As(err, &refusal) && !doubt:
			return "", "refused", err
		case errors.As(err, &fault):
			time.Sleep(fault.After + time.Second)
		default:
			doubt = true
			time.Sleep(time.Minute)
		}
	}
	return "", "unknown", err
}

// made counts what was made of our wish.
func (h *harbour) made() (n int) {
	for _, d := range h.repo.Deployments() {
		if strings.Contains(d.Payload, theOp) {
			n++
		}
	}
	for _, r := range h.repo.Runs() {
		if r.Inputs["readyroom"] == theOp {
			n++
		}
	}
	return n
}

const (
	listed     = "GET /repos/{owner}/{repo}/deployments"
	created    = "POST /repos/{owner}/{repo}/deployments"
	runs       = "GET /repos/{owner}/{repo}/actions/workflows/{file}/runs"
	dispatches = "POST /repos/{owner}/{repo}/actions/workflows/{file}/dispatches"
)

// What is asked of GitHub: exactly that commit, nothing merged, no contexts but those that were named.
func TestDeployAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarbour(t)
		d := h.wish("")
		d.Text = workflows.Approved(strings.Repeat("é", 200))
		link, fate, err := h.carry(d)
		if fate != "done" || !strings.HasSuffix(link, "/acme/app/deployments/staging") {
			t.Fatalf("%s %s, %v", link, fate, err)
		}
		calls := h.fake.Calls(created)
		var in map[string]any
		if err := json.Unmarshal(calls[0].Body, &in); err != nil || len(calls) != 1 {
			t.Fatal(len(calls), err)
		}
		contexts, given := in["required_contexts"].([]any)
		if in["ref"] != h.sha || in["auto_merge"] != false || !given || len(contexts) != 0 || in["environment"] != "staging" || in["production_environment"] != false ||
			in["transient_environment"] != false || len([]rune(in["description"].(string))) > 140 {
			t.Errorf("%s", calls[0].Body)
		}
		if _, fate, _ = h.carry(d); fate != "done" || h.made() != 1 {
			t.Errorf("again: %s, made %d", fate, h.made())
		}
		d.Op += "d"
		if _, fate, _ = h.carry(d); fate != "done" || len(h.repo.Deployments()) != 2 {
			t.Errorf("another wish: %s, %d deployments", fate, len(h.repo.Deployments()))
		}
	})
}

// A workflow gets what it needs, and its run is found by the operation in its name.
func TestDispatchAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarbour(t)
		link, fate, err := h.carry(h.wish("deploy.yml")) // without a ref: the default branch's
		if fate != "done" || !strings.HasSuffix(link, "/acme/app/actions/workflows/deploy.yml") {
			t.Fatalf("%s %s, %v", link, fate, err)
		}
		run := h.repo.Runs()[0]
		if run.Branch != "main" || run.Inputs["environment"] != "staging" || run.Inputs["ref"] != h.sha {
			t.Errorf("%+v", run)
		}
		for range 3 {
			_, _, _ = h.hand.Seek(t.Context(), mustData(t, h.wish("deploy.yml")))
		}
		if link, fate, err = h.carry(h.wish("deploy.yml")); fate != "done" || !strings.Contains(link, "/actions/runs/") || h.made() != 1 {
			t.Errorf("%s %s, %v; made %d", link, fate, err, h.made())
		}
	})
}

func mustData(t *testing.T, d workflows.Deploy) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Each no says what it is about, and what to do.
func TestDeployRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*harbour, *workflows.Deploy)
		want   []string // in the refusal's text
	}{
		"no full id": {func(_ *harbour, d *workflows.Deploy) { d.Commit = d.Commit[:12] }, []string{"no full id", "candidate set"}},
		"checks that fail": {func(h *harbour, d *workflows.Deploy) {
			d.Checks = []workflows.CheckName{{Name: "test"}}
			h.repo.Status(h.sha, "test", "failure", "x")
		}, []string{"are not: test failure · ", "checks:", "engineering"}},
		"checks that are none": {func(_ *harbour, d *workflows.Deploy) { d.Checks = []workflows.CheckName{{Name: "test"}} }, []string{"test", "checks:"}},
		"checks that fail, by a workflow": {func(h *harbour, d *workflows.Deploy) {
			d.Workflow, d.Checks = "deploy.yml", []workflows.CheckName{{Name: "lint"}, {Name: "test"}}
			h.repo.Status(h.sha, "lint", "success", "x")
			h.repo.Status(h.sha, "test", "failure", "x")
		}, []string{"test (@ci-bot) failed", "checks:", "engineering"}},
		"checks of somebody else, by a workflow": {func(h *harbour, d *workflows.Deploy) {
			d.Workflow, d.Checks = "deploy.yml", []workflows.CheckName{{Name: "test", By: "github-actions"}}
			h.repo.CheckBy("evil-ci", h.sha, "test", "completed", "success")
		}, []string{"test is reported by evil-ci, not by github-actions", "checks:"}},
		"checks of somebody else": {func(h *harbour, d *workflows.Deploy) {
			d.Checks = []workflows.CheckName{{Name: "test", By: "github-actions"}}
			h.repo.Status(h.sha, "test", "success", "x")
		}, []string{"test is reported by @ci-bot, not by github-actions", "test (github-actions)"}},
		"one red check among two of a name, by a workflow": {func(h *harbour, d *workflows.Deploy) {
			d.Workflow, d.Checks = "deploy.yml", []workflows.CheckName{{Name: "test"}}
			h.repo.CheckBy("a-first", h.sha, "test", "completed", "success")
			h.repo.CheckBy("b-second", h.sha, "test", "completed", "failure")
		}, []string{"test (b-second) failed"}},
		"checks that are none, by a workflow": {func(_ *harbour, d *workflows.Deploy) {
			d.Workflow, d.Checks = "deploy.yml", []workflows.CheckName{{Name: "test"}}
		}, []string{"test has not reported", "checks:"}},
		"no permission":    {func(h *harbour, _ *workflows.Deploy) { h.fake.Forbid(h.fake.Token(), "deployments") }, []string{"deployments"}},
		"archived":         {func(h *harbour, _ *workflows.Deploy) { h.repo.Archive() }, []string{"archived"}},
		"no such commit":   {func(_ *harbour, d *workflows.Deploy) { d.Commit = strings.Repeat("a", 40) }, []string{"does not have that commit", "git push"}},
		"no such workflow": {func(_ *harbour, d *workflows.Deploy) { d.Workflow = "other.yml" }, []string{"other.yml"}},
		"no such branch":   {func(_ *harbour, d *workflows.Deploy) { d.Workflow, d.Ref = "deploy.yml", "gone" }, []string{"no gone", "branch:"}},
		"a workflow without inputs": {func(h *harbour, d *workflows.Deploy) {
			d.Workflow = "plain.yml"
			h.repo.Workflow(githubfake.Workflow{File: "plain.yml", Inputs: []string{"environment"}})
		}, []string{"lacks inputs", "workflow_dispatch: {inputs: {readyroom: {}, environment: {}, ref: {}}}", "run-name: deploy ${{ inputs.readyroom }}"}},
		"a workflow that wants more": {func(h *harbour, d *workflows.Deploy) {
			d.Workflow = "more.yml"
			h.repo.Workflow(githubfake.Workflow{File: "more.yml", Inputs: []string{"readyroom", "environment", "ref", "region!"}})
		}, []string{"region", "be optional"}},
		"a workflow of pushes": {func(h *harbour, d *workflows.Deploy) {
			d.Workflow = "push.yml"
			h.repo.Workflow(githubfake.Workflow{File: "push.yml", Push: true, Inputs: []string{"readyroom", "environment", "ref"}})
		}, []string{"cannot be run by others", "workflow_dispatch"}},
		"merged instead": {func(h *harbour, _ *workflows.Deploy) {
			h.fake.Fail(created, githubfake.Raw(http.StatusAccepted, `{"message":"Auto-merged main into topic on deployment."}`))
		}, []string{"merged a branch instead"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHarbour(t)
				d := h.wish("")
				c.change(h, &d)
				_, fate, err := h.carry(d)
				var no *workflows.Refusal
				if fate != "refused" || !errors.As(err, &no) || h.made() != 0 {
					t.Fatalf("%s, %v; made %d", fate, err, h.made())
				}
				for _, part := range c.want {
					if !strings.Contains(no.Error(), part) {
						t.Errorf("%q lacks %q", no.Error(), part)
					}
				}
				if len(no.Who) == 0 || len(no.Next) == 0 {
					t.Errorf("it does not say who or what next: %+v", no)
				}
			})
		})
	}
}

// Whatever GitHub answers, or does not, to any of the calls: at most one deployment is made; one that is said to be done
// is there, and none is that is said to be refused.
func TestDeployFaults(t *testing.T) {
	later := time.Now().Add(time.Hour)
	faults := map[string]githubfake.Fault{
		"500": githubfake.HTTP(500), "502, a page": githubfake.HTML(502), "503": githubfake.HTTP(503), "403, a page": githubfake.HTML(403), "408": githubfake.HTTP(408),
		"200, empty": githubfake.Raw(200, ""), "200, null": githubfake.Raw(200, "null"), "200, {}": githubfake.Raw(200, "{}"), "201, []": githubfake.Raw(201, "[]"),
		"204": githubfake.Raw(204, ""), "202": githubfake.Raw(202, "{}"), "304": githubfake.Raw(304, ""), "another id": githubfake.OtherID(7),
		"reset": githubfake.Ends(githubfake.Reset), "cut": githubfake.Ends(githubfake.Cut), "short": githubfake.Ends(githubfake.Short), "silent": githubfake.Ends(githubfake.Silent),
		"endless": githubfake.Ends(githubfake.Endless), "slower, 403": githubfake.TooMany(403, "7"), "slower, 429": githubfake.TooMany(429, ""), "exhausted": githubfake.Exhausted(403, later),
		"late": githubfake.Late(25*time.Second, githubfake.HTTP(500)),
	}
	for workflow, routes := range map[string][]string{"": {listed, created}, "deploy.yml": {runs, dispatches}} {
		for _, route := range routes {
			for name, fault := range faults {
				for _, stored := range []bool{false, true} {
					for _, times := range []int{1, 3, 20} {
						if stored && (strings.HasPrefix(name, "slower") || name == "exhausted") {
							continue // these say that nothing was done
						}
						if name == "another id" && (route != created || !stored) {
							continue // a list has none
						}
						t.Run(fmt.Sprintf("%s/%s/stored %v/%d", route, name, stored, times), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) {
								h := newHarbour(t)
								x := fault
								x.Stored = stored
								h.fake.Fail(route, slices.Repeat([]githubfake.Fault{x}, times)...)
								_, fate, err := h.carry(h.wish(workflow))
								if n := h.made(); n > 1 || fate == "done" && n != 1 && name != "204" || fate == "refused" && n != 0 {
									t.Errorf("%s, made %d: %v", fate, n, err)
								}
								if times == 1 && workflow == "" && fate != "done" {
									t.Errorf("one odd answer, and it is %s: %v", fate, err)
								}
							})
						})
					}
				}
			}
		}
	}
}

// Whoever may push can make a deployment that bears the operation, and have none of the checks asked about: it is not taken
// for the bot's, nor is another one made beside it.
func TestADeploymentThatOthersMadeInOurName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarbour(t)
		h.fake.Install("acme", map[string]string{"deployments": "write"})
		other, err := github.New(github.Options{Secrets: github.Secrets{AppID: fmt.Sprint(githubfake.AppID), AppKey: pemOf(h.fake.AppKey())}, URL: "http://localhost/", Transport: h.fake.Transport(), Spacing: -1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Deploys().Act(t.Context(), mustData(t, h.wish(""))); err != nil {
			t.Fatal(err)
		}
		d := h.wish("")
		d.Checks = []workflows.CheckName{{Name: "test"}} // which never ran
		_, fate, err := h.carry(d)
		if fate != "unknown" || h.made() != 1 || !strings.Contains(err.Error(), "[bot] made it") {
			t.Errorf("%s, %d made: %v", fate, h.made(), err)
		}
	})
}

// However many others deploy there, the bot's own deployment is followed.
func TestADeploymentAmongMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarbour(t)
		if _, fate, err := h.carry(h.wish("")); fate != "done" {
			t.Fatal(fate, err)
		}
		h.repo.FinishDeployment(h.repo.Deployments()[0].ID, "success")
		for range 60 {
			time.Sleep(time.Second)
			h.repo.Deploy("main", "staging", "ana")
		}
		g := over(t, h.fake)
		found := look(t, g, workflows.Query{Envs: map[workflows.Environment]string{"staging": ""}})
		last := found.Deployments[len(found.Deployments)-1]
		if last.Op != theOp || last.State != workflows.DeploySucceeded || len(found.Deployments) > 30 {
			t.Errorf("of %d deployments the last is %+v", len(found.Deployments), last)
		}
	})
}
