package console

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// look is how a terminal shows text: a colour, numbered as terminals do, and what is added to it.
type look uint8

const (
	red    look = 1
	green  look = 2
	yellow look = 3
	cyan   look = 6
	colour look = 7 // where the colour stands in a look

	bold      look = 8
	dim       look = 16
	underline look = 32
)

// looks are those of the parts of a message.
var looks = map[part]look{title: bold, button: cyan | underline, small: dim}

// marks are what should be seen at a glance, in titles and lines.
var marks = regexp.MustCompile(`✓|✗|○|NO-GO|ON HOLD|GO|stale|late|overdue|waived|expired`)

var markLooks = map[string]look{
	"✓": green, "✗": red, "○": yellow, "GO": green | bold, "NO-GO": red | bold, "ON HOLD": red | bold,
	"stale": yellow, "late": yellow, "overdue": yellow, "waived": yellow, "expired": yellow,
}

// paint makes the lines of a row for a terminal of some width, zero for one that wraps by itself. Nothing that steers
// the terminal is added but colours, and those only where they are wanted.
func paint(r row, width int, colours bool) []string {
	text := r.String()
	seen := make([]look, len(text))
	if colours {
		seen = looksOf(r, text)
	}
	var out []string
	for i, p := range wrap(r.unbroken(), width) {
		line := dress(text[p.from:p.to], seen[p.from:p.to])
		if i > 0 {
			line = strings.Repeat(" ", p.indent) + line
		}
		out = append(out, line)
	}
	return out
}

// looksOf gives each byte of a row's text its look.
func looksOf(r row, text string) []look {
	var out []look
	marked := map[int]bool{} // where text stands that may be marked
	for _, s := range r {
		for range len(s.text) {
			marked[len(out)] = s.part == body || s.part == title
			out = append(out, looks[s.part])
		}
	}
	for _, m := range marks.FindAllStringIndex(text, -1) {
		if !marked[m[0]] || inWord(text, m[0], m[1]) {
			continue
		}
		l := markLooks[text[m[0]:m[1]]]
		if text[m[0]:m[1]] == "✓" && strings.HasSuffix(text[:m[0]], "was ") {
			l = yellow // a vote that no longer counts
		}
		for i := m[0]; i < m[1]; i++ {
			out[i] = out[i]&^colour | l
		}
	}
	return out
}

// inWord reports whether a part of text is part of a longer word.
func inWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return from > 0 && joins(before) || to < len(text) && joins(after)
}

func joins(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_/@", r)
}

// dress puts the looks around the text that they are of.
func dress(text string, seen []look) string {
	var b strings.Builder
	for from := 0; from < len(text); {
		to := from + 1
		for to < len(text) && seen[to] == seen[from] {
			to++
		}
		if l := seen[from]; l != 0 {
			b.WriteString(l.begin() + text[from:to] + plainAgain)
		} else {
			b.WriteString(text[from:to])
		}
		from = to
	}
	return b.String()
}

const plainAgain = "\x1b[0m"

// begin is what turns a terminal to a look.
func (l look) begin() string {
	var codes []string
	for _, add := range []struct {
		look look
		code string
	}{{bold, "1"}, {dim, "2"}, {underline, "4"}} {
		if l&add.look != 0 {
			codes = append(codes, add.code)
		}
	}
	if c := l & colour; c != 0 {
		codes = append(codes, "3"+strconv.Itoa(int(c)))
	}
	return "\x1b[" + strings.Join(codes, ";") + "m"
}
