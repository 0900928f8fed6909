package tree

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// more stands where something was left out.
const more = "…"

// Choices are what completion offers as Discord shows it: each value once, with how it stands beside it. A value that does
// not fit is left out, since half a value is another one.
func Choices(offered []chat.Completion) []Choice {
	out := []Choice{}
	for _, c := range offered {
		taken := slices.ContainsFunc(out, func(o Choice) bool { return o.Value == c.Text })
		if len(out) < maxChoices && !taken && strings.TrimSpace(c.Text) != "" && units(c.Text) <= maxName {
			out = append(out, Choice{Name: label(c), Value: c.Text})
		}
	}
	return out
}

// label is a value and how it stands, which may be people's words: so nothing in them steers. Of a long list the last member is shown: that is what is chosen.
func label(c chat.Completion) string {
	value := c.Text
	c.Short = workflows.Display(c.Short, len(c.Short)+1)
	if last := value[strings.LastIndex(value, ",")+1:]; last != value && last != "" && units(value+c.Short) > maxName/2 {
		value = more + "," + last
		if units(value) > maxName {
			return c.Text
		}
	}
	if c.Short == "" {
		return value
	}
	return words(value, " · "+c.Short)
}

// words puts as much of a text behind a value as fits, whole words only: so nothing is cut within what people take for one
// character.
func words(value, text string) string {
	if units(value+text) <= maxName {
		return value + text
	}
	end := 0
	left := maxName - units(value+more)
	for i, r := range text {
		if left < 0 {
			break
		}
		if next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); r == ' ' && !unicode.In(next, unicode.M, unicode.Cf) {
			end = i
		}
		left -= utf16.RuneLen(r)
	}
	if cut := strings.TrimRight(text[:end], " ·"); cut != "" {
		return value + cut + more
	}
	return value
}

// units measures a text as Discord may: in the units of UTF-16, the most that anybody counts.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
