package github

import (
	"cmp"
	"context"
	"slices"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxTags       = 1000 // that are looked at
	maxCandidates = 10   // of tags that may be the nearest, as git does
)

// nearestTag is the tag before a commit: the one with the fewest commits between. The commit's own tags and that of its
// version do not count, for they name what is being released.
func (p place) nearestTag(ctx context.Context, id, version string) (begin, as string, best compared, err error) {
	tags, err := p.tags(ctx, id, version)
	if err != nil {
		return "", "", best, err
	}
	seen, found := 0, 0
	for page := 1; len(tags) > 0 && page != 0 && seen < maxLog && found < maxCandidates; {
		list, next, err := p.page(ctx, id, page)
		if err != nil {
			return "", "", best, err
		}
		for _, c := range list {
			// What is older than as many commits as there are since the best has more of them since itself.
			if seen++; begin != "" && seen > best.total || found == maxCandidates {
				page = 0
				break
			}
			if len(tags[c.GetSHA()]) == 0 {
				continue
			}
			one, err := p.compare(ctx, c.GetSHA(), id)
			if err != nil {
				return "", "", best, err
			}
			if found++; one.ancestor && (begin == "" || one.total < best.total) {
				begin, best = c.GetSHA(), one
			}
		}
		if page != 0 {
			page = next
		}
	}
	if begin == "" {
		return "", "the beginning", best, nil
	}
	name, err := p.calledBy(ctx, tags[begin])
	return begin, "tag " + workflows.Display(name, 60), best, err
}

// page is one page of a commit's history.
func (p place) page(ctx context.Context, id string, page int) (list []*gh.RepositoryCommit, next int, err error) {
	list, err = get(ctx, p, "the commits", func(c *gh.Client) ([]*gh.RepositoryCommit, *gh.Response, error) {
		got, r, err := c.Repositories.ListCommits(ctx, p.owner, p.name, &gh.CommitsListOptions{SHA: id, ListOptions: gh.ListOptions{Page: page, PerPage: perPage}})
		if err == nil {
			next = r.NextPage
		}
		return got, r, err
	})
	if err == nil && page == 1 && (len(list) == 0 || list[0].GetSHA() != id) {
		err = lacks(p, "the commits", "with those of another commit")
	}
	return list, next, err
}

// tags are the names of all tagged commits but one, and of all tags but one, by commit.
func (p place) tags(ctx context.Context, but, version string) (map[string][]string, error) {
	list, _, err := all(ctx, p, "the tags", maxTags, func(c *gh.Client, o gh.ListOptions) ([]*gh.RepositoryTag, *gh.Response, error) {
		return c.Repositories.ListTags(ctx, p.owner, p.name, &o)
	})
	out := map[string][]string{}
	for _, t := range list {
		if id := t.GetCommit().GetSHA(); idPattern.MatchString(id) && id != but && t.GetName() != "" && t.GetName() != version {
			out[id] = append(out[id], t.GetName())
		}
	}
	return out, err
}

// calledBy is the tag that a commit is called by, of several: an annotated one before others, a newer before an older one.
func (p place) calledBy(ctx context.Context, names []string) (string, error) {
	if len(names) == 1 {
		return names[0], nil
	}
	type tag struct {
		name string
		made time.Time
	}
	var all []tag
	slices.Sort(names)
	for _, name := range names[:min(len(names), maxCandidates)] {
		r, err := get(ctx, p, "the tag "+workflows.Display(name, 80), func(c *gh.Client) (*gh.Reference, *gh.Response, error) {
			return c.Git.GetRef(ctx, p.owner, p.name, "tags/"+name)
		})
		if missing(err) {
			continue // deleted meanwhile
		}
		if err != nil {
			return "", err
		}
		one := tag{name: name}
		if r.GetObject().GetType() == "tag" {
			t, err := get(ctx, p, "the tag "+workflows.Display(name, 80), func(c *gh.Client) (*gh.Tag, *gh.Response, error) {
				return c.Git.GetTag(ctx, p.owner, p.name, r.GetObject().GetSHA())
			})
			if err != nil {
				return "", err
			}
			one.made = t.GetTagger().GetDate().Time
		}
		all = append(all, one)
	}
	if len(all) == 0 {
		return names[0], nil
	}
	return slices.MinFunc(all, func(a, b tag) int { return cmp.Or(b.made.Compare(a.made), cmp.Compare(a.name, b.name)) }).name, nil
}
