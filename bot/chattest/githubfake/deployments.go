package githubfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
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

// DeploymentStatus is a step of a deployment.
type DeploymentStatus struct {
	ID                              int64
	State, Description, Log, Target string
	Creator                         string
	url                             string // of the environment
	at                              time.Time
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

// step adds a status. With inactive, the earlier ones of the environment that succeeded are over, unless it is production
// or transient.
func (r *Repo) step(d *Deployment, s DeploymentStatus, inactive bool) *DeploymentStatus {
	s.ID, s.at = r.f.id(), r.f.now()
	d.Statuses = append(d.Statuses, s)
	last := &d.Statuses[len(d.Statuses)-1]
	r.tell("deployment_status", "created", reply{"deployment_status": r.stepAll(d, last), "deployment": r.deploymentAll(d)})
	if s.State == "success" && inactive {
		for _, old := range r.deploys {
			if old != d && old.Env == d.Env && !old.production && !old.transient && old.State() == "success" {
				r.step(old, DeploymentStatus{State: "inactive", Creator: s.Creator}, false)
			}
		}
	}
	return last
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

func (r *Repo) stepAll(d *Deployment, s *DeploymentStatus) reply {
	at := "/deployments/" + itoa(d.ID)
	return reply{
		"id": s.ID, "node_id": node("DES", s.ID), "state": s.State, "description": s.Description, "environment": d.Env, "target_url": s.Target, "log_url": s.Log,
		"environment_url": s.url, "creator": r.f.userAll(r.f.user(s.Creator)), "created_at": stamp(s.at), "updated_at": stamp(s.at),
		"url": r.url(at + "/statuses/" + itoa(s.ID)), "deployment_url": r.url(at), "repository_url": r.url(""),
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

func postDeployment(_ *Fake, c *Call) (any, refusal) {
	r, ref := c.repo, c.text("ref")
	id, ok := r.resolve(ref)
	if !ok || ref == "" {
		return nil, unprocessable("No ref found for: " + ref)
	}
	d := &Deployment{SHA: id, Ref: ref, Task: c.text("task"), Env: c.text("environment"), Description: c.text("description"), Payload: payload(c), Creator: c.grant.login}
	if d.Task == "" {
		d.Task = "deploy"
	}
	if d.Env == "" {
		d.Env = "production"
	}
	d.transient, d.production = c.is("transient_environment", false), c.is("production_environment", d.Env == "production")
	if c.is("auto_merge", true) {
		if merged, no := r.autoMerge(c, ref, id); merged || no.given() {
			return accepted{reply{"message": "Auto-merged " + r.def + " into " + ref + " on deployment."}}, no
		}
	}
	if failed := r.unwell(c, id); len(failed) > 0 {
		return nil, refusal{
			status: http.StatusConflict, message: "Conflict: Commit status checks failed for " + ref + ".",
			errors: []any{reply{"contexts": failed, "resource": "Deployment", "field": "required_contexts", "code": "invalid"}},
		}
	}
	return created{r.deploymentAll(r.deploy(d))}, refusal{}
}

// payload is what whoever deploys is told: an object, or a text, which may be JSON.
func payload(c *Call) string {
	switch p := c.in["payload"].(type) {
	case nil:
		return "{}"
	case string:
		if p == "" {
			return "{}"
		}
		return string(marshal(p))
	default:
		return string(marshal(p))
	}
}

// autoMerge brings a branch that is behind the default branch up to it. Then there is no deployment.
func (r *Repo) autoMerge(c *Call, ref, id string) (merged bool, no refusal) {
	name := "refs/heads/" + strings.TrimPrefix(strings.TrimPrefix(ref, "refs/"), "heads/")
	head := r.refs["refs/heads/"+r.def]
	if r.refs[name] == "" || head == "" || r.reach(id)[head] {
		return false, refusal{}
	}
	base := r.mergeBase(id, head)
	if base == "" {
		return false, refuse(http.StatusConflict, "Conflict merging "+r.def+" into "+ref+".")
	}
	files, theirs := map[string]string{}, map[string]bool{}
	for _, x := range r.diff(r.commits[base].tree, r.commits[id].tree) {
		theirs[x.path] = true
	}
	for _, x := range r.diff(r.commits[base].tree, r.commits[head].tree) {
		if theirs[x.path] {
			return false, refuse(http.StatusConflict, "Conflict merging "+r.def+" into "+ref+".")
		}
		files[x.path] = Gone
		if x.after != "" {
			files[x.path] = r.blobs[x.after]
		}
	}
	message := "Merge branch '" + r.def + "' into " + ref
	r.move(name, r.grow(id, Change{Author: c.grant.login, Message: message, Files: files, Parents: []string{head}}), c.grant.login)
	return true, refusal{}
}

// unwell are the contexts that are required and are not well: those that were said, or, if none were, all there are.
func (r *Repo) unwell(c *Call, id string) []reply {
	states := map[string]string{}
	for _, x := range r.current(id, false) {
		states[x.Name] = x.Status
		if x.Status == "completed" {
			states[x.Name] = x.Conclusion
		}
	}
	for _, s := range r.said(id, false) {
		states[s.Context] = s.State
	}
	var required []string
	if list, said := c.in["required_contexts"].([]any); said {
		for _, name := range list {
			required = append(required, fmt.Sprint(name))
		}
	} else {
		for name := range states {
			required = append(required, name)
		}
		slices.Sort(required)
	}
	var failed []reply
	for _, name := range required {
		if states[name] != "success" {
			state := states[name]
			if state == "" {
				state = "pending"
			}
			failed = append(failed, reply{"context": name, "state": state})
		}
	}
	return failed
}

func getDeployment(_ *Fake, c *Call) (any, refusal) {
	d := c.repo.deployment(c.number("id"))
	if d == nil {
		return nil, notFound()
	}
	return c.repo.deploymentAll(d), refusal{}
}

func listDeploymentStatuses(_ *Fake, c *Call) (any, refusal) {
	d := c.repo.deployment(c.number("id"))
	if d == nil {
		return nil, notFound()
	}
	var all []*DeploymentStatus
	for i := range slices.Backward(d.Statuses) {
		all = append(all, &d.Statuses[i])
	}
	return each(paged(c, all), func(s *DeploymentStatus) reply { return c.repo.stepAll(d, s) }), refusal{}
}

func getDeploymentStatus(_ *Fake, c *Call) (any, refusal) {
	if d := c.repo.deployment(c.number("id")); d != nil {
		for i := range d.Statuses {
			if d.Statuses[i].ID == c.number("status") {
				return c.repo.stepAll(d, &d.Statuses[i]), refusal{}
			}
		}
	}
	return nil, notFound()
}

func postDeploymentStatus(_ *Fake, c *Call) (any, refusal) {
	d := c.repo.deployment(c.number("id"))
	if d == nil {
		return nil, notFound()
	}
	s := DeploymentStatus{
		State: c.text("state"), Description: c.text("description"), Log: c.text("log_url"), Target: c.text("target_url"), Creator: c.grant.login,
		url: c.text("environment_url"),
	}
	if s.Log == "" {
		s.Log = s.Target
	}
	s.Target = s.Log
	if c.has("environment") {
		d.Env = c.text("environment")
	}
	return created{c.repo.stepAll(d, c.repo.step(d, s, c.is("auto_inactive", true)))}, refusal{}
}
