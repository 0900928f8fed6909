package github

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// apart stands between an @ and a name, so that nobody is rung: it takes no room.
const apart = "\u200b"

var (
	encodedAt = regexp.MustCompile(`^&(?:#0*64|#[xX]0*40|commat);`)
	shownLink = regexp.MustCompile("^<https?://[^\\s<>`]+>")
	markdown  = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
)

// quiet is people's Markdown as GitHub may show it: it rings nobody, hides no address of another host under other words,
// and has no HTML. Code stays as it is. What cannot be made so is shown as it was typed, in a block.
func quiet(md, web string) string {
	q := quieter{src: md, code: coded(md), web: web}
	out := q.all()
	if disquiets(out, web) {
		fence := "~~~"
		for strings.Contains(md, fence) {
			fence += "~"
		}
		return fence + "\n" + md + "\n" + fence
	}
	return out
}

type quieter struct {
	src  string
	code []bool
	web  string
}

func (q quieter) all() string {
	var b strings.Builder
	for i := 0; i < len(q.src); i++ {
		rest := q.src[i:]
		switch {
		case q.code[i]:
		case rest[0] == '<' && shownLink.MatchString(rest):
			link := shownLink.FindString(rest)
			b.WriteString(strings.ReplaceAll(link, "@", "%40"))
			i += len(link) - 1
			continue
		case rest[0] == '<' && len(rest) > 1 && (letter(rest[1]) || strings.IndexByte("/!?", rest[1]) >= 0):
			b.WriteString("&lt;")
			continue
		case rest[0] == ']' && q.hides(i):
			b.WriteString(`\]`)
			continue
		case rest[0] == '@' && q.inAddress(i):
			b.WriteString("%40")
			continue
		case rest[0] == '@' && (i == 0 || !wordy(q.src[i-1])):
			b.WriteString("@" + apart)
			continue
		case rest[0] == '&' && encodedAt.MatchString(rest):
			at := encodedAt.FindString(rest)
			b.WriteString(at + apart)
			i += len(at) - 1
			continue
		}
		b.WriteByte(rest[0])
	}
	return b.String()
}

// hides reports whether a closing bracket would lead to another host under the words before it.
func (q quieter) hides(i int) bool {
	slashes := 0
	for slashes < i && q.src[i-1-slashes] == '\\' {
		slashes++
	}
	after := q.src[i+1:]
	if slashes%2 == 1 || after == "" || after[0] != '(' && after[0] != ':' {
		return false
	}
	to := strings.TrimLeft(after[1:], " \t\n<>")
	return !strings.HasPrefix(to, "#") && !strings.HasPrefix(to, q.web)
}

// inAddress reports whether a byte stands within a web address.
func (q quieter) inAddress(i int) bool {
	from := strings.LastIndexAny(q.src[:i], " \t\n<>()[]\"'`*|") + 1
	return strings.Contains(q.src[from:i], "://")
}

func letter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }

// wordy reports whether an @ behind a byte rings nobody, as in an address. Behind a low line it may: where that ends or
// begins what is stressed, it is not shown, and the @ stands alone.
func wordy(b byte) bool { return letter(b) || '0' <= b && b <= '9' }

// coded tells which bytes of a text are code, where nothing is looked for.
func coded(md string) []bool {
	code := make([]bool, len(md))
	mark := func(s text.Segment) {
		for i := s.Start; i < s.Stop && i < len(code); i++ {
			code[i] = true
		}
	}
	_ = ast.Walk(markdown.Parse(text.NewReader([]byte(md))), func(n ast.Node, in bool) (ast.WalkStatus, error) { // fails only where the function does
		switch n := n.(type) {
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			for i := 0; in && i < n.Lines().Len(); i++ {
				mark(n.Lines().At(i))
			}
		case *ast.Text:
			if _, is := n.Parent().(*ast.CodeSpan); in && is {
				mark(n.Segment)
			}
		}
		return ast.WalkContinue, nil
	})
	return code
}

// disquiets reports whether a text does what a quiet one does not.
func disquiets(md, web string) bool {
	bad, src := false, []byte(md)
	_ = ast.Walk(markdown.Parse(text.NewReader(src)), func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.RawHTML, *ast.HTMLBlock:
			bad = true
		case *ast.Link:
			bad = bad || !strings.HasPrefix(string(n.Destination), web) && !strings.HasPrefix(string(n.Destination), "#")
		case *ast.Image:
			bad = bad || !strings.HasPrefix(string(n.Destination), web)
		}
		return ast.WalkContinue, nil
	})
	code := coded(md)
	for i := range md {
		if code[i] || i > 0 && wordy(md[i-1]) {
			continue
		}
		rest, found := strings.CutPrefix(md[i:], "@")
		if at := encodedAt.FindString(md[i:]); at != "" {
			rest, found = md[i+len(at):], true
		}
		bad = bad || found && !strings.HasPrefix(rest, apart)
	}
	return bad
}
