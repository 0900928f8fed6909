package blocks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/lines"
)

const (
	maxInput  = 3000 // characters of a text input; Slack knows no longer ones
	maxInputs = 20   // inputs over which one text is spread
)

// inputPart is a part of a field's text, and what stood between it and the part before.
type inputPart struct {
	text string
	sep  string // "\n" or nothing
}

// fieldParts spreads a text over as many inputs as it takes, between lines if it can. It gives nil for what is too long,
// or would reach Slack changed.
func fieldParts(s string) []inputPart {
	if !writable(s) || len(s) > maxInput*maxInputs*4 {
		return nil
	}
	out := []inputPart{{}}
	for {
		part := lines.Head(s, maxInput, lines.Units)
		if part == s {
			break
		}
		sep, rest := "", s[len(part):]
		if i := strings.LastIndexByte(part, '\n'); i > len(part)/2 {
			part, rest, sep = part[:i], s[i+1:], "\n"
		}
		out[len(out)-1].text = part
		out, s = append(out, inputPart{sep: sep}), rest
	}
	out[len(out)-1].text = s
	if len(out) > maxInputs {
		return nil
	}
	return out
}

// blockID names the input of a field's part: "text", then "text/2n" where a line break parts it from the one before,
// or "text/2".
func blockID(key string, part int, sep string) string {
	if part == 0 {
		return key
	}
	id := fmt.Sprintf("%s/%d", key, part+1)
	if sep != "" {
		id += "n"
	}
	return id
}

// FieldOf reads a block's id back.
func FieldOf(block string) (key string, part int, sep string) {
	key, number, _ := strings.Cut(block, "/")
	number, lines := strings.CutSuffix(number, "n")
	if lines {
		sep = "\n"
	}
	part, err := strconv.Atoi(number)
	if err != nil {
		return key, 0, ""
	}
	return key, part - 1, sep
}

// Values reads a submitted form, by field. A picked user comes as what mention gives for the id: "@ana".
func Values(state *slack.ViewState, mention func(user string) string) map[string]string {
	out := map[string]string{}
	if state == nil {
		return out
	}
	blocks := slices.SortedFunc(maps.Keys(state.Values), func(a, b string) int {
		_, i, _ := FieldOf(a)
		_, j, _ := FieldOf(b)
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(a, b))
	})
	for _, id := range blocks {
		key, part, sep := FieldOf(id)
		for _, a := range state.Values[id] {
			text := entered(a, mention)
			if part > 0 && text != "" && out[key] != "" {
				text = sep + text
			}
			out[key] += text
		}
	}
	return out
}

// entered is what one element holds.
func entered(a slack.BlockAction, mention func(string) string) string {
	switch string(a.Type) {
	case slack.OptTypeStatic:
		return a.SelectedOption.Value
	case slack.MultiOptTypeStatic:
		var all []string
		for _, o := range a.SelectedOptions {
			all = append(all, o.Value)
		}
		return strings.Join(all, ",")
	case slack.OptTypeUser:
		if a.SelectedUser == "" {
			return ""
		}
		return mention(a.SelectedUser)
	case string(slack.METDatepicker):
		return a.SelectedDate
	}
	return a.Value
}

// FieldKeys are the fields that a view asks for, in order.
func FieldKeys(blocks []slack.Block) []string {
	var out []string
	for _, b := range blocks {
		if b.BlockType() != slack.MBTInput {
			continue
		}
		if key, part, _ := FieldOf(b.ID()); part == 0 {
			out = append(out, key)
		}
	}
	return out
}

// FieldErrors says at its field what is wrong, for the answer to a submission. What is wrong with something that is no
// field of the form is said at the first one, so that it is not lost. It gives nil for a form without fields.
func FieldErrors(keys []string, wrong map[string]string) map[string]string {
	if len(keys) == 0 {
		return nil
	}
	out := map[string]string{}
	add := func(key, text string) {
		if before := out[key]; before != "" {
			text = before + "; " + text
		}
		out[key] = cut(text, maxHint)
	}
	for _, key := range slices.Sorted(maps.Keys(wrong)) {
		text := lines.OneLine(wrong[key])
		if text == "" {
			text = "this is not right"
		}
		if slices.Contains(keys, key) {
			add(key, text)
		} else {
			add(keys[0], lines.OneLine(key)+": "+text)
		}
	}
	return out
}
