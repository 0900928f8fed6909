package slackfake_test

import (
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// clock only goes when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Unix(1_767_603_600, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

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
