package tree

import (
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// Options say how the commands are drawn.
type Options struct {
	Everyone bool // every member sees them, not only who may manage the server
}

// The commands in the menu of a message. What stands behind them says menu.go.
const (
	AddToRelease = "Add to release"
	Acknowledge  = "Acknowledge"
)

// about describes /release. Groups and the other commands are described by their verbs.
const about = "Releases: what is ready, what is missing, whose turn it is"

// manageServer is the permission that a member needs to see the commands, as bits. It only says who is shown them, and
// administrators may change it: who may do what is decided elsewhere, each time.
const manageServer = "32"

// Commands draws the rows as Discord's commands: /release first, then the nouns of their own in the order of the rows,
// then what is offered in the menu of a message. Rows of more than two words have no place there.
func Commands(rows []chat.Command, o Options) []Command {
	all := []Command{bare(root, discordgo.ChatApplicationCommand, o)}
	all[0].Description = about
	for _, row := range rows {
		at, ok := placed(row.Path)
		if !ok {
			continue
		}
		i := slices.IndexFunc(all, func(c Command) bool { return c.Name == at.top })
		if i < 0 {
			i = len(all)
			all = append(all, bare(at.top, discordgo.ChatApplicationCommand, o))
		}
		into := &all[i].Options
		if at.group != "" {
			into = &group(into, at.group).Options
		}
		*into = append(*into, verb(at.verb, row))
	}
	for i := range all {
		describe(&all[i].Description, all[i].Options)
		for n := range all[i].Options {
			describe(&all[i].Options[n].Description, all[i].Options[n].Options)
		}
	}
	for _, name := range []string{AddToRelease, Acknowledge} {
		all = append(all, bare(name, discordgo.MessageApplicationCommand, o))
	}
	return all
}

// bare is a command in which nothing stands yet.
func bare(name string, kind discordgo.ApplicationCommandType, o Options) Command {
	c := Command{Type: kind, Name: name, Contexts: []int{int(discordgo.InteractionContextGuild)},
		Installs: []int{int(discordgo.ApplicationIntegrationGuildInstall)}}
	if !o.Everyone {
		needed := manageServer
		c.Permissions = &needed
	}
	return c
}

// group finds or makes a group of verbs.
func group(in *[]Option, name string) *Option {
	i := slices.IndexFunc(*in, func(o Option) bool { return o.Name == name })
	if i < 0 {
		i = len(*in)
		*in = append(*in, Option{Type: discordgo.ApplicationCommandOptionSubCommandGroup, Name: name})
	}
	return &(*in)[i]
}

// describe says of what has no words of its own which verbs it has.
func describe(text *string, verbs []Option) {
	if *text != "" {
		return
	}
	var names []string
	for _, v := range verbs {
		names = append(names, v.Name)
	}
	*text = strings.Join(names, ", ")
}

// verb draws one row, what it requires first, as Discord wants it.
func verb(name string, row chat.Command) Option {
	out := Option{Type: discordgo.ApplicationCommandOptionSubCommand, Name: name, Description: row.Short}
	for _, p := range row.Params {
		o := Option{Type: typeOf(p), Name: p.Name, Description: p.Short, Required: p.Required, Autocomplete: completed(p)}
		if chosen(p) {
			for _, c := range p.Choices {
				o.Choices = append(o.Choices, Choice{Name: c, Value: c})
			}
		}
		out.Options = append(out.Options, o)
	}
	slices.SortStableFunc(out.Options, func(a, b Option) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return out
}
