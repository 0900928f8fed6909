package git

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// tagsLike lists the tags like a pattern, by name.
func (r repo) tagsLike(ctx context.Context, pattern string) ([]workflows.Tagged, error) {
	out, err := r.lines(ctx, "for-each-ref", "--sort=refname", "--format=%(objectname) %(objecttype) %(*objecttype) %(refname)", "refs/tags")
	if err != nil {
		return nil, fmt.Errorf("listing tags: %w", err)
	}
	var all []workflows.Tagged
	for _, line := range out {
		facts, name, ok := strings.Cut(line, " refs/tags/")
		words := strings.Fields(facts) // the last is there for annotated tags alone: what they are of
		if !ok || len(words) < 2 || !isID(words[0]) {
			return nil, fmt.Errorf("listing tags: git says %q", workflows.Display(line, 200))
		}
		if like, err := path.Match(pattern, name); err != nil || !like {
			continue
		}
		kind := words[len(words)-1]
		all = append(all, workflows.Tagged{Name: name, Object: words[0], Commit: kind == "commit" || kind == "tag"})
	}
	return all, nil
}

// apart reports whether a commit does not have another in its past. Where nobody here has heard of the other, it has not.
func (r repo) apart(ctx context.Context, id, past string) (bool, error) {
	if no := workflows.RefuseRef(past); no != nil {
		return false, no
	}
	_, err := r.run(ctx, "", "merge-base", "--is-ancestor", "--end-of-options", past, id)
	if err != nil && failed(err) != nil {
		return true, nil
	}
	return false, err
}
