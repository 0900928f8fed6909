package policy

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Risk is how carefully a release is treated.
type Risk string

// The tiers.
const (
	Low    Risk = "low"
	Normal Risk = "normal"
)

// Risks lists the tiers, from the least.
func Risks() []Risk { return []Risk{Low, Normal} }

// Tier is what a risk asks for.
type Tier struct {
	People    int           // different people whose votes a gate that opens to users holds
	Soak      time.Duration // the shortest time a stage stays open before its definition of done can be passed
	AuthorOut bool          // the author rule: a commit's author alone does not satisfy what binds to it
}

// Tier gives the rules of a risk.
func (r Risk) Tier() Tier {
	if r == Normal {
		return Tier{People: 2, Soak: 24 * time.Hour, AuthorOut: true}
	}
	return Tier{People: 1}
}

// Authorship is a group of commits with the same authors.
type Authorship struct {
	Authors []string `json:"authors"` // addresses, lower case
	Commits int      `json:"commits"`
	Example string   `json:"example"` // one of them
}

// AuthorAlone reports an authorship that the voters do not cover: each commit needs one voter who did not write it.
func (b *Book) AuthorAlone(voters []workflows.PersonID, written []Authorship) (Authorship, bool) {
	for _, w := range written {
		if !slices.ContainsFunc(voters, func(id workflows.PersonID) bool { return !b.wrote(id, w.Authors) }) {
			return w, true
		}
	}
	return Authorship{}, false
}

func (b *Book) wrote(id workflows.PersonID, authors []string) bool {
	return slices.ContainsFunc(b.People[id].Code, func(a string) bool { return slices.Contains(authors, a) })
}

// CodeKnown reports whether the author rule can judge a person: their addresses are known, or that they have none.
func (b *Book) CodeKnown(id workflows.PersonID) bool { return b.People[id].CodeKnown() }
