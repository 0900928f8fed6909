package commands

import (
	"errors"
	"slices"
	"strings"

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
	if len(near) > 0 && t.verb(near[0]) {
		return unknownCommand(word, near, strings.TrimSpace(root+" "+near[0]+" "+workflows.Display(strings.TrimSpace(rest), maxShown)))
	}
	return unknownCommand(word, near, root+" help")
}

// unknownTopic refuses what help was asked about.
func (t Table) unknownTopic(word string) error {
	err := t.unknown(word, "")
	if ref := new(workflows.Refusal); errors.As(err, &ref) && len(ref.Nearest) > 0 {
		ref.Next = nil
		return ref.Type(root + " help " + ref.Nearest[0])
	}
	return err
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

// verb reports whether a name is a whole command, so that what follows it may stay as it was typed.
func (t Table) verb(name string) bool {
	c, _ := t.row(strings.Fields(name)...)
	return c != nil
}

// unknownIn refuses the second word of a group.
func (t Table) unknownIn(noun, word string) error {
	var verbs []string
	for _, c := range t.group(noun) {
		verbs = append(verbs, c.Path[1])
	}
	near := workflows.Nearest(word, verbs, offered)
	for i, n := range near {
		near[i] = noun + " " + n
	}
	return unknownCommand(noun+" "+word, near, root+" help "+noun)
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
