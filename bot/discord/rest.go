package discord

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/bot/chat"
)

// request is one call of Discord's API.
type request struct {
	method string
	path   string      // below the API's address, with the query: "/channels/1/messages?limit=100"
	body   any         // as JSON; nil: none
	files  []chat.File // sent beside the body
	// asked is a call by the token of an interaction: it has a pace of its own, and somebody waits for it.
	asked bool
}

// call makes one call at Discord's pace and reads the answer into out, which may be nil. The fault says what a failure
// means for a post; apiError is wrapped in it where Discord answered.
func (d *Discord) call(ctx context.Context, r request, out any) *chat.Fault {
	return &chat.Fault{Verdict: chat.Fatal, Err: errors.New("not there yet")}
}

// apiError is an answer of Discord's that says no.
type apiError struct {
	Status  int    // of HTTP
	Code    int    // Discord's own, as 50013; 0: it gave none
	Message string // for whoever runs the bot
}

func (e *apiError) Error() string { return e.Message }
