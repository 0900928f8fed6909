package blocks

import (
	"strings"

	"github.com/readyroom/readyroom/bot/lines"
)

// line is a row as it was given.
func (r row) line() string {
	switch {
	case r.More:
		return r.Text
	case r.Deep:
		return "\n" + lines.Group + r.Text
	}
	return "\n" + r.Text
}

// text is the wording of a sheet up to some row, for screen readers and notifications, with what is left out counted.
func (s sheet) text(rows, left int) string {
	var b strings.Builder
	b.WriteString(s.title + s.mark)
	for i, r := range s.Rows[:rows] {
		r.More = r.More && i > 0
		if !r.Title {
			b.WriteString(row{r}.line())
		}
	}
	if left > 0 {
		b.WriteString("\n" + lines.LeftOut(left))
	}
	if s.Small != "" {
		b.WriteString("\n" + s.Small)
	}
	if text := strings.Trim(b.String(), "\n"); strings.TrimSpace(text) != "" {
		return parsed(text)
	}
	return nothing
}

// shortText is as much of the wording as fits beside blocks, by whole lines, and whether anything is left out.
func (s sheet) shortText() (text string, cut bool) {
	if text := s.text(len(s.Rows), 0); len(text) <= maxText {
		return text, false
	}
	n := lines.Longest(len(s.Rows), func(n int) bool { return len(s.text(n, len(s.Rows))) <= maxText })
	n = s.WholeLines(n)
	return s.text(n, s.Lines(n)), true
}
