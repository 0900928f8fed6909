package config

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Book is the configuration as policy weighs it; place says where a channel of it is.
func (c Config) Book(place func(channel string) workflows.Place) *policy.Book {
	b := &policy.Book{Owners: c.Owners, People: c.People, Roles: c.Roles, Hash: c.Hash,
		Checked: map[workflows.Product]bool{}, Deployed: map[workflows.Product]bool{}}
	for id, p := range c.Products {
		b.Checked[id] = p.Forge.Repository != "" && !p.Forge.Unchecked
		_, deployed := p.Forge.Deploys[p.Environments[len(p.Environments)-1]]
		b.Deployed[id] = p.Forge.Repository != "" && deployed
	}
	for name, a := range c.Audiences {
		b.Audiences = append(b.Audiences, policy.Audience{Name: name, People: a.People, Place: place(a.Channel), Quota: a.Quota, Public: a.Public})
	}
	policy.SortAudiences(b.Audiences)
	return b
}

// Never lists what no release can ever fulfil, one line each: in the template that releases follow unless told
// otherwise and in the file's own, each at the risk that a release of it begins with. A bot runs with such a
// configuration; it only opens no release that way.
func (c Config) Never() []string {
	var out []string
	for _, name := range c.checked() {
		where, risk := "templates."+name, c.begins(name)
		if _, builtin := release.Templates()[name]; builtin {
			where = "default.template: " + name
		}
		for _, l := range c.lacks(name, risk) {
			out = append(out, fmt.Sprintf("%s can never be fulfilled at risk %s: %s", where, risk, l))
		}
	}
	return out
}

// checked are the template that releases follow unless told otherwise, and the file's own.
func (c Config) checked() []string {
	names := []string{c.Template}
	for _, name := range slices.Sorted(maps.Keys(c.Templates)) {
		if _, builtin := release.Templates()[name]; !builtin && name != c.Template {
			names = append(names, name)
		}
	}
	return names
}

// begins is the risk that a release of a template begins with: while one person is known, that is low.
func (c Config) begins(template string) policy.Risk {
	if len(c.People) < 2 && !c.anyGroup() {
		return policy.Low
	}
	return c.Templates[template].Risk
}

func (c Config) lacks(template string, risk policy.Risk) []release.Lack {
	b := c.Book(func(string) workflows.Place { return "" })
	if len(b.Owners) == 0 { // on the console the person at the keyboard, on a server whoever claims it
		const somebody = "@" // no id is like that
		b.Owners = []workflows.PersonID{somebody}
		b.People = maps.Clone(b.People)
		b.People[somebody] = workflows.Person{NoCode: true}
	}
	return release.Unsatisfiable(c.Templates[template].At(risk), risk, b, time.Time{}, release.Sources(b, ""))
}

// lintTemplates warns of what is asked of a role that nobody has, and of a risk that a release could be raised to and
// never pass.
func (c Config) lintTemplates() []string {
	var out []string
	var known []string
	for _, role := range c.asked() {
		known = append(known, string(role))
	}
	for _, name := range c.checked() {
		said := map[workflows.Role]bool{}
		for _, g := range c.Templates[name].Gates {
			for _, i := range g.Items {
				if _, held := c.Roles[i.Role]; held || said[i.Role] || slices.Contains(workflows.Roles(), i.Role) {
					continue
				}
				said[i.Role] = true
				line := fmt.Sprintf("templates.%s: %s is signed by %s, which is no role of the process and stands in no line of roles", name, g.Full(i), i.Role)
				others := slices.DeleteFunc(slices.Clone(known), func(r string) bool { return r == string(i.Role) })
				if near := nearest(string(i.Role), others); near != "" {
					line += "; " + near
				}
				out = append(out, line)
			}
		}
	}
	return append(out, c.lintRaise()...)
}

func (c Config) lintRaise() []string {
	begins := c.begins(c.Template)
	var to policy.Risk
	for _, rule := range c.Raise {
		if rule.To.Above(begins) && !to.Above(rule.To) {
			to = rule.To
		}
	}
	if to == "" || len(c.lacks(c.Template, begins)) > 0 {
		return nil
	}
	lacks := c.lacks(c.Template, to)
	if len(lacks) == 0 {
		return nil
	}
	line := fmt.Sprintf("risk.raise: a release of %s that is raised to %s can never pass: %s", c.Template, to, lacks[0])
	if more := len(lacks) - 1; more > 0 {
		line += fmt.Sprintf(" (and %d more)", more)
	}
	return []string{line}
}

// asked are the roles that checklists ask: those of the process, then others of the file's own templates by name.
func (c Config) asked() []workflows.Role {
	roles := workflows.Roles()
	var own []workflows.Role
	for _, t := range c.Templates {
		for _, g := range t.Gates {
			for _, i := range g.Items {
				if !slices.Contains(roles, i.Role) && !slices.Contains(own, i.Role) {
					own = append(own, i.Role)
				}
			}
		}
	}
	slices.Sort(own)
	return append(roles, own...)
}
