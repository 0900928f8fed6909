package commands

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// offered is how many names a mistyped word is answered with.
const offered = 3

// words lists the first words of the rows that people may see, each once, in the table's order.
func (t Table) words() []string {
	var names []string
	for _, c := range t {
		if !c.Hidden && !slices.Contains(names, c.Path[0]) {
			names = append(names, c.Path[0])
		}
	}
	return names
}

// unknown refuses a first word. A verb that was typed without its noun counts as the nearest of all.
func (t Table) unknown(word, rest string) error {
	var near []string
	for _, c := range t {
		if len(c.Path) == 2 && c.Path[1] == strings.ToLower(word) && !c.Hidden && len(near) < offered {
			near = append(near, c.Name())
		}
	}
	near = append(near, workflows.Nearest(word, t.words(), offered-len(near))...)
	if len(near) == 0 { // a verb misspelt, without its noun
		near = t.verbsLike(word)
	}
	return unknownCommand(word, near, t.meant(near, rest, root+" help"))
}

// meant is the line that a mistyped one was probably meant to be: with the nearest name in its place, and what followed
// as it was typed. Where that is no whole line, the help on the name is next; without a name, what is known instead.
func (t Table) meant(near []string, rest, instead string) string {
	if len(near) == 0 {
		return instead
	}
	c, _ := t.row(strings.Fields(near[0])...)
	if verb := strings.Fields(rest); c == nil && len(verb) > 0 { // of a group, whose noun was misspelt
		c, _ = t.row(near[0], verb[0])
	}
	switch rest = strings.TrimSpace(rest); {
	case c != nil && rest != "":
		return root + " " + near[0] + " " + workflows.Display(rest, maxShown)
	case c != nil && !c.asks():
		return root + " " + near[0]
	}
	return root + " help " + near[0]
}

// asks reports whether a command is nothing without a word more.
func (c Command) asks() bool {
	return slices.ContainsFunc(c.Params, func(p chat.Param) bool { return p.Required && c.Form == nil })
}

// verbsLike are the commands of groups whose verb a word may have meant.
func (t Table) verbsLike(word string) []string {
	var verbs []string
	for _, c := range t {
		if len(c.Path) == 2 && !c.Hidden {
			verbs = append(verbs, c.Path[1])
		}
	}
	var out []string
	for _, v := range workflows.Nearest(word, verbs, 1) {
		for _, c := range t {
			if len(c.Path) == 2 && c.Path[1] == v && !c.Hidden && len(out) < offered {
				out = append(out, c.Name())
			}
		}
	}
	return out
}

// unknownIn refuses the second word of a group.
func (t Table) unknownIn(noun, word, rest string) error {
	var verbs []string
	for _, c := range t.group(noun) {
		verbs = append(verbs, c.Path[1])
	}
	near := workflows.Nearest(word, verbs, offered)
	for i, n := range near {
		near[i] = noun + " " + n
	}
	return unknownCommand(noun+" "+word, near, t.meant(near, rest, root+" help "+noun))
}

// unknownCommand lets the nearest names speak for themselves; only where there are none it says why.
func unknownCommand(said string, near []string, next string) error {
	if len(near) == 0 {
		return workflows.Refuse(workflows.UnknownCommand, "there is no command "+workflows.Display(said, maxShown)).Type(next)
	}
	ref := workflows.Refuse(workflows.UnknownCommand, "").Type(next)
	ref.Nearest = near
	return ref
}

func nearestText(near []string) string { return "Nearest: " + strings.Join(near, ", ") }
