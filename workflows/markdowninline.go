package workflows

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// escaped is a character that Markdown takes literally, or a reference to one.
var escaped = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")

func (r reader) inline(parent ast.Node) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			t := string(n.Segment.Value(r.src))
			if parent.Kind() != ast.KindCodeSpan && !n.IsRaw() {
				t = r.literal(t)
			}
			b.WriteString(t)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.AutoLink:
			b.Write(n.Label(r.src))
		case *ast.RawHTML:
			b.Write(n.Segments.Value(r.src))
		case *ast.Link:
			b.WriteString(r.link(r.inline(n), n.Destination, n.Title))
		case *ast.Image:
			b.WriteString(r.link(r.inline(n), n.Destination, n.Title))
		default:
			b.WriteString(r.inline(n))
		}
	}
	return b.String()
}

// literal resolves what is escaped. A reference to what steers instead of being shown stays as it was written: the text
// was refused with the character itself.
func (r reader) literal(s string) string {
	if r.whole {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		if e[0] == '\\' {
			return e[1:]
		}
		c := string(util.ResolveEntityNames(util.ResolveNumericReferences([]byte(e))))
		if strings.ContainsFunc(c, Steers) {
			return e
		}
		return c
	})
}

// link shows an address behind its words, or alone where they say the same.
func (r reader) link(words string, to, title []byte) string {
	address := r.literal(string(to))
	if len(title) > 0 {
		address += ` "` + r.literal(string(title)) + `"`
	}
	switch {
	case words == "" || words == address && !r.whole:
		return address
	case address == "":
		return words
	}
	return words + " (" + address + ")"
}
