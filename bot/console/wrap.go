package console

import "unicode"

const (
	narrow = 20 // a terminal of fewer columns wraps by itself
	hang   = 2  // how much deeper than its line what is wrapped stands
)

// piece is the part of a text that stands in one line of the terminal, and how deep.
type piece struct{ from, to, indent int }

// wrap cuts text between words where it is wider than the terminal. What goes on in the next line keeps the indent and
// hangs a little deeper. A word that is wider than a line is left whole, so that it can be copied.
func wrap(text string, width int) []piece {
	begin := 0 // of the first word
	for begin < len(text) && text[begin] == ' ' {
		begin++
	}
	indent := begin + hang
	if indent > width/2 {
		indent = 0
	}
	var out []piece
	from, used, space := 0, 0, -1 // of the line under way: its beginning, its columns, its last blank
	for i, r := range text {
		if i < from {
			continue // a blank between two lines
		}
		if r == ' ' && i >= begin {
			space = i
		}
		used += columns(r)
		if used <= width || width < narrow || space <= from {
			continue
		}
		out = append(out, piece{from, trimmed(text, from, space), indent})
		for from = space; from < len(text) && text[from] == ' '; from++ {
		}
		used, space = indent+widthOf(text[from:max(from, i+len(string(r)))]), -1
	}
	if from < len(text) || len(out) == 0 {
		out = append(out, piece{from, len(text), indent})
	}
	return out
}

// trimmed is the end of a line without the blanks at it.
func trimmed(text string, from, to int) int {
	for to > from && text[to-1] == ' ' {
		to--
	}
	return to
}

// widthOf is how many columns of a terminal text takes.
func widthOf(text string) int {
	n := 0
	for _, r := range text {
		n += columns(r)
	}
	return n
}

// columns is how many columns of a terminal a rune takes: none for marks that stand on others and for joiners, two for
// the wide ones of East Asia and for pictures.
func columns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide are the blocks whose runes are two columns wide.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{{0x1100, 0x115f, 1}, {0x2e80, 0x303e, 1}, {0x3041, 0xa4cf, 1}, {0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1},
		{0xfe30, 0xfe6f, 1}, {0xff00, 0xff60, 1}, {0xffe0, 0xffe6, 1}},
	R32: []unicode.Range32{{0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1f9ff, 1}, {0x20000, 0x3fffd, 1}},
}
