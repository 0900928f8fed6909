package discord

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// watch is a clock that also goes on by what was waited, for one that stands still while a timer runs.
type watch struct {
	now    func() time.Time
	began  time.Time
	waited time.Duration
}

func (c *watch) at() time.Time {
	now := c.now()
	if least := c.began.Add(c.waited); now.Before(least) {
		return least
	}
	return now
}

// spent is how long its user is here already.
func (c *watch) spent() time.Duration { return max(c.waited, c.now().Sub(c.began)) }

// pause waits as long as something lags, unless that is too long or ctx ends first.
func (c *watch) pause(ctx context.Context, lag func(time.Time) time.Duration) *chat.Fault {
	for {
		d := lag(c.at())
		if d <= 0 {
			return nil
		}
		if _, bounded := ctx.Deadline(); bounded && c.spent()+d > patience {
			return tooEarly(d, errors.New("the pace that Discord takes"))
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
			c.waited += d
		case <-ctx.Done():
			timer.Stop()
			return tooEarly(d, ctx.Err())
		}
	}
}

// queue waits to be the first at a gate, which others will take about d to pass.
func (c *watch) queue(ctx context.Context, gate chan struct{}, d time.Duration) *chat.Fault {
	select {
	case gate <- struct{}{}:
		return nil
	default:
	}
	var late <-chan time.Time
	if _, bounded := ctx.Deadline(); bounded {
		if c.spent()+d > patience {
			return tooEarly(d, errors.New("the pace that Discord takes"))
		}
		timer := time.NewTimer(patience - c.spent())
		defer timer.Stop()
		late = timer.C
	}
	select {
	case gate <- struct{}{}:
		return nil
	case <-late:
		return tooEarly(max(d, time.Second), errors.New("others are before it at the pace that Discord takes"))
	case <-ctx.Done():
		return tooEarly(max(d, time.Second), ctx.Err())
	}
}

func tooEarly(d time.Duration, why error) *chat.Fault {
	return &chat.Fault{Verdict: chat.Retry, Paced: true, After: d, Err: fmt.Errorf("it is not yet its turn: %w", why)}
}
