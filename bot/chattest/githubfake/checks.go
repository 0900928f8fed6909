package githubfake

import (
	"slices"
	"time"
)

// Check is a check run: what a program of an app says of a commit.
type Check struct {
	ID                 int64
	SHA, Name          string
	App                string // whose check it is: "github-actions"
	Status, Conclusion string // "completed", "success"
	begun, done        time.Time
}

// Status is what others say of a commit.
type Status struct {
	SHA, Context, State, Description string
	Creator                          string // a login
	id                               int64
	at                               time.Time
}

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{ref...}/check-runs", needs: "checks=read", query: []string{"check_name", "status", "filter", "app_id", "page"}, do: listChecks},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{ref...}/status", needs: "statuses=read", query: []string{"page"}, do: combined},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{ref...}/statuses", needs: "statuses=read", query: []string{"page"}, do: listStatuses},
	)
}

// Check says how a check of a commit stands: Check(sha, "test", "in_progress", ""), Check(sha, "test", "completed",
// "success"). One that was not completed yet goes on; otherwise it is run anew. It gives the run's id. What GitHub does not
// know is said as well.
func (r *Repo) Check(sha, name, status, conclusion string) (id int64) {
	return r.CheckBy(actionsApp, sha, name, status, conclusion)
}

// CheckBy is Check, of another app than the workflows'.
func (r *Repo) CheckBy(app, sha, name, status, conclusion string) (id int64) {
	r.set(func() {
		sha = r.target(sha)
		action := "completed"
		var run *Check
		if at := slices.IndexFunc(r.checks, func(x *Check) bool { return x.SHA == sha && x.Name == name && x.App == app && x.Status != "completed" }); at >= 0 {
			run = r.checks[at]
		} else {
			run = &Check{ID: r.f.id(), SHA: sha, Name: name, App: app, begun: r.f.now()}
			r.checks = append(r.checks, run)
			if status != "completed" {
				action = "created"
			}
		}
		run.Status, run.Conclusion = status, conclusion
		if status == "completed" {
			run.done = r.f.now()
		}
		id = run.ID
		r.tell("check_run", action, reply{"check_run": r.checkAll(run)})
	})
	return id
}

// Status says something of a commit by a status: Status(sha, "ci/build", "pending", ""). It is a machine's account that does.
func (r *Repo) Status(sha, context, state, description string) {
	r.StatusBy(ciAccount, sha, context, state, description)
}

// ciAccount is who sets statuses where nobody else is named.
const ciAccount = "ci-bot"

// StatusBy is Status, of another account, which may be an app's: "jenkins[bot]".
func (r *Repo) StatusBy(login, sha, context, state, description string) {
	r.set(func() {
		s := &Status{SHA: r.target(sha), Context: context, State: state, Description: description, Creator: login, id: r.f.id(), at: r.f.now()}
		r.statuses = append(r.statuses, s)
		more := r.statusAll(s)
		more["sha"], more["name"], more["commit"], more["branches"] = s.SHA, r.name(), r.commitAll(r.commits[s.SHA]), []reply{}
		r.tell("status", "", more)
	})
}

func (r *Repo) checkAll(x *Check) reply {
	conclusion := any(x.Conclusion)
	if x.Conclusion == "" {
		conclusion = nil
	}
	at := "/check-runs/" + itoa(x.ID)
	return reply{
		"id": x.ID, "node_id": node("CR", x.ID), "name": x.Name, "head_sha": x.SHA, "external_id": "", "status": x.Status, "conclusion": conclusion,
		"url": r.url(at), "html_url": r.html("/runs/" + itoa(x.ID)), "details_url": "https://ci.example/" + itoa(x.ID), "started_at": stamp(x.begun), "completed_at": stamp(x.done),
		"output":      reply{"title": nil, "summary": nil, "text": nil, "annotations_count": 0, "annotations_url": r.url(at + "/annotations")},
		"check_suite": reply{"id": r.id*1000 + r.f.app(x.App)}, "app": r.f.appShort(x.App), "pull_requests": []reply{},
	}
}

// current are the runs of a commit, the last of each name and app unless all are wished.
func (r *Repo) current(sha string, all bool) []*Check {
	var out []*Check
	seen := map[string]bool{}
	for _, x := range slices.Backward(r.checks) {
		if key := x.App + "\n" + x.Name; x.SHA == sha && (all || !seen[key]) {
			seen[key] = true
			out = append(out, x)
		}
	}
	return out
}

func listChecks(_ *Fake, c *Call) (any, refusal) {
	r, q := c.repo, c.Query
	id, ok := r.resolve(c.Params["ref"])
	if !ok {
		return nil, noCommit(c.Params["ref"])
	}
	runs := slices.DeleteFunc(r.current(id, q.Get("filter") == "all"), func(x *Check) bool {
		return q.Get("check_name") != "" && q.Get("check_name") != x.Name || q.Get("status") != "" && q.Get("status") != x.Status ||
			q.Get("app_id") != "" && q.Get("app_id") != itoa(r.f.app(x.App))
	})
	return reply{"total_count": len(runs), "check_runs": each(paged(c, runs), r.checkAll)}, refusal{}
}

func (r *Repo) statusAll(s *Status) reply {
	return reply{
		"id": s.id, "node_id": node("SC", s.id), "context": s.Context, "state": s.State, "description": s.Description, "target_url": "https://ci.example/" + s.Context,
		"avatar_url": nil, "url": r.url("/statuses/" + s.SHA), "created_at": stamp(s.at), "updated_at": stamp(s.at),
	}
}

// said are the statuses of a commit, newest first; the last of each context unless all are wished.
func (r *Repo) said(sha string, all bool) []*Status {
	var out []*Status
	seen := map[string]bool{}
	for _, s := range slices.Backward(r.statuses) {
		if s.SHA == sha && (all || !seen[s.Context]) {
			seen[s.Context] = true
			out = append(out, s)
		}
	}
	return out
}

// combined is what the statuses of a commit say together.
func combined(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	id, ok := r.resolve(c.Params["ref"])
	if !ok {
		return nil, noCommit(c.Params["ref"])
	}
	all := r.said(id, false)
	state := "success"
	for _, s := range all {
		switch s.State {
		case "error", "failure":
			state = "failure"
		case "pending":
			if state == "success" {
				state = "pending"
			}
		}
	}
	if len(all) == 0 {
		state = "pending"
	}
	return reply{
		"state": state, "statuses": each(paged(c, all), r.statusAll), "sha": id, "total_count": len(all), "repository": r.all(),
		"commit_url": r.url("/commits/" + id), "url": r.url("/commits/" + id + "/status"),
	}, refusal{}
}

func listStatuses(_ *Fake, c *Call) (any, refusal) {
	id, ok := c.repo.resolve(c.Params["ref"])
	if !ok {
		return nil, noCommit(c.Params["ref"])
	}
	return each(paged(c, c.repo.said(id, true)), func(s *Status) reply {
		out := c.repo.statusAll(s)
		out["creator"] = c.repo.f.userAll(c.repo.f.user(s.Creator)) // the newest ones alone come without it
		return out
	}), refusal{}
}
