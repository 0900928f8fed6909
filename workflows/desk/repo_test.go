package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// repo is a Source whose history a test writes down: one line of commits, the oldest first.
type repo struct {
	mu      sync.Mutex
	commits []workflows.Commit
	looking func()                         // called before a look is answered
	planned map[string][]workflows.Planned // by the roadmap's file and the milestone, with a space between
	deploys []workflows.Deployment         // at the forge, the newest first
	silent  error                          // what a look at the forge is answered instead

	refs     map[string]string // what branches and tags point at: "refs/tags/v1.0.0"
	tags     []workflows.Tagged
	pulls    map[int]workflows.PullState
	checks   map[string][]workflows.Check // by commit
	required []workflows.CheckName        // by the rules of whichever branch
	fails    error                        // what every look ends with
	untagged error                        // what a look at the tags ends with
	apart    bool                         // what is asked of histories is that they were written anew
	asked    []workflows.Query
}

// commit appends one; content is the whole tree, under the digest of each path pattern.
func (r *repo) commit(id, content string, under map[string]string, authors ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.commits = append(r.commits, workflows.Commit{ID: id, Tree: "tree:" + content, Under: under, Subject: "change " + id,
		At: monday.Add(time.Duration(len(r.commits)-100) * time.Hour), Authors: authors})
}

// index finds a commit by its id; HEAD is the last.
func (r *repo) index(ref string) int {
	if ref == "" || ref == "HEAD" {
		return len(r.commits) - 1
	}
	return slices.IndexFunc(r.commits, func(c workflows.Commit) bool { return c.ID == ref })
}

// Look answers like a clone on disk would.
func (r *repo) Look(_ context.Context, q workflows.Query) (workflows.Found, error) {
	if r.looking != nil {
		r.looking()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(q.Envs) > 0 && r.silent != nil {
		if no := new(workflows.Refusal); q.Optional && errors.As(r.silent, &no) {
			return workflows.Found{Missing: no}, nil
		}
		return workflows.Found{}, r.silent
	}
	if r.asked = append(r.asked, q); r.fails != nil {
		return workflows.Found{}, r.fails
	}
	if q.Pull > 0 {
		return workflows.Found{Pull: r.pulls[q.Pull]}, nil
	}
	if q.Tags != "" {
		return workflows.Found{Tags: r.tags}, r.untagged
	}
	i := r.index(q.Ref)
	if to, ok := r.refs[q.Ref]; ok {
		i = r.index(to)
	}
	if i < 0 {
		no := workflows.Refuse(workflows.UnknownRef, "no commit is called "+q.Ref)
		if q.Optional {
			return workflows.Found{Missing: no}, nil
		}
		return workflows.Found{}, no
	}
	f := workflows.Found{Commit: r.commits[i], Branch: "main", Since: q.Since, SinceAs: "the beginning"}
	if f.Commit.Ref = q.Ref; q.Only { // nothing is looked up of the commit
		f = workflows.Found{Commit: workflows.Commit{ID: q.Ref}}
	}
	for _, d := range r.deploys {
		if _, asked := q.Envs[d.Env]; asked && q.Forge != "" {
			f.Deployments = append(f.Deployments, d)
		}
	}
	if q.Checks {
		f.Checks = r.checks[f.Commit.ID]
	}
	if q.Rules {
		f.Required = &workflows.Required{Checks: r.required}
	}
	f.Apart = r.apart && q.Past != ""
	if q.Milestone != "" {
		if f.Planned = r.planned[q.Roadmap+" "+q.Milestone]; f.Planned == nil {
			return f, workflows.Refuse("unknown_milestone", "no heading is called "+q.Milestone)
		}
	}
	if !q.Log {
		return f, nil
	}
	since := -1
	if q.Since != "" {
		since = r.index(q.Since)
	}
	for at := i; at > since; at-- {
		if r.touches(at, q.Paths) {
			f.Log = append(f.Log, r.commits[at])
		}
	}
	return f, nil
}

// touches reports whether a commit changed anything under the paths; without paths every commit does.
func (r *repo) touches(i int, paths []string) bool {
	return len(paths) == 0 || i == 0 || slices.ContainsFunc(paths, func(p string) bool {
		return r.commits[i].Under[p] != r.commits[i-1].Under[p]
	})
}

// Diff is not asked for here.
func (*repo) Diff(context.Context, workflows.Query, string, string) ([]string, error) {
	return nil, nil
}

// fiveCommits is a history by ana, ben, both, and a stranger; d puts the tree back to what b had, c is outside api.
func fiveCommits() *repo {
	r := &repo{}
	api := func(s string) map[string]string { return map[string]string{"api/**": s} }
	r.commit("aaaaaaaa", "1", api("1"), "ana@example.org")
	r.commit("bbbbbbbb", "2", api("2"), "ben@example.org")
	r.commit("cccccccc", "3", api("2"), "ana@example.org", "ben@example.org")
	r.commit("dddddddd", "2", api("2"), "stranger@example.org")
	r.commit("eeeeeeee", "5", api("5"), "ana@example.org")
	return r
}
