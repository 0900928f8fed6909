package workflows

import (
	"slices"
	"strings"
)

// Signed is an address of a commit: as the mailmap has it, and as it was written.
type Signed struct{ Mapped, Written string }

// webFlow commits in the name of GitHub what people do in a browser there: it is nobody.
const webFlow = "noreply@github.com"

// Committer is the address of who committed, lower case, as Commit.Committer has it: empty where it is the author, or nobody.
// A mailmap is a file that anyone who commits can change: what it alone makes the author's stands as it was written.
func Committer(author, by Signed) string {
	plain := func(a string) string { return strings.ToLower(strings.ToValidUTF8(strings.TrimSpace(a), "\uFFFD")) }
	mapped, written := plain(by.Mapped), plain(by.Written)
	theirs := []string{"", webFlow, plain(author.Mapped), plain(author.Written)}
	switch {
	case slices.Contains(theirs, written):
		return ""
	case slices.Contains(theirs, mapped):
		return written
	}
	return mapped
}
