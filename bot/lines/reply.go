package lines

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Cards say in one line what, why, who can and what next, and write next steps as lines to type. On a phone a no is read
// more easily in several lines; a step that only shows something is a button; and in threads, where Slack takes no
// commands, a line is said to the bot by its name.

// InLines lays a no out: what and why, who can, what next, each in a line of its own.
func InLines(m chat.Message, no *workflows.Refusal) chat.Message {
	if len(m.Lines) > 0 {
		return m
	}
	said, who, next := m.Title, " · can: "+strings.Join(no.Who, ", "), " → "+strings.Join(no.Next, " · ")
	var lines []string
	if rest, ok := strings.CutSuffix(said, next); ok && len(no.Next) > 0 {
		said, lines = rest, append(lines, strings.TrimSpace(next))
	}
	if rest, ok := strings.CutSuffix(said, who); ok && len(no.Who) > 0 {
		said, lines = rest, append([]string{strings.TrimPrefix(who, " · ")}, lines...)
	}
	if len(lines) == 0 {
		return m
	}
	m.Title, m.Lines = "", append([]string{said}, lines...)
	return m
}

// shows are the lines that only show something, complete as they stand: a word in capitals or in brackets is to be
// filled in.
var shows = regexp.MustCompile(`^/release ((?:check|status|list|todo|help|item show|scope list|notes show|brief show|flag list|flag show|rollback plan)(?: [a-z0-9][A-Za-z0-9._/@-]*){0,2})$`)

// maxSteps is how many next steps of a no are buttons.
const maxSteps = 3

// Steps are buttons for those next steps of a no that change nothing.
func Steps(no *workflows.Refusal) []chat.Button {
	var out []chat.Button
	for _, line := range no.Next {
		if g := shows.FindStringSubmatch(line); g != nil && len(out) < maxSteps {
			label := []rune(g[1])
			label[0] = unicode.ToUpper(label[0])
			out = append(out, chat.Button{Label: string(label), Line: g[1]})
		}
	}
	return out
}

// hint is a command as a card tells people to type it.
var hint = regexp.MustCompile(`(^|^e\.g\. |→ |· |: )/release\b`)

// Name is what the bot is called in lines that are said to it.
const Name = "@readyroom"

// SaidByName has a message say its lines to the bot by name.
func SaidByName(m chat.Message) chat.Message { return Reworded(m, ByName) }

// ByName says the lines of a text to the bot by name.
func ByName(s string) string { return hint.ReplaceAllString(s, "${1}"+Name) }

// Reworded is a message in other words: its title, its small print, and each of its lines but for those that were
// approved word for word.
func Reworded(m chat.Message, words func(string) string) chat.Message {
	m.Title, m.Small = words(m.Title), words(m.Small)
	if m.Verbatim {
		return m
	}
	lines := m.Lines
	m.Lines = nil
	for _, l := range lines {
		m.Lines = append(m.Lines, words(l))
	}
	return m
}

// Answer is what of a reply is shown; ok is false where there is nothing to say.
func Answer(r chat.Reply) (m chat.Message, ok bool) {
	switch {
	case r.Message != nil:
		m = *r.Message
		if r.Refusal != nil {
			m = InLines(m, r.Refusal)
		}
	case r.Refusal != nil:
		m = chat.Message{Title: r.Refusal.Error()}
	case len(r.Choices) == 0 || r.Posted:
		return m, false
	}
	buttons := m.Buttons
	m.Buttons = nil
	m.Buttons = append(m.Buttons, buttons...)
	for _, c := range r.Choices {
		m.Buttons = append(m.Buttons, chat.Button{Label: c.Label, Line: c.Line})
	}
	if len(m.Buttons) == 0 && r.Refusal != nil {
		m.Buttons = Steps(r.Refusal)
	}
	return m, true
}
