package chat

import "context"

// Home draws one person's own page, a message a section: what waits for them, what is coming, what they wait for. Like a
// Handler it never fails, and shows nobody what they may not see.
type Home func(context.Context, Request) []Message
