package githubfake

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Run is a run of a workflow.
type Run struct {
	ID                 int64
	File, Title        string // of the workflow's file; as people see it
	Event, Branch, SHA string
	Status, Conclusion string
	Inputs             map[string]string
	Actor              string
	workflow           *Workflow
	deployment         *Deployment
	hidden             int // so many lists do not have it yet
	number             int
	made, changed      time.Time
}

// StartRun has a run begin.
func (r *Repo) StartRun(id int64) { r.finish(id, "in_progress", "") }

// HoldRun has a run wait for whoever must approve its environment.
func (r *Repo) HoldRun(id int64) { r.finish(id, "waiting", "") }

// FinishRun has a run end: "success", "failure", "cancelled". What it deployed ends likewise.
func (r *Repo) FinishRun(id int64, conclusion string) { r.finish(id, "completed", conclusion) }

func (r *Repo) finish(id int64, status, conclusion string) {
	r.set(func() {
		run := r.run(id)
		if run == nil {
			r.fatal("there is no run %d", id)
		}
		run.Status, run.Conclusion, run.changed = status, conclusion, r.f.now()
		if d := run.deployment; d != nil {
			state := "failure"
			switch {
			case status == "waiting":
				state = "waiting"
			case status != "completed":
				state = "in_progress"
			case conclusion == "success":
				state = conclusion
			}
			r.step(d, DeploymentStatus{State: state, Creator: "github-actions[bot]", Log: r.html("/actions/runs/" + itoa(id))}, true)
		}
		if status != "waiting" {
			r.tell("workflow_run", status, reply{"workflow_run": r.runAll(run), "workflow": r.workflowAll(run.workflow)})
		}
	})
}

// Runs are all runs, the newest last.
func (r *Repo) Runs() []Run {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	var all []Run
	for _, x := range r.runs {
		all = append(all, *x)
	}
	return all
}

func (r *Repo) run(id int64) *Run {
	for _, x := range r.runs {
		if x.ID == id {
			return x
		}
	}
	return nil
}

func (r *Repo) runAll(x *Run) reply {
	conclusion := any(x.Conclusion)
	if x.Conclusion == "" {
		conclusion = nil
	}
	id := itoa(x.ID)
	return reply{
		"id": x.ID, "node_id": node("WFR", x.ID), "name": x.workflow.Name, "display_title": x.Title, "path": ".github/workflows/" + x.File, "event": x.Event, "status": x.Status,
		"conclusion": conclusion, "head_branch": x.Branch, "head_sha": x.SHA, "run_number": x.number, "run_attempt": 1, "workflow_id": x.workflow.id,
		"url": r.url("/actions/runs/" + id), "html_url": r.html("/actions/runs/" + id), "created_at": stamp(x.made), "updated_at": stamp(x.changed), "run_started_at": stamp(x.made),
		"actor": r.f.userAll(r.f.user(x.Actor)), "triggering_actor": r.f.userAll(r.f.user(x.Actor)), "pull_requests": []reply{}, "repository": r.all(),
		"jobs_url": r.url("/actions/runs/" + id + "/jobs"), "workflow_url": r.url("/actions/workflows/" + strconv.FormatInt(x.workflow.id, 10)),
	}
}

func listRuns(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	var all []*Run
	if c.Params["file"] != "" && c.workflow() == nil {
		return nil, notFound()
	}
	for _, x := range slices.Backward(r.runs) {
		switch {
		case c.Params["file"] != "" && x.workflow != c.workflow() || !x.listed(c):
		case x.hidden > 0:
			x.hidden--
		default:
			all = append(all, x)
		}
	}
	return reply{"total_count": len(all), "workflow_runs": each(paged(c, all), r.runAll)}, refusal{}
}

// listed is whether a list of runs has this one.
func (x *Run) listed(c *Call) bool {
	for key, is := range map[string]string{"actor": x.Actor, "branch": x.Branch, "event": x.Event, "head_sha": x.SHA} {
		if q := c.Query.Get(key); q != "" && q != is {
			return false
		}
	}
	if q := c.Query.Get("status"); q != "" && q != x.Status && q != x.Conclusion {
		return false
	}
	return madeIn(c.Query.Get("created"), x.made)
}

// madeIn is whether a time is in a range as searches have it: ">=2026-01-05T09:00:00Z", "2026-01-05..2026-01-06".
func madeIn(span string, at time.Time) bool {
	if span == "" {
		return true
	}
	parse := func(s string) time.Time {
		for _, layout := range []string{time.RFC3339, "2006-01-02"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t
			}
		}
		return time.Time{}
	}
	if from, to, is := strings.Cut(span, ".."); is {
		return (from == "*" || !at.Before(parse(from))) && (to == "*" || !at.After(parse(to)))
	}
	for _, op := range []string{">=", "<=", ">", "<"} {
		if rest, is := strings.CutPrefix(span, op); is {
			d := at.Compare(parse(rest))
			return map[string]bool{">=": d >= 0, "<=": d <= 0, ">": d > 0, "<": d < 0}[op]
		}
	}
	return strings.HasPrefix(at.Format(time.RFC3339), span)
}

func getRun(_ *Fake, c *Call) (any, refusal) {
	x := c.repo.run(c.number("id"))
	if x == nil {
		return nil, notFound()
	}
	return c.repo.runAll(x), refusal{}
}

// pendingDeployments are the environments that a run waits for.
func pendingDeployments(_ *Fake, c *Call) (any, refusal) {
	x := c.repo.run(c.number("id"))
	switch {
	case x == nil:
		return nil, notFound()
	case x.Status != "waiting" || x.deployment == nil:
		return []reply{}, refusal{}
	}
	e := c.repo.environment(x.deployment.Env)
	return []reply{{
		"environment": reply{"id": e.id, "node_id": node("EN", e.id), "name": e.Name, "url": c.repo.url("/environments/" + e.Name), "html_url": c.repo.html("/deployments")},
		"wait_timer":  0, "wait_timer_started_at": nil, "current_user_can_approve": false, "reviewers": []reply{},
	}}, refusal{}
}
