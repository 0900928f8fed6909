package reading

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// persons is who held what, as the ledger says it: the configurations that came into force, the rosters that arrived,
// and who acted by which handle. The ledger holds no names and no addresses, so not everything can be known.
type persons struct {
	policies map[string]ledger.Policy // by hash
	inForce  string                   // the hash that came last
	rosters  map[string]team.Arrived
	bore     map[workflows.Handle][]workflows.PersonID // who acted by a handle so far
	accounts map[workflows.PersonID][]workflows.Handle // by which those acted who are called after them
	acted    map[workflows.PersonID]map[string]bool    // and under which configurations
	codes    Codes
	folk
}

// Codes says, for the hash of a configuration, under which addresses its people write code. That is no part of the
// ledger: the author rule has nothing to say of one who is not here.
type Codes map[string]map[workflows.PersonID][]string

func newPersons(codes Codes) persons {
	return persons{policies: map[string]ledger.Policy{}, rosters: map[string]team.Arrived{}, bore: map[workflows.Handle][]workflows.PersonID{},
		accounts: map[workflows.PersonID][]workflows.Handle{}, acted: map[workflows.PersonID]map[string]bool{}, codes: codes,
		folk: folk{linked: map[workflows.Handle]workflows.PersonID{}, absent: map[workflows.PersonID]people.Left{}}}
}

// said is what the ledger says to a question.
type said int

const (
	silent said = iota // it does not say
	no
	yes
)

// either is what the ledger says of something that may be so in two ways.
func either(a, b said) said {
	switch {
	case a == yes || b == yes:
		return yes
	case a == silent || b == silent:
		return silent
	}
	return no
}

// moment is what authority is weighed by: a configuration, a time, and how careful the release must be.
type moment struct {
	policy string
	at     time.Time
	risk   policy.Risk
}

func momentOf(h workflows.Header, f *followed) moment { return moment{h.Policy, h.At, f.risk} }

// meet notes who acts by a handle: a roster names handles, a role people.
func (p *persons) meet(h workflows.Header) {
	a := h.By
	if a.Handle == "" || a.Person == "" {
		return
	}
	if !slices.Contains(p.bore[a.Handle], a.Person) {
		p.bore[a.Handle] = append(p.bore[a.Handle], a.Person)
		if team.PersonID(a.Handle) == a.Person {
			p.accounts[a.Person] = append(p.accounts[a.Person], a.Handle)
		}
	}
	if p.acted[a.Person] == nil {
		p.acted[a.Person] = map[string]bool{}
	}
	p.acted[a.Person][h.Policy] = true
}

// holds says whether a person held a role at a moment, be it as somebody's deputy. A roster says so for a day; where ever
// is set, for ever.
func (p *persons) holds(m moment, id workflows.PersonID, role workflows.Role, ever bool) said {
	self := p.holdsSelf(m, id, role, ever)
	if self == yes {
		return yes
	}
	return either(self, p.standsIn(m, id, role, ever))
}

// holdsSelf is holds without deputies.
func (p *persons) holdsSelf(m moment, id workflows.PersonID, role workflows.Role, ever bool) said {
	book, ok := p.policies[m.policy]
	if !ok {
		return silent
	}
	who := p.canon(m.policy, id)
	out, named := no, 0
	if p.unsure(m.policy, book, who) {
		out = silent
	}
	for _, r := range []workflows.Role{role, workflows.EveryRole} {
		holders := book.Roles[r]
		named += len(holders.People) + len(holders.Groups)
		if slices.Contains(holders.People, who) {
			return yes
		}
		for _, name := range holders.Groups {
			roster, arrived := p.rosters[name]
			if !arrived || !ever && m.at.Sub(roster.AsOf) > 24*time.Hour {
				continue
			}
			switch p.member(book, roster, who) {
			case yes:
				return yes
			case silent:
				out = silent
			}
		}
	}
	if named > 0 || !tiers[m.risk].owners {
		return out
	}
	return either(out, p.owns(book, who))
}

// unsure: who is called after an account may be somebody of a configuration that gave them that account since.
func (p *persons) unsure(hash string, book ledger.Policy, id workflows.PersonID) bool {
	_, configured := book.People[id]
	return !configured && len(p.accounts[id]) > 0 && !p.acted[id][hash]
}

// member says whether a person is in a roster: by an account that is theirs. One whom the configuration names may bear any handle that nobody acted by
// so far; one whom it does not name is called after their handle.
func (p *persons) member(book ledger.Policy, roster team.Arrived, id workflows.PersonID) said {
	out := no
	_, configured := book.People[id]
	for _, m := range roster.Members {
		switch bore := p.bore[m.Handle]; {
		case slices.Contains(bore, id), p.canon(book.Hash, team.PersonID(m.Handle)) == id:
			return yes
		case configured && len(bore) == 0:
			out = silent
		}
	}
	return out
}

// codeUnknown reports that the author rule could not judge a person under a configuration.
func (p *persons) codeUnknown(hash string, id workflows.PersonID) bool {
	book, ok := p.policies[hash]
	id = p.canon(hash, id)
	return ok && !p.unsure(hash, book, id) && book.People[id].Code != ledger.CodeKnown && book.People[id].Code != ledger.CodeNone
}

// wrote says whether a person is among a commit's authors.
func (p *persons) wrote(hash string, id workflows.PersonID, authors []string) said {
	book, ok := p.policies[hash]
	if !ok {
		return silent
	}
	id = p.canon(hash, id)
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
