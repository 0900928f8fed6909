// Package policy says who may do what: roles and what falls to the owners, the needs of wishes, the risk tiers, and
// the author rule. A Book is everything it goes by: the configuration and the rosters as they stood in the
// transaction. It looks nothing up and fails closed.
package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// RosterAge is how old a group's roster may be before it grants nothing.
const RosterAge = 24 * time.Hour

// Members are who holds a role: people, and groups of a chat platform ("slack/T1/S1") whose rosters arrive.
type Members struct {
	People []workflows.PersonID
	Groups []string
}

func (m Members) empty() bool { return len(m.People) == 0 && len(m.Groups) == 0 }

// Group is a roster as it arrived.
type Group struct {
	Members []workflows.PersonID
	AsOf    time.Time
}

// Audience is a named group of people who are told things, and where.
type Audience struct {
	Name   workflows.Audience
	People []workflows.PersonID
	Place  workflows.Place // empty: each by direct message
	Quota  int             // percent of the people who must acknowledge a briefing
	Public bool
}

// Absence is how long somebody is away, and who signs for them meanwhile.
type Absence struct {
	Until  time.Time
	Deputy workflows.PersonID // empty: nobody
}

// Book is what decisions about authority go by. It is never changed once made.
type Book struct {
	Owners    []workflows.PersonID
	People    map[workflows.PersonID]workflows.Person
	Roles     map[workflows.Role]Members
	Groups    map[string]Group
	Audiences []Audience // by name
	Hash      string     // of the configuration, kept with every event decided under it
	Away      map[workflows.PersonID]Absence
	Checked   map[workflows.Product]bool                // whose commits machines check: see release.CI
	Deployed  map[workflows.Product]bool                // which the bot brings to its users: see release.Deployment
	Merged    map[workflows.PersonID]workflows.PersonID // who turned out to be somebody else, by an account linked since

	strict   bool                                    // see For
	byHandle map[workflows.Handle]workflows.PersonID // see Indexed
}

// Indexed is the same book, quick to resolve handles in.
func (b *Book) Indexed() *Book {
	out := *b
	out.byHandle = map[workflows.Handle]workflows.PersonID{}
	for id, p := range b.People {
		for _, h := range p.Handles {
			out.byHandle[h] = id
		}
	}
	return &out
}

// For is the book as a risk reads it: where that wants it, owners do not stand in for roles that nobody is named for.
func (b *Book) For(risk Risk) *Book {
	if !risk.Tier().OwnersOut || b.strict {
		return b
	}
	out := *b
	out.strict = true
	return &out
}

// Canon is the one id of a human being: an account that was linked to somebody since is that somebody, in what it did
// before, too.
func (b *Book) Canon(id workflows.PersonID) workflows.PersonID {
	if to, ok := b.Merged[id]; ok {
		return to
	}
	return id
}

// Person gives the line of a person.
func (b *Book) Person(id workflows.PersonID) (workflows.Person, bool) {
	p, ok := b.People[b.Canon(id)]
	return p, ok
}

// Resolve finds who a handle is. Only exact handles count: never a name or an address.
func (b *Book) Resolve(h workflows.Handle) (workflows.Person, bool) {
	if b.byHandle != nil {
		p, ok := b.People[b.byHandle[h]]
		return p, ok
	}
	for _, p := range b.People {
		if slices.Contains(p.Handles, h) {
			return p, true
		}
	}
	return workflows.Person{}, false
}

// Known is how many human beings are known: rules for several people cannot hold with one, whatever accounts they have.
func (b *Book) Known() int {
	seen := map[workflows.PersonID]bool{}
	for id := range b.People {
		seen[b.Canon(id)] = true
	}
	for _, g := range b.Groups {
		for _, id := range g.Members {
			seen[b.Canon(id)] = true
		}
	}
	return len(seen)
}

// Audience finds an audience by name.
func (b *Book) Audience(name workflows.Audience) (Audience, bool) {
	i := slices.IndexFunc(b.Audiences, func(a Audience) bool { return a.Name == name })
	if i < 0 {
		return Audience{}, false
	}
	return b.Audiences[i], true
}

// IsOwner reports whether a person owns this installation. Nobody owns it in another's place.
func (b *Book) IsOwner(id workflows.PersonID) bool { return b.among(b.Owners, id) }

// among reports whether a list names a person, be it by an account that was linked to them since.
func (b *Book) among(ids []workflows.PersonID, id workflows.PersonID) bool {
	id = b.Canon(id)
	return id != "" && slices.ContainsFunc(ids, func(x workflows.PersonID) bool { return b.Canon(x) == id })
}

// IsAway gives the absence of a person who is away at a time.
func (b *Book) IsAway(id workflows.PersonID, at time.Time) (Absence, bool) {
	a, ok := b.Away[b.Canon(id)]
	return a, ok && at.Before(a.Until)
}

// AllBack is the same book on a day when nobody is away.
func (b *Book) AllBack() *Book {
	if len(b.Away) == 0 {
		return b
	}
	out := *b
	out.Away = nil
	return &out
}

// Publicly reports whether a place belongs to a public audience: only public text may go there.
func (b *Book) Publicly(at workflows.Place) bool {
	return slices.ContainsFunc(b.Audiences, func(a Audience) bool { return a.Public && a.Place == at })
}

// SortAudiences puts audiences in the order of their names, as a Book keeps them.
func SortAudiences(all []Audience) {
	slices.SortFunc(all, func(a, b Audience) int { return strings.Compare(string(a.Name), string(b.Name)) })
}
