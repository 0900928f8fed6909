package github

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// maxLog is how many commits a log may list.
const maxLog = 5000

// history fills the log of a commit: what came after since, or after the nearest tag, newest first.
func (p place) history(ctx context.Context, found workflows.Found, q workflows.Query, patterns []workflows.Pattern, m mailmap) (workflows.Found, error) {
	id, since := found.Commit.ID, q.Since
	var begin compared
	var err error
	if since != "" {
		found.Since, found.SinceAs, begin, err = p.named(ctx, since, id)
		found.Aside = err == nil && !begin.ancestor
	} else {
		found.Since, found.SinceAs, begin, err = p.nearestTag(ctx, id, q.Own)
	}
	if err != nil {
		return found, err
	}
	log, more, err := p.log(ctx, id, found.Since, begin)
	if err != nil {
		return found, err
	}
	if more {
		if since != "" { // whoever named a beginning relies on all that came since
			return found, workflows.Refuse(workflows.Invalid, fmt.Sprintf("more than %d commits since %s", maxLog, found.SinceAs)).Type("--from REF")
		}
		found.SinceAs += fmt.Sprintf(" (the newest %d commits)", maxLog)
	}
	for _, w := range log {
		p.g.parents.put(p.forge+" "+w.ID, w.parents)
	}
	log = ordered(log)
	if err := p.detail(ctx, log, q.Files && !q.OwnFiles || len(patterns) > 0); err != nil {
		return found, err
	}
	found.Log = sign(log, m)
	found.Mentions = workflows.Mentioned(found.Log) // before merges go: often they alone name what was merged
	found.Log = workflows.Written(found.Log, patterns)
	for i := range found.Log {
		if !q.Files || q.OwnFiles { // whoever does not want them does not hold them
			found.Log[i].Files = nil
		}
	}
	return found, nil
}

// named resolves where a log was asked to begin, and says how people call it.
func (p place) named(ctx context.Context, since, id string) (begin, as string, c compared, err error) {
	if begin, err = p.resolve(ctx, since); err != nil {
		return "", "", c, err
	}
	as = workflows.Display(since, 60) + " (" + workflows.ShortID(begin) + ")"
	if hexPattern.MatchString(since) && strings.HasPrefix(begin, since) {
		as = "commit " + workflows.ShortID(begin)
	} else if _, tag, err := p.ref(ctx, "tags/"+since); err == nil && tag {
		as = "tag " + workflows.Display(since, 60)
	}
	c, err = p.compare(ctx, begin, id)
	if err == nil && !c.ancestor {
		as += " (not an ancestor of " + workflows.ShortID(id) + ")"
	}
	return begin, as, c, err
}

// compared is what a commit has that another has not.
type compared struct {
	total     int
	ancestor  bool      // the other one is an ancestor of it, or the same
	unrelated bool      // they have nothing in common
	first     []written // the oldest ones
}

// compare asks what a commit has that a base has not: how much, and the oldest of it.
func (p place) compare(ctx context.Context, base, id string) (compared, error) {
	c, err := p.comparison(ctx, base, id, 1)
	if missing(err) && strings.Contains(strings.ToLower(err.Error()), "common ancestor") {
		return compared{unrelated: true}, nil
	}
	if err != nil {
		return compared{}, err
	}
	out := compared{total: c.GetTotalCommits()}
	switch c.GetStatus() {
	case "ahead", "identical":
		out.ancestor = true
	case "behind", "diverged":
	default:
		return out, lacks(p, "the commits since "+workflows.ShortID(base), "with the status %q", c.GetStatus())
	}
	out.first, err = p.parseAll(c.Commits)
	if err == nil && (out.total < 0 || len(out.first) != min(out.total, perPage)) {
		err = lacks(p, "the commits since "+workflows.ShortID(base), "with %d of %d commits", len(out.first), out.total)
	}
	return out, err
}

