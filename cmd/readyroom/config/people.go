package config

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// accounts are the platforms on which people have one.
var accounts = []string{"slack", "discord", github}

// github takes upper and lower case for the same account.
const github = "github"

// consoleHandle is how a person is known on the console: by their id.
func consoleHandle(id workflows.PersonID) workflows.Handle {
	return workflows.Handle("console/" + string(id))
}

// whose remembers which person an address or handle belongs to, for it must be one person's alone.
type whose map[string]struct {
	person workflows.PersonID
	line   int
}

func (r *reader) claim(w whose, thing string, by workflows.PersonID, n *node, path string) {
	if other, taken := w[thing]; taken {
		r.wrong(n, path, fmt.Sprintf("%s is %s's in line %d already", quoted(thing), other.person, other.line), "one of them is not theirs")
		return
	}
	w[thing] = struct {
		person workflows.PersonID
		line   int
	}{by, n.line}
}

func (r *reader) people(n *node, c *Config) {
	taken := whose{}
	for _, p := range n.entries() {
		id := workflows.PersonID(p.key.text)
		c.People[id] = r.person(id, p.value, taken)
	}
}

func (r *reader) person(id workflows.PersonID, n *node, taken whose) workflows.Person {
	path := at("people", string(id))
	who := workflows.Person{ID: id, Name: cmp.Or(n.says("name"), string(id)), Handles: []workflows.Handle{consoleHandle(id)}}
	who.NoCode = n.says("code") == noCode
	for _, item := range n.get("code").list() {
		a := strings.ToLower(item.text)
		r.claim(taken, a, id, item, at(path, "code"))
		who.Code = append(who.Code, a)
	}
	for _, platform := range accounts {
		login := n.says(platform)
		if login == "" {
			continue
		}
		if platform == github {
			login = strings.ToLower(login)
		}
		handle := platform + "/" + login
		r.claim(taken, handle, id, n.get(platform), at(path, platform))
		who.Handles = append(who.Handles, workflows.Handle(handle))
	}
	if _, name := r.zone(n.get("zone"), at(path, "zone")); name != hostZone {
		who.Zone = name
	}
	return who
}

// members reads a list of people, who must be known, and of groups.
func (r *reader) members(n *node, path string, c *Config) policy.Members {
	var m policy.Members
	for _, item := range n.list() {
		if name, isGroup := strings.CutPrefix(item.text, groupOf); isGroup {
			m.Groups = append(m.Groups, name)
		} else if r.known(item, path, c) {
			m.People = append(m.People, workflows.PersonID(item.text))
		}
	}
	return m
}

func (r *reader) known(n *node, path string, c *Config) bool {
	if _, ok := c.People[workflows.PersonID(n.text)]; ok {
		return true
	}
	next := "write a line for them under people"
	if !r.enough() {
		var names []string
		for id := range c.People {
			names = append(names, string(id))
		}
		next = cmp.Or(nearest(n.text, names), next)
	}
	r.wrong(n, path, "nobody under people is "+quoted(n.text), next)
	return false
}
