package github

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const (
	// maxDetails bounds how many commits of one log are asked for one by one: an hour's calls must not go into one answer.
	maxDetails = 2000
	// maxListed is how many files GitHub lists of a commit, maxCompared of a comparison.
	maxListed, maxCompared = 3000, 300
)

// changed lists what a commit changed, sorted; of a merge all that it brought to its first parent.
func (p place) changed(ctx context.Context, w written) ([]string, error) {
	key := p.forge + " " + w.ID
	if files, ok := p.g.changes.get(key); ok {
		return files, nil
	}
	what := "the files of the commit " + workflows.ShortID(w.ID)
	var before string
	files, more, err := all(ctx, p, what, maxListed, func(c *gh.Client, o gh.ListOptions) ([]*gh.CommitFile, *gh.Response, error) {
		got, r, err := c.Repositories.GetCommit(ctx, p.owner, p.name, w.ID, &o)
		if err == nil && got.GetSHA() != w.ID {
			err = lacks(p, what, "with another one: %s", got.GetSHA())
		}
		if err != nil {
			return nil, r, err
		}
		return got.Files, r, nil
	})
	if err != nil {
		return nil, err
	}
	out := names1(files)
	if more || len(files) >= maxListed { // what is beyond is not listed: the trees say it
		if len(w.parents) > 0 {
			parent, err := p.commit(ctx, w.parents[0])
			if err != nil {
				return nil, err
			}
			before = parent.Tree
		}
		if out, err = p.differ(ctx, before, w.Tree); err != nil {
			return nil, err
		}
	}
	p.g.changes.put(key, out)
	return out, nil
}

// names1 are the names of changed files, sorted; of one that was renamed both, as without renames in git.
func names1(files []*gh.CommitFile) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.GetFilename())
		if f.GetStatus() == "renamed" && f.GetPreviousFilename() != "" {
			out = append(out, f.GetPreviousFilename())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// own lists what somebody wrote into a merge itself: the files that differ from all of its parents.
func (p place) own(ctx context.Context, w written) ([]string, error) {
	key := p.forge + " own " + w.ID
	if files, ok := p.g.changes.get(key); ok {
		return files, nil
	}
	out, err := p.changed(ctx, w)
	for i := 1; i < len(w.parents) && len(out) > 0 && err == nil; i++ {
		var other []string
		other, err = p.against(ctx, w, w.parents[i])
		out = slices.DeleteFunc(slices.Clone(out), func(f string) bool { return !slices.Contains(other, f) })
	}
	if err != nil {
		return nil, err
	}
	p.g.changes.put(key, out)
	return out, nil
}

// against lists the files in which a merge differs from one of its parents.
func (p place) against(ctx context.Context, w written, parent string) ([]string, error) {
	what := "the files of the merge " + workflows.ShortID(w.ID)
	c, err := get(ctx, p, what, func(c *gh.Client) (*gh.CommitsComparison, *gh.Response, error) {
		return c.Repositories.CompareCommits(ctx, p.owner, p.name, parent, w.ID, &gh.ListOptions{Page: 1, PerPage: 1})
	})
	if err != nil {
		return nil, err
	}
	if c.GetBaseCommit().GetSHA() != parent || c.GetMergeBaseCommit().GetSHA() != parent {
		return nil, lacks(p, what, "with the comparison of other commits")
	}
	if len(c.Files) < maxCompared {
		return names1(c.Files), nil
	}
	before, err := p.commit(ctx, parent)
	if err != nil {
		return nil, err
	}
	return p.differ(ctx, before.Tree, w.Tree)
}

// detail fills the files of commits: of merges those of their own; of others, where they are wanted, what they changed.
// What a merge is that has the tree of one of its parents needs no asking: nobody wrote anything into it.
func (p place) detail(ctx context.Context, log []written, files bool) error {
	trees := map[string]string{}
	for _, w := range log {
		trees[w.ID] = w.Tree
	}
	var asked atomic.Int64
	return side(ctx, len(log), func(ctx context.Context, i int) (err error) {
		w := &log[i]
		switch {
		case w.Merge && slices.ContainsFunc(w.parents, func(id string) bool { return trees[id] == w.Tree }), !w.Merge && !files:
			return nil
		case asked.Add(1) > maxDetails:
			return workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s: what each of more than %d commits changed cannot be asked of GitHub", p.forge, maxDetails)).
				By(operator).Type("--from REF", "products: app: repository: a clone's folder, in readyroom.yaml")
		case w.Merge:
			w.Files, err = p.own(ctx, *w)
		default:
			w.Files, err = p.changed(ctx, *w)
		}
		return err
	})
}
