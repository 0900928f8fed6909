package cards

import (
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// maxWhy is how much of a reason is shown: it may quote what people wrote, such as why something is on hold.
const maxWhy = 1000

// Refusal says what, why (with its reason code), who can, and what to type next.
func Refusal(r *workflows.Refusal) chat.Message {
	var b strings.Builder
	if r.Head != "" {
		b.WriteString(r.Head + " (" + string(r.Reason) + ")")
	} else {
		b.WriteString(string(r.Reason))
	}
	if r.Why != "" {
		b.WriteString(": " + workflows.Display(r.Why, maxWhy))
	}
	if len(r.Nearest) > 0 {
		b.WriteString(". Nearest: " + strings.Join(r.Nearest, ", "))
	}
	if len(r.Who) > 0 {
		b.WriteString(" · can: " + strings.Join(r.Who, ", "))
	}
	if len(r.Next) > 0 {
		b.WriteString(" → " + strings.Join(r.Next, " · "))
	}
	return chat.Message{Title: b.String()}
}

// Fault is all that people are told of a fault; the log has the error under the same reference.
func Fault(reference string) chat.Message {
	return chat.Message{Title: "something broke on our side; nothing is known to have changed · reference " + reference + " → /release status"}
}
