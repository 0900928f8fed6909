package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const maxRules = 500

// branchShown is a branch with its protection, which the library leaves out.
type branchShown struct {
	Name   string `json:"name"`
	Commit struct {
		SHA string `json:"sha"`
	} `json:"commit"`
	Protected  *bool `json:"protected"`
	Protection *struct {
		Required struct {
			Level    string   `json:"enforcement_level"`
			Contexts []string `json:"contexts"`
			Checks   []struct {
				Context string `json:"context"`
				App     int64  `json:"app_id"` // below zero: whichever
			} `json:"checks"`
		} `json:"required_status_checks"`
	} `json:"protection"`
}

// branchAt reads a branch.
func (p place) branchAt(ctx context.Context, name string) (*branchShown, error) {
	what := "the branch " + workflows.Display(name, 80)
	b, err := get(ctx, p, what, func(c *gh.Client) (*branchShown, *gh.Response, error) {
		b := new(branchShown)
		r, err := p.raw(ctx, c, "branches/"+url.PathEscape(name), b)
		return b, r, err
	})
	if err == nil && (b.Name == "" || b.Protected == nil || !idPattern.MatchString(b.Commit.SHA)) {
		return nil, lacks(p, what, "without its name, its commit, or whether it is protected")
	}
	return b, err
}

// raw reads what the library has no call for, or none that follows where a repository went.
func (p place) raw(ctx context.Context, c *gh.Client, path string, into any) (*gh.Response, error) {
	req, err := c.NewRequest(http.MethodGet, fmt.Sprintf("repos/%s/%s/%s", p.owner, p.name, path), nil)
	if err != nil {
		return nil, err
	}
	return c.Do(ctx, req, into)
}

// wants are the checks that a branch's protection wants, be it of administrators or not. A protection that leaves out which
// these are, or how one of them is called, is none that wants nothing.
func (b *branchShown) wants() (all []demand, unseen string) {
	unseen = "GitHub does not say how the branch " + workflows.Display(b.Name, 80) + " is protected"
	switch {
	case b.Protection == nil && *b.Protected:
		return nil, unseen
	case b.Protection == nil, b.Protection.Required.Level == "off":
		return nil, ""
	}
	wants := b.Protection.Required
	if *b.Protected && wants.Checks == nil && wants.Contexts == nil {
		return nil, unseen
	}
	named := map[string]bool{}
	for _, c := range wants.Checks {
		named[c.Context] = true
		all = append(all, demand{name: c.Context, app: max(c.App, 0)})
	}
	for _, name := range wants.Contexts { // the same ones, as they were written before programs were named
		if !named[name] {
			all = append(all, demand{name: name})
		}
	}
	if slices.ContainsFunc(all, func(d demand) bool { return d.name == "" }) {
		return nil, unseen
	}
	return all, ""
}

// rule is one of a ruleset's.
type rule struct {
	Type       string          `json:"type"`
	Parameters json.RawMessage `json:"parameters"`
}

// ruled are the checks that the rulesets in force want of a branch, those of the organisation among them.
func (p place) ruled(ctx context.Context, branch string) ([]demand, error) {
	what := "the rules of the branch " + workflows.Display(branch, 80)
	out, several, err := p.rules(ctx, what, branch)
	if err != nil || !several {
		return out, err
	}
	again, _, err := p.rules(ctx, what, branch) // what goes between two pages moves the others, and no number of them is told
	if err == nil && !slices.Equal(out, again) {
		err = lacks(p, what, "otherwise when asked again")
	}
	return out, err
}

// rules reads what rules want, page by page; several is whether there may be more than one.
func (p place) rules(ctx context.Context, what, branch string) (out []demand, several bool, err error) {
	list, more, err := all(ctx, p, what, maxRules, func(c *gh.Client, o gh.ListOptions) (list []rule, r *gh.Response, err error) {
		r, err = p.raw(ctx, c, fmt.Sprintf("rules/branches/%s?per_page=%d&page=%d", url.PathEscape(branch), o.PerPage, o.Page), &list)
		return list, r, err
	})
	if err == nil && more {
		err = lacks(p, what, "with more than %d", maxRules)
	}
	for _, r := range list {
		if err == nil {
			out, err = p.wanted(out, r, what)
		}
	}
	return out, len(list) >= perPage, err
}

// wanted adds what one rule wants. Workflows and scans report as checks of which a rule does not say the names. Of rules of
// another kind, of which there are more every year, nothing is read.
func (p place) wanted(out []demand, r rule, what string) ([]demand, error) {
	switch r.Type {
	case "workflows", "code_scanning":
		return append(out, demand{unnamed: true}), nil
	case "required_status_checks":
	default:
		return out, nil
	}
	var wants struct {
		Checks []struct {
			Context string `json:"context"`
			App     int64  `json:"integration_id"`
		} `json:"required_status_checks"`
	}
	if err := json.Unmarshal(r.Parameters, &wants); err != nil || wants.Checks == nil {
		return nil, lacks(p, what, "with one that does not say which checks it wants")
	}
	for _, c := range wants.Checks {
		if c.Context == "" {
			return nil, lacks(p, what, "with a check that has no name")
		}
		out = append(out, demand{name: c.Context, app: max(c.App, 0)})
	}
	return out, nil
}
