package commands

import (
	"fmt"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/discord/tree"
)

// The limits of Discord's application commands.
const (
	commandsAServer = 100
	entriesALevel   = 25
	charsACommand   = 8000
)

// tree holds the typed commands, as they are drawn, to Discord's limits.
func (l *limits) tree(all []tree.Command) {
	if len(all) > commandsAServer {
		l.fault("there are %d typed commands, more than %d", len(all), commandsAServer)
	}
	for _, c := range all {
		if c.Type != discordgo.ChatApplicationCommand {
			if n := utf8.RuneCountInString(c.Name); n < 1 || n > 32 || c.Description != "" || len(c.Options) > 0 {
				l.fault("%q in the menu of a message has %d characters, a description, or options", c.Name, n)
			}
			continue
		}
		l.word("/"+c.Name, c.Name)
		l.describe("/"+c.Name, c.Description)
		chars := utf8.RuneCountInString(c.Name+c.Description) + l.level("/"+c.Name, 0, c.Options)
		if chars > charsACommand {
			l.fault("/%s counts %d characters, more than %d", c.Name, chars, charsACommand)
		}
	}
}

// level checks the options that stand together below one of a type (0: right below the command), and all below them. It
// counts their characters.
func (l *limits) level(where string, above discordgo.ApplicationCommandOptionType, all []tree.Option) (chars int) {
	if len(all) > entriesALevel {
		l.fault("%s has %d entries, more than %d", where, len(all), entriesALevel)
	}
	optional, seen := false, map[string]bool{}
	for _, o := range all {
		at := where + " " + o.Name
		l.word(at, o.Name)
		l.describe(at, o.Description)
		switch {
		case seen[o.Name]:
			l.fault("%s is there twice", at)
		case !stands(o, above):
			l.fault("%s, of type %d, does not stand below type %d as it is", at, o.Type, above)
		case o.Required && optional:
			l.fault("%s is required behind what is not", at)
		case o.Autocomplete && len(o.Choices) > 0, len(o.Choices) > choicesAParam:
			l.fault("%s has %d choices; completed: %v", at, len(o.Choices), o.Autocomplete)
		}
		seen[o.Name], optional = true, optional || !o.Required
		chars += utf8.RuneCountInString(o.Name+o.Description) + l.choices(at, o.Choices) + l.level(at, o.Type, o.Options)
	}
	return chars
}

// stands reports whether an option is where its type may be, with what may be said of it: verbs and groups of them below
// the command, verbs below a group, and parameters below a verb, with nothing below them.
func stands(o tree.Option, above discordgo.ApplicationCommandOptionType) bool {
	const verb, group = discordgo.ApplicationCommandOptionSubCommand, discordgo.ApplicationCommandOptionSubCommandGroup
	switch bare := !o.Required && !o.Autocomplete && len(o.Choices) == 0; o.Type {
	case group:
		return above == 0 && bare && len(o.Options) > 0
	case verb:
		return (above == 0 || above == group) && bare
	case discordgo.ApplicationCommandOptionString:
		return above == verb && len(o.Options) == 0
	case discordgo.ApplicationCommandOptionBoolean:
		return above == verb && len(o.Options) == 0 && len(o.Choices) == 0 && !o.Autocomplete
	}
	return false
}

// choices counts the characters of what a parameter may be.
func (l *limits) choices(where string, all []tree.Choice) (chars int) {
	for _, c := range all {
		value := utf8.RuneCountInString(fmt.Sprint(c.Value))
		if n := utf8.RuneCountInString(c.Name); n < 1 || n > description || value < 1 || value > description {
			l.fault("the choice %q of %s has %d characters, its value %d", c.Name, where, n, value)
		}
		chars += utf8.RuneCountInString(c.Name) + value
	}
	return chars
}
