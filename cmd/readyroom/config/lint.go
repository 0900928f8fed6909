package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Lint warns of what is allowed and probably not meant, one line each; the order is always the same.
func (c Config) Lint() []string {
	var out []string
	if len(c.Owners) == 0 {
		out = append(out, "owners: nobody: the console does not start, and a server is owned by whoever types the code of its log")
	}
	out = append(out, c.lintRoles()...)
	out = append(out, c.lintPeople()...)
	out = append(out, c.lintTemplates()...)
	out = append(out, c.lintAudiences()...)
	out = append(out, c.lintForges()...)
	return append(out, c.lintRecord()...)
}

// holders are the people of a role, or of '*'; and whether a chat group holds it.
func (c Config) holders(role workflows.Role) (people []workflows.PersonID, byGroup bool) {
	for _, m := range []policy.Members{c.Roles[role], c.Roles[workflows.EveryRole]} {
		people = append(people, m.People...)
		byGroup = byGroup || len(m.Groups) > 0
	}
	return people, byGroup
}

func (c Config) lintRoles() []string {
	var out, empty []string
	asked := c.asked()
	for _, role := range asked {
		if _, said := c.Roles[role]; !said && !slices.Contains(workflows.Roles(), role) {
			continue // lintTemplates tells of it where it is asked
		}
		if people, byGroup := c.holders(role); len(people) == 0 && !byGroup {
			empty = append(empty, string(role))
		}
	}
	if len(empty) > 0 {
		out = append(out, "roles: nobody holds "+strings.Join(empty, ", ")+": what they sign falls to the owners")
	}
	for _, role := range slices.Sorted(maps.Keys(c.Roles)) {
		if role == workflows.EveryRole || slices.Contains(asked, role) {
			continue
		}
		line := fmt.Sprintf("roles.%s: no checklist asks this role", role)
		var names []string
		for _, r := range asked {
			names = append(names, string(r))
		}
		if near := nearest(string(role), names); near != "" {
			line += "; " + near
		}
		out = append(out, line)
	}
	return out
}

func (c Config) lintPeople() []string {
	var out, silent, idle []string
	risk := c.Templates[c.Template].Risk
	if people := risk.Tier().People; people > max(1, len(c.People)) && !c.anyGroup() {
		out = append(out, fmt.Sprintf("default.template: %s is of %s risk, which needs %d people, and %d is known here", c.Template, risk, people, len(c.People)))
	}
	for _, id := range slices.Sorted(maps.Keys(c.People)) {
		if c.signsCode(id) && !c.People[id].CodeKnown() {
			silent = append(silent, string(id))
		}
		if !c.hasPart(id) {
			idle = append(idle, string(id))
		}
	}
	if len(silent) > 0 {
		out = append(out, "people: no code for "+strings.Join(silent, ", ")+
			": at normal risk their votes on items bound to code do not count; write code: [address], or code: none")
	}
	if len(idle) > 0 {
		out = append(out, "people: no role and no audience for "+strings.Join(idle, ", ")+": they see the public view only")
	}
	return out
}

func (c Config) anyGroup() bool {
	for _, m := range c.Roles {
		if len(m.Groups) > 0 {
			return true
		}
	}
	return false
}

// signsCode reports whether a person holds a role that signs an item bound to code in some checklist, or is
// an owner to whom such a role falls.
func (c Config) signsCode(id workflows.PersonID) bool {
	for _, t := range c.Templates {
		for _, g := range t.Gates {
			for _, item := range g.Items {
				people, byGroup := c.holders(item.Role)
				if len(people) == 0 && !byGroup {
					people = c.Owners
				}
				if item.Binds != release.Unbound && slices.Contains(people, id) {
					return true
				}
			}
		}
	}
	return false
}

func (c Config) hasPart(id workflows.PersonID) bool {
	has := slices.Contains(c.Owners, id)
	for _, m := range c.Roles {
		has = has || slices.Contains(m.People, id)
	}
	for _, a := range c.Audiences {
		has = has || slices.Contains(a.People, id)
	}
	return has
}

func (c Config) lintAudiences() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(c.Audiences)) {
		switch a := c.Audiences[name]; {
		case a.Public && a.Channel == "":
			out = append(out, fmt.Sprintf("audiences.%s: public without a channel: nothing is ever posted to it", name))
		case !a.Public && len(a.People) == 0:
			out = append(out, fmt.Sprintf("audiences.%s: nobody is in it: its briefings are never acknowledged", name))
		}
	}
	return out
}
