package blocks

import (
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/lines"
)

const (
	maxInput  = 3000 // characters of a text input; Slack knows no longer ones
	maxInputs = 20   // inputs over which one text is spread
)

// Values reads a submitted form, by field. A picked user comes as what mention gives for the id: "@ana".
func Values(state *slack.ViewState, mention func(user string) string) map[string]string {
	all := map[string]string{}
	if state == nil {
		return all
	}
	for id, block := range state.Values {
		for _, a := range block {
			all[id] += entered(a, mention)
		}
	}
	return lines.Joined(all)
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
		if key, part, _ := lines.FieldOf(b.ID()); part == 0 {
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
