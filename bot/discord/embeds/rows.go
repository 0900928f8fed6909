package embeds

import (
	"strings"

	"github.com/readyroom/readyroom/bot/lines"
)

// drawn remembers how rows are drawn: what has room where is found out by trying.
type drawn map[lines.Row]string

func (d drawn) row(r lines.Row) string {
	text, ok := d[r]
	if !ok {
		text = draw(r)
		d[r] = text
	}
	return text
}

// descriptions are rows as the descriptions of as many embeds as they take.
func (d drawn) descriptions(rows []lines.Row) []string {
	var out []string
	for len(rows) > 0 {
		n, used := 0, 0
		for ; n < len(rows); n++ {
			r := rows[n]
			used += lines.Units(d.row(r)) + len("\n")
			if r.More || r.Goes {
				used += joint
			}
			if used > maxEmbed && n > 0 {
				break
			}
		}
		if text := d.description(rows[:n]); text != "" {
			out = append(out, text)
		}
		rows = rows[n:]
	}
	return out
}

// description draws the rows of one embed. Parts of a line that meet in it are one again.
func (d drawn) description(rows []lines.Row) string {
	var met []lines.Row
	for _, r := range rows {
		if n := len(met); n > 0 && r.More {
			last := &met[n-1]
			if last.Bold == len(last.Text) {
				last.Bold += r.Bold
			}
			last.Text, last.Goes = last.Text+r.Text, r.Goes
			continue
		}
		met = append(met, r)
	}
	s := lines.Sheet{Rows: met}
	s.Trim()
	var b strings.Builder
	for i, r := range s.Rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d.row(r))
	}
	return b.String()
}

// draw draws a row. Blanks at its beginning do not break, so that they are kept.
func draw(r lines.Row) string {
	if r.Blank() {
		return ""
	}
	text := strings.TrimLeft(r.Text, " ")
	gap := len(r.Text) - len(text)
	bold := len(strings.TrimRight(text[:max(0, r.Bold-gap)], " "))
	w := newPen(text)
	w.begun, w.goes = r.More, r.Goes
	if r.Deep {
		w.WriteString("> ")
	}
	w.WriteString(strings.Repeat("\u00a0", gap))
	if bold > 0 {
		w.WriteString("**")
		w.write(0, bold, false)
		w.WriteString("**")
	}
	w.write(bold, len(text), true)
	return w.String()
}
