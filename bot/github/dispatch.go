package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// The inputs that a workflow gets, beside our operation, which is called as in a payload: where to, and which commit.
const (
	envInput = "environment"
	refInput = "ref"
)

// dispatched runs a workflow, unless a run bears our operation already. That it was asked for is all that GitHub says; the
// run itself appears later.
func (g *GitHub) dispatched(ctx context.Context, d workflows.Deploy) (link string, err error) {
	if link, found, err := g.runOf(ctx, d); err != nil || found {
		return link, err
	}
	if err := g.checked(ctx, d, d.Checks); err != nil {
		return "", err
	}
	ref, err := g.branchFor(ctx, d)
	if err != nil {
		return "", err
	}
	owner, name := split(d.Forge)
	event := gh.CreateWorkflowDispatchEventRequest{Ref: ref, Inputs: map[string]any{payloadKey: d.Op, envInput: string(d.Env), refInput: d.Commit}}
	began := false
	err = g.do(ctx, d.Forge, "the workflow "+d.Workflow, func(c *gh.Client) (*gh.Response, error) {
		req, err := c.NewRequest("POST", fmt.Sprintf("repos/%s/%s/actions/workflows/%s/dispatches", owner, name, url.PathEscape(d.Workflow)), event)
		if err != nil {
			return nil, err
		}
		var run struct {
			ID int64 `json:"workflow_run_id"` // where GitHub gives it away
		}
		resp, err := c.Do(ctx, req, &run)
		began = resp != nil && resp.StatusCode == http.StatusNoContent || run.ID > 0
		return resp, err
	})
	switch {
	case err != nil:
		return "", undispatched(d, ref, err)
	case !began:
		return "", fmt.Errorf("%s: GitHub did not say whether a run of %s begins", whatDeploy(d), d.Workflow)
	}
	if link, found, err := g.runOf(ctx, d); err == nil && found {
		return link, nil
	}
	return g.web(d.Forge) + "/actions/workflows/" + url.PathEscape(d.Workflow), nil
}

// checked refuses a commit of which some of these checks are not all well. Of a deployment GitHub looks itself at those that
// are named; of a workflow it does not.
func (g *GitHub) checked(ctx context.Context, d workflows.Deploy, wanted []workflows.CheckName) error {
	if len(wanted) == 0 {
		return nil
	}
	p, err := g.at(d.Forge)
	if err != nil {
		return err
	}
	found, err := p.checks(ctx, d.Commit)
	if err != nil {
		return notSent(err)
	}
	for _, n := range wanted {
		if why := amiss(n, found); why != "" {
			return unwell(d, why)
		}
	}
	return nil
}

// amiss says how a check stands that is not well; empty: it is, whoever of those that may made it.
func amiss(n workflows.CheckName, found []workflows.Check) string {
	known, others := false, ""
	for _, c := range found {
		if !n.Is(c) {
			if c.Name == n.Name {
				others = cmp.Or(c.By, "somebody unknown")
			}
			continue
		}
		known = true
		name := workflows.CheckName{Name: c.Name, By: c.By}
		switch c.State {
		case workflows.CheckPassed:
		case workflows.CheckFailed:
			return name.String() + " failed"
		case workflows.CheckRunning:
			return name.String() + " is running"
		default:
			return fmt.Sprintf("%s says «%s», which is not known to be well", name, c.Said)
		}
	}
	switch {
	case known:
		return ""
	case others != "":
		return fmt.Sprintf("%s is reported by %s, not by %s", n.Name, others, n.By)
	}
	return n.String() + " has not reported"
}

// branchFor is the ref whose workflow runs.
func (g *GitHub) branchFor(ctx context.Context, d workflows.Deploy) (string, error) {
	if d.Ref != "" {
		return d.Ref, nil
	}
	owner, name := split(d.Forge)
	var r *gh.Repository
	err := g.do(ctx, d.Forge, "the repository", func(c *gh.Client) (resp *gh.Response, err error) {
		r, resp, err = c.Repositories.Get(ctx, owner, name)
		return resp, err
	})
	if err == nil && r.GetDefaultBranch() == "" {
		return "", unread("GitHub does not say which branch of " + d.Forge + " is the default one")
	}
	return r.GetDefaultBranch(), err
}

