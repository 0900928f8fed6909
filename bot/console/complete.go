package console

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// ways says how a line can go on from its end, and where in it what is offered begins.
func (c *Console) ways(ctx context.Context, text string) (at int, all []chat.Completion) {
	person, channel := c.Person, c.Channel
	rest := strings.TrimLeft(text, blanks)
	if word, after := cutWord(rest); strings.HasPrefix(word, "@") {
		if word == rest {
			return len(text) - len(rest), c.people(ctx, word)
		}
		person, rest = word[1:], after
	}
	if word, after := cutWord(rest); strings.HasPrefix(word, "#") {
		if word == rest {
			return len(text) - len(rest), begins(c.channels(), word)
		}
		channel, rest = word, after
	}
	at = len(text) - len(rest)
	switch {
	case person != c.Person && !c.Known(ctx, handle(person)) || !validChannel(channel):
		return at, nil // it would be refused
	case strings.HasPrefix(rest, "!"):
		n, all := c.shouts(handle(person), workflows.Place(Platform+"/"+channel), rest)
		return at + n, all
	case c.Complete == nil:
		return at, nil
	}
	if i := strings.LastIndexFunc(rest, unicode.IsSpace); i >= 0 {
		_, size := utf8.DecodeRuneInString(rest[i:])
		at += i + size
	}
	return at, c.Complete(ctx, chat.Request{By: handle(person), At: workflows.Place(Platform + "/" + channel), Text: rest, When: c.Clock.Now()})
}

// shouts completes the console's own words, and what stands behind them.
func (c *Console) shouts(who workflows.Handle, at workflows.Place, text string) (from int, all []chat.Completion) {
	word, arg := cutWord(text)
	if word == text {
		for _, v := range c.verbs() {
			all = append(all, chat.Completion{Text: v.name, Short: v.short, More: v.arg == ""})
		}
		return 0, begins(all, word)
	}
	from = len(text) - len(arg)
	last := arg[strings.LastIndexAny(arg, blanks)+1:]
	switch word {
	case "!press":
		all = begins(labels(c.Memory.visible(who, at)), arg)
	case "!show":
		all = begins(append(c.channels(), chat.Completion{Text: "@me", Short: "your direct messages"}), arg)
	case "!wait":
		if c.Clock.Simulated() {
			all = begins([]chat.Completion{{Text: "1h"}, {Text: "26h", Short: "into tomorrow"}, {Text: "3d"}, {Text: "7d"}}, arg)
		}
	case "!fill":
		if open, ok := c.forms[who]; ok && strings.Count(arg, `"`)%2 == 0 {
			from, all = len(text)-len(last), begins(fields(open.form, arg, last), last)
		}
	}
	return from, all
}

// fields are the keys of a form that are not filled yet; of the one whose value is being typed, its choices.
func fields(f chat.Form, arg, last string) []chat.Completion {
	var out []chat.Completion
	for _, field := range f.Fields {
		switch given := " " + arg; {
		case strings.HasPrefix(last, field.Key+"="):
			for _, choice := range field.Choices {
				out = append(out, chat.Completion{Text: field.Key + "=" + quote(choice)})
			}
		case !strings.Contains(given, " "+field.Key+"="):
			out = append(out, chat.Completion{Text: field.Key + "=", Short: field.Label, More: true})
		}
	}
	return out
}

// labels are those of the buttons in sight, each once, the newest first.
func labels(seen []message) []chat.Completion {
	var out []chat.Completion
	for _, m := range seen {
		for _, b := range m.Message.Buttons {
			if !slices.ContainsFunc(out, func(c chat.Completion) bool { return strings.EqualFold(c.Text, b.Label) }) {
				out = append(out, chat.Completion{Text: b.Label, Short: b.Line, More: true})
			}
		}
	}
	return out
}

// channels are those in which something stands, and the one where the typist is.
func (c *Console) channels() []chat.Completion {
	out := []chat.Completion{{Text: c.Channel, Short: "you are here"}}
	for _, name := range c.Memory.channels() {
		if name != c.Channel {
			out = append(out, chat.Completion{Text: name})
		}
	}
	return out
}

// people are those who can be spoken as.
func (c *Console) people(ctx context.Context, word string) []chat.Completion {
	if c.People == nil {
		return nil
	}
	var out []chat.Completion
	for _, p := range c.People(ctx) {
		out = append(out, chat.Completion{Text: "@" + p})
	}
	return begins(out, word)
}

// begins keeps what begins so, case aside, up to what can be shown.
func begins(all []chat.Completion, word string) []chat.Completion {
	all = slices.DeleteFunc(all, func(c chat.Completion) bool {
		return !strings.HasPrefix(strings.ToLower(c.Text), strings.ToLower(word))
	})
	return all[:min(len(all), chat.MaxCompletions)]
}

// complete puts what all ways on have in common in place of the word at the cursor; what is the only way is put there
// whole, with a blank behind it unless one is there or the word goes on. It gives the line and the cursor as they then
// are.
func complete(line string, at, cursor int, all []chat.Completion) (string, int) {
	if len(all) == 0 {
		return line, cursor
	}
	text := all[0].Text
	for _, c := range all[1:] {
		text = common(text, c.Text)
	}
	switch typed := line[at:cursor]; {
	case len(all) == 1 && !all[0].More && !strings.HasPrefix(line[cursor:], " "):
		text += " "
	case len(all) > 1 && (len(text) < len(typed) || !strings.EqualFold(text[:len(typed)], typed)):
		return line, cursor // they have less in common than what was typed
	}
	return line[:at] + text + line[cursor:], at + len(text)
}

// common is how two texts both begin.
func common(a, b string) string {
	for i, r := range a {
		if !strings.HasPrefix(b[min(i, len(b)):], string(r)) {
			return a[:i]
		}
	}
	return a
}
