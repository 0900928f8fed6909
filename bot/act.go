package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// Actor changes something outside, one kind of act. It looks first whether that is done already, so that asking again is
// safe. A refusal says that it was not done and cannot be; any other error, that it may have been.
type Actor interface {
	Act(ctx context.Context, data json.RawMessage) error
}

// act carries out one act. What is refused waits for a human; what may have been done is looked for again.
func (b *Bot) act(ctx context.Context, c storage.Claim) error {
	actor, ok := b.Actors[c.What]
	if !ok {
		return &chat.Fault{Verdict: chat.Fatal, Err: fmt.Errorf("nobody here carries out %q", c.What)}
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	b.at(BeforeSend, c)
	err := actor.Act(ctx, c.Data)
	b.at(AfterSend, c)
	var no *workflows.Refusal
	if errors.As(err, &no) {
		return &chat.Fault{Verdict: chat.Fatal, Err: err}
	}
	return err
}