// runOf finds the run that bears our operation in its name, and that the bot started: whoever may run the workflow could
// run another branch's under that name.
func (g *GitHub) runOf(ctx context.Context, d workflows.Deploy) (link string, found bool, err error) {
	owner, name := split(d.Forge)
	self, err := g.self(ctx, d.Forge)
	if err != nil {
		return "", false, notSent(err)
	}
	opts := &gh.ListWorkflowRunsOptions{Event: "workflow_dispatch", ListOptions: gh.ListOptions{PerPage: 100}}
	if !d.At.IsZero() {
		opts.Created = ">=" + d.At.Add(-skew).UTC().Format(time.RFC3339)
	}
	for page := 0; page < maxPages; page++ {
		var all *gh.WorkflowRuns
		var next int
		err := g.do(ctx, d.Forge, "the runs of "+d.Workflow, func(c *gh.Client) (resp *gh.Response, err error) {
			if all, resp, err = c.Actions.ListWorkflowRunsByFileName(ctx, owner, name, d.Workflow, opts); resp != nil {
				next = resp.NextPage
			}
			return resp, err
		})
		switch {
		case err != nil:
			return "", false, err
		case all.TotalCount == nil:
			return "", false, unread("GitHub does not say how many runs " + d.Workflow + " has")
		}
		for _, r := range all.WorkflowRuns {
			if r.GetID() > 0 && self.wrote(r.GetActor()) && (strings.Contains(r.GetDisplayTitle(), d.Op) || strings.Contains(r.GetName(), d.Op)) {
				return fmt.Sprintf("%s/actions/runs/%d", g.web(d.Forge), r.GetID()), true, nil
			}
		}
		if opts.Page = next; next == 0 {
			return "", false, nil
		}
	}
	return "", false, fmt.Errorf("%s: there are more runs of %s than can be looked through", whatDeploy(d), d.Workflow)
}

// unread is a read that said nothing: nothing was changed by it, and it may say more later.
func unread(what string) error { return &chat.Fault{Verdict: chat.Retry, Err: errors.New(what)} }

// skew is how far GitHub's clock and ours may be apart.
const skew = time.Hour

// undispatched makes a no of GitHub's say what to add to the workflow.
func undispatched(d workflows.Deploy, ref string, err error) error {
	a, ok := errors.AsType[*answered](err)
	if !ok || a.status != http.StatusUnprocessableEntity {
		return err
	}
	low := strings.ToLower(a.message)
	no := func(why string, next ...string) error {
		return workflows.Refuse(workflows.Invalid, whatDeploy(d)+": "+why+": "+a.message).By("whoever edits .github/workflows/" + d.Workflow).Type(next...)
	}
	inputs := fmt.Sprintf("on: {workflow_dispatch: {inputs: {%s: {}, %s: {}, %s: {}}}} in .github/workflows/%s on %s", payloadKey, envInput, refInput, d.Workflow, ref)
	switch {
	case strings.Contains(low, "unexpected inputs"):
		return no("the workflow lacks inputs", inputs, "run-name: deploy ${{ inputs."+payloadKey+" }}")
	case strings.Contains(low, "workflow_dispatch"):
		return no("the workflow cannot be run by others", inputs, "run-name: deploy ${{ inputs."+payloadKey+" }}")
	case strings.Contains(low, "required input"), strings.Contains(low, "not provided"):
		return no("the workflow wants inputs that the bot does not give", "let all others than "+strings.Join([]string{payloadKey, envInput, refInput}, ", ")+" be optional")
	case strings.Contains(low, "no ref"):
		return no(fmt.Sprintf("there is no %s whose workflow could run", ref), "branch: in readyroom.yaml")
	}
	return err
}
