package commands

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Usage is a command in one line, drawn from its declaration: sign ITEM[,ITEM] [ok|block] [--as ROLE] [-- note].
func Usage(c Command) string {
	parts := slices.Clone(c.Path)
	for _, p := range c.positionals() {
		parts = append(parts, optional(p, shape(p)))
	}
	for _, p := range c.Params {
		switch {
		case p.Kind == chat.KindSwitch:
			parts = append(parts, optional(p, "--"+p.Name))
		case p.Option && p.Kind != chat.KindRest:
			parts = append(parts, optional(p, "--"+p.Name+" "+shape(p)))
		}
	}
	if p, ok := c.rest(); ok {
		hint := p.Hint
		if hint == "" {
			hint = p.Name
		}
		parts = append(parts, optional(p, "-- "+hint))
	}
	return strings.Join(parts, " ")
}

// maxUsage is how long a usage line may be for a refusal to show it whole.
const maxUsage = 120

// usageFor is what a refused line is answered with: the usage, or of a long one what is required and what was wrong.
func usageFor(c Command, err error) []string {
	if u := Usage(c); len(u) <= maxUsage {
		return []string{root + " " + u}
	}
	var w *Wrong
	errors.As(err, &w)
	short := c
	short.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p chat.Param) bool { return !p.Required && (w == nil || w.Param != p.Name) })
	return []string{root + " " + Usage(short) + " …", root + " help " + c.Name()}
}

func optional(p chat.Param, s string) string {
	if p.Required {
		return s
	}
	return "[" + s + "]"
}

// shape is how a parameter's value reads in a usage line.
func shape(p chat.Param) string {
	hint := p.Hint
	switch {
	case p.Kind == chat.KindChoice:
		return strings.Join(p.Choices, "|")
	case hint == "" && p.Kind == chat.KindPerson:
		hint = "@" + p.Name
	case hint == "" && p.Kind == chat.KindRole:
		hint = "ROLE"
	case hint == "":
		hint = strings.ToUpper(p.Name)
	}
	if p.Kind == chat.KindItems {
		hint += "[," + hint + "]"
	}
	return strings.Join(append([]string{hint}, p.Choices...), "|")
}

// Help answers help: with no topic what the asker may do here, else one command, one group of them, or how something
// works. A topic that there is not, or that is for others, is refused.
func (t Table) Help(topic string, h Here) (chat.Reply, error) {
	allowed := h.Allowed
	words := strings.Fields(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(topic), "/")))
	if len(words) > 0 && words[0] == "release" {
		words = words[1:]
	}
	if len(words) == 0 {
		return t.overview(allowed), nil
	}
	if c, _ := t.row(words...); c != nil && !c.Hidden {
		if !allowed(c.Needs) {
			return chat.Reply{}, notYours(c.Name(), c.Needs)
		}
		return chat.Reply{Message: describe(*c, h)}, nil
	}
	if reply, ok := h.topic(words); ok {
		return reply, nil
	}
	rows := t.group(words[0])
	switch {
	case len(rows) == 0:
		return chat.Reply{}, onHelp(t.unknown(words[0], ""))
	case len(words) > 1:
		return chat.Reply{}, onHelp(t.unknownIn(words[0], strings.Join(words[1:], " "), ""))
	}
	return groupHelp(words[0], rows, allowed)
}

// onHelp has who asked for help on a mistyped word ask for it on the nearest.
func onHelp(err error) error {
	var r *workflows.Refusal
	if errors.As(err, &r) && len(r.Nearest) > 0 {
		r.Next = []string{root + " help " + r.Nearest[0]}
	}
	return err
}

func notYours(what string, need workflows.Need) error {
	return workflows.Refuse(workflows.NotAllowed, what+" is for others").By(string(need)).Type(root + " help")
}

// overview lists the verbs with what they do, then each group in one line.
func (t Table) overview(allowed func(workflows.Need) bool) chat.Reply {
	m := &chat.Message{Title: "What you can do here"}
	var groups []string
	for _, c := range t {
		switch {
		case c.Hidden || !allowed(c.Needs):
		case len(c.Path) == 1:
			m.Lines = append(m.Lines, fmt.Sprintf("%s %s · %s", root, c.Path[0], c.Short))
		case !slices.Contains(groups, c.Path[0]):
			groups = append(groups, c.Path[0])
		}
	}
	for _, noun := range groups {
		var verbs []string
		for _, c := range t.group(noun) {
			if allowed(c.Needs) {
				verbs = append(verbs, c.Path[1])
			}
		}
		m.Lines = append(m.Lines, fmt.Sprintf("%s %s · %s", root, noun, strings.Join(verbs, ", ")))
	}
	m.Lines = append(m.Lines, more())
	return chat.Reply{Message: m}
}

func groupHelp(noun string, rows []*Command, allowed func(workflows.Need) bool) (chat.Reply, error) {
	m := &chat.Message{Title: noun}
	for _, c := range rows {
		if allowed(c.Needs) {
			m.Lines = append(m.Lines, fmt.Sprintf("%s %s · %s", root, Usage(*c), c.Short))
		}
	}
	if len(m.Lines) == 0 {
		return chat.Reply{}, notYours(noun, rows[0].Needs)
	}
	return chat.Reply{Message: m}, nil
}

// describe is the help on one command: how it is typed, what each parameter is and may name here, who may, examples.
func describe(c Command, h Here) *chat.Message {
	m := &chat.Message{Title: c.Name() + " · " + c.Short, Lines: []string{root + " " + Usage(c)}}
	for _, p := range c.Takes() {
		name := shape(p)
		switch {
		case p.Kind == chat.KindRest:
			name = "-- " + p.Name
		case p.Kind == chat.KindSwitch:
			name = "--" + p.Name
		case p.Option:
			name = "--" + p.Name + " " + shape(p)
		}
		if need, ok := c.Also[p.Name]; ok {
			name += " · for: " + string(need)
		}
		m.Lines = append(m.Lines, name+" · "+p.Short)
	}
	m.Lines = append(m.Lines, h.offers(c)...)
	if c.Needs != "" && c.Needs != workflows.Anyone {
		m.Lines = append(m.Lines, "for: "+string(c.Needs))
	}
	for _, e := range c.Examples {
		m.Lines = append(m.Lines, "e.g. "+root+" "+h.example(strings.TrimPrefix(e, root+" ")))
	}
	return m
}
