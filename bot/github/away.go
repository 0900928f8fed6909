package github

import (
	"errors"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Away says of a read that failed without a no of GitHub's that GitHub is away: whoever asked may ask again.
func Away(err error) error {
	if err == nil {
		return nil
	}
	if _, no := errors.AsType[*workflows.Refusal](err); no {
		return err
	}
	var after time.Duration
	if f, ok := errors.AsType[*chat.Fault](err); ok {
		after, err = f.After, f.Err
	}
	return &workflows.Away{Who: "GitHub", After: after, Err: err}
}
