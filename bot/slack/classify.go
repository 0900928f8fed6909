package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// ruling is what one of Slack's named errors means for a post, and what people can do about it.
type ruling struct {
	verdict chat.Verdict
	gone    bool // what should be edited or answered is no longer there
	paced   bool
	words   string
}

// faultOf says what a failed call means. Its text holds names that Slack has for things, and nothing else that was received.
func faultOf(err error) *chat.Fault {
	var known *chat.Fault
	var bad *trouble
	var no slack.SlackErrorResponse
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.As(err, &bad):
		return bad.fault()
	case errors.As(err, &no):
		r := rule(no.Err)
		return &chat.Fault{Verdict: r.verdict, Gone: r.gone, Paced: r.paced, Err: errors.New(sayNo(no, r))}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &chat.Fault{Verdict: chat.Unclear, Err: errors.New("the call to Slack was broken off")}
	}
	return &chat.Fault{Verdict: chat.Unclear, Err: errors.New("what Slack answered cannot be read")}
}

// fault says what a call without an answer means: only what certainly did not reach Slack, or was turned away for its
// pace, may be sent again without a look.
func (t *trouble) fault() *chat.Fault {
	f := &chat.Fault{Verdict: chat.Unclear, Err: errors.New(t.what)}
	if t.unsent {
		f.Verdict, f.Paced, f.After = chat.Retry, t.status != 0, t.after
	}
	return f
}

// rule finds the ruling for one of Slack's error names. What nobody knows waits for somebody to look: nothing is lost.
func rule(name string) ruling {
	if r, ok := rulings[name]; ok {
		return r
	}
	for prefix, like := range families {
		if strings.HasPrefix(name, prefix) {
			return rulings[like]
		}
	}
	return ruling{verdict: chat.Park, words: "Readyroom does not know this error → look it up among the errors of Slack's method, and mend it there"}
}

var (
	nameLike    = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	scopeLike   = regexp.MustCompile(`^[a-z]+([:._][a-z]+)*(,[a-z]+([:._][a-z]+)*)*$`)
	pointerLike = regexp.MustCompile(`\[json-pointer:(/[a-z0-9_/]{1,80})\]`)
)

const nameless = "an error without a proper name"

// nameOf is the name of an error, where it looks like one: what answers in Slack's place may repeat a token.
func nameOf(no slack.SlackErrorResponse) string {
	if len(no.Err) > 64 || !nameLike.MatchString(no.Err) {
		return nameless
	}
	return no.Err
}

// needed is which scope an error says is missing; empty: none.
func needed(no slack.SlackErrorResponse) string {
	if no.Err == "missing_scope" && len(no.Needed) <= 100 && scopeLike.MatchString(no.Needed) {
		return " (needed: " + no.Needed + ")"
	}
	return ""
}

// sayNo words a no of Slack's: its name, what to do, which scope is missing, where in the blocks the mistake is.
func sayNo(no slack.SlackErrorResponse, r ruling) string {
	text := fmt.Sprintf("Slack says %s: %s", nameOf(no), r.words) + needed(no)
	for _, m := range no.ResponseMetadata.Messages {
		if at := pointerLike.FindStringSubmatch(m); at != nil {
			return text + " (at " + at[1] + ")"
		}
	}
	return text
}
