package blocks

import (
	"strings"

	"github.com/readyroom/readyroom/bot/lines"
)

// line is a row as it was given.
func (r row) line() string {
	switch {
	case r.more:
		return r.text
	case r.deep:
		return "\n" + lines.Group + r.text
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
		b.WriteString("\n" + lines.LeftOut(left))
	}
	if s.small != "" {
		b.WriteString("\n" + s.small)
	}
	if text := strings.Trim(b.String(), "\n"); strings.TrimSpace(text) != "" {
		return parsed(text)
	}
	return nothing
}

// shortText is as much of the wording as fits beside blocks, by whole lines, and whether anything is left out.
func (s sheet) shortText() (text string, cut bool) {
	if text := s.text(len(s.rows), 0); len(text) <= maxText {
		return text, false
	}
	n := longest(len(s.rows), func(n int) bool { return len(s.text(n, len(s.rows))) <= maxText })
	n = s.wholeLines(n)
	return s.text(n, s.lines(n)), true
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
