package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// Deploys brings commits to environments: by a deployment, which others carry out, or by running a workflow.
type Deploys struct{ g *GitHub }

// Deploys carries out workflows.ActDeploy.
func (g *GitHub) Deploys() Deploys { return Deploys{g} }

// Act begins a deployment, unless it is there already.
func (a Deploys) Act(ctx context.Context, data json.RawMessage) (link string, err error) {
	if a.g == nil {
		return "", Off()
	}
	d, err := deployOf(data)
	if err != nil {
		return "", err
	}
	takes, do := []string{"deployments: write"}, a.g.made
	if d.Workflow != "" {
		takes, do = []string{"actions: write", "contents: read"}, a.g.dispatched
	}
	if d.Workflow != "" && len(d.Checks) > 0 || len(ofSomebody(d.Checks)) > 0 {
		takes = append(takes, "checks: read", "statuses: read")
	}
	link, err = do(ctx, d)
	return link, a.g.whole(d.Forge, err, takes...)
}

// ofSomebody are those of the checks that must be a certain maker's.
func ofSomebody(checks []workflows.CheckName) (theirs []workflows.CheckName) {
	for _, n := range checks {
		if n.By != "" {
			theirs = append(theirs, n)
		}
	}
	return theirs
}

// made makes a deployment, unless it is there already.
func (g *GitHub) made(ctx context.Context, d workflows.Deploy) (link string, err error) {
	if link, found, err := g.deployment(ctx, d); err != nil || found {
		return link, err
	}
	return g.deploy(ctx, d)
}

// Seek looks whether a deployment was begun. A run of a workflow appears some time after it was asked for, so that one which
// is not there yet says nothing.
func (a Deploys) Seek(ctx context.Context, data json.RawMessage) (link string, found bool, err error) {
	if a.g == nil {
		return "", false, Off()
	}
	d, err := deployOf(data)
	if err != nil {
		return "", false, err
	}
	if d.Workflow == "" {
		return a.g.deployment(ctx, d)
	}
	link, found, err = a.g.runOf(ctx, d)
	if err == nil && !found {
		err = fmt.Errorf("no run of %s bears %s; it may still come", d.Workflow, d.Op)
	}
	return link, found, err
}

func deployOf(data json.RawMessage) (d workflows.Deploy, err error) {
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("read what is to be deployed: %w", err)
	}
	if _, err := sha(d.Commit); err != nil || d.Op == "" || d.Env == "" {
		return d, workflows.Refuse(workflows.Invalid, fmt.Sprintf("«%s» is no full id of a commit: only such a one is deployed", workflows.Display(d.Commit, 80))).
			By("engineering").Type("/release candidate set REF")
	}
	return d, nil
}

// what is how errors call a deployment.
func whatDeploy(d workflows.Deploy) string {
	return "the deployment of " + workflows.ShortID(d.Commit) + " to " + string(d.Env)
}

// deployment finds the deployment that bears our operation.
func (g *GitHub) deployment(ctx context.Context, d workflows.Deploy) (link string, found bool, err error) {
	owner, name := split(d.Forge)
	opts := &gh.DeploymentsListOptions{SHA: d.Commit, Environment: string(d.Env), ListOptions: gh.ListOptions{PerPage: 100}}
	for page := 0; page < maxPages; page++ {
		var all []*gh.Deployment
		var next int
		err := g.do(ctx, d.Forge, "the deployments", func(c *gh.Client) (resp *gh.Response, err error) {
			if all, resp, err = c.Repositories.ListDeployments(ctx, owner, name, opts); resp != nil {
				next = resp.NextPage
			}
			return resp, err
		})
		if err != nil {
			return "", false, err
		}
		for _, x := range all {
			if bears(x, d) {
				err := g.madeBy(ctx, d, x)
				return g.deploymentLink(d), err == nil, err
			}
		}
		if opts.Page = next; next == 0 {
			return "", false, nil
		}
	}
	return "", false, fmt.Errorf("%s: GitHub lists more than can be looked through", whatDeploy(d))
}

// maxPages is how many pages are looked through for something of ours: it is among the newest.
const maxPages = 10

// bears reports whether a deployment is the one that was wished: a commit, an environment, and our operation.
func bears(x *gh.Deployment, d workflows.Deploy) bool {
	return x.GetID() > 0 && x.GetSHA() == d.Commit && strings.EqualFold(x.GetEnvironment(), string(d.Env)) && operation(x.Payload) == d.Op
}

