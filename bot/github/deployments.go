package github

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxDeployments = 20 // of an environment, the newest; and as many of the bot's own behind them
	payloadKey     = "readyroom"
	actions        = "github-actions[bot]" // who makes the deployments of workflows
)

// deployStates are what the states of deployments mean. What is not among them is unknown, and never well.
var deployStates = map[string]workflows.DeployState{
	"success": workflows.DeploySucceeded, "failure": workflows.DeployFailed, "error": workflows.DeployFailed, "inactive": workflows.DeployGone,
	"in_progress": workflows.DeployRunning, "queued": workflows.DeployRunning, "pending": workflows.DeployRunning,
}

// deployed is a deployment, and when it was made.
type deployed struct {
	workflows.Deployment
	made time.Time
}

// deployments are those of environments, the newest first. Where a workflow deploys, its runs that bear an operation stand
// for what they deploy; which commit that is, is known to whoever wished it, and not said here.
func (p place) deployments(ctx context.Context, envs map[workflows.Environment]string) ([]workflows.Deployment, error) {
	var out []deployed
	ours := map[string]string{} // the runs that are among them, by number, and of which commit each is
	for _, file := range slices.Sorted(maps.Values(byWorkflow(envs))) {
		runs, err := p.dispatched(ctx, file, envs, ours)
		if err != nil {
			return nil, err
		}
		out = append(out, runs...)
	}
	for _, env := range slices.Sorted(maps.Keys(envs)) {
		list, err := p.deploymentsTo(ctx, env, ours)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b deployed) int { return b.made.Compare(a.made) })
	var plain []workflows.Deployment
	for _, d := range out {
		plain = append(plain, d.Deployment)
	}
	return plain, nil
}

// byWorkflow are the workflows that deploy, each once.
func byWorkflow(envs map[workflows.Environment]string) map[string]string {
	files := map[string]string{}
	for _, file := range envs {
		if file != "" {
			files[file] = file
		}
	}
	return files
}

