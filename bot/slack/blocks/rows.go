package blocks

import (
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/workflows"
)

// sheet is a message laid out, before it is known what fits where.
type sheet struct {
	lines.Sheet
	title  string // as text, if the header and the title's rows say it
	header string // the title, or what of it stands in front of the verdict
	mark   string // in place of a header: which page this is
	offer  bool   // the way to all of it is offered in any case
}

// row is a line, or a part of a long one.
type row struct{ lines.Row }

const (
	maxRow   = 2800 // bytes of one row as JSON; a block of text holds 3,000 characters
	maxTitle = 700  // bytes of a title, as JSON; a longer one is a line
	maxSmall = 400  // bytes of small print, as JSON; more of it is a line
	nothing  = "(empty)"
)

// ruler measures rows.
var ruler = lines.Ruler{Size: size, Row: maxRow}

// newSheet lays a message out. A title alone is a line like others; above lines or buttons it is a header, with the
// verdict below it.
func newSheet(m chat.Message) sheet {
	s := sheet{Sheet: lines.Sheet{Whole: m.Whole}}
	head := strings.Split(workflows.DisplayText(m.Title), "\n")
	all := head[1:]
	for _, l := range m.Lines {
		all = append(all, strings.Split(workflows.DisplayText(l), "\n")...)
	}
	s.setTitle(head[0], len(all) > 0 || len(m.Buttons) > 0)
	s.AddLines(all, ruler)
	s.AddButtons(m.Buttons, Pressable, ruler)
	s.Small = strings.TrimSpace(lines.OneLine(m.Small))
	if size(escape(s.Small)) > maxSmall || namesChannel(s.Small) {
		s.AddLine(s.Small, false, ruler)
		s.Small = ""
	}
	s.Trim()
	if len(s.Rows) == 0 && s.header == "" {
		s.AddLine(nothing, false, ruler)
	}
	return s
}
