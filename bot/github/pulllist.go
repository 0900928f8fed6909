package github

import (
	"context"
	"slices"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// paysOff is for how many commits one page of a list of pull requests is read: so many may be asked for one by one instead.
const paysOff = 10

// foresee lists the pull requests that may have brought commits, and finds out which did. What it misses is asked for.
func (r *pullReader) foresee(ctx context.Context, commits []*workflows.Commit) error {
	list, err := r.lately(ctx, oldest(commits).Add(-24*time.Hour), len(commits)/paysOff) // clocks differ
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(pull *gh.PullRequest) bool { return !r.merged(pull) })
	for _, pull := range list {
		r.of[pull.GetNumber()] = func() (*gh.PullRequest, error) { return pull, nil }
	}
	if len(list) > 0 {
		r.by = r.g.lineage(r.forge, commits).brings(list)
	}
	return nil
}

// oldest is when the first of commits was committed.
func oldest(commits []*workflows.Commit) (at time.Time) {
	for _, c := range commits {
		if !c.At.IsZero() && (at.IsZero() || c.At.Before(at)) {
			at = c.At
		}
	}
	return at
}

// lately lists the closed pull requests of which something was said since a time, the last ones first, some pages of them.
// One that moves meanwhile may be missing.
func (r *pullReader) lately(ctx context.Context, since time.Time, pages int) (list []*gh.PullRequest, err error) {
	for page := 1; page != 0 && page <= pages; {
		next := 0
		got, err := get(ctx, r.place, "the pull requests that were closed", func(c *gh.Client) ([]*gh.PullRequest, *gh.Response, error) {
			got, resp, err := c.PullRequests.List(ctx, r.owner, r.name, &gh.PullRequestListOptions{State: "closed", Sort: "updated", Direction: "desc",
				ListOptions: gh.ListOptions{Page: page, PerPage: perPage}})
			if err == nil {
				next = resp.NextPage
			}
			return got, resp, err
		})
		if err != nil {
			return nil, err
		}
		list = append(list, got...)
		if len(got) == 0 || got[len(got)-1].GetUpdatedAt().Before(since) || next != page+1 {
			break
		}
		page = next
	}
	return list, nil
}

// lineage is how commits descend from each other, as far as logs were read: each commit by its number.
type lineage struct {
	ids     []string
	number  map[string]int
	parents [][]int
}

// lineage is that of some commits and of what lies between them.
func (g *GitHub) lineage(forge string, of []*workflows.Commit) lineage {
	l := lineage{number: map[string]int{}}
	add := func(id string) int {
		n, ok := l.number[id]
		if !ok {
			n = len(l.ids)
			l.number[id], l.ids = n, append(l.ids, id)
		}
		return n
	}
	for _, c := range of {
		add(c.ID)
	}
	for n := 0; n < len(l.ids); n++ { // it grows meanwhile
		ids, _ := g.parents.get(forge + " " + l.ids[n])
		var parents []int
		for _, id := range ids {
			parents = append(parents, add(id))
		}
		l.parents = append(l.parents, parents)
	}
	return l
}

// brings says which of merged pull requests brought each commit: the one that became it, else the first by whose merge it
// came in. Where no merge tells, as after a rebase, it says nothing.
func (l lineage) brings(list []*gh.PullRequest) map[string]*gh.PullRequest {
	by := map[string]*gh.PullRequest{}
	give := func(id string, pull *gh.PullRequest) {
		if now := by[id]; now == nil || nearer(id, pull, now) < 0 {
			by[id] = pull
		}
	}
	seen := make([]int, len(l.ids)) // by which walk, the last one
	walks := 0
	for _, pull := range list {
		n, ok := l.number[pull.GetMergeCommitSHA()]
		if !ok {
			continue
		}
		give(l.ids[n], pull)
		parents := l.parents[n]
		if len(parents) < 2 {
			continue
		}
		walks++
		l.walk(parents[:1], seen, walks, func(int) {})
		l.walk(parents[1:], seen, walks, func(n int) { give(l.ids[n], pull) })
	}
	return by
}

// walk visits commits and all behind them, but for what was seen on the same walk.
func (l lineage) walk(from, seen []int, walk int, visit func(int)) {
	todo := slices.Clone(from)
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[n] == walk {
			continue
		}
		seen[n] = walk
		visit(n)
		todo = append(todo, l.parents[n]...)
	}
}
