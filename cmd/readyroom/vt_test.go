package main

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// vt is what a terminal shows of what was written to it: as much of a VT100 as line editing and colours need.
type vt struct {
	width int
	rows  [][]rune
	x, y  int
	raw   strings.Builder
	rest  string
}

func (v *vt) write(text string) {
	v.raw.WriteString(text)
	text = v.rest + text
	v.rest = ""
	for text != "" {
		if text[0] == '\x1b' {
			n := v.escape(text)
			if n == 0 {
				v.rest = text
				return
			}
			text = text[n:]
			continue
		}
		if !utf8.FullRuneInString(text) {
			v.rest = text
			return
		}
		r, size := utf8.DecodeRuneInString(text)
		v.put(r)
		text = text[size:]
	}
}

func (v *vt) put(r rune) {
	switch r {
	case '\r':
		v.x = 0
		return
	case '\n':
		v.y++
		return
	case '\a':
		return
	}
	if v.x >= v.width {
		v.x, v.y = 0, v.y+1
	}
	row := v.row()
	for len(*row) <= v.x {
		*row = append(*row, ' ')
	}
	(*row)[v.x] = r
	v.x++
}

func (v *vt) row() *[]rune {
	for len(v.rows) <= v.y {
		v.rows = append(v.rows, nil)
	}
	return &v.rows[v.y]
}

// escape carries out ESC [ N X, and gives its length; zero, while it has not ended.
func (v *vt) escape(text string) int {
	end := 2
	for end < len(text) && (text[end] < '@' || text[end] > '~') {
		end++
	}
	if end >= len(text) {
		return 0
	}
	n, err := strconv.Atoi(text[2:end])
	if err != nil {
		n = 1
	}
	switch text[end] {
	case 'A':
		v.y = max(0, v.y-n)
	case 'B':
		v.y += n
	case 'C':
		v.x = min(v.width-1, v.x+n)
	case 'D':
		v.x = max(0, min(v.x, v.width-1)-n)
	case 'K':
		row := v.row()
		*row = (*row)[:min(v.x, len(*row))]
	}
	return end + 1
}

// shown are the rows, without blanks at their ends.
func (v *vt) shown() string {
	var out []string
	for _, r := range v.rows {
		out = append(out, strings.TrimRight(string(r), " "))
	}
	return strings.Join(out, "\n")
}
