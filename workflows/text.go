package workflows

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Public is text that may be shown to anyone. It cannot be made from a string at run time: only from constants, from
// values whose types are public, and from text that people approved for publication. Internal text is a plain string;
// the way from internal to public is closed by the compiler.
type Public struct{ text string }

// literal is the type of constants in the source: nobody outside this package can convert a variable to it.
type literal string

// Publishable is implemented by the types whose every value may be shown to anyone.
type Publishable interface{ publicText() string }

// Say builds public text from a constant format and public values.
func Say(format literal, values ...Publishable) Public {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v.publicText()
	}
	return Public{fmt.Sprintf(string(format), args...)}
}

// Approved makes public what people approved for publication, word for word. Only a room's fold of an approval calls
// it; a test holds the callers to that.
func Approved(text string) Public { return Public{text} }

// String gives the text; from public to internal is always open.
func (p Public) String() string { return p.text }

// IsZero reports whether there is no text.
func (p Public) IsZero() bool { return p.text == "" }

// MarshalJSON writes the text as a JSON string.
func (p Public) MarshalJSON() ([]byte, error) { return json.Marshal(p.text) }

// UnmarshalJSON reads back what MarshalJSON wrote: public text at rest stays public.
func (p *Public) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &p.text) }

func (p Public) publicText() string    { return p.text }
func (r ReleaseID) publicText() string { return r.Name() }
func (s Stage) publicText() string     { return s.Title() }
func (c Count) publicText() string     { return strconv.Itoa(int(c)) }
func (t Typed) publicText() string     { return string(t) }

func (h Hash) publicText() string {
	s := hashPattern.FindString(string(h))
	return s[:min(len(s), shortHash)]
}

func (a Address) publicText() string { return addressPattern.FindString(string(a)) }

// publicText is the path as code, in marks that are in none of it: nothing in it becomes a link, a mention or a heading.
func (p Path) publicText() string {
	path := Display(string(p), maxPath)
	marks := "`"
	for strings.Contains(path, marks) {
		marks += "`"
	}
	if len(marks) > 1 {
		path = " " + path + " "
	}
	return marks + path + marks
}

// Typed is a release as a line to type names it: "app@1.0.0".
type Typed ReleaseID

// Count is a number of things that anyone may know.
type Count int

// Hash is the id of a commit, shown short; it tells nothing of what is in it. What is none is not shown.
type Hash string

// Address is where in a browser there is more of what the text is about. What is none, or would be more than a link where
// text is marked up, is not shown.
type Address string

// Path is where a file is in the repository that the text is read in.
type Path string

// How much is shown of a commit's id and of a path, in characters.
const (
	shortHash = 7
	maxPath   = 200
)

var (
	hashPattern    = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	addressPattern = regexp.MustCompile(`^https?://[0-9A-Za-z.:-]+(/[0-9A-Za-z._~:/?#&=+;,%-]*)?$`)
)

// Display makes text from outside safe to show in one line: what steers the terminal or the direction of writing, and
// what is no valid UTF-8, is shown escaped; line breaks become spaces; longer than limit runes is cut with an ellipsis, and
// so are marks piled up on one letter, which would be drawn over the lines around it.
func Display(s string, limit int) string {
	if len(s) <= limit && printable(s) {
		return s
	}
	var b strings.Builder
	n, marks := 0, 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if n >= limit {
			b.WriteString("…")
			break
		}
		marks = piled(r, marks)
		switch {
		case marks > mostMarks:
			if marks == mostMarks+1 {
				b.WriteRune('…')
			}
			i += size
			continue
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n' || r == '\t':
			b.WriteByte(' ')
		case Steers(r):
			fmt.Fprintf(&b, escape(r), r)
		default:
			b.WriteRune(r)
		}
		i += size
		n++
	}
	return b.String()
}

// printable reports whether a text holds nothing but what a typewriter prints, as most do.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// mostMarks is how many marks one letter bears in any script that people write.
const mostMarks = 8

// piled counts the marks on one letter, with one more rune. What joins letters ends no pile.
func piled(r rune, marks int) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return marks + 1
	case r == '\u200d', r == '\u200c':
		if marks <= mostMarks {
			return marks
		}
		return marks + 1
	}
	return 0
}

// escape is how a rune that steers is written: in eight digits where four would run into the text behind them.
func escape(r rune) string {
	if r > 0xffff {
		return `\U%08x`
	}
	return `\u%04x`
}

// DisplayText is Display for text of several lines: line breaks and tabs stay.
func DisplayText(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = Display(l, len(l)+1)
	}
	return strings.Join(lines, "\n")
}

// Steers reports whether a rune is not shown but acts: controls, direction overrides, zero-width and other format
// characters. The joiners that emoji and some scripts need are let through.
func Steers(r rune) bool {
	if r == '\u200d' || r == '\u200c' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
