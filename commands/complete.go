package commands

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// maxShort is how many runes say what is offered: Discord's limit for a choice.
const maxShort = 100

// Around is what there is to complete with: who asks, and what things are called. A Desk is one.
type Around interface {
	Who(context.Context, workflows.Handle) (todo.Viewer, error)
	IsProduct(ctx context.Context, name string) (bool, error)
	Rows(ctx context.Context, key string) ([]release.Row, error)
	Release(context.Context, workflows.Selectors, workflows.Place) (release.Release, error)
	Flags(context.Context, workflows.ReleaseID) ([]flag.Flag, error)
	Environments(workflows.Product) []workflows.Environment
	Settings() todo.Settings
}

// Completer completes lines of the grammar. Every mouth that completes calls it.
func Completer(a Around) chat.Completer {
	return func(ctx context.Context, r chat.Request) []chat.Completion { return All.Complete(ctx, a, r) }
}

// Complete offers ways on from the end of a request's text, or values of the parameter in its focus, to whoever types it,
// the best first. What cannot be read now is not offered.
func (t Table) Complete(ctx context.Context, a Around, r chat.Request) []chat.Completion {
	text, why := clean("the line", r.Text, maxText)
	if why != "" {
		return nil
	}
	viewer, err := a.Who(ctx, r.By)
	if err != nil {
		return nil
	}
	known := func(name string) bool {
		is, err := a.IsProduct(ctx, name)
		return err == nil && is
	}
	line := &typing{table: t, around: a, request: r, viewer: viewer, parse: Context{Now: r.When, Zone: viewer.Zone, Products: known}}
	if r.Focus != "" {
		return line.focused(ctx)
	}
	head, word := cutLast(text)
	if first, _ := utf8.DecodeRuneInString(word); quotes[first] != "" {
		return nil // what is quoted is free text
	}
	line.word = word
	return line.on(ctx, unwrap(head))
}

// cutLast cuts a line before its last word, which is empty behind white space.
func cutLast(text string) (head, word string) {
	at := strings.LastIndexFunc(text, unicode.IsSpace)
	if at >= 0 {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	at = max(at, 0)
	return text[:at], text[at:]
}

// typing is one line that somebody is typing.
type typing struct {
	table   Table
	around  Around
	request chat.Request
	viewer  todo.Viewer
	parse   Context
	word    string // at the cursor
}

// on says how the line can go on. Head is what stands before the word at the cursor.
func (t *typing) on(ctx context.Context, head string) []chat.Completion {
	noun, words, ok := t.begun(head)
	switch {
	case !ok:
		return nil
	case words == 0 && t.word == "":
		return atMost(t.firstWords(noun == ""))
	case words == 0:
		bare, _ := t.table.row()
		return atMost(t.begins(t.firstWords(noun == "")), t.parameters(ctx, bare, nil, &scanner{text: ""}))
	case words == 1 && len(t.table.group(noun)) > 0:
		return atMost(t.begins(t.verbs(noun)), t.parameters(ctx, t.table.group(noun)[0], nil, &scanner{text: ""}))
	}
	sc := &scanner{text: head}
	row, given, err := t.table.find(sc, t.parse)
	if err != nil {
		return nil
	}
	return atMost(t.parameters(ctx, row, given, sc))
}

// begun says how many words of a command stand before the cursor, two for more, and which is the first.
func (t *typing) begun(head string) (first string, n int, ok bool) {
	sc := &scanner{text: head}
	for {
		w, err := sc.next(nil)
		switch name := commandWord(w); {
		case err != nil:
			return "", 0, false
		case w.kind == atEnd:
			return first, n, true
		case n == 0 && first == "" && name == "release":
			first = name
		case n == 1:
			return first, 2, true
		default:
			first, n = name, 1
		}
	}
}

// atMost joins what is offered, each text once, up to what can be shown.
func atMost(lists ...[]chat.Completion) []chat.Completion {
	var out []chat.Completion
	for _, c := range slices.Concat(lists...) {
		if len(out) < chat.MaxCompletions && !slices.ContainsFunc(out, func(o chat.Completion) bool { return o.Text == c.Text }) {
			c.Short = workflows.Display(c.Short, maxShort)
			out = append(out, c)
		}
	}
	return out
}

// begins keeps what the word at the cursor may be the beginning of, case aside.
func (t *typing) begins(all []chat.Completion) []chat.Completion {
	return slices.DeleteFunc(all, func(c chat.Completion) bool { return !beginsWith(c.Text, t.word) })
}

func beginsWith(text, word string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(word))
}

// firstWords are verbs and nouns in the table's order, then other words for them where one has begun to type. Where a
// slash was typed they keep it, and at the very beginning of a line it may be the root's.
func (t *typing) firstWords(begins bool) []chat.Completion {
	slash := ""
	if strings.HasPrefix(t.word, "/") {
		slash = "/"
	}
	var out, other []chat.Completion
	for _, c := range t.table {
		if c.Hidden || !mayUse(t.viewer, c.Needs, t.request.When) {
			continue
		}
		short := c.Short
		if len(c.Path) > 1 {
			var verbs []string
			for _, v := range t.verbs(c.Path[0]) {
				verbs = append(verbs, v.Text)
			}
			short = strings.Join(verbs, ", ")
		}
		out = append(out, chat.Completion{Text: slash + c.Path[0], Short: short})
		for _, a := range c.Aliases {
			if len(a.Path) == 1 && len(t.word) > len(slash) {
				other = append(other, chat.Completion{Text: slash + a.Path[0], Short: c.Short})
			}
		}
	}
	if slash != "" && begins {
		other = append(other, chat.Completion{Text: root, Short: "how every line begins; it may be left out"})
	}
	return append(out, other...)
}

// verbs are those of a noun that the asker may use.
func (t *typing) verbs(noun string) []chat.Completion {
	var out []chat.Completion
	for _, c := range t.table.group(noun) {
		if mayUse(t.viewer, c.Needs, t.request.When) {
			out = append(out, chat.Completion{Text: c.Path[1], Short: c.Short})
		}
	}
	return out
}

// mayUse reports whether a need is offered to somebody: whether they may, or may once they have opened a release, which
// they would manage.
func mayUse(v todo.Viewer, n workflows.Need, now time.Time) bool {
	if n == workflows.Manager && v.Known && v.May(workflows.Maker, "", now) {
		return true
	}
	return n == workflows.Anyone || v.Known && v.May(n, "", now)
}
