package githubfake

import (
	"encoding/json"
	"slices"
	"time"
)

// Deployment is a wish to bring a commit to an environment, and what became of it.
type Deployment struct {
	ID                    int64
	SHA, Ref              string
	Task, Env             string
	Description           string
	Payload               string // JSON
	Creator               string
	Statuses              []DeploymentStatus // the newest last
	transient, production bool
	made                  time.Time
}

// State is how it stands: that of its last status, or "pending" without one.
func (d Deployment) State() string {
	if len(d.Statuses) == 0 {
		return "pending"
	}
	return d.Statuses[len(d.Statuses)-1].State
}

func init() {
	const at = "/repos/{owner}/{repo}/deployments"
	serve(
		route{method: "GET", pattern: at, needs: "deployments=read", query: []string{"sha", "ref", "task", "environment", "page"}, do: listDeployments},
		route{method: "POST", pattern: at, needs: "deployments=write", kind: "deployment", creates: true, do: postDeployment},
		route{method: "GET", pattern: at + "/{id}", needs: "deployments=read", do: getDeployment},
		route{method: "GET", pattern: at + "/{id}/statuses", needs: "deployments=read", query: []string{"page"}, do: listDeploymentStatuses},
		route{method: "POST", pattern: at + "/{id}/statuses", needs: "deployments=write", kind: "deployment status", creates: true, do: postDeploymentStatus},
		route{method: "GET", pattern: at + "/{id}/statuses/{status}", needs: "deployments=read", do: getDeploymentStatus},
	)
}

// Deploy has somebody else deploy a commit, and gives the deployment's id.
func (r *Repo) Deploy(ref, env, who string) (id int64) {
	r.set(func() {
		d := &Deployment{SHA: r.target(ref), Ref: ref, Task: "deploy", Env: env, Payload: "{}", Creator: who, production: env == "production"}
		id = r.deploy(d).ID
	})
	return id
}

func (r *Repo) deploy(d *Deployment) *Deployment {
	d.ID, d.made = r.f.id(), r.f.now()
	r.deploys = append(r.deploys, d)
	r.environment(d.Env)
	r.tell("deployment", "created", reply{"deployment": r.deploymentAll(d), "workflow": nil, "workflow_run": nil})
	return d
}

// FinishDeployment brings a deployment to a state, as whoever carries it out would: "in_progress", "success", "failure".
func (r *Repo) FinishDeployment(id int64, state string) {
	r.set(func() {
		d := r.deployment(id)
		if d == nil {
			r.fatal("there is no deployment %d", id)
		}
		r.step(d, DeploymentStatus{State: state, Creator: "deployer"}, true)
	})
}

// Deployments are all of them, the newest last.
func (r *Repo) Deployments() []Deployment {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	var all []Deployment
	for _, d := range r.deploys {
		one := *d
		one.Statuses = slices.Clone(d.Statuses)
		all = append(all, one)
	}
	return all
}

func (r *Repo) deployment(id int64) *Deployment {
	for _, d := range r.deploys {
		if d.ID == id {
			return d
		}
	}
	return nil
}

func (r *Repo) deploymentAll(d *Deployment) reply {
	at := "/deployments/" + itoa(d.ID)
	var description any
	if d.Description != "" {
		description = d.Description
	}
	return reply{
		"id": d.ID, "node_id": node("DE", d.ID), "sha": d.SHA, "ref": d.Ref, "task": d.Task, "payload": json.RawMessage(d.Payload), "environment": d.Env,
		"original_environment": d.Env, "description": description, "creator": r.f.userAll(r.f.user(d.Creator)), "created_at": stamp(d.made), "updated_at": stamp(d.made),
		"url": r.url(at), "statuses_url": r.url(at + "/statuses"), "repository_url": r.url(""), "transient_environment": d.transient, "production_environment": d.production,
	}
}

func listDeployments(_ *Fake, c *Call) (any, refusal) {
	var all []*Deployment
	q := c.Query
	for _, d := range slices.Backward(c.repo.deploys) {
		wanted := true
		for key, is := range map[string]string{"sha": d.SHA, "ref": d.Ref, "task": d.Task, "environment": d.Env} {
			wanted = wanted && (q.Get(key) == "" || q.Get(key) == is)
		}
		if wanted {
			all = append(all, d)
		}
	}
	return each(paged(c, all), c.repo.deploymentAll), refusal{}
}

func getDeployment(_ *Fake, c *Call) (any, refusal) {
	d := c.repo.deployment(c.number("id"))
	if d == nil {
		return nil, notFound()
	}
	return c.repo.deploymentAll(d), refusal{}
}
