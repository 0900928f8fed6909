package workflows

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
)

// Entry is a file in a commit's tree, or what stands in a file's place, as git has it.
type Entry struct {
	Mode string // "100644"
	Kind string // "blob", "commit" for a submodule
	ID   string // full hexadecimal id of the object
	Path string
}

// Digests hashes, for each pattern, the entries of a commit's tree under it: mode, object and path, in git's order,
// whatever order they come in. Two commits have the same digest exactly when everything under the pattern is the same,
// wherever the tree was read. Without patterns there are none.
func Digests(entries []Entry, patterns []Pattern) map[string]string {
	if len(patterns) == 0 {
		return nil
	}
	byPath := func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) }
	if !slices.IsSortedFunc(entries, byPath) {
		entries = slices.SortedFunc(slices.Values(entries), byPath)
	}
	sums := make([]hash.Hash, len(patterns))
	for i := range sums {
		sums[i] = sha256.New()
	}
	for _, e := range entries {
		for i, p := range patterns {
			if p.Matches(e.Path) {
				sums[i].Write([]byte(e.Mode + " " + e.Kind + " " + e.ID + "\t" + e.Path + "\x00")) // a hash cannot fail
			}
		}
	}
	under := map[string]string{}
	for i, p := range patterns {
		under[p.String()] = hex.EncodeToString(sums[i].Sum(nil))
	}
	return under
}
