package slack

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// row is a line, or a part of a long one, as it is drawn.
type row struct {
	text  string
	bold  int  // how many bytes at the beginning are bold
	deep  bool // it stands in a group: its first two blanks are the group's
	more  bool // it goes on with the line before
	title bool // it says a part of the title
}

// sheet is a message laid out, before it is known what fits where.
type sheet struct {
	title   string // as text, if the header and the title's rows say it
	header  string // the title, or what of it stands in front of the verdict
	mark    string // in place of a header: which page this is
	rows    []row
	buttons []chat.Button
	small   string
	whole   string
}

const (
	group    = "  " // what a line of a group begins with
	maxRow   = 2800 // bytes of one row as JSON; a block of text holds 3,000 characters
	maxTitle = 700  // bytes of a title, as JSON; a longer one is a line
	maxSmall = 400  // bytes of small print, as JSON; more of it is a line
	nothing  = "(empty)"
)

// verdict is the part of a title that says how things stand.
var verdict = regexp.MustCompile(`^(GO|NO-GO|ON HOLD)( \d+/\d+)?($|:| \()`)

// signs are what a verdict is seen by from afar.
var signs = map[string]string{"GO": "✅ ", "NO-GO": "⛔ ", "ON HOLD": "⏸️ "}

// newSheet lays a message out. A title alone is a line like others; above lines or buttons it is a header, with the
// verdict below it.
func newSheet(m chat.Message) sheet {
	s := sheet{whole: m.Whole}
	head := strings.Split(workflows.DisplayText(m.Title), "\n")
	lines := head[1:]
	for _, l := range m.Lines {
		lines = append(lines, strings.Split(workflows.DisplayText(l), "\n")...)
	}
	s.setTitle(head[0], len(lines) > 0 || len(m.Buttons) > 0)
	for i, l := range lines {
		s.addLine(l, i+1 < len(lines) && marked(lines[i+1]) && strings.HasPrefix(lines[i+1], group))
	}
	for _, b := range m.Buttons {
		if pressable(b) {
			s.buttons = append(s.buttons, b)
		} else {
			s.addLine(oneLine(b.Label+" → "+b.Value()), false)
		}
	}
	s.small = oneLine(m.Small)
	if size(escape(s.small)) > maxSmall {
		s.addLine(s.small, false)
		s.small = ""
	}
	s.rows = trimmed(s.rows)
	if len(s.rows) == 0 && s.header == "" {
		s.addLine(nothing, false)
	}
	return s
}

func (s *sheet) setTitle(text string, above bool) {
	switch {
	case strings.TrimSpace(text) == "":
		return
	case !above:
		s.addLine(text, false)
		return
	case size(text) > maxTitle:
		s.addBold(text, len(text), false)
		return
	}
	s.title = text
	before, after := parted(text)
	switch {
	case after == "":
		s.header = before
	case before == "":
		s.header = sign(after) + after
	default:
		s.header = before
	}
	if units(s.header) > maxHeader {
		s.header = ""
		s.addBold(text, len(text), true)
		return
	}
	if before != "" && after != "" {
		s.addBold(sign(after)+after, len(sign(after)+after), true)
	}
}

// parted takes a title apart in front of the verdict. Where two parts read like one, somebody's words do, and none is
// believed.
func parted(title string) (before, after string) {
	parts := strings.Split(title, " · ")
	at := -1
	for i, p := range parts {
		if !verdict.MatchString(p) {
			continue
		}
		if at >= 0 {
			return title, ""
		}
		at = i
	}
	if at < 0 {
		return title, ""
	}
	return strings.Join(parts[:at], " · "), strings.Join(parts[at:], " · ")
}

// sign is what the verdict at the beginning of text is seen by.
func sign(text string) string {
	first, _, _ := strings.Cut(text, " · ")
	return signs[verdict.FindStringSubmatch(first)[1]]
}

// addLine adds a line as it was given. A line with a mark has its name in bold, and so has a heading.
func (s *sheet) addLine(line string, heading bool) {
	bold := 0
	switch name, _, _ := strings.Cut(line, " · "); {
	case marked(line):
		bold = len(name)
	case heading:
		bold = len(line)
	}
	s.addBold(line, bold, false)
}

func (s *sheet) addBold(line string, bold int, title bool) {
	text, deep := strings.CutPrefix(line, group)
	if deep {
		bold = max(0, bold-len(group))
	}
	for i, p := range pieces(text, maxRow, size) {
		s.rows = append(s.rows, row{text: p, bold: min(bold, len(p)), deep: deep, more: i > 0, title: title})
		bold = max(0, bold-len(p))
	}
}

// marked reports whether a line begins with one of the marks that items have.
func marked(line string) bool {
	for _, m := range []string{"✓ ", "✗ ", "○ ", "– ", "~ "} {
		if strings.HasPrefix(strings.TrimLeft(line, " "), m) {
			return true
		}
	}
	return false
}

func (r row) blank() bool { return strings.TrimSpace(r.text) == "" }

// trimmed is the rows without blank ones at both ends.
func trimmed(rows []row) []row {
	for len(rows) > 0 && rows[0].blank() {
		rows = rows[1:]
	}
	for len(rows) > 0 && rows[len(rows)-1].blank() {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// line is a row as it was given.
func (r row) line() string {
	switch {
	case r.more:
		return r.text
	case r.deep:
		return "\n" + group + r.text
	}
	return "\n" + r.text
}

// text is the wording of a sheet up to some row, for screen readers and notifications, with what is left out counted.
func (s sheet) text(rows, left int) string {
	var b strings.Builder
	b.WriteString(s.title + s.mark)
	for i, r := range s.rows[:rows] {
		r.more = r.more && i > 0
		if !r.title {
			b.WriteString(r.line())
		}
	}
	if left > 0 {
		b.WriteString("\n" + leftOut(left))
	}
	if s.small != "" {
		b.WriteString("\n" + s.small)
	}
	if text := strings.Trim(b.String(), "\n"); strings.TrimSpace(text) != "" {
		return escape(text)
	}
	return nothing
}

// shortText is as much of the wording as fits beside blocks, by whole lines.
func (s sheet) shortText() string {
	if text := s.text(len(s.rows), 0); len(text) <= maxText {
		return text
	}
	n := longest(len(s.rows), func(n int) bool { return len(s.text(n, len(s.rows))) <= maxText })
	n = s.wholeLines(n)
	return s.text(n, s.lines(n))
}

// wholeLines goes back to where a line ends, unless there is only one.
func (s sheet) wholeLines(n int) int {
	for k := n; k > 0; k-- {
		if k == len(s.rows) || !s.rows[k].more {
			return k
		}
	}
	return n
}

// lines counts the lines from a row on.
func (s sheet) lines(from int) int {
	n := 0
	for i, r := range s.rows[from:] {
		if !r.more || i == 0 {
			n++
		}
	}
	return n
}

func leftOut(n int) string {
	if n == 1 {
		return "… and 1 more line"
	}
	return fmt.Sprintf("… and %d more lines", n)
}
