package embeds

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

const (
	maxLabel   = 80  // of a button
	maxOption  = 100 // of an option of a list
	maxOptions = 25
	rowOf      = 5  // buttons in a row
	someOf     = 10 // buttons that stand side by side; of more there is a list, which a phone has room for
	maxLists   = 4  // on a page; the fifth row is for the way to all of it

	ours     = "rr:" // what all ids begin with that are no lines
	listID   = ours + "sel:"
	choose   = "Choose…"
	andSoOn  = "Choose… (%d to %d of %d)"
	allOfIt  = "All of it"
	maxTwins = 1000
)

// Pressable reports whether a button of Discord's can carry what one says, and give it back unchanged.
func Pressable(b chat.Button) bool {
	v := b.Value()
	return v != "" && len(v) <= chat.MaxLine && utf8.ValidString(v) && lines.OneLine(v) == v && strings.TrimSpace(v) == v && !strings.HasPrefix(v, ours)
}

// distinct leaves out what is there twice, word for word: pressing either does the same.
func distinct(all []chat.Button) []chat.Button {
	var out []chat.Button
	seen := map[chat.Button]bool{}
	for _, b := range all {
		if !seen[b] {
			out = append(out, b)
		}
		seen[b] = true
	}
	return out
}

// Pressed reads a press back, or a choice from a list: the line that it stands for. ok is false for what is none of ours.
func Pressed(customID string, values []string) (line string, ok bool) {
	if strings.HasPrefix(customID, listID) {
		if len(values) != 1 {
			return "", false
		}
		customID = values[0]
	}
	number, rest, twin := strings.Cut(strings.TrimPrefix(customID, ours), ":")
	if strings.HasPrefix(customID, ours) {
		if _, err := strconv.ParseUint(number, 10, 16); err != nil || !twin {
			return "", false
		}
		customID = rest
	}
	return customID, strings.TrimSpace(customID) != "" && !strings.HasPrefix(customID, ours)
}

// ids gives each button of a page an id of its own: its line, and where another one says the same, the line with a number.
type ids map[string]bool

func (taken ids) of(b chat.Button) (id string, ok bool) {
	id = b.Value()
	for n := 1; taken[id] && n < maxTwins; n++ {
		id = fmt.Sprintf("%s%d:%s", ours, n, b.Value())
	}
	if taken[id] || len(id) > chat.MaxLine {
		return "", false
	}
	taken[id] = true
	return id, true
}

// onePage is as many buttons as one page takes.
func onePage(all []chat.Button) []chat.Button { return all[:min(len(all), maxLists*maxOptions)] }

// components draws the buttons of a page: side by side, or as lists where there are many. The way to all of it stands
// below a list.
func components(all []chat.Button) []discordgo.MessageComponent {
	taken := ids{}
	if len(all) <= someOf {
		return rows(all, taken)
	}
	rest := []chat.Button(nil)
	if last := len(all) - 1; all[last].Label == allOfIt {
		all, rest = all[:last], all[last:]
	}
	var out []discordgo.MessageComponent
	from := 0
	for part := range slices.Chunk(all, maxOptions) {
		hint := choose
		if len(all) > maxOptions {
			hint = fmt.Sprintf(andSoOn, from+1, from+len(part), len(all))
		}
		if list, ok := list(part, fmt.Sprintf("%s%d", listID, len(out)), hint, taken); ok {
			out = append(out, discordgo.ActionsRow{Components: []discordgo.MessageComponent{list}})
		}
		from += len(part)
	}
	return append(out, rows(rest, taken)...)
}

func rows(all []chat.Button, taken ids) []discordgo.MessageComponent {
	var drawn, out []discordgo.MessageComponent
	for _, b := range all {
		if id, ok := taken.of(b); ok {
			drawn = append(drawn, discordgo.Button{Label: label(b, maxLabel), CustomID: id, Style: style(b, all)})
		}
	}
	for row := range slices.Chunk(drawn, rowOf) {
		out = append(out, discordgo.ActionsRow{Components: row})
	}
	return out
}

func list(all []chat.Button, id, hint string, taken ids) (discordgo.SelectMenu, bool) {
	l := discordgo.SelectMenu{MenuType: discordgo.StringSelectMenu, CustomID: id, Placeholder: hint}
	for _, b := range all {
		if value, ok := taken.of(b); ok {
			l.Options = append(l.Options, discordgo.SelectMenuOption{Label: label(b, maxOption), Value: value})
		}
	}
	return l, len(l.Options) > 0
}

func label(b chat.Button, limit int) string {
	if s := strings.TrimSpace(lines.OneLine(b.Label)); s != "" {
		return lines.Cut(s, limit, lines.Units)
	}
	return lines.Cut(b.Value(), limit, lines.Units)
}

func style(b chat.Button, all []chat.Button) discordgo.ButtonStyle {
	switch lines.WeightOf(b, all) {
	case lines.Dangerous:
		return discordgo.DangerButton
	case lines.Next:
		return discordgo.PrimaryButton
	}
	return discordgo.SecondaryButton
}
