package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// root is how every line begins where people read it; typing it is optional.
const root = "/release"

// Command is one row of the table. A row has a Wish when it changes something, and a Show when it only shows.
type Command struct {
	chat.Command
	Needs    workflows.Need            // who may; for a Show, checked before it runs; for a Wish, the wish itself says it again
	Also     map[string]workflows.Need // a switch that makes another act of it, which needs this instead: "break-glass"
	Private  bool                      // what it answers is for the asker alone, also where others follow
	Hidden   bool                      // typed by buttons and small print only: works, but is not listed
	Examples []string                  // lines that parse, shown in help
	Aliases  []Alias                   // other words for it, in text only
	Wish     func(Args) (workflows.Intent, error)
	Show     func(context.Context, *Call) (chat.Reply, error)
	Form     func(context.Context, *Call) (chat.Reply, error)                    // asks for the required parameters that are missing
	Wants    func(context.Context, *Call) []string                               // what a press must still ask for, given what it says
	Done     func(context.Context, *Call, workflows.Receipt) (chat.Reply, error) // words what a Wish did, or would do
}

// Alias is another word for a row. The one with an empty path is what a bare /release does.
type Alias struct {
	Path  []string
	Given map[string]string // parameters it stands for: "unsign" is sign with {"vote": "withdraw"}
}

// Table is the whole grammar. The first listed row of a group is what the group's noun means alone.
type Table []Command

// The names of the parameters that the parser itself understands.
const (
	relName    = "rel"
	dryName    = "dry-run"
	asName     = "as"
	publicName = "public"
)

var (
	relParam = chat.Param{Name: relName, Kind: chat.KindRelease, Short: "which release", Option: true, Hint: "RELEASE"}
	dryParam = chat.Param{Name: dryName, Kind: chat.KindSwitch, Short: "only show what would change", Option: true}
)

// Takes lists every parameter of the command, the general ones included, the required ones first: the order in which
// a typed tree declares them.
func (c Command) Takes() []chat.Param {
	all := slices.Clone(c.Params)
	if !slices.ContainsFunc(c.Params, func(p chat.Param) bool { return p.Kind == chat.KindNew }) {
		all = append(all, relParam) // what is still to be made cannot be selected
	}
	if c.Wish != nil {
		all = append(all, dryParam)
	}
	slices.SortStableFunc(all, func(a, b chat.Param) int {
		switch {
		case a.Required && !b.Required:
			return -1
		case b.Required && !a.Required:
			return 1
		}
		return 0
	})
	return all
}

// Name is the command's path as typed.
func (c Command) Name() string { return strings.Join(c.Path, " ") }

func (c Command) param(name string) (chat.Param, bool) {
	all := c.Takes()
	i := slices.IndexFunc(all, func(p chat.Param) bool { return p.Name == name })
	if i < 0 {
		return chat.Param{}, false
	}
	return all[i], true
}

// positionals are the parameters that stand in order, without a name.
func (c Command) positionals() []chat.Param {
	return slices.DeleteFunc(slices.Clone(c.Params), func(p chat.Param) bool {
		return p.Option || p.Kind == chat.KindRest || p.Kind == chat.KindSwitch
	})
}

// rest is the parameter that takes what follows the dashes.
func (c Command) rest() (chat.Param, bool) {
	i := slices.IndexFunc(c.Params, func(p chat.Param) bool { return p.Kind == chat.KindRest })
	if i < 0 {
		return chat.Param{}, false
	}
	return c.Params[i], true
}

// row finds the row at a path, by its own name or else by an alias, with what the alias stands for.
func (t Table) row(path ...string) (*Command, map[string]string) {
	for i := range t {
		if slices.Equal(t[i].Path, path) {
			return &t[i], nil
		}
	}
	for i := range t {
		for _, a := range t[i].Aliases {
			if slices.Equal(a.Path, path) {
				return &t[i], a.Given
			}
		}
	}
	return nil, nil
}

// group lists the rows of a noun that people may see.
func (t Table) group(noun string) []*Command {
	var rows []*Command
	for i := range t {
		if len(t[i].Path) == 2 && t[i].Path[0] == noun && !t[i].Hidden {
			rows = append(rows, &t[i])
		}
	}
	return rows
}

// Begins reports whether a line that people write begins with a word: a row's own, or an alias's.
func (t Table) Begins(word string) bool {
	return slices.ContainsFunc(t, func(c Command) bool {
		return c.Path[0] == word || slices.ContainsFunc(c.Aliases, func(a Alias) bool { return len(a.Path) > 0 && a.Path[0] == word })
	})
}

// Reserved reports whether a word of the grammar, a stage or a gate bears this name: no product can be called so, or
// lines would read two ways.
func (t Table) Reserved(name string) bool {
	switch name {
	case "release", "ready", "done", string(workflows.Before), string(workflows.Preview), string(workflows.Between),
		string(workflows.GA), string(workflows.Closed):
		return true
	}
	return t.Begins(name)
}
