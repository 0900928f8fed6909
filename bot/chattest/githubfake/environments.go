package githubfake

import (
	"slices"
	"time"
)

// Environment is where something is deployed to.
type Environment struct {
	Name string
	// Rules are what protects it: "required_reviewers", "wait_timer", "branch_policy".
	Rules []string
	id    int64
	made  time.Time
}

func init() {
	const at = "/repos/{owner}/{repo}/environments"
	serve(
		route{method: "GET", pattern: at, needs: "actions=read", query: []string{"page"}, do: func(_ *Fake, c *Call) (any, refusal) {
			return reply{"total_count": len(c.repo.envs), "environments": each(paged(c, c.repo.envs), c.repo.environmentAll)}, refusal{}
		}},
		route{method: "GET", pattern: at + "/{name}", needs: "actions=read", do: func(_ *Fake, c *Call) (any, refusal) {
			i := slices.IndexFunc(c.repo.envs, func(e *Environment) bool { return e.Name == c.Params["name"] })
			if i < 0 {
				return nil, notFound()
			}
			return c.repo.environmentAll(c.repo.envs[i]), refusal{}
		}},
	)
}

// Environment makes an environment, or says what protects it.
func (r *Repo) Environment(name string, rules ...string) {
	r.set(func() { r.environment(name).Rules = rules })
}

// environment is the one of that name, which is made if it is not there.
func (r *Repo) environment(name string) *Environment {
	for _, e := range r.envs {
		if e.Name == name {
			return e
		}
	}
	e := &Environment{Name: name, id: r.f.id(), made: r.f.now()}
	r.envs = append(r.envs, e)
	return e
}

func (r *Repo) environmentAll(e *Environment) reply {
	return reply{
		"id": e.id, "node_id": node("EN", e.id), "name": e.Name, "url": r.url("/environments/" + e.Name), "html_url": r.html("/deployments/activity_log?environments_filter=" + e.Name),
		"created_at": stamp(e.made), "updated_at": stamp(e.made), "deployment_branch_policy": nil,
		"protection_rules": each(e.Rules, func(kind string) reply { return reply{"id": e.id, "node_id": node("GA", e.id), "type": kind} }),
	}
}
