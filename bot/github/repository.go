package github

import (
	"context"
	"fmt"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// Repository is what GitHub says of a repository, and of the bot there.
type Repository struct {
	Name     string // as GitHub calls it now
	Branch   string // the default one
	Archived bool
	Private  bool
	As       string            // who the bot is there: "@readyroom-bot", "the App readyroom"; empty: it is not said
	Permits  map[string]string // what the bot may: of an App "contents": "write"; of a token only "push", "pull" and the like: "true"
	Until    time.Time         // when the bot's token ends; zero: GitHub does not say
	Ahead    time.Duration     // how far the clock here is ahead of GitHub's
}

// Repository asks for a repository, for whoever sets the bot up.
func (g *GitHub) Repository(ctx context.Context, forge string) (Repository, error) {
	p, err := g.at(forge)
	if err != nil {
		return Repository{}, err
	}
	var out Repository
	r, err := get(ctx, p, "the facts", func(c *gh.Client) (*gh.Repository, *gh.Response, error) {
		r, resp, err := c.Repositories.Get(ctx, p.owner, p.name)
		if err == nil {
			out.Until = resp.TokenExpiration.Time
			out.Ahead = g.opts.Now().Sub(theirs(resp.Header, g.opts.Now()))
		}
		return r, resp, err
	})
	if err != nil {
		return Repository{}, noRepository(p, err)
	}
	out.Name, out.Branch, out.Archived, out.Private = r.GetFullName(), r.GetDefaultBranch(), r.GetArchived(), r.GetPrivate()
	if !forgePattern.MatchString(out.Name) || out.Branch == "" || r.GetID() <= 0 {
		return Repository{}, lacks(p, "the facts", "without the repository's name, number or branch")
	}
	out.Permits = map[string]string{}
	for what, may := range r.GetPermissions() {
		if may {
			out.Permits[what] = "true"
		}
	}
	return out, g.whoAmI(ctx, p, &out)
}

// whoAmI adds who the bot is to what is known of a repository.
func (g *GitHub) whoAmI(ctx context.Context, p place, out *Repository) error {
	if !g.id().app() {
		u, err := get(ctx, p, "the bot's own account, asked for the sake", func(c *gh.Client) (*gh.User, *gh.Response, error) { return c.Users.Get(ctx, "") })
		if status(err) != 0 || err == nil && u.GetLogin() == "" { // a token of Actions has no account
			return nil
		}
		out.As = "@" + u.GetLogin()
		return err
	}
	var in *gh.Installation
	err := g.asApp(ctx, "the installation of the App for the repository of "+p.forge, func(c *gh.Client) (r *gh.Response, err error) {
		in, r, err = c.Apps.FindRepositoryInstallation(ctx, p.owner, p.name)
		return r, err
	})
	if err != nil {
		return err
	}
	out.As = "the App " + in.GetAppSlug()
	out.Permits = permits(in.GetPermissions())
	return nil
}

// permits are the permissions that the bot can use, of those an installation has.
func permits(p *gh.InstallationPermissions) map[string]string {
	out := map[string]string{}
	for name, level := range map[string]*string{
		"actions": p.Actions, "checks": p.Checks, "contents": p.Contents, "deployments": p.Deployments, "issues": p.Issues, "metadata": p.Metadata,
		"pull_requests": p.PullRequests, "statuses": p.Statuses, "workflows": p.Workflows, "administration": p.Administration,
	} {
		if level != nil && *level != "" {
			out[name] = *level
		}
	}
	return out
}

// open finds a repository and its default branch.
func (g *GitHub) open(ctx context.Context, forge string) (place, error) {
	p, err := g.at(forge)
	if err != nil {
		return p, err
	}
	r, err := get(ctx, p, "the facts", func(c *gh.Client) (*gh.Repository, *gh.Response, error) {
		return c.Repositories.Get(ctx, p.owner, p.name)
	})
	if err != nil {
		return p, noRepository(p, err)
	}
	if !forgePattern.MatchString(r.GetFullName()) || r.GetDefaultBranch() == "" || r.GetID() <= 0 {
		return p, lacks(p, "the facts", "without the repository's name, number or branch")
	}
	if no := g.another(forge, r.GetID()); no != nil {
		return p, no
	}
	if !strings.EqualFold(r.GetFullName(), forge) {
		g.names.set(forge, r.GetFullName())
	}
	p.branch = r.GetDefaultBranch()
	return p, nil
}

// another refuses a repository that is not the one which was seen by this name before. A name is free for others once its
// repository was renamed, moved or deleted, and what they put there, even the same commits, is not what people ship.
func (g *GitHub) another(forge string, number int64) error {
	key := strings.ToLower(forge)
	was, known := g.numbers.get(key)
	switch {
	case !known:
		g.numbers.put(key, number)
	case was != number:
		return workflows.Refuse(renamed, fmt.Sprintf("%s is another repository at GitHub than before (number %d, not %d): the name was taken by others, or it was deleted and made anew", forge, number, was)).
			By(operator).Type("products: PRODUCT: github: owner/name, in readyroom.yaml", "restart the bot, if this is the one that is meant")
	}
	return nil
}

// noRepository says of a repository that GitHub does not show that it does not.
func noRepository(p place, err error) error {
	if !missing(err) {
		return err
	}
	return workflows.Refuse(workflows.NoRepository, fmt.Sprintf("GitHub shows the bot no repository %s: there is none, or its token may not see it", p.forge)).
		By("an owner of "+p.owner, operator).Type("products: PRODUCT: github: owner/name, in readyroom.yaml", "readyroom doctor")
}
