package policy

import (
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Holding is how a person comes to hold a role.
type Holding struct {
	Role  workflows.Role
	Owner bool               // nobody holds the role, so that it falls to the owners
	For   workflows.PersonID // whose deputy they are while that one is away
}

// String reads "engineering", "owner for engineering", or "engineering for @ana".
func (h Holding) String() string {
	if h.For != "" {
		return string(h.Role) + " for " + h.For.At()
	}
	if h.Owner {
		return "owner for " + string(h.Role)
	}
	return string(h.Role)
}

// Holds reports how a person holds a role at a time: themselves, or as the deputy of somebody who is away and holds it
// themselves. The reason says why not: not_allowed, or roster_stale when only a roster that is too old would grant it.
func (b *Book) Holds(id workflows.PersonID, role workflows.Role, at time.Time) (Holding, workflows.Reason) {
	h, why := b.HoldsSelf(id, role, at)
	if why == "" || !b.known(id) {
		return h, why
	}
	for _, absent := range slices.Sorted(maps.Keys(b.Away)) {
		if a := b.Away[absent]; b.Canon(a.Deputy) != b.Canon(id) || !at.Before(a.Until) {
			continue
		}
		if _, not := b.HoldsSelf(absent, role, at); not == "" {
			return Holding{Role: role, For: absent}, ""
		}
	}
	return Holding{}, why
}

func (b *Book) known(id workflows.PersonID) bool {
	_, ok := b.Person(id)
	return ok && id != ""
}

// HoldsSelf is Holds without deputies.
func (b *Book) HoldsSelf(id workflows.PersonID, role workflows.Role, at time.Time) (Holding, workflows.Reason) {
	if id = b.Canon(id); id == "" {
		return Holding{}, workflows.NotAllowed
	}
	stale := false
	for _, r := range []workflows.Role{role, workflows.EveryRole} {
		m := b.Roles[r]
		if b.among(m.People, id) {
			return Holding{Role: role}, ""
		}
		for _, name := range m.Groups {
			g := b.Groups[name]
			if !b.among(g.Members, id) {
				continue
			}
			if at.Sub(g.AsOf) <= RosterAge {
				return Holding{Role: role}, ""
			}
			stale = true
		}
	}
	if b.fallsToOwners(role) && b.IsOwner(id) {
		return Holding{Role: role, Owner: true}, ""
	}
	if stale {
		return Holding{}, workflows.RosterStale
	}
	return Holding{}, workflows.NotAllowed
}

// fallsToOwners: a role that nobody is named for. One whose group has no members yet is not empty: that fails closed.
func (b *Book) fallsToOwners(role workflows.Role) bool {
	return !b.strict && b.Roles[role].empty() && b.Roles[workflows.EveryRole].empty()
}

// Holders lists whose turn it is where a role is asked for at a time, by id: who holds it and is there, and the deputies
// of who is away. Those who are away are named only where nobody else could act; they may act all the same (see Holds).
func (b *Book) Holders(role workflows.Role, at time.Time) []workflows.PersonID {
	var there, away []workflows.PersonID
	for id := range b.holdersSelf(role, at) {
		a, gone := b.IsAway(id, at)
		if !gone {
			there = append(there, id)
			continue
		}
		away = append(away, id)
		deputy := b.Canon(a.Deputy)
		if _, too := b.IsAway(deputy, at); !too && b.known(deputy) {
			there = append(there, deputy)
		}
	}
	if len(there) == 0 {
		there = away
	}
	slices.Sort(there)
	return slices.Compact(there)
}

// holdersSelf is who holds a role themselves.
func (b *Book) holdersSelf(role workflows.Role, at time.Time) map[workflows.PersonID]bool {
	found := map[workflows.PersonID]bool{}
	add := func(ids []workflows.PersonID) {
		for _, id := range ids {
			found[b.Canon(id)] = true
		}
	}
	for _, r := range []workflows.Role{role, workflows.EveryRole} {
		add(b.Roles[r].People)
		for _, name := range b.Roles[r].Groups {
			if g := b.Groups[name]; at.Sub(g.AsOf) <= RosterAge {
				add(g.Members)
			}
		}
	}
	if b.fallsToOwners(role) {
		add(b.Owners)
	}
	return found
}

// RolesOf lists the roles a person holds at a time, those of PROCESS first, then the configuration's own by name.
func (b *Book) RolesOf(id workflows.PersonID, at time.Time) []Holding {
	var out []Holding
	for _, role := range b.AllRoles() {
		if h, why := b.Holds(id, role, at); why == "" {
			out = append(out, h)
		}
	}
	return out
}

// AllRoles lists every role there is: those of PROCESS, then the configuration's own by name.
func (b *Book) AllRoles() []workflows.Role {
	roles := workflows.Roles()
	var own []workflows.Role
	for r := range b.Roles {
		if r != workflows.EveryRole && !slices.Contains(roles, r) {
			own = append(own, r)
		}
	}
	slices.Sort(own)
	return append(roles, own...)
}
