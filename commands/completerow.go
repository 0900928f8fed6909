package commands

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// parameters says what of a row can stand at the cursor. The scanner stands behind the words that named the row.
func (t *typing) parameters(ctx context.Context, row *Command, given map[string]string, sc *scanner) []chat.Completion {
	if row == nil || row.Hidden || !mayUse(t.viewer, row.Needs, t.request.When) {
		return nil
	}
	in := &input{table: t.table, c: row, ctx: t.parse, raw: map[string]string{}}
	maps.Copy(in.raw, given)
	awaits, ok := in.upTo(sc)
	switch _, short, long := cutDashes(t.word); {
	case !ok:
		return nil
	case awaits != nil && in.has(*awaits):
		return nil
	case awaits != nil:
		return t.fitting(t.values(ctx, in.meaning(), *awaits, t.word))
	case short > 0 || long:
		return t.options(ctx, in)
	}
	out := t.words(ctx, in)
	if t.word == "" {
		out = append(out, t.options(ctx, in)...)
	}
	return out
}

// upTo reads what stands before the cursor, and says whether that is the value of an option. It fails where nothing can
// be completed: in a note, and behind what is wrong already.
func (in *input) upTo(sc *scanner) (awaits *chat.Param, ok bool) {
	for {
		w, err := sc.next(in.option)
		if err != nil {
			return nil, false
		}
		switch w.kind {
		case plainWord:
			in.words = append(in.words, w)
		case atEnd:
			return nil, true
		case noteWord:
			return nil, false
		case optionWord:
			p, known := in.c.param(w.text)
			if known && !w.valued && p.Kind != chat.KindSwitch && strings.TrimSpace(sc.text[sc.at:]) == "" {
				return &p, p.Kind != chat.KindRest
			}
			if err := in.named(sc, w); err != nil {
				return nil, false
			}
		}
	}
}

// words says which values the word at the cursor may be, as one that stands in order. Where the first word may name
// the release or be a value, both are thought of.
func (t *typing) words(ctx context.Context, in *input) []chat.Completion {
	in.words = append(in.words, word{kind: plainWord, text: t.word})
	open := in.open()
	alone := len(in.words) == 1
	_, selectable := in.c.param(relName)
	selectable = selectable && in.raw[relName] == "" && (len(open) == 0 || open[0].Kind != chat.KindRelease && open[0].Kind != chat.KindWord)
	var out []chat.Completion
	if certain := !alone && in.selects(open); !certain {
		out = t.inOrder(ctx, in.clone(), open)
	}
	switch {
	case selectable && alone:
		out = append(out, t.fitting(t.releases(ctx))...)
	case selectable && !alone && in.ctx.names(in.words[0]):
		if with := in.clone(); with.chosen() == nil {
			out = append(out, t.inOrder(ctx, with, open)...)
		}
	}
	return out
}

func (in *input) clone() *input {
	out := *in
	out.raw = maps.Clone(in.raw)
	return &out
}

// meaning is the input with the release that its words name, for values that depend on it.
func (in *input) meaning() *input {
	out := in.clone()
	if out.selected() {
		_ = out.chosen() // where two are named, it is the one behind --rel
	}
	return out
}

// inOrder gives the words to the open parameters, and offers values of those that the last may be meant for: of the
// first one left, and, as long as they may be passed over, of later ones that tell their words by their form.
func (t *typing) inOrder(ctx context.Context, in *input, all []chat.Param) []chat.Completion {
	open, err := in.fill(all, 1)
	if err != nil {
		return nil
	}
	if len(in.words) == 0 { // a comma joined the last one to the items before it
		p := all[len(all)-len(open)-1]
		before := strings.TrimSuffix(in.raw[p.Name], t.word)
		delete(in.raw, p.Name)
		return t.fitting(cut(t.values(ctx, in, p, before+t.word), before))
	}
	var out []chat.Completion
	for i, p := range open {
		if i > 0 && !telling(p.Kind) {
			break
		}
		out = append(out, t.fitting(t.values(ctx, in, p, t.word))...)
		if p.Required || !telling(p.Kind) {
			break
		}
	}
	return out
}

// telling reports whether words of a kind can be told from those of the others.
func telling(k chat.Kind) bool {
	switch k {
	case chat.KindURL, chat.KindIssue, chat.KindPerson, chat.KindChoice, chat.KindDate, chat.KindSince, chat.KindNew:
		return true
	}
	return false
}

// cut takes what stands in the line already off the beginning of what is offered.
func cut(all []chat.Completion, before string) []chat.Completion {
	for i := range all {
		all[i].Text = strings.TrimPrefix(all[i].Text, before)
	}
	return all
}

// options are those of the row that are not given yet, the required ones first, and the dashes before a note. Behind an
// equals sign they are values.
func (t *typing) options(ctx context.Context, in *input) []chat.Completion {
	after, _, _ := cutDashes(t.word)
	name, value, valued := strings.Cut(after, "=")
	if p, ok := in.c.param(strings.ToLower(name)); valued {
		if !ok || p.Kind == chat.KindRest || in.has(p) {
			return nil
		}
		out := t.match(t.values(ctx, in.meaning(), p, value), value)
		for i := range out {
			out[i].Text = "--" + p.Name + "=" + out[i].Text
		}
		return out
	}
	var out []chat.Completion
	if p, ok := in.c.rest(); ok && after == "" && in.raw[p.Name] == "" {
		out = append(out, chat.Completion{Text: "--", Short: p.Name + ": " + p.Short})
	}
	for _, p := range in.c.Takes() {
		if p.Option && p.Kind != chat.KindRest && !in.has(p) && beginsWith(p.Name, after) && t.mayGive(in.c, p) {
			out = append(out, chat.Completion{Text: "--" + p.Name, Short: p.Short})
		}
	}
	return out
}

// mayGive reports whether an option that needs something else than its row is for the asker.
func (t *typing) mayGive(c *Command, p chat.Param) bool {
	need, other := c.Also[p.Name]
	return !other || mayUse(t.viewer, need, t.request.When)
}

// has reports whether a parameter is given before the cursor, the release also by a word.
func (in *input) has(p chat.Param) bool {
	return in.raw[p.Name] != "" || p.Name == relName && in.selected()
}

// selected reports whether the words before the cursor name the release.
func (in *input) selected() bool {
	in = in.clone()
	if n := len(in.words); n > 0 && in.words[n-1].text == "" {
		in.words = in.words[:n-1]
	}
	return len(in.words) > 0 && in.selects(in.open())
}

// fitting keeps the values that the word at the cursor may become.
func (t *typing) fitting(all []chat.Completion) []chat.Completion { return t.match(all, t.word) }

// match keeps the values that begin so; where none does, those in which a later part does, as in docs for public-docs.
// Of a list only the last member counts.
func (t *typing) match(all []chat.Completion, word string) []chat.Completion {
	before := word[:strings.LastIndex(word, ",")+1]
	word = word[len(before):]
	var begin, inside []chat.Completion
	for _, c := range all {
		switch last, goesOn := strings.CutPrefix(c.Text, before); {
		case !goesOn:
		case beginsWith(last, word):
			begin = append(begin, c)
		case slices.ContainsFunc(strings.FieldsFunc(last, parts), func(part string) bool { return beginsWith(part, word) }):
			inside = append(inside, c)
		}
	}
	if len(begin) > 0 {
		return begin
	}
	return inside
}

func parts(r rune) bool { return strings.ContainsRune("-_.@/,", r) }
