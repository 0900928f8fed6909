package workflows

import (
	"strconv"
	"strings"
)

// Home is a repository where issues and pull requests are told apart by number: how it is written on its forge, and where
// that forge is found in a browser.
type Home struct {
	Host       string `json:"host"`       // "github.com"
	Repository string `json:"repository"` // "acme/app"; empty: there is none
}

// Issue is the number of the issue or pull request of this repository that a reference names; 0: it names none of it. A
// number without a repository is of this one.
func (h Home) Issue(text string) int {
	home, key := reference(text)
	number, numbered := strings.CutPrefix(key, "#")
	if !numbered || h.Repository == "" {
		return 0
	}
	own := strings.ToLower(h.Repository)
	if home != "" && home != own && home != strings.ToLower(h.Host)+"/"+own {
		return 0
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return n
}

// IsIssue reports whether a reference names an issue or a pull request by its number, of whatever repository.
func IsIssue(text string) bool { return strings.HasPrefix(Reference(text), "#") }
