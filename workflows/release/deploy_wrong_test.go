package release

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Somebody who copies the payload of a deployment makes none of ours of it: another commit, or another environment, says
// nothing of what was wished.
func TestDeploymentsThatBearAnOperationOfOthers(t *testing.T) {
	for name, forged := range map[string]workflows.Deployment{
		"another commit":      {Env: "staging", Commit: "eeeeeeee", State: workflows.DeploySucceeded},
		"another environment": {Env: "dev", Commit: "aaaaaaaa", State: workflows.DeploySucceeded},
	} {
		t.Run(name, func(t *testing.T) {
			p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
			p.does("ana", Deploy{Env: "staging"})
			p.ends(workflows.Done, "")
			forged.Op = p.op()
			p.f.Found = workflows.Found{Deployments: []workflows.Deployment{forged}}
			p.machine(News{})
			if len(p.said) != 0 || p.arrived("staging", p.Candidate.Commit.ID) {
				t.Errorf("said: %s", kindsOf(p.said))
			}
			own := workflows.Deployment{Op: p.op(), Env: "staging", Commit: p.Candidate.Commit.ID, State: workflows.DeployFailed}
			p.f.Found.Deployments = []workflows.Deployment{forged, own} // the newest first
			p.machine(News{})
			if got := kindsOf(p.said); got != "deployed failed" {
				t.Errorf("said: %s", got)
			}
		})
	}
}

// What a release had on its way when it was cancelled arrives all the same, and the record says so: what comes back at the
// next rollback is decided by it.
func TestDeploymentOfACancelledReleaseIsFollowed(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.does("ana", Deploy{Env: "staging"})
	p.does("ana", Set{Cancelled: true, Note: "no"})
	p.ends(workflows.Done, "")
	p.hear(workflows.DeploySucceeded, "")
	if got := kindsOf(p.said); got != "deployed succeeded" {
		t.Errorf("said: %q", got)
	}
	if top, _ := p.f.Sites["staging"].top(); top.Commit != "aaaaaaaa" {
		t.Errorf("staging has %+v by the record", top)
	}
}

// A second rollback does not bring back what the first one took away.
func TestGoBackPastWhatWasTakenBack(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	ship := func(id string) {
		if id != p.Candidate.Commit.ID {
			p.moves(commit(id, "ana"))
		}
		p.arrives("staging")
		p.arrives("production")
	}
	ship("aaaaaaaa")
	ship("bbbbbbbb")
	p.Deploys = append(p.Deploys, Deploying{N: 9, Op: "back", Env: "production", Commit: "aaaaaaaa", Of: p.ID, State: workflows.DeploySucceeded})
	p.Deployed = 9
	ship("cccccccc")
	if had := p.previous("production", "cccccccc"); had == nil || had.Commit != "aaaaaaaa" {
		t.Errorf("back to %+v", had)
	}
	p.Deploys = append(p.Deploys, Deploying{N: 20, Op: "away", Env: "production", Commit: "99999999", Of: "app@1.0", State: workflows.DeploySucceeded})
	p.Deployed = 20
	ship("dddddddd")
	if had := p.previous("production", "dddddddd"); had != nil {
		t.Errorf("back to %+v, which a rollback took away", had)
	}
}

// What arrived does not arrive once more because somebody gives it another address: by the record it would take the place
// of what came since.
func TestAnotherAddressIsNoArrival(t *testing.T) {
	p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	p.arrives("staging")
	p.came("staging", Had{Release: "app@2.0", Op: "since", Commit: "77777777"})
	d, _ := p.latest("staging")
	p.f.Found = workflows.Found{Deployments: []workflows.Deployment{{Op: d.Op, Env: d.Env, Commit: d.Commit, State: workflows.DeploySucceeded, Link: "https://eve.example"}}}
	p.machine(News{})
	p.list()
	if top, _ := p.f.Sites["staging"].top(); len(p.said) != 0 || top.Commit != "77777777" {
		t.Errorf("said: %s; staging has %+v", kindsOf(p.said), top)
	}
}

// What was wished and has not begun is not begun once the release says otherwise, whoever has it tried again.
func TestDeploymentsThatAreNotBegunAnyMore(t *testing.T) {
	for name, c := range map[string]struct {
		refused bool
		then    func(port)
		late    bool
	}{
		"nothing happened":               {false, func(port) {}, false},
		"refused, and mended":            {true, func(port) {}, false},
		"cancelled":                      {false, func(p port) { p.does("ana", Set{Cancelled: true, Note: "no"}) }, true},
		"on hold":                        {false, func(p port) { p.does("ana", HoldOn{Why: "look"}) }, true},
		"another candidate":              {false, func(p port) { p.moves(commit("bbbbbbbb", "ana")) }, false},
		"refused, and another candidate": {true, func(p port) { p.moves(commit("bbbbbbbb", "ana")) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := beginPort(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
			p.does("ana", Deploy{Env: "staging"})
			op := p.op()
			if c.refused {
				p.ends(workflows.Refused, "the permission is missing")
			}
			c.then(p)
			if got := p.Overtaken(op); got != c.late {
				t.Errorf("taken back: %v", got)
			}
		})
	}
}