// comparison is one page of a comparison.
func (p place) comparison(ctx context.Context, base, id string, page int) (*gh.CommitsComparison, error) {
	what := "the commits since " + workflows.ShortID(base)
	c, err := get(ctx, p, what, func(c *gh.Client) (*gh.CommitsComparison, *gh.Response, error) {
		return c.Repositories.CompareCommits(ctx, p.owner, p.name, base, id, &gh.ListOptions{Page: page, PerPage: perPage})
	})
	if err == nil && (c.GetBaseCommit().GetSHA() != base || c.TotalCommits == nil) {
		err = lacks(p, what, "with those since another commit: %q", c.GetBaseCommit().GetSHA())
	}
	return c, err
}

func (p place) parseAll(commits []*gh.RepositoryCommit) ([]written, error) {
	var out []written
	for _, c := range commits {
		w, err := p.parse(c)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// log lists what a commit has that since has not, whose comparison was begun; more is whether there is more than a log
// may hold: then it is the newest of it.
func (p place) log(ctx context.Context, id, since string, c compared) (log []written, more bool, err error) {
	if since == "" || c.unrelated {
		list, more, err := all(ctx, p, "the commits", maxLog, func(c *gh.Client, o gh.ListOptions) ([]*gh.RepositoryCommit, *gh.Response, error) {
			return c.Repositories.ListCommits(ctx, p.owner, p.name, &gh.CommitsListOptions{SHA: id, ListOptions: o})
		})
		if err != nil {
			return nil, false, err
		}
		log, err = p.parseAll(list)
		if err == nil && (len(log) == 0 || log[0].ID != id) {
			err = lacks(p, "the commits", "with those of another commit")
		}
		return log, more, err
	}
	return p.between(ctx, id, since, c)
}

// between lists what a commit has that since has not, page by page of their comparison.
func (p place) between(ctx context.Context, id, since string, c compared) (log []written, more bool, err error) {
	pages := make([][]written, (c.total+perPage-1)/perPage)
	from := 1
	if more = c.total > maxLog; more {
		from = (c.total - maxLog) / perPage
	}
	if len(pages) > 0 {
		pages[0] = c.first
	}
	err = side(ctx, len(pages)-from, func(ctx context.Context, i int) error {
		i += from
		one, err := p.comparison(ctx, since, id, i+1)
		if err == nil && one.GetTotalCommits() != c.total {
			err = lacks(p, "the commits", "with %d commits, and with %d before", one.GetTotalCommits(), c.total)
		}
		if err == nil {
			pages[i], err = p.parseAll(one.Commits)
		}
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if more {
		pages = pages[from:]
	}
	log = slices.Concat(pages...)
	what, seen := "the commits since "+workflows.ShortID(since), distinct(log)
	switch {
	case len(seen) > 0 && !seen[id]:
		return nil, false, lacks(p, what, "with those of another commit than %s", workflows.ShortID(id))
	case more:
		return log[max(0, len(log)-maxLog):], true, nil
	case len(seen) != c.total:
		return nil, false, lacks(p, what, "with %d of %d commits", len(seen), c.total)
	}
	return log, false, nil
}

func distinct(log []written) map[string]bool {
	seen := map[string]bool{}
	for _, w := range log {
		seen[w.ID] = true
	}
	return seen
}

// ordered puts commits as git does: none before its children, else the newest first; of those of one second, the one that
// came into sight first.
func ordered(log []written) []written {
	at, children := map[string]int{}, map[string]int{}
	for i, w := range log {
		at[w.ID] = i
	}
	for _, w := range log {
		for _, id := range w.parents {
			children[id]++
		}
	}
	var open []int // sorted: what may come next, the first at the end
	show := func(i int) {
		to, _ := slices.BinarySearchFunc(open, log[i].seconds, func(j int, seconds int64) int {
			return cmp.Or(cmp.Compare(log[j].seconds, seconds), 1) // before those of the same second, which came earlier
		})
		open = slices.Insert(open, to, i)
	}
	for i := len(log) - 1; i >= 0; i-- {
		if children[log[i].ID] == 0 {
			show(i)
		}
	}
	out := make([]written, 0, len(log))
	for len(open) > 0 {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		out = append(out, log[i])
		for _, id := range log[i].parents {
			j, within := at[id]
			if children[id]--; within && children[id] == 0 {
				show(j)
			}
		}
	}
	return out
}
