package console

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// maxNamed is how many buttons a refusal names.
const maxNamed = 8

// findButton finds the newest button with a label, case aside; else the newest of the one label that begins so. The
// messages come newest first.
func findButton(messages []message, label string) (message, chat.Button, error) {
	var labels []string // distinct ones, newest first
	begin := map[string]bool{}
	for _, m := range messages {
		for _, b := range m.Message.Buttons {
			low := strings.ToLower(b.Label)
			if strings.EqualFold(b.Label, label) {
				return m, b, nil
			}
			if !slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, low) }) {
				labels = append(labels, b.Label)
			}
			if label != "" && strings.HasPrefix(low, strings.ToLower(label)) {
				begin[low] = true
			}
		}
	}
	if len(begin) == 1 {
		for whole := range begin {
			return findButton(messages, whole)
		}
	}
	return message{}, chat.Button{}, noButton(label, labels, len(begin) > 1)
}

// noButton says which buttons there are, or which of them may have been meant.
func noButton(label string, labels []string, several bool) error {
	typed := `"` + workflows.Display(label, maxName) + `"`
	reason, why := UnknownButton, "no button reads "+typed
	if several {
		reason, why = workflows.Ambiguous, "several buttons begin with "+typed
		labels = slices.DeleteFunc(labels, func(l string) bool {
			return !strings.HasPrefix(strings.ToLower(l), strings.ToLower(label))
		})
	}
	if len(labels) == 0 {
		return workflows.Refuse(reason, "there is no button here").Type("!show", "!show @me")
	}
	var named []string
	for _, l := range labels[:min(len(labels), maxNamed)] {
		named = append(named, "!press "+workflows.Display(l, maxName))
	}
	if more := len(labels) - maxNamed; more > 0 {
		why += fmt.Sprintf(" (%d older ones are not listed)", more)
	}
	return workflows.Refuse(reason, why).Type(named...)
}
