package release

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Select finds the item that a person means: its whole name, else a beginning, else a whole word inside; the next gate
// is searched before the others ahead, those before what was passed. Line is the verb that a refusal proposes again: "sign".
func (r Release) Select(word string, f Facts, verb string) (Gate, Item, error) {
	gates := slices.Concat(r.Gates[r.Passed:], r.Gates[:r.Passed])
	ahead := max(1, len(r.Gates)-r.Passed)
	for _, match := range []func(Gate, Item, string) bool{whole, begins, inside} {
		for _, scope := range [][]Gate{gates[:1], gates[:ahead], gates} {
			switch found := matching(scope, word, match); {
			case len(found) == 1:
				g, i, _ := r.find(found[0])
				return g, i, nil
			case len(found) > 1:
				ref := workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%s may be %s", workflows.Display(word, 40), strings.Join(found, " or ")))
				for _, full := range found {
					ref.Type(f.line(verb, full))
				}
				return Gate{}, Item{}, ref
			}
		}
	}
	return Gate{}, Item{}, r.unknownItem(word, f, verb)
}

func matching(gates []Gate, word string, match func(Gate, Item, string) bool) []string {
	var out []string
	for _, g := range gates {
		for _, i := range g.Items {
			if match(g, i, word) {
				out = append(out, g.Full(i))
			}
		}
	}
	return out
}

func whole(g Gate, i Item, word string) bool { return word == i.Key || word == g.Full(i) }

func begins(g Gate, i Item, word string) bool {
	return strings.HasPrefix(i.Key, word) || strings.HasPrefix(g.Full(i), word) && strings.Contains(word, "/")
}

func inside(_ Gate, i Item, word string) bool {
	return slices.Contains(strings.Split(i.Key, "-"), word)
}

func (r Release) unknownItem(word string, f Facts, verb string) *workflows.Refusal {
	var keys []string
	for _, g := range r.Gates {
		for _, i := range g.Items {
			keys = append(keys, i.Key)
		}
	}
	near := workflows.Nearest(word, keys, 3)
	ref := workflows.Refuse(workflows.UnknownItem, "")
	if len(near) == 0 {
		ref.Why = fmt.Sprintf("%s has no item %s", r.ID.Name(), workflows.Display(word, 40))
		return ref.Type(f.line("item list"))
	}
	ref.Nearest = near
	return ref.Type(f.line(verb, near[0]))
}

// whole has the lines that a refused word proposes say all the rest of what was typed, too: the other items, the vote, and
// that it needs a note.
func (s Sign) whole(err error, at int, f Facts) error {
	var no *workflows.Refusal
	if !errors.As(err, &no) {
		return err
	}
	for n, line := range no.Next {
		meant, ok := strings.CutPrefix(line, f.line("sign")+" ")
		if !ok {
			continue
		}
		items := slices.Clone(s.Items)
		items[at] = meant
		no.Next[n] = f.line("sign", strings.Join(items, ","))
		if s.Value != OK {
			no.Next[n] += " " + string(s.Value)
		}
		if s.Value != OK && s.Value != Withdraw {
			no.Next[n] += " -- …"
		}
	}
	return no
}
