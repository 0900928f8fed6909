package blocks

import (
	"encoding/json"
	"iter"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// ellipsis marks where something was cut.
const ellipsis = "…"

// escaper escapes what Slack asks for, and nothing else.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes text that Slack shows as it is: nothing in it becomes a mention, a link or a date.
func escape(s string) string { return escaper.Replace(s) }

// oneLine makes text safe to show in one line, whole.
func oneLine(s string) string { return workflows.Display(s, len(s)+1) }

// units is how long Slack may take text to be at most: in the code units of its own language, after escaping.
func units(s string) int { return rawUnits(escape(s)) }

// rawUnits is how long text is in those code units, as it is.
func rawUnits(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// size is how many bytes text takes in the JSON that is sent.
func size(s string) int {
	b, err := json.Marshal(s)
	if err != nil {
		return len(s) * len(`\u0000`)
	}
	return len(b) - len(`""`)
}

// cut shortens text to a limit in units, between what people take for characters.
func cut(s string, limit int) string {
	if units(s) <= limit {
		return s
	}
	out := head(s, limit-units(ellipsis), units)
	return strings.TrimRight(out, " ") + ellipsis
}

// head is the longest beginning of text that stays within a limit and ends between two characters.
func head(s string, limit int, measure func(string) int) string {
	n, used := 0, 0
	for c := range characters(s) {
		if used += measure(c); used > limit {
			break
		}
		n += len(c)
	}
	return s[:n]
}

// pieces takes text apart where it is longer than limit, between words if there are any, else between characters.
// Together they are the text again.
func pieces(s string, limit int, measure func(string) int) []string {
	var out []string
	for measure(s) > limit {
		part := head(s, limit, measure)
		if i := strings.LastIndexByte(part, ' '); i > len(part)/2 {
			part = part[:i+1]
		}
		out, s = append(out, part), s[len(part):]
	}
	return append(out, s)
}

// longCharacter is from how many bytes on a character is taken apart: no alphabet needs that, pranks do.
const longCharacter = 100

// characters are what people take for one character each: a letter with its marks, a flag, a family joined from four.
// It follows the boundaries of Unicode's annex 29 where they matter in a chat, without its tables.
func characters(s string) iter.Seq[string] {
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

// writable reports whether text reaches Slack byte for byte.
func writable(s string) bool { return utf8.ValidString(s) }
