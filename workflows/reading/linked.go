package reading

import (
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/team"
)

// folk is what the ledger says of people beside the configurations: whose accounts are whose, who is away and who signs
// for them, who claimed the installation.
type folk struct {
	linked  map[workflows.Handle]workflows.PersonID
	absent  map[workflows.PersonID]people.Left
	claimed people.Owned
}

// person reads an event about people, and says what was wrong with it when it happened.
func (rd *Reading) person(h workflows.Header, e workflows.Event) {
	switch e := e.(type) {
	case people.Linked:
		if was, taken := rd.linked[e.Handle]; taken && was != e.Person {
			rd.wrongf(h, "%s was linked to %s while it was linked to %s", e.Handle, e.Person.At(), was.At())
		}
		if !e.ByCode {
			rd.byOwner(h, "linked an account to "+e.Person.At())
		} else if h.By.Handle != e.Handle || h.By.Person != e.Person {
			rd.wrongf(h, "the code of %s was typed by %s, and made %s theirs", e.Person.At(), h.By.Handle, e.Handle)
		}
		rd.linked[e.Handle] = e.Person
	case people.Unlinked:
		rd.byOwner(h, "took an account from "+e.Person.At())
		delete(rd.linked, e.Handle)
	case people.Left:
		rd.bySelf(h, e.Person, "is away")
		rd.absent[e.Person] = e
	case people.Returned:
		rd.bySelf(h, e.Person, "is back")
		delete(rd.absent, e.Person)
	case people.Owned:
		if len(rd.policies[h.Policy].Owners) > 0 {
			rd.wrongf(h, "%s claimed the installation while the configuration named owners", e.Person.At())
		}
		rd.claimed = e
	}
}

// accountsOf: a configuration gives accounts to people whom it names, and nobody whom it names is an account.
func (rd *Reading) accountsOf(h workflows.Header, book ledger.Policy) {
	for _, called := range slices.Sorted(maps.Keys(book.Accounts)) {
		to := book.Accounts[called]
		_, itself := book.People[called]
		if _, configured := book.People[to]; itself || !configured {
			rd.wrongf(h, "the configuration makes %s and %s one person, and cannot", called.At(), to.At())
		}
	}
}

// bySelf: nobody is sent away by others.
func (rd *Reading) bySelf(h workflows.Header, id workflows.PersonID, what string) {
	if rd.canon(h.Policy, h.By.Person) != rd.canon(h.Policy, id) {
		rd.wrongf(h, "that %s %s was said by %s", id.At(), what, h.By.At())
	}
}

// byOwner: accounts are given and taken by owners.
func (rd *Reading) byOwner(h workflows.Header, what string) {
	if book, ok := rd.policies[h.Policy]; ok && rd.owns(book, rd.canon(h.Policy, h.By.Person)) == no {
		rd.wrongf(h, "%s %s and was no owner", h.By.At(), what)
	}
}

// owns says whether a person owned the installation: by the configuration or, where it names no owner, by a claim. A
// claim is an account's, and a configuration may give that to any of its people.
func (p *persons) owns(book ledger.Policy, id workflows.PersonID) said {
	_, configured := book.People[id]
	switch {
	case len(book.Owners) > 0:
		return whether(slices.Contains(book.Owners, id))
	case p.claimed.Person == "":
		return no
	case p.canon(book.Hash, p.claimed.Person) == id:
		return yes
	case configured:
		return silent
	}
	return no
}

func whether(is bool) said {
	if is {
		return yes
	}
	return no
}

// canon is the one id of a person: who is called after an account that is somebody's, by a link or because somebody of
// the configuration acted by it, is that somebody.
func (p *persons) canon(hash string, id workflows.PersonID) workflows.PersonID {
	book := p.policies[hash]
	for range len(p.linked) + 1 {
		if _, configured := book.People[id]; configured {
			return id
		}
		next := p.after(book, id)
		if next == "" {
			return id
		}
		id = next
	}
	return id
}

func (p *persons) canonical(hash string, ids []workflows.PersonID) []workflows.PersonID {
	out := make([]workflows.PersonID, len(ids))
	for i, id := range ids {
		out[i] = p.canon(hash, id)
	}
	return out
}

// after is whose the account is that a person is called after; empty where it is nobody else's.
func (p *persons) after(book ledger.Policy, id workflows.PersonID) workflows.PersonID {
	if to, ok := book.Accounts[id]; ok {
		return to
	}
	for h, to := range p.linked {
		if to != id && team.PersonID(h) == id {
			return to
		}
	}
	for _, h := range p.accounts[id] {
		for _, other := range p.bore[h] {
			if _, configured := book.People[other]; configured && other != id {
				return other
			}
		}
	}
	return ""
}

// deputised says whether a person was the deputy of another at a moment.
func (p *persons) deputised(m moment, id, forWhom workflows.PersonID) said {
	if _, ok := p.policies[m.policy]; !ok {
		return silent
	}
	id, forWhom = p.canon(m.policy, id), p.canon(m.policy, forWhom)
	for absent, a := range p.absent {
		if m.at.Before(a.Until) && a.Deputy != "" && p.canon(m.policy, a.Deputy) == id && p.canon(m.policy, absent) == forWhom {
			return yes
		}
	}
	return no
}

// standsIn says whether a person held a role at a moment as the deputy of somebody who held it themselves.
func (p *persons) standsIn(m moment, id workflows.PersonID, role workflows.Role, ever bool) said {
	out := no
	for _, absent := range slices.Sorted(maps.Keys(p.absent)) {
		if p.deputised(m, id, absent) != yes {
			continue
		}
		out = either(out, p.holdsSelf(m, absent, role, ever))
	}
	return out
}
