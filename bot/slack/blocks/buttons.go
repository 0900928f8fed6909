package blocks

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

const (
	maxActions  = 25     // elements of a block of actions
	maxLabel    = 75     // characters of a button
	maxValue    = 2000   // characters that a button carries
	maxButtons  = 4000   // bytes of the buttons of one page, as JSON
	manyButtons = 10_000 // more than any page has

	ours    = "rr:"  // what our action ids begin with
	encoded = ":url" // what those end in whose value is encoded
)

// Pressable reports whether Slack can carry what a button says, and give it back unchanged.
func Pressable(b chat.Button) bool {
	value, _ := carried(b.Value())
	return strings.TrimSpace(b.Value()) != "" && size(value) <= maxValue && writable(value)
}

// carried is a line as a button carries it. Slack is known to give "&" back as "&amp;" in places, so a line in which that
// could happen travels encoded.
func carried(line string) (value, suffix string) {
	if strings.ContainsAny(line, "&<>") {
		return url.QueryEscape(line), encoded
	}
	return line, ""
}

// Pressed reads a press back: the line that its button stands for. ok is false for what is none of ours.
func Pressed(actionID, value string) (line string, ok bool) {
	number, mine := strings.CutPrefix(actionID, ours)
	number, coded := strings.CutSuffix(number, encoded)
	if _, err := strconv.ParseUint(number, 10, 32); err != nil || !mine || value == "" {
		return "", false
	}
	if !coded {
		return value, true
	}
	line, err := url.QueryUnescape(value)
	return line, err == nil && line != ""
}

// firstOf is as many buttons as one page has room for.
func firstOf(buttons []chat.Button) []chat.Button {
	used := 0
	for i, b := range buttons {
		value, _ := carried(b.Value())
		if used += len(`{"type":"button","text":{"type":"plain_text","text":"","emoji":false},"action_id":"rr:00000000:url","value":"","style":"primary"},`) +
			size(escape(label(b))) + size(value); used > maxButtons {
			return buttons[:i]
		}
	}
	return buttons
}

func label(b chat.Button) string {
	if s := lines.OneLine(b.Label); strings.TrimSpace(s) != "" {
		return cut(s, maxLabel)
	}
	return cut(lines.OneLine(b.Value()), maxLabel)
}

// actions draws buttons, numbering them from ids on.
func actions(buttons []chat.Button, ids *int) []slack.Block {
	var out []slack.Block
	var row []slack.BlockElement
	for i, b := range buttons {
		value, suffix := carried(b.Value())
		e := slack.NewButtonBlockElement(fmt.Sprintf("%s%d%s", ours, *ids, suffix), value, plain(label(b)))
		e.Style = style(b, buttons)
		*ids++
		row = append(row, e)
		if len(row) == maxActions || i == len(buttons)-1 {
			out, row = append(out, slack.NewActionBlock("", row...)), nil
		}
	}
	return out
}

// style shows how a button stands to the others.
func style(b chat.Button, all []chat.Button) slack.Style {
	switch lines.WeightOf(b, all) {
	case lines.Dangerous:
		return slack.StyleDanger
	case lines.Next:
		return slack.StylePrimary
	}
	return slack.StyleDefault
}
