package workflows

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// deepest is how many marks may stand within each other in a text that is read; people write no more.
const deepest = 32

// Readable is public text in Markdown as the lines that people read. They are public as well: marks are taken away, and
// no word is added. A heading on top that says only what stands above the text is left out.
func Readable(p Public, above string) []Public {
	var out []Public
	for _, l := range Unmarked(p.text, above) {
		out = append(out, Public{l})
	}
	return out
}

// Unmarked is Readable for text of the team's. The address of a link is shown whole, never hidden under words. What
// cannot be read without losing or adding a word comes back as it was written.
func Unmarked(markdown, above string) []string {
	r := reader{src: []byte(markdown), above: above}
	doc := goldmark.DefaultParser().Parse(text.NewReader(r.src))
	if depth(doc) > deepest {
		return strings.Split(markdown, "\n")
	}
	all := reader{src: r.src, whole: true}
	if said(strings.Join(all.blocks(doc), "\n")) != said(markdown) {
		return strings.Split(markdown, "\n")
	}
	return r.blocks(doc)
}

// said is a text without what Markdown, or its reading, marks with.
func said(s string) string {
	return strings.Map(func(r rune) rune {
		ascii := r <= unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		if ascii || unicode.IsSpace(r) || r == '•' || r == '—' {
			return -1
		}
		return r
	}, s)
}

// depth is how deep a text is nested, counted no further than matters.
func depth(doc ast.Node) int {
	level, most := 0, 0
	_ = ast.Walk(doc, func(_ ast.Node, in bool) (ast.WalkStatus, error) { // fails only where the function does
		if !in {
			level--
			return ast.WalkContinue, nil
		}
		level++
		most = max(most, level)
		if most > deepest {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return most
}

// reader reads a parsed text. With whole it leaves nothing out and resolves no references, to be held against the source.
type reader struct {
	src   []byte
	above string
	whole bool
}

func (r reader) blocks(parent ast.Node) []string {
	var out []string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		part := r.block(n)
		if len(part) == 0 {
			continue
		}
		tight := parent.Kind() == ast.KindListItem && n.Kind() == ast.KindList
		if len(out) > 0 && !tight {
			out = append(out, "")
		}
		out = append(out, part...)
	}
	return out
}

func (r reader) block(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.Heading:
		line := r.inline(n)
		if !r.whole && n.PreviousSibling() == nil && n.Parent().Kind() == ast.KindDocument && strings.TrimSpace(line) == r.above {
			return nil
		}
		return strings.Split(line, "\n")
	case *ast.Blockquote:
		return indent(r.blocks(n), "> ", "> ")
	case *ast.List:
		return r.list(n)
	case *ast.FencedCodeBlock:
		var out []string
		if n.Info != nil {
			out = append(out, string(n.Info.Segment.Value(r.src)))
		}
		return append(out, r.raw(n.Lines())...)
	case *ast.CodeBlock:
		return r.raw(n.Lines())
	case *ast.HTMLBlock:
		out := r.raw(n.Lines())
		if n.HasClosure() {
			out = append(out, strings.TrimRight(string(n.ClosureLine.Value(r.src)), "\n"))
		}
		return out
	case *ast.ThematicBreak:
		return []string{"———"}
	}
	return strings.Split(r.inline(n), "\n")
}

func (r reader) list(l *ast.List) []string {
	var out []string
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "• "
		if l.IsOrdered() {
			mark = r.number(item, strconv.Itoa(number)+string(l.Marker)) + " "
			number++
		}
		lines := r.blocks(item)
		if len(lines) == 0 {
			lines = []string{""}
		}
		out = append(out, indent(lines, mark, "  ")...)
	}
	return out
}

// number is what an item was numbered with, which need not be what it counts to.
func (r reader) number(item ast.Node, counted string) string {
	first := item.FirstChild()
	if first == nil || first.Lines().Len() == 0 {
		return counted
	}
	before := strings.TrimRight(string(r.src[:first.Lines().At(0).Start]), " \t")
	digits := strings.TrimRight(before, ".)")
	from := len(strings.TrimRight(digits, "0123456789"))
	if len(before) != len(digits)+1 || from == len(digits) {
		return counted
	}
	return before[from:]
}

func (r reader) raw(lines *text.Segments) []string {
	return strings.Split(strings.TrimRight(string(lines.Value(r.src)), "\n"), "\n")
}

func indent(lines []string, first, rest string) []string {
	out := slices.Clone(lines)
	for i, l := range out {
		switch {
		case i == 0:
			out[i] = first + l
		case l != "" || strings.TrimSpace(rest) != "":
			out[i] = rest + l
		}
	}
	return out
}
