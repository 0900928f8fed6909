package reading

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// people is who held what, as the ledger says it: the configurations that came into force, the rosters that arrived,
// and who acted by which handle. The ledger holds no names and no addresses, so not everything can be known.
type people struct {
	policies map[string]ledger.Policy // by hash
	inForce  string                   // the hash that came last
	rosters  map[string]team.Arrived
	bore     map[workflows.Handle][]workflows.PersonID // who acted by a handle so far
	codes    Codes
}

// Codes says, for the hash of a configuration, under which addresses its people write code. That is no part of the
// ledger: the author rule has nothing to say of one who is not here.
type Codes map[string]map[workflows.PersonID][]string

func newPeople(codes Codes) people {
	return people{policies: map[string]ledger.Policy{}, rosters: map[string]team.Arrived{}, bore: map[workflows.Handle][]workflows.PersonID{},
		codes: codes}
}

// said is what the ledger says to a question.
type said int

const (
	silent said = iota // it does not say
	no
	yes
)

// moment is what authority is weighed by: a configuration, a time, and how careful the release must be.
type moment struct {
	policy string
	at     time.Time
	risk   policy.Risk
}

func momentOf(h workflows.Header, f *followed) moment { return moment{h.Policy, h.At, f.risk} }

// meet notes who acts by a handle: a roster names handles, a role people.
func (p *people) meet(a workflows.Actor) {
	if a.Handle != "" && a.Person != "" && !slices.Contains(p.bore[a.Handle], a.Person) {
		p.bore[a.Handle] = append(p.bore[a.Handle], a.Person)
	}
}

// holds says whether a person held a role at a moment. A roster says so for a day; where ever is set, for ever.
func (p *people) holds(m moment, id workflows.PersonID, role workflows.Role, ever bool) said {
	book, ok := p.policies[m.policy]
	if !ok {
		return silent
	}
	out, named := no, 0
	for _, r := range []workflows.Role{role, workflows.EveryRole} {
		holders := book.Roles[r]
		named += len(holders.People) + len(holders.Groups)
		if slices.Contains(holders.People, id) {
			return yes
		}
		for _, name := range holders.Groups {
			roster, arrived := p.rosters[name]
			if !arrived || !ever && m.at.Sub(roster.AsOf) > 24*time.Hour {
				continue
			}
			switch p.member(book, roster, id) {
			case yes:
				return yes
			case silent:
				out = silent
			}
		}
	}
	if named == 0 && tiers[m.risk].owners && slices.Contains(book.Owners, id) {
		return yes
	}
	return out
}

// member says whether a person is in a roster. One whom the configuration names may bear any handle that nobody acted by
// so far; one whom it does not name is called after their handle.
func (p *people) member(book ledger.Policy, roster team.Arrived, id workflows.PersonID) said {
	out := no
	_, configured := book.People[id]
	for _, m := range roster.Members {
		switch bore := p.bore[m.Handle]; {
		case slices.Contains(bore, id), team.PersonID(m.Handle) == id:
			return yes
		case configured && len(bore) == 0:
			out = silent
		}
	}
	return out
}

// codeUnknown reports that the author rule could not judge a person under a configuration.
func (p *people) codeUnknown(hash string, id workflows.PersonID) bool {
	book, ok := p.policies[hash]
	return ok && book.People[id].Code != ledger.CodeKnown && book.People[id].Code != ledger.CodeNone
}

// wrote says whether a person is among a commit's authors.
func (p *people) wrote(hash string, id workflows.PersonID, authors []string) said {
	book, ok := p.policies[hash]
	if !ok {
		return silent
	}
	switch addresses := p.codes[hash][id]; {
	case book.People[id].Code == ledger.CodeNone:
		return no
	case len(addresses) == 0:
		return silent
	case slices.ContainsFunc(addresses, func(a string) bool { return slices.Contains(authors, a) }):
		return yes
	}
	return no
}
