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
	High   Risk = "high"
)

// Risks lists the tiers, from the least.
func Risks() []Risk { return []Risk{Low, Normal, High} }

// Above reports whether a risk asks for more care than another.
func (r Risk) Above(other Risk) bool { return slices.Index(Risks(), r) > slices.Index(Risks(), other) }

// Tier is what a risk asks for.
type Tier struct {
	People    int           // different people whose votes a gate that opens to users holds
	Each      int           // different people whose votes each item of such a gate holds
	Soak      time.Duration // the shortest time a stage stays open before its definition of done can be passed
	AuthorOut bool          // the author rule: a commit's author alone does not satisfy what binds to it
	OwnersOut bool          // a role that nobody is named for is held by nobody, not by the owners
	Managed   bool          // only a release manager passes gates
	Waivers   int           // different release managers who must agree to a waiver
	Evidence  bool          // an item that wants evidence does not hold without
	Typed     bool          // whoever confirms types the version
}

var tiers = map[Risk]Tier{
	Low:    {People: 1, Each: 1, Waivers: 1},
	Normal: {People: 2, Each: 1, Soak: 24 * time.Hour, AuthorOut: true, Waivers: 1},
	High: {People: 2, Each: 2, Soak: 7 * 24 * time.Hour, AuthorOut: true, OwnersOut: true, Managed: true, Waivers: 2,
		Evidence: true, Typed: true},
}

// Tier gives the rules of a risk; an unknown one is treated with the most care.
func (r Risk) Tier() Tier {
	if t, ok := tiers[r]; ok {
		return t
	}
	return tiers[High]
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
	return slices.ContainsFunc(b.People[b.Canon(id)].Code, func(a string) bool { return slices.Contains(authors, a) })
}

// CodeKnown reports whether the author rule can judge a person: their addresses are known, or that they have none.
func (b *Book) CodeKnown(id workflows.PersonID) bool { return b.People[b.Canon(id)].CodeKnown() }
