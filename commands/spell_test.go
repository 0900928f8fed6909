package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
)

// TestSpelledIsTyped: for every row of the grammar, what its usage and its examples are in Discord's words names a command
// that is drawn there, and options that it declares; an example comes to the same when its options are filled in so.
func TestSpelledIsTyped(t *testing.T) {
	typed := All.Typed()
	all := tree.Commands(typed, tree.Options{})
	for _, c := range All {
		if c.Hidden {
			continue
		}
		for _, line := range append([]string{Usage(c)}, c.Examples...) {
			line = root + " " + strings.TrimPrefix(line, root+" ")
			got := tree.SpellLine(typed, line)
			if !drawnAs(all, got) {
				t.Errorf("%q is spelled %q, which is not drawn", line, got)
			}
			row, values := spelled(typed, got)
			if line == root+" "+Usage(c) {
				if len(values) != len(c.Params) {
					t.Errorf("%q is spelled %q: %d options of %d", line, got, len(values), len(c.Params))
				}
				continue
			}
			ctx := Context{Now: noon, Products: func(s string) bool { return s == "app" }}
			want, err := All.Parse(line, ctx)
			ctx.Values = values
			is, no := All.Parse(root+" "+strings.Join(row.Path, " "), ctx)
			if err != nil || no != nil || is.Args.Line != want.Args.Line {
				t.Errorf("%q is spelled %q, which is %q, want %q: %v %v", line, got, is.Args.Line, want.Args.Line, err, no)
			}
		}
	}
}

// drawnAs reports whether a line begins with a command that is drawn.
func drawnAs(all []tree.Command, line string) bool {
	words := strings.Fields(strings.TrimPrefix(line, "/"))
	i := slices.IndexFunc(all, func(c tree.Command) bool { return c.Name == words[0] })
	if i < 0 {
		return false
	}
	options := all[i].Options
	for _, w := range words[1:] {
		at := slices.IndexFunc(options, func(o tree.Option) bool { return o.Name == w })
		if at < 0 {
			return false
		}
		if options[at].Type == discordgo.ApplicationCommandOptionSubCommand {
			return true
		}
		options = options[at].Options
	}
	return false
}

// spelled reads a line as Discord's commands are typed: the row that it names, and its values; none where a word is of none.
func spelled(typed []chat.Command, line string) (row chat.Command, values map[string]string) {
	words := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(line, "/"), "release "))
	for n := min(2, len(words)); n > 0 && row.Path == nil; n-- {
		if i := slices.IndexFunc(typed, func(c chat.Command) bool { return slices.Equal(c.Path, words[:n]) }); i >= 0 {
			row, words = typed[i], words[n:]
		}
	}
	values = map[string]string{}
	last := ""
	for _, w := range words {
		name, value, ok := strings.Cut(strings.Trim(w, "[]"), ":")
		switch {
		case ok && slices.ContainsFunc(row.Params, func(p chat.Param) bool { return p.Name == name }):
			last, values[name] = name, strings.Replace(value, "True", "true", 1)
		case last == "":
			return row, nil
		default:
			values[last] += " " + w
		}
	}
	return row, values
}
