package lines

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
)

// InputPart is a part of a text that is spread over several inputs, and how many line breaks stood between it and the
// part before.
type InputPart struct {
	Text   string
	Breaks int
}

// maxBreaks is how many line breaks may stand between two parts: no more than one digit says.
const maxBreaks = 9

// Spread spreads a text over as many inputs as it takes, between lines if it can, so that no input begins or ends with a
// line break where a platform might take it off. It gives nil for what is too long, or no valid text.
func Spread(s string, limit, most int) []InputPart {
	if !utf8.ValidString(s) || len(s) > limit*most*4 {
		return nil
	}
	out := []InputPart{{}}
	for {
		part := Head(s, limit, Units)
		if part == s {
			break
		}
		rest, breaks := s[len(part):], 0
		if i := strings.LastIndexByte(part, '\n'); i > len(part)/2 {
			begin, end := i, i+1
			for ; end-begin < maxBreaks && begin > 1 && part[begin-1] == '\n'; begin-- {
			}
			for ; end-begin < maxBreaks && end < len(s)-1 && s[end] == '\n'; end++ {
			}
			part, rest, breaks = s[:begin], s[end:], end-begin
		}
		out[len(out)-1].Text = part
		out, s = append(out, InputPart{Breaks: breaks}), rest
	}
	out[len(out)-1].Text = s
	if len(out) > most {
		return nil
	}
	return out
}

// PartID names the input of a field's part: "text", then "text/2n" where a line break parts it from the one before,
// "text/2n3" where three do, or "text/2".
func PartID(key string, part, breaks int) string {
	if part == 0 {
		return key
	}
	id := fmt.Sprintf("%s/%d", key, part+1)
	switch breaks {
	case 0:
	case 1:
		id += "n"
	default:
		id += "n" + strconv.Itoa(breaks)
	}
	return id
}

// FieldOf reads an input's name back.
func FieldOf(id string) (key string, part, breaks int) {
	key, number, _ := strings.Cut(id, "/")
	number, after, broken := strings.Cut(number, "n")
	part, err := strconv.Atoi(number)
	if err != nil {
		return key, 0, 0
	}
	if broken {
		breaks = 1
	}
	if n, err := strconv.Atoi(after); err == nil && n > 0 && n <= maxBreaks {
		breaks = n
	}
	return key, part - 1, breaks
}

// Joined puts together by field what was entered in the inputs of a form.
func Joined(entered map[string]string) map[string]string {
	out := map[string]string{}
	ids := slices.SortedFunc(maps.Keys(entered), func(a, b string) int {
		_, i, _ := FieldOf(a)
		_, j, _ := FieldOf(b)
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(a, b))
	})
	for _, id := range ids {
		key, part, breaks := FieldOf(id)
		text := entered[id]
		if part > 0 && text != "" && out[key] != "" {
			text = strings.Repeat("\n", breaks) + text
		}
		out[key] += text
	}
	return out
}

// Hinted is the hint of a text: with the choices, as far as there is room, where they could not be a list.
func Hinted(f chat.Field) string {
	var parts []string
	if h := OneLine(f.Hint); h != "" {
		parts = append(parts, h)
	}
	if len(f.Choices) > 0 {
		word := "one of "
		if f.Kind == chat.KindItems {
			word = "some of "
		}
		parts = append(parts, word+OneLine(strings.Join(f.Choices, ", ")))
	}
	return strings.Join(parts, "; ")
}

// Pickable reports whether choices can be options of a list: few and short enough, in bytes, all different, and such that
// they are shown as they are and come back unchanged.
func Pickable(choices []string, most, longest int) bool {
	if len(choices) == 0 || len(choices) > most {
		return false
	}
	for i, c := range choices {
		plain := strings.TrimSpace(c) == c && c != "" && OneLine(c) == c && !strings.Contains(c, ",")
		if !plain || len(c) > longest || slices.Contains(choices[:i], c) {
			return false
		}
	}
	return true
}

// Chosen are the places of what a field holds among its choices; ok is false where a list could not show it. Of most
// fields that is one choice, of items it may be several.
func Chosen(f chat.Field) (at []int, ok bool) {
	if f.Value == "" {
		return nil, true
	}
	held := []string{f.Value}
	if f.Kind == chat.KindItems {
		held = strings.Split(f.Value, ",")
	}
	for _, v := range held {
		i := slices.Index(f.Choices, v)
		if i < 0 || slices.Contains(at, i) {
			return nil, false
		}
		at = append(at, i)
	}
	return at, true
}
