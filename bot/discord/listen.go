package discord

import (
	"context"
	"encoding/json"
)

// take handles an interaction, authenticated by the transport that brought it, and gives the JSON of the first answer to
// it; nil: there is none to give. It answers in time for Discord's three seconds, whatever the handler does; what takes
// longer goes on behind it.
func (d *Discord) take(ctx context.Context, body []byte) (answer []byte) { return nil }

// happened takes note of an event of the gateway that is no interaction: "MESSAGE_CREATE", and its data.
func (d *Discord) happened(ctx context.Context, event string, data json.RawMessage) {}
