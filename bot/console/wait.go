package console

import (
	"context"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxPasses = 100         // of Step at one moment; what is due after that does not settle
	maxSleep  = time.Minute // timers stand still while a machine sleeps: look at the clock this often
	maxWait   = 10 * 366 * 24 * time.Hour
)

// deliver steps until nothing more is due now, printing what is posted.
func (c *Console) deliver(ctx context.Context) error {
	defer c.screen.expect("")
	for range maxPasses {
		next, ok, err := c.Step(ctx)
		c.screen.posts(c.Memory.drain())
		if err != nil {
			return fault("deliver what is due", err)
		}
		c.next, c.due = next, ok
		if !ok || next.After(c.Clock.Now()) {
			return c.screen.flush()
		}
	}
	c.next = c.Clock.Now().Add(maxSleep)
	return c.screen.flush()
}

// await waits for the next line, delivering what comes due meanwhile.
func (c *Console) await(ctx context.Context, in *input) (string, error) {
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		c.screen.prompt()
		if err := c.screen.flush(); err != nil {
			return "", err
		}
		if !in.asked {
			in.ask()
		}
		select {
		case <-ctx.Done():
		case got := <-in.got:
			in.asked = false
			c.screen.entered(got.err == nil || isRefusal(got.err))
			c.screen.trouble(c.history.trouble())
			return got.text, got.err
		case <-c.alarm():
			if err := c.deliver(ctx); err != nil {
				return "", err
			}
		}
	}
}

// alarm rings when something may be due; never, if nothing is or if time stands still.
func (c *Console) alarm() <-chan time.Time {
	if !c.due || c.Clock.Simulated() {
		return nil
	}
	return time.After(min(c.next.Sub(c.Clock.Now()), maxSleep))
}

// wait moves simulated time ahead, from due time to due time.
func (c *Console) wait(ctx context.Context, arg string) error {
	if !c.Clock.Simulated() {
		return workflows.Refuse(NotSimulated, "only simulated time can be moved").Type("readyroom console --clock simulated")
	}
	d, err := parseWait(arg)
	if err != nil {
		return err
	}
	end := c.Clock.Now().Add(d)
	for c.due && !c.next.After(end) {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.Clock.Set(c.next)
		if err := c.deliver(ctx); err != nil {
			return err
		}
	}
	c.Clock.Set(end)
	if err := c.deliver(ctx); err != nil {
		return err
	}
	return c.say(end.Format("Monday 2006-01-02 15:04 MST"))
}
