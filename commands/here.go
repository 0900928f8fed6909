package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Here is what help knows of the place where it is asked: what the asker may do, what the configuration names. The
// zero Here is a place of which nothing is known.
type Here struct {
	Allowed  func(workflows.Need) bool
	Settings todo.Settings
	Roles    []policy.Holding     // the asker's
	Owners   []workflows.PersonID // shown to the team alone
	People   []string             // others than the asker, without their @; shown to the team alone
}

// here is what help knows of this call.
func (c *Call) here() Here {
	h := Here{Settings: c.Desk.Settings(), Allowed: func(n workflows.Need) bool { return mayUse(c.Viewer, n, c.Request.When) }}
	if !c.inside() {
		h.Settings = todo.Settings{Default: h.Settings.Default}
		return h
	}
	h.Roles, h.Owners = c.Viewer.Book.RolesOf(c.Viewer.Person.ID, c.Request.When), c.Viewer.Book.Owners
	for id := range c.Viewer.Book.People {
		if id != c.Viewer.Person.ID {
			h.People = append(h.People, string(id))
		}
	}
	slices.Sort(h.People)
	return h
}

// offers are the lines that say what a command's parameters may name here.
func (h Here) offers(c Command) []string {
	var out []string
	add := func(what string, names []string) {
		const most = 40
		if len(names) > most {
			names = append(slices.Clone(names[:most]), "…")
		}
		if len(names) > 0 {
			out = append(out, what+": "+strings.Join(names, ", "))
		}
	}
	for _, p := range c.Params {
		switch p.Kind {
		case chat.KindTemplate:
			add("checklists here", h.Settings.Templates)
		case chat.KindCatalogue:
			add("the catalogue", release.CatalogueKeys())
		case chat.KindRole:
			var held []string
			for _, r := range h.Roles {
				held = append(held, r.String())
			}
			add("you hold", held)
		}
	}
	return out
}

// example makes an example of what there is here: a product and people that the configuration names.
func (h Here) example(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		switch {
		case len(h.Settings.Products) > 0 && strings.HasPrefix(w, "app@"):
			words[i] = string(h.Settings.Products[0]) + w[len("app"):]
		case w == "app" && len(h.Settings.Products) > 0:
			words[i] = string(h.Settings.Products[0])
		case strings.HasPrefix(w, "@") && len(h.People) > 0 && !slices.Contains(h.People, w[1:]):
			words[i] = "@" + h.People[i%len(h.People)]
		}
	}
	return strings.Join(words, " ")
}

// topic explains how something works; false for a word that is none.
func (h Here) topic(words []string) (chat.Reply, bool) {
	if len(words) != 1 || !slices.Contains(cards.Topics(), words[0]) {
		return chat.Reply{}, false
	}
	m := cards.Topic(words[0], h.Settings, h.Roles, h.Owners)
	return chat.Reply{Message: &m}, true
}

// more says what else help can be asked for.
func more() string {
	return fmt.Sprintf("More on each: %s help WORD · how it works: %s help %s", root, root, strings.Join(cards.Topics(), ", "))
}
