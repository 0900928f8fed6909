package blocks

import (
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
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
	whole   string // the line that shows all of it
	offer   bool   // it is offered in any case
}

const (
	maxRow   = 2800 // bytes of one row as JSON; a block of text holds 3,000 characters
	maxTitle = 700  // bytes of a title, as JSON; a longer one is a line
	maxSmall = 400  // bytes of small print, as JSON; more of it is a line
	nothing  = "(empty)"
)

// newSheet lays a message out. A title alone is a line like others; above lines or buttons it is a header, with the
// verdict below it.
func newSheet(m chat.Message) sheet {
	s := sheet{whole: m.Whole}
	head := strings.Split(workflows.DisplayText(m.Title), "\n")
	all := head[1:]
	for _, l := range m.Lines {
		all = append(all, strings.Split(workflows.DisplayText(l), "\n")...)
	}
	s.setTitle(head[0], len(all) > 0 || len(m.Buttons) > 0)
	for i, l := range all {
		s.addLine(l, i+1 < len(all) && lines.Heads(l, all[i+1]))
	}
	for _, b := range m.Buttons {
		if Pressable(b) {
			s.buttons = append(s.buttons, b)
		} else {
			s.addLine(lines.OneLine(b.Label+" → "+b.Value()), false)
		}
	}
	s.small = strings.TrimSpace(lines.OneLine(m.Small))
	if size(escape(s.small)) > maxSmall || namesChannel(s.small) {
		s.addLine(s.small, false)
		s.small = ""
	}
	s.rows = trimmed(s.rows)
	if len(s.rows) == 0 && s.header == "" {
		s.addLine(nothing, false)
	}
	return s
}

// addLine adds a line as it was given. A line with a mark has its name in bold, and so has a heading.
func (s *sheet) addLine(line string, heading bool) {
	bold := 0
	switch name, _, _ := strings.Cut(line, " · "); {
	case lines.Marked(line):
		bold = len(name)
	case heading:
		bold = len(line)
	}
	s.addBold(line, bold, false)
}

func (s *sheet) addBold(line string, bold int, title bool) {
	text, deep := strings.CutPrefix(line, lines.Group)
	if deep {
		bold = max(0, bold-len(lines.Group))
	}
	for i, p := range lines.Pieces(text, maxRow, size) {
		s.rows = append(s.rows, row{text: p, bold: min(bold, len(p)), deep: deep, more: i > 0, title: title})
		bold = max(0, bold-len(p))
	}
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
