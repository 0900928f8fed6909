package github

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// maxTagged is how many tags like one pattern are listed. A list that lacks some would make them new once they come into
// sight.
const maxTagged = 10_000

// tagsLike lists the tags like a pattern, by name, with what they point at: of an annotated one that is the tag's own object,
// which is another after it was moved.
func (p place) tagsLike(ctx context.Context, pattern string) ([]workflows.Tagged, error) {
	what := "the tags like " + workflows.Display(pattern, 80)
	begin, _, _ := strings.Cut(pattern, "*")
	next := 0 // they come all at once
	list, err := get(ctx, p, what, func(c *gh.Client) (list []*gh.Reference, r *gh.Response, err error) {
		if list, r, err = c.Git.ListMatchingRefs(ctx, p.owner, p.name, &gh.ReferenceListOptions{Ref: "tags/" + begin}); err == nil {
			next = r.NextPage
		}
		return list, r, err
	})
	switch {
	case err != nil:
		return nil, noRepository(p, err)
	case next != 0:
		return nil, lacks(p, what, "with the first page of several")
	case len(list) > maxTagged:
		return nil, workflows.Refuse(workflows.Invalid, "there are more than 10,000 of "+what).By(operator).
			Type("products: PRODUCT: github: opens: a narrower pattern, in readyroom.yaml")
	}
	var out []workflows.Tagged
	for _, r := range list {
		name, ok := strings.CutPrefix(r.GetRef(), "refs/tags/"+begin)
		id, err := sha(r.GetObject().GetSHA())
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, lacks(p, what, "with another: %q", r.GetRef())
		}
		if like, err := path.Match(pattern, begin+name); err != nil || !like {
			continue
		}
		kind := r.GetObject().GetType()
		out = append(out, workflows.Tagged{Name: begin + name, Object: id, Commit: kind == "commit" || kind == "tag"})
	}
	slices.SortFunc(out, func(a, b workflows.Tagged) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// apart reports whether a commit does not have another in its past. Where GitHub has not got the other, it has not.
func (p place) apart(ctx context.Context, id, past string) (bool, error) {
	past, err := sha(past)
	if err != nil || past == id {
		return false, err
	}
	c, err := p.compare(ctx, past, id)
	if missing(err) {
		return true, nil
	}
	return !c.ancestor, err
}
