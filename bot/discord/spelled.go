package discord

import (
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// spelled is a message with the commands in it as they are typed here. That is done once: what is spelled reads otherwise
// as a line.
func spelled(m chat.Message, spell func(string) string) chat.Message {
	return pressed(lines.Reworded(m, spell))
}

// byKey is how buttons with a key are typed elsewhere. There is no such command here, and nobody types a key who can press.
var byKey = regexp.MustCompile(`^typed: (confirm|undo) [^ ,]+( [^ ,·]+)?( · or: confirm [^ ,]+ no)?`)

// pressed is a message without that, where the buttons are there; until when something can be undone stays.
func pressed(m chat.Message) chat.Message {
	g := byKey.FindStringSubmatch(m.Small)
	if g == nil || !slices.ContainsFunc(m.Buttons, func(b chat.Button) bool { return strings.HasPrefix(b.Line, g[1]+" ") }) {
		return m
	}
	if m.Small = strings.TrimPrefix(m.Small[len(g[0]):], ", "); m.Small != "" {
		m.Small = g[1] + ": " + m.Small
	}
	return m
}
