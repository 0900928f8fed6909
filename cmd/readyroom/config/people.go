package config

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// account is how a handle of one platform is written in the file.
type account struct {
	platform, example string
	shape             *regexp.Regexp
	fold              bool // upper and lower case are the same account
}

var accounts = []account{
	{"slack", "T1/U1: the ids of the workspace and the member", regexp.MustCompile(`^(E[A-Z0-9]+/)?T[A-Z0-9]+/[UW][A-Z0-9]+$`), false},
	{"discord", `"12": the member's id, in quotes`, regexp.MustCompile(`^[0-9]{1,20}$`), false},
	{"github", "ana: the login", regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`), true},
}

// address is what may stand before and after the @ of a commit's author; more is not asked of them.
var address = regexp.MustCompile(`^[^\s<>@]+@[^\s<>@]+$`)

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
	for _, p := range r.ids(n, "people") {
		id := workflows.PersonID(p.key.text)
		c.People[id] = r.person(id, p.value, taken)
	}
}

func (r *reader) person(id workflows.PersonID, n *node, taken whose) workflows.Person {
	path := at("people", string(id))
	who := workflows.Person{ID: id, Name: string(id), Handles: []workflows.Handle{consoleHandle(id)}}
	f := r.fields(n, path, "name", "code", "slack", "discord", "github", "zone")
	if n := f["name"]; n != nil {
		if name, ok := r.text(n, at(path, "name")); ok {
			who.Name = name
		}
	}
	if n := f["code"]; n != nil {
		r.code(n, at(path, "code"), &who, taken)
	}
	for _, a := range accounts {
		n := f[a.platform]
		if n == nil {
			continue
		}
		path := at(path, a.platform)
		login, ok := r.text(n, path)
		if ok && !a.shape.MatchString(login) {
			r.wrong(n, path, quoted(login)+" is no "+a.platform+" account", "write "+a.example)
		} else if ok {
			if a.fold {
				login = strings.ToLower(login)
			}
			r.claim(taken, a.platform+"/"+login, id, n, path)
			who.Handles = append(who.Handles, workflows.Handle(a.platform+"/"+login))
		}
	}
	if n := f["zone"]; n != nil {
		if _, name := r.zone(n, at(path, "zone")); name != hostZone {
			who.Zone = name
		}
	}
	return who
}

// code reads the addresses a person commits with, or the word none.
func (r *reader) code(n *node, path string, who *workflows.Person, taken whose) {
	const next = "write [ana@example.org], or none for who writes no code"
	if n.kind == isText {
		if who.NoCode = n.text == "none"; !who.NoCode {
			r.wrong(n, path, quoted(n.text)+" is no list of addresses", next)
		}
		return
	}
	items := r.texts(n, path)
	if n.kind == isList && len(n.items) == 0 {
		r.wrong(n, path, "the list is empty", next)
	}
	for _, item := range items {
		if !address.MatchString(item.text) {
			r.wrong(item, path, quoted(item.text)+" is no address", next)
			continue
		}
		a := strings.ToLower(item.text)
		r.claim(taken, a, who.ID, item, path)
		who.Code = append(who.Code, a)
	}
}

// group is a chat platform's group as a member of a role: "group:slack/T1/S1".
var group = regexp.MustCompile(`^(slack|discord|github)/[A-Za-z0-9][A-Za-z0-9._/-]{0,80}$`)

// members reads a list of known people, and of groups where they may stand.
func (r *reader) members(n *node, path string, c *Config, groups bool) policy.Members {
	var m policy.Members
	for _, item := range r.texts(n, path) {
		name, isGroup := strings.CutPrefix(item.text, "group:")
		switch {
		case isGroup && groups && group.MatchString(name):
			m.Groups = append(m.Groups, name)
		case isGroup && groups:
			r.wrong(item, path, quoted(item.text)+" is no group", "write group:slack/T1/S1")
		case isGroup:
			r.wrong(item, path, "groups may stand in roles only", "write the people")
		case r.known(item, path, c):
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
		next = cmp.Or(nearest(strings.TrimPrefix(n.text, "@"), names), next)
	}
	r.wrong(n, path, "nobody under people is "+quoted(n.text), next)
	return false
}
