package git

import (
	"context"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// raw is what git writes of a commit that is not in a Commit as it is.
type raw struct {
	parents string // their ids, with spaces between
	author  workflows.Contact
	mapped  string // the author's address as the repository's mailmap has it
	co      []workflows.Contact
}

// addAuthors fills the addresses of commits.
func (r repo) addAuthors(ctx context.Context, commits []workflows.Commit, written []raw) error {
	mapped, err := r.mailmap(ctx, written)
	if err != nil {
		return err
	}
	for i, by := range written {
		commits[i].Authors = workflows.Addresses(by.author, by.co, func(c workflows.Contact) string { return mapped[c] })
	}
	return nil
}

// mailmap gives the addresses behind all contacts. It asks git for those of co-authors at once; git log maps only the authors
// themselves.
func (r repo) mailmap(ctx context.Context, written []raw) (map[workflows.Contact]string, error) {
	mapped := map[workflows.Contact]string{}
	var order []workflows.Contact
	var input strings.Builder
	for _, by := range written {
		mapped[by.author] = by.mapped
	}
	for _, by := range written {
		for _, c := range by.co {
			if _, asked := mapped[c]; !asked {
				mapped[c] = c.Address
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