// deploymentsTo are the newest deployments to an environment, but for those that one of our runs made.
func (p place) deploymentsTo(ctx context.Context, env workflows.Environment, ours map[string]string) ([]deployed, error) {
	what := "the deployments to " + string(env)
	list, err := get(ctx, p, what, func(c *gh.Client) ([]*gh.Deployment, *gh.Response, error) {
		return c.Repositories.ListDeployments(ctx, p.owner, p.name, &gh.DeploymentsListOptions{Environment: string(env), ListOptions: gh.ListOptions{PerPage: perPage}})
	})
	if err != nil {
		return nil, err
	}
	list = newestAndOwn(list)
	all := make([]deployed, len(list))
	skip := make([]bool, len(list))
	err = side(ctx, len(list), func(ctx context.Context, i int) error {
		d := list[i]
		if d.GetID() <= 0 || !idPattern.MatchString(d.GetSHA()) || !strings.EqualFold(d.GetEnvironment(), string(env)) { // there, names are told apart whatever their case
			return lacks(p, what, "with one without a commit, or to another environment: %q", d.GetEnvironment())
		}
		one := deployed{workflows.Deployment{Op: operation(d.Payload), Env: env, Commit: d.GetSHA(), State: workflows.DeployRunning, At: utc(d.GetCreatedAt())}, utc(d.GetCreatedAt())}
		s, err := p.newest(ctx, d.GetID())
		if err != nil {
			return err
		}
		skip[i] = s == nil && len(ours) > 0 && d.GetCreator().GetLogin() == actions // a run of ours that did not begin yet
		if s != nil {
			one.At, one.Link = utc(s.GetCreatedAt()), firstLink(s.GetEnvironmentURL(), s.GetLogURL(), s.GetTargetURL())
			if one.State = deployStates[s.GetState()]; one.State == "" {
				one.State, one.Said = workflows.DeployUnknown, word(s.GetState())
			}
			skip[i] = ours[runNumber(s.GetLogURL())] == d.GetSHA() || ours[runNumber(s.GetTargetURL())] == d.GetSHA()
		}
		all[i] = one
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []deployed
	for i, d := range all {
		if !skip[i] {
			out = append(out, d)
		}
	}
	return out, nil
}

// newestAndOwn are the newest deployments, and the bot's own behind them: however many others deploy, those are followed.
func newestAndOwn(list []*gh.Deployment) []*gh.Deployment {
	some := list[:min(len(list), maxDeployments):min(len(list), maxDeployments)]
	for _, d := range list[len(some):] {
		if operation(d.Payload) != "" && len(some) < 2*maxDeployments {
			some = append(some, d)
		}
	}
	return some
}

// newest is the newest status of a deployment; nil: there is none yet.
func (p place) newest(ctx context.Context, id int64) (*gh.DeploymentStatus, error) {
	what := "the statuses of the deployment " + number(id)
	list, err := get(ctx, p, what, func(c *gh.Client) ([]*gh.DeploymentStatus, *gh.Response, error) {
		return c.Repositories.ListDeploymentStatuses(ctx, p.owner, p.name, id, &gh.ListOptions{PerPage: 1})
	})
	switch {
	case err != nil || len(list) == 0:
		return nil, err
	case list[0].GetID() <= 0:
		return nil, lacks(p, what, "with one without a number")
	}
	return list[0], nil
}

// operation is the act that made a deployment, as its payload names it: an object, or one written as a text.
func operation(payload json.RawMessage) string {
	var text string
	if json.Unmarshal(payload, &text) == nil {
		payload = json.RawMessage(text)
	}
	var of map[string]any
	if json.Unmarshal(payload, &of) != nil {
		return ""
	}
	op, _ := of[payloadKey].(string)
	return op
}

var (
	// opInTitle is an operation within what a run is called.
	opInTitle = regexp.MustCompile(`[a-z0-9][a-z0-9._-]*@[a-zA-Z0-9][a-zA-Z0-9._+-]*/deploy/[0-9]+(?:/[0-9a-f]+)?`)
	runInURL  = regexp.MustCompile(`/actions/runs/([0-9]+)`)
)

func runNumber(address string) string {
	if m := runInURL.FindStringSubmatch(address); m != nil {
		return m[1]
	}
	return ""
}

func firstLink(addresses ...string) string {
	for _, a := range addresses {
		if l := link(a); l != "" {
			return l
		}
	}
	return ""
}

// dispatched are the newest runs of a workflow that the bot started, with the operation that their title tells.
func (p place) dispatched(ctx context.Context, file string, envs map[workflows.Environment]string, ours map[string]string) ([]deployed, error) {
	what := "the runs of " + file
	list, err := get(ctx, p, what, func(c *gh.Client) (*gh.WorkflowRuns, *gh.Response, error) {
		return c.Actions.ListWorkflowRunsByFileName(ctx, p.owner, p.name, file, &gh.ListWorkflowRunsOptions{Event: "workflow_dispatch", ListOptions: gh.ListOptions{PerPage: perPage}})
	})
	if missing(err) { // whoever deploys by it is told; beside it, what else is asked for is still true
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if list.TotalCount == nil {
		return nil, lacks(p, what, "without their number")
	}
	if len(list.WorkflowRuns) == 0 {
		return nil, nil
	}
	self, err := p.g.self(ctx, p.forge)
	if err != nil {
		return nil, err
	}
	var out []deployed
	for _, r := range list.WorkflowRuns {
		if r.GetID() <= 0 || r.GetEvent() != "workflow_dispatch" {
			return nil, lacks(p, what, "with one without a number, or that was started by %q", r.GetEvent())
		}
		op := opOf(r)
		if op == "" || !self.wrote(r.GetActor()) {
			continue
		}
		ours[number(r.GetID())] = r.GetHeadSHA()
		d := deployed{workflows.Deployment{Op: op, Env: envOf(r, file, envs), Link: link(r.GetHTMLURL()), At: utc(r.GetUpdatedAt())}, utc(r.GetCreatedAt())}
		d.State, d.Said = ended(r)
		out = append(out, d)
	}
	return out, nil
}

func opOf(r *gh.WorkflowRun) string {
	for _, title := range []string{r.GetDisplayTitle(), r.GetName()} {
		if op := opInTitle.FindString(title); op != "" {
			return op
		}
	}
	return ""
}

// envOf is the environment that a run deploys to, as far as it can be told: the only one of its workflow, or the one that
// its title names.
func envOf(r *gh.WorkflowRun, file string, envs map[workflows.Environment]string) workflows.Environment {
	var may, named []workflows.Environment
	title := strings.FieldsFunc(r.GetDisplayTitle(), func(r rune) bool { return strings.ContainsRune(" \t,;:()[]", r) })
	for env, of := range envs {
		if of != file {
			continue
		}
		may = append(may, env)
		if slices.Contains(title, string(env)) {
			named = append(named, env)
		}
	}
	switch {
	case len(may) == 1:
		return may[0]
	case len(named) == 1:
		return named[0]
	}
	return ""
}

// ended is how a run of a workflow that deploys stands. One that was skipped deployed nothing, so that a well-looking end
// other than success is none.
func ended(r *gh.WorkflowRun) (workflows.DeployState, string) {
	state, said := standing(r.GetStatus(), r.GetConclusion())
	switch {
	case state == workflows.CheckRunning:
		return workflows.DeployRunning, ""
	case state == workflows.CheckPassed && r.GetConclusion() == "success":
		return workflows.DeploySucceeded, ""
	case state == workflows.CheckFailed:
		return workflows.DeployFailed, ""
	}
	if said == "" {
		said = word(r.GetConclusion())
	}
	return workflows.DeployUnknown, said
}
