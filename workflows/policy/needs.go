package policy

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Allows reports whether a person may wish what needs this, of a release managed by manager ("" when there is none
// yet). The reason says why not.
func (b *Book) Allows(id workflows.PersonID, need workflows.Need, manager workflows.PersonID, at time.Time) workflows.Reason {
	if need == workflows.Anyone {
		return ""
	}
	if id == "" || need == workflows.Machine {
		return workflows.NotAllowed
	}
	manages := manager != "" && b.Canon(id) == b.Canon(manager) || b.holds(id, workflows.ReleaseManager, at)
	ok := false
	switch need {
	case workflows.Member:
		ok = b.IsMember(id, at)
	case workflows.Holder:
		ok = len(b.RolesOf(id, at)) > 0
	case workflows.Maker:
		ok = manages || b.holds(id, workflows.Engineering, at) || b.holds(id, workflows.SRE, at)
	case workflows.Manager:
		ok = manages
	case workflows.Owner:
		ok = b.IsOwner(id)
	}
	if ok {
		return ""
	}
	return workflows.NotAllowed
}

func (b *Book) holds(id workflows.PersonID, role workflows.Role, at time.Time) bool {
	_, why := b.Holds(id, role, at)
	return why == ""
}

// IsMember reports whether a person holds any role, belongs to any audience that is not public, or owns the installation. Everyone else
// gets the public view.
func (b *Book) IsMember(id workflows.PersonID, at time.Time) bool {
	if b.IsOwner(id) || len(b.RolesOf(id, at)) > 0 {
		return true
	}
	return slices.ContainsFunc(b.Audiences, func(a Audience) bool { return !a.Public && b.among(a.People, id) })
}

// Who names who may wish what needs this: people where they are few and known, else the role.
func (b *Book) Who(need workflows.Need, manager workflows.PersonID, at time.Time) []string {
	var ids []workflows.PersonID
	switch need {
	case workflows.Maker:
		ids = slices.Concat(b.Holders(workflows.Engineering, at), b.Holders(workflows.SRE, at), b.Holders(workflows.ReleaseManager, at))
		if manager != "" {
			ids = append(ids, b.Canon(manager))
		}
	case workflows.Manager:
		ids = b.Holders(workflows.ReleaseManager, at)
		if manager != "" {
			ids = append(ids, b.Canon(manager))
		}
	case workflows.Owner:
		ids = slices.Clone(b.Owners)
	case workflows.Holder:
		return []string{"anyone with a role"}
	case workflows.Member:
		return []string{"anyone with a role or in an audience"}
	default:
		return []string{string(need)}
	}
	slices.Sort(ids)
	return Names(slices.Compact(ids))
}

// Names writes people as @ana, the first four and how many more.
func Names(ids []workflows.PersonID) []string {
	const few = 4
	var out []string
	for i, id := range ids {
		if i == few {
			return append(out, "…")
		}
		out = append(out, id.At())
	}
	return out
}
