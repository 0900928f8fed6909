package lines

import (
	"slices"
	"sort"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// Row is a line, or a part of a long one, as it is drawn.
type Row struct {
	Text  string
	Bold  int  // how many bytes at the beginning are bold
	Deep  bool // it stands in a group: its first two blanks are the group's
	More  bool // it goes on with the row before
	Goes  bool // the row behind it goes on with it
	Title bool // it says a part of the title
}

// Blank reports whether there is nothing to read.
func (r Row) Blank() bool { return strings.TrimSpace(r.Text) == "" }

// Sheet is a message laid out, before it is known what fits where.
type Sheet struct {
	Rows    []Row
	Buttons []chat.Button
	Small   string
	Whole   string // the line that shows all of it
}

// Ruler says how much there is room for in a row.
type Ruler struct {
	Size func(string) int
	Row  int // what is longer is taken apart
}

// AddLines adds lines as they were given, headings of groups in bold.
func (s *Sheet) AddLines(all []string, r Ruler) {
	for i, l := range all {
		s.AddLine(l, i+1 < len(all) && Heads(l, all[i+1]), r)
	}
}

// AddLine adds a line as it was given. A line with a mark has its name in bold, and so has a heading.
func (s *Sheet) AddLine(line string, heading bool, r Ruler) {
	bold := 0
	switch name, _, _ := strings.Cut(line, " · "); {
	case Marked(line):
		bold = len(name)
	case heading:
		bold = len(line)
	}
	s.AddBold(line, bold, false, r)
}

// AddBold adds a line of which some bytes are bold.
func (s *Sheet) AddBold(line string, bold int, title bool, r Ruler) {
	text, deep := strings.CutPrefix(line, Group)
	if deep {
		bold = max(0, bold-len(Group))
	}
	all := Pieces(text, r.Row, r.Size)
	for i, p := range all {
		s.Rows = append(s.Rows, Row{Text: p, Bold: min(bold, len(p)), Deep: deep, More: i > 0, Goes: i < len(all)-1, Title: title})
		bold = max(0, bold-len(p))
	}
}

// AddButtons takes the buttons that can be pressed; of the others it is said what to type.
func (s *Sheet) AddButtons(all []chat.Button, pressable func(chat.Button) bool, r Ruler) {
	for _, b := range all {
		if pressable(b) {
			s.Buttons = append(s.Buttons, b)
		} else {
			s.AddLine(OneLine(b.Label+" → "+b.Value()), false, r)
		}
	}
}

// Trim takes blank rows off both ends.
func (s *Sheet) Trim() {
	for len(s.Rows) > 0 && s.Rows[0].Blank() {
		s.Rows = s.Rows[1:]
	}
	for len(s.Rows) > 0 && s.Rows[len(s.Rows)-1].Blank() {
		s.Rows = s.Rows[:len(s.Rows)-1]
	}
}

// WholeLines goes back to where a line ends, unless there is only one.
func (s Sheet) WholeLines(n int) int {
	for k := n; k > 0; k-- {
		if k == len(s.Rows) || !s.Rows[k].More {
			return k
		}
	}
	return n
}

// Lines counts the lines from a row on.
func (s Sheet) Lines(from int) int {
	n := 0
	for i, r := range s.Rows[from:] {
		if !r.More || i == 0 {
			n++
		}
	}
	return n
}

// CutTo is the sheet with some of its rows and as many buttons as one page takes, and what is left out counted.
func (s Sheet) CutTo(n int, page func([]chat.Button) []chat.Button) Sheet {
	t := s
	t.Rows = slices.Clone(s.Rows[:n])
	if left := s.Lines(n); left > 0 {
		t.Rows = append(t.Rows, Row{Text: LeftOut(left)})
	}
	t.Buttons = slices.Clone(page(s.Buttons))
	if left := len(s.Buttons) - len(t.Buttons); left > 0 {
		t.Rows = append(t.Rows, Row{Text: ButtonsLeftOut(left)})
	}
	return t
}

// Divide says what of a sheet stands on which page: rows on each, buttons and small print on the last ones. page is as
// many buttons as one page takes, fits whether the i-th page has room for what is on it.
func (s Sheet) Divide(page func([]chat.Button) []chat.Button, fits func(p Sheet, i int) bool) []Sheet {
	var out []Sheet
	for {
		n := Longest(len(s.Rows), func(n int) bool { return fits(Sheet{Rows: s.Rows[:n]}, len(out)) })
		if n < len(s.Rows) {
			n = s.WholeLines(n) // a line that has room on a page is not on two
			out, s.Rows = append(out, Sheet{Rows: s.Rows[:n]}), s.Rows[n:]
			continue
		}
		last := Sheet{Rows: s.Rows, Buttons: page(s.Buttons), Small: s.Small}
		if len(s.Buttons) > len(last.Buttons) {
			last.Small = ""
		}
		if n > 0 && !fits(last, len(out)) {
			last.Buttons, last.Small = nil, ""
		}
		out, s.Rows, s.Buttons = append(out, last), nil, s.Buttons[len(last.Buttons):]
		if last.Small != "" {
			s.Small = ""
		}
		if len(s.Buttons) == 0 && s.Small == "" {
			return out
		}
	}
}

// Longest is the greatest k up to n for which ok holds, given that it holds for all smaller ones, and 1 if for none: a
// page without anything on it would be followed by another one.
func Longest(n int, ok func(int) bool) int {
	most := 16
	for most < n && ok(most) {
		most *= 2
	}
	most = min(most, n)
	k := sort.Search(most, func(i int) bool { return !ok(i + 1) })
	return max(k, min(n, 1))
}
