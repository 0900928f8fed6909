package slack

import "context"

// kind says what Slack sent.
type kind string

// The kinds of what Slack sends.
const (
	command     kind = "command"     // a slash command: its fields as a JSON object
	interaction kind = "interaction" // a press, a submitted form, a shortcut
	event       kind = "event"       // an outer event of the Events API
)

// inbound is one thing that Slack sent, authenticated by the transport that brought it.
type inbound struct {
	kind  kind
	body  []byte // JSON
	retry int    // how often Slack sent it before
}

// take handles what Slack sent, and gives the JSON to acknowledge it with; nil: an empty acknowledgement. It answers in
// time for Slack's three seconds, whatever the handler does; what takes longer goes on behind it.
func (s *Slack) take(ctx context.Context, in inbound) (ack []byte) { return nil }
