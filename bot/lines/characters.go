package lines

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Cut shortens text to a limit, between what people take for characters.
func Cut(s string, limit int, measure func(string) int) string {
	if measure(s) <= limit {
		return s
	}
	out := Head(s, limit-measure(Ellipsis), measure)
	return strings.TrimRight(out, " ") + Ellipsis
}

// Units is how long text is in UTF-16, in which the platforms' own languages count.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Head is the longest beginning of text that stays within a limit and ends between two characters.
func Head(s string, limit int, measure func(string) int) string {
	n, used := 0, 0
	for c := range Characters(s) {
		if used += measure(c); used > limit {
			break
		}
		n += len(c)
	}
	return s[:n]
}

// Pieces takes text apart where it is longer than limit: between words, so that none is cut, and no address is, that has
// room in a piece of its own; only a longer one is taken apart, between characters. Together they are the text again.
func Pieces(s string, limit int, measure func(string) int) []string {
	var out []string
	for measure(s) > limit {
		part := Head(s, limit, measure)
		if i := strings.LastIndexByte(part, ' ') + 1; i > len(part)/2 || i > 0 && measure(word(s[i:])) <= limit {
			part = part[:i]
		}
		out, s = append(out, part), s[len(part):]
	}
	return append(out, s)
}

// word is the first word of a text.
func word(s string) string {
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return s[:i]
	}
	return s
}

// longCharacter is from how many bytes on a character is taken apart: no alphabet needs that, pranks do.
const longCharacter = 100

// Characters are what people take for one character each: a letter with its marks, a flag, a family joined from four.
// It follows the boundaries of Unicode's annex 29 where they matter in a chat, without its tables.
func Characters(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, flags := 0, 0
		before := rune(-1)
		for i, r := range s {
			if before >= 0 && (!belongs(before, r, flags) || i-start >= longCharacter) {
				if !yield(s[start:i]) {
					return
				}
				start, flags = i, 0
			}
			if regional(r) {
				flags++
			}
			before = r
		}
		if start < len(s) {
			yield(s[start:])
		}
	}
}

// belongs reports whether two runes belong to one character. flags is how many halves of flags it has up to now.
func belongs(before, r rune, flags int) bool {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc), r == '\u200d', r == '\u200c', r == '\u0e33', r == '\u0eb3':
		return before != '\n'
	case r >= 0x1f3fb && r <= 0x1f3ff: // a colour of skin
		return true
	case before == '\u200d':
		return true
	case regional(before) && regional(r):
		return flags%2 == 1
	}
	return hangul(before, r)
}

// regional is half a flag.
func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// hangul reports whether two parts of a Korean syllable belong together.
func hangul(a, b rune) bool {
	lead := func(r rune) bool { return r >= 0x1100 && r <= 0x115f || r >= 0xa960 && r <= 0xa97c }
	vowel := func(r rune) bool { return r >= 0x1160 && r <= 0x11a7 || r >= 0xd7b0 && r <= 0xd7c6 }
	tail := func(r rune) bool { return r >= 0x11a8 && r <= 0x11ff || r >= 0xd7cb && r <= 0xd7fb }
	whole := func(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }
	open := func(r rune) bool { return whole(r) && (r-0xac00)%28 == 0 }
	switch {
	case lead(a):
		return lead(b) || vowel(b) || whole(b)
	case vowel(a) || open(a):
		return vowel(b) || tail(b)
	}
	return (tail(a) || whole(a)) && tail(b)
}
