package slackfake_test

import (
	"errors"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

func newClock() *wire.Clock { return wire.NewClock(time.Unix(1_767_603_600, 0)) }

// errorName is what Slack calls an error: "channel_not_found"; empty: none.
func errorName(err error) string {
	var refused slack.SlackErrorResponse
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Err
	}
	return err.Error()
}
