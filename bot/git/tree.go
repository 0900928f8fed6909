package git

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// digests are those of a commit's tree, by pattern.
func (r repo) digests(ctx context.Context, id string, patterns []workflows.Pattern) (map[string]string, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	out, err := r.run(ctx, "", "ls-tree", "-r", "-z", "--full-tree", id)
	if err != nil {
		return nil, fmt.Errorf("listing the tree of %s: %w", workflows.ShortID(id), err)
	}
	var entries []workflows.Entry
	for entry := range strings.SplitSeq(out, "\x00") {
		about, name, ok := strings.Cut(entry, "\t")
		if !ok {
			continue // after the last NUL
		}
		words := strings.Fields(about)
		if len(words) != 3 {
			return nil, fmt.Errorf("git ls-tree: cannot read %q", workflows.Display(entry, 100))
		}
		entries = append(entries, workflows.Entry{Mode: words[0], Kind: words[1], ID: words[2], Path: name})
	}
	return workflows.Digests(entries, patterns), nil
}

// Diff names the files that differ between two commits, sorted; of a renamed file both names. Of the query
// count the repository and the paths; with paths only the files under them are named.
func (g *Git) Diff(ctx context.Context, in workflows.Query, from, to string) ([]string, error) {
	patterns, err := workflows.ParsePatterns(in.Paths)
	if err != nil {
		return nil, err
	}
	r, err := g.open(ctx, in.Repository)
	if err != nil {
		return nil, err
	}
	var ends [2]string
	for i, ref := range []string{from, to} {
		if ends[i], err = r.resolve(ctx, ref); err != nil {
			return nil, err
		}
	}
	out, err := r.run(ctx, "", "diff-tree", "-r", "-z", "--name-only", "--no-ext-diff", "--no-textconv",
		"--ignore-submodules=none", ends[0], ends[1], "--")
	if err != nil {
		return nil, fmt.Errorf("comparing %s and %s: %w", workflows.ShortID(ends[0]), workflows.ShortID(ends[1]), err)
	}
	files := strings.Split(out, "\x00")
	files = slices.DeleteFunc(files, func(f string) bool { return f == "" || !workflows.Selected(patterns, f) })
	slices.Sort(files)
	return files, nil
}
