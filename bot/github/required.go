package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// demands are the checks that GitHub wants before anything is merged into a branch.
type demands struct {
	branch   string // as it is called now
	checks   []demand
	more     bool   // whatever else reports, too
	unseen   string // why it cannot be told
	ruleless string // why there are no rulesets, where GitHub has none for this repository
}

// demand is a check that is wanted.
type demand struct {
	name string
	app  int64 // which must have made it; zero: whichever

	unnamed bool // instead of these: some that have no name there
}

// required are the checks that GitHub wants before anything is merged into a branch (empty: the default one), with the names
// of the programs that must make them, as far as what was found says them.
func (p place) required(ctx context.Context, branch string, found []workflows.Check, known apps) (*workflows.Required, error) {
	d, err := p.demands(ctx, branch)
	if err != nil {
		return nil, err
	}
	names, err := p.namesOf(ctx, d, found, known)
	if err != nil {
		return nil, err
	}
	return &workflows.Required{Checks: names, More: d.more, Unseen: d.unseen}, nil
}

func (p place) namesOf(ctx context.Context, d demands, found []workflows.Check, known apps) (all []workflows.CheckName, err error) {
	for _, want := range d.checks {
		n := workflows.CheckName{Name: want.name}
		if want.app > 0 {
			if n.By, err = p.appNamed(ctx, want, found, known); err != nil {
				return nil, err
			}
		}
		all = append(all, n)
	}
	return all, nil
}

// appNamed is the name of the program that must make a check. GitHub tells it of those that made one on the commit, and by
// name; of others it stays a number, as which nothing is known.
func (p place) appNamed(ctx context.Context, want demand, found []workflows.Check, known apps) (string, error) {
	if slug := known[want.app]; slug != "" {
		return slug, nil
	}
	for _, c := range found {
		if c.Name != want.name || c.By == "" || strings.HasPrefix(c.By, "@") {
			continue
		}
		app, err := get(ctx, p, "the App "+workflows.Display(c.By, 80), func(g *gh.Client) (*gh.App, *gh.Response, error) {
			return g.Apps.Get(ctx, url.PathEscape(c.By))
		})
		if _, no := errors.AsType[*workflows.Refusal](err); err != nil && !no {
			return "", err
		}
		if err == nil && app.GetID() == want.app && app.GetSlug() == c.By {
			return c.By, nil
		}
	}
	return "the App " + number(want.app), nil
}

// demands reads what is wanted of a branch: by its rulesets, and by its protection. What the bot may not see, or cannot
// be told, is never taken for nothing.
func (p place) demands(ctx context.Context, branch string) (d demands, err error) {
	if branch == "" {
		if p, err = p.g.open(ctx, p.forge); err != nil {
			return d, err
		}
		branch = p.branch
	}
	d.branch = branch
	b, err := p.branchAt(ctx, branch)
	switch {
	case hidden(err), missing(err):
		d.unseen = fmt.Sprintf("GitHub shows the bot no branch %s of %s", workflows.Display(branch, 80), p.forge)
		return d, nil
	case err != nil:
		return d, err
	}
	d.branch = b.Name // one that was renamed is shown under its new name
	if d.checks, d.unseen = b.wants(); d.unseen != "" {
		return d, nil
	}
	more, err := p.ruled(ctx, d.branch)
	switch {
	case missing(err) || costs(err):
		d.ruleless = "GitHub has no rulesets for it"
	case hidden(err):
		d.unseen = "GitHub does not show the bot the rules of the branch " + workflows.Display(d.branch, 80)
	case err != nil:
		return d, err
	}
	for _, one := range more {
		if d.more = d.more || one.unnamed; !one.unnamed {
			d.checks = append(d.checks, one)
		}
	}
	slices.SortFunc(d.checks, func(a, b demand) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.app, b.app)) })
	d.checks = slices.Compact(d.checks)
	return d, nil
}

// hidden reports whether GitHub said that the bot may not see something.
func hidden(err error) bool { return status(err) == http.StatusForbidden && refusedBy(err) }

// costs reports whether GitHub said that a repository's plan lacks what was asked for.
func costs(err error) bool {
	a, ok := errors.AsType[*answered](err)
	return ok && hidden(err) && strings.Contains(strings.ToLower(a.message), "upgrade to github")
}

func refusedBy(err error) bool {
	_, no := errors.AsType[*workflows.Refusal](err)
	return no
}
