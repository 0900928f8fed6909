package git

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// authors is what one commit says of who wrote it.
type authors struct {
	addresses []string // the author's: as the repository's mailmap has it, then as the commit has it
	co        []contact
}

// contact is a name and an address as a commit's message has them.
type contact struct{ name, address string }

// String writes a contact as git reads one. The parts come from coAuthors and hold neither brackets nor line breaks.
func (c contact) String() string { return strings.TrimSpace(c.name + " <" + c.address + ">") }

var (
	folded   = regexp.MustCompile(`\n[ \t]+`)
	coAuthor = regexp.MustCompile(`(?im)^co-authored-by:[ \t]*([^<>\n]*)<[ \t]*([^<>\s]+)[ \t]*>`)
	unshown  = regexp.MustCompile(`[\x00-\x1f\x7f]+`)
)

// coAuthors finds the Co-authored-by lines wherever they stand in a message: squashed merges leave them in the middle,
// and an address too many only asks for one more pair of eyes.
func coAuthors(message string) []contact {
	var found []contact
	message = folded.ReplaceAllString(strings.ReplaceAll(message, "\r\n", "\n"), " ")
	for _, m := range coAuthor.FindAllStringSubmatch(message, -1) {
		c := contact{strings.TrimSpace(unshown.ReplaceAllString(m[1], " ")), unshown.ReplaceAllString(m[2], "")}
		if c.address != "" && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	return found
}

// addAuthors fills the addresses of commits. An address that the mailmap maps stays beside what it is mapped to: the
// mailmap is a file that anyone who commits can change, and it must not hide an author.
func (r repo) addAuthors(ctx context.Context, commits []workflows.Commit, written []authors) error {
	mapped, err := r.mailmap(ctx, written)
	if err != nil {
		return err
	}
	for i, by := range written {
		all := by.addresses
		for _, c := range by.co {
			all = append(all, mapped[c], c.address)
		}
		for _, a := range all {
			a = strings.ToLower(strings.ToValidUTF8(strings.TrimSpace(a), "\uFFFD"))
			if a != "" && !slices.Contains(commits[i].Authors, a) {
				commits[i].Authors = append(commits[i].Authors, a)
			}
		}
	}
	return nil
}

// mailmap asks git for the addresses behind all co-authors at once; git log maps only the authors themselves.
func (r repo) mailmap(ctx context.Context, written []authors) (map[contact]string, error) {
	mapped := map[contact]string{}
	var order []contact
	var input strings.Builder
	for _, by := range written {
		for _, c := range by.co {
			if _, asked := mapped[c]; !asked {
				mapped[c] = c.address
				order = append(order, c)
				input.WriteString(c.String() + "\n")
			}
		}
	}
	if len(order) == 0 {
		return mapped, nil
	}
	out, err := r.run(ctx, input.String(), "check-mailmap", "--stdin")
	if err != nil {
		return nil, fmt.Errorf("mapping co-authors: %w", err)
	}
	answers := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(answers) != len(order) {
		return nil, fmt.Errorf("git check-mailmap: %d answers for %d co-authors", len(answers), len(order))
	}
	for i, a := range answers {
		if open := strings.LastIndexByte(a, '<'); open >= 0 {
			mapped[order[i]] = strings.TrimSuffix(a[open+1:], ">")
		}
	}
	return mapped, nil
}