// madeBy holds a deployment that bears our operation to who made it. Whoever may push can make one that does, and then none
// of the checks was asked about; but it may be the bot's own under an account that it had before. So nobody can say.
func (g *GitHub) madeBy(ctx context.Context, d workflows.Deploy, x *gh.Deployment) error {
	self, err := g.self(ctx, d.Forge)
	if err != nil {
		return notSent(err)
	}
	if !self.wrote(x.GetCreator()) {
		return fmt.Errorf("%s: there is one that bears its operation, and not the bot but %s made it", whatDeploy(d), workflows.Display("@"+x.GetCreator().GetLogin(), 60))
	}
	return nil
}

// deploy makes a deployment of exactly that commit. Nothing is merged into it, and of the commit's statuses only those that
// were named are asked about.
func (g *GitHub) deploy(ctx context.Context, d workflows.Deploy) (link string, err error) {
	owner, name := split(d.Forge)
	contexts := []string{} // left out, it means all of them
	for _, n := range d.Checks {
		contexts = append(contexts, n.Name)
	}
	if err := g.checked(ctx, d, ofSomebody(d.Checks)); err != nil { // GitHub looks at names alone
		return "", err
	}
	req := &gh.DeploymentRequest{Ref: &d.Commit, Task: gh.String("deploy"), AutoMerge: gh.Bool(false), RequiredContexts: &contexts,
		Payload: map[string]string{payloadKey: d.Op}, Environment: gh.String(string(d.Env)), Description: gh.String(workflows.Display(d.Text.String(), 139)),
		TransientEnvironment: gh.Bool(false), ProductionEnvironment: gh.Bool(d.Users)}
	var made *gh.Deployment
	err = g.do(ctx, d.Forge, whatDeploy(d), func(c *gh.Client) (resp *gh.Response, err error) {
		made, resp, err = c.Repositories.CreateDeployment(ctx, owner, name, req)
		return resp, err
	})
	switch {
	case err != nil:
		return "", undeployed(d, err)
	case !bears(made, d):
		return "", fmt.Errorf("%s: GitHub answered with another one", whatDeploy(d))
	}
	return g.deploymentLink(d), nil
}

// undeployed makes a no of GitHub's say what to do about it.
func undeployed(d workflows.Deploy, err error) error {
	said := ""
	if a, ok := errors.AsType[*answered](err); ok {
		said = a.message
	}
	switch status(err) {
	case http.StatusAccepted:
		if !strings.Contains(strings.ToLower(said), "merge") {
			return err
		}
		return workflows.Refuse(conflict, fmt.Sprintf("%s: GitHub merged a branch instead and made none: %s", whatDeploy(d), said)).
			By("engineering").Type("/release candidate set REF")
	case http.StatusConflict:
		if _, named, ok := strings.Cut(said, "; "); ok { // a sentence comes before the names, with the commit in full
			said = named
		}
		return unwell(d, said)
	}
	if status(err) == http.StatusUnprocessableEntity && strings.Contains(strings.ToLower(said), "no ref") {
		return workflows.Refuse(workflows.UnknownRef, fmt.Sprintf("%s: GitHub does not have that commit: it was not pushed, or is gone", whatDeploy(d))).
			By("engineering").Type("git push", "/release candidate deploy "+string(d.Env))
	}
	return err
}

// unwell refuses to deploy a commit whose checks are not well.
func unwell(d workflows.Deploy, said string) error {
	no := workflows.Refuse(conflict, fmt.Sprintf("%s: checks of it must be well, and they are not: %s", whatDeploy(d), said)).By("engineering")
	if len(d.Checks) > 0 {
		var asked []string
		for _, n := range d.Checks {
			asked = append(asked, n.String())
		}
		no.Type("checks: in readyroom.yaml names those that are asked for: " + strings.Join(asked, ", "))
	}
	return no.Type("/release check")
}

// web is where people see a repository.
func (g *GitHub) web(forge string) string {
	u, err := url.Parse(g.api)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + strings.TrimPrefix(u.Host, "api.") + "/" + forge
}

func (g *GitHub) deploymentLink(d workflows.Deploy) string {
	return g.web(d.Forge) + "/deployments/" + url.PathEscape(string(d.Env))
}
