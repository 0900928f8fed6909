package git

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// digests hashes, for each pattern, the entries of a commit's tree under it: mode, object and path, in git's order. Two
// commits have the same digest exactly when everything under the pattern is the same.
func (r repo) digests(ctx context.Context, id string, patterns []workflows.Pattern) (map[string]string, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	out, err := r.run(ctx, "", "ls-tree", "-r", "-z", "--full-tree", id)
	if err != nil {
		return nil, fmt.Errorf("listing the tree of %s: %w", workflows.ShortID(id), err)
	}
	sums := make([]hash.Hash, len(patterns))
	for i := range sums {
		sums[i] = sha256.New()
	}
	for entry := range strings.SplitSeq(out, "\x00") {
		_, name, ok := strings.Cut(entry, "\t")
		if !ok {
			continue // after the last NUL
		}
		for i, p := range patterns {
			if p.Matches(name) {
				sums[i].Write(append([]byte(entry), 0)) // a hash cannot fail
			}
		}
	}
	under := map[string]string{}
	for i, p := range patterns {
		under[p.String()] = hex.EncodeToString(sums[i].Sum(nil))
	}
	return under, nil
}

// Diff names the files that differ between two commits, sorted; of a renamed file both names. Of the query
// count the repository and the paths; with paths only the files under them are named.
func (g *Git) Diff(ctx context.Context, in workflows.Query, from, to string) ([]string, error) {
	patterns, err := compile(in.Paths)
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
	files = slices.DeleteFunc(files, func(f string) bool { return f == "" || !under(patterns, f) })
	slices.Sort(files)
	return files, nil
}
