package commands

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// Typed are the commands as a typed tree declares them: every listed row with all that it takes, what is required first.
// What a form asks for when it is missing may be left out there too.
func (t Table) Typed() []chat.Command {
	var out []chat.Command
	for _, c := range t {
		if c.Hidden {
			continue
		}
		row := chat.Command{Path: slices.Clone(c.Path), Short: c.Short, Params: c.Takes()}
		for i := range row.Params {
			p := &row.Params[i]
			p.Required = p.Required && c.Form == nil
			p.Offered = completes(*p)
		}
		out = append(out, row)
	}
	return out
}

// completes reports whether there are values to offer for a parameter, see typing.values.
func completes(p chat.Param) bool {
	switch p.Kind {
	case chat.KindRelease, chat.KindNew, chat.KindItem, chat.KindTemplate, chat.KindCatalogue, chat.KindFlag, chat.KindEnv, chat.KindPerson,
		chat.KindRole, chat.KindDate, chat.KindSince, chat.KindWord:
		return true
	case chat.KindItems:
		return !p.Option || listsReleases(p) || listsPeople(p)
	}
	return len(p.Choices) > 0
}

// A list that is an option says in its hint what it lists.

func listsReleases(p chat.Param) bool { return p.Hint == relParam.Hint }

func listsPeople(p chat.Param) bool { return strings.Contains(p.Hint, "@") }
