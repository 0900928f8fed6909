package workflows_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

// A digest says exactly what stands under its pattern: the order in which a tree is read does not matter, nor what is
// beside it, and every other mode, object or name does.
func TestDigestsFollowFromWhatIsUnderThePattern(t *testing.T) {
	pattern, err := workflows.ParsePatterns([]string{"auth"})
	if err != nil {
		t.Fatal(err)
	}
	entry := rapid.Custom(func(t *rapid.T) workflows.Entry {
		return workflows.Entry{
			Mode: rapid.SampledFrom([]string{"100644", "100755", "120000"}).Draw(t, "mode"), Kind: "blob",
			ID:   strings.Repeat(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"), 40),
			Path: rapid.SampledFrom([]string{"auth", "auth/a", "auth/b", "auth.go", "auth/b.c", "author"}).Draw(t, "path"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfNDistinct(entry, 1, 6, func(e workflows.Entry) string { return e.Path }).Draw(t, "tree")
		was := workflows.Digests(all, pattern)["auth"]
		if got := workflows.Digests(rapid.Permutation(all).Draw(t, "order"), pattern)["auth"]; got != was {
			t.Fatalf("%s in another order is %s", was, got)
		}
		other := slices.Clone(all)
		i := rapid.IntRange(0, len(all)-1).Draw(t, "which")
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			other[i].Mode = "160000"
		case 1:
			other[i].ID = strings.Repeat("c", 40)
		case 2:
			other = slices.Delete(other, i, i+1)
		}
		if same, within := workflows.Digests(other, pattern)["auth"] == was, pattern[0].Matches(all[i].Path); same == within {
			t.Fatalf("a change of %s, which is under the pattern: %t, keeps the digest: %t", all[i].Path, within, same)
		}
	})
}
