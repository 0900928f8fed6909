package githubfake

import (
	"slices"
	"time"
)

// DeploymentStatus is a step of a deployment.
type DeploymentStatus struct {
	ID                              int64
	State, Description, Log, Target string
	Creator                         string
	url                             string // of the environment
	at                              time.Time
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

func (r *Repo) stepAll(d *Deployment, s *DeploymentStatus) reply {
	at := "/deployments/" + itoa(d.ID)
	return reply{
		"id": s.ID, "node_id": node("DES", s.ID), "state": s.State, "description": s.Description, "environment": d.Env, "target_url": s.Target, "log_url": s.Log,
		"environment_url": s.url, "creator": r.f.userAll(r.f.user(s.Creator)), "created_at": stamp(s.at), "updated_at": stamp(s.at),
		"url": r.url(at + "/statuses/" + itoa(s.ID)), "deployment_url": r.url(at), "repository_url": r.url(""),
	}
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
