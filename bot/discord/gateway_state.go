package discord

import (
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
)

// up takes note that a connection is up. What was wrong with the one before it is over.
func (g *gateway) up(c *conn, t timing) {
	g.current.Store(c)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.why, g.final, g.down, g.since = nil, nil, false, time.Time{}
	if g.late != nil {
		g.late.Stop()
		g.late = nil
	}
	g.hearing.Hear(t.deaf)
}

// broke takes note that it is down again.
func (g *gateway) broke(now time.Time, t timing, why error, steady bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.why, g.since = why, now
	if !steady {
		g.breaks++
	}
	var late *time.Timer
	late = time.AfterFunc(t.down, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.down = g.down || g.late == late
	})
	g.late = late
}

// lasts takes note that a connection lasts.
func (g *gateway) lasts() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.breaks = 0
}

// note says why there is no connection, or no new one.
func (g *gateway) note(why error, final bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.why, g.final = why, nil
	if final {
		g.final = why
	}
}

// leave counts a connection that hangs in its end, for as long as it does.
func (g *gateway) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-c.done: // just now
	default:
		c.left = true
		g.left++
	}
}

// returned takes note that a connection that was left behind is gone.
func (g *gateway) returned(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.left {
		g.left--
	}
	close(c.done)
}

// isUp reports whether there is a connection that brings events.
func (g *gateway) isUp() bool {
	c := g.current.Load()
	return c != nil && !c.ended()
}

// health is why nothing that Discord sends is handled; nil: it is.
func (g *gateway) health() error {
	up := g.isUp()
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.final != nil:
		return g.final
	case !up && g.down:
		return g.downSince()
	case up && !g.hearing.Hears():
		return errors.New("nothing is heard from Discord's gateway")
	case g.breaks >= maxBreaks:
		return fmt.Errorf("the connection to Discord's gateway breaks again and again, %d times by now: %w", g.breaks, g.reason())
	case g.asked.full():
		return fmt.Errorf("%d commands and presses are being answered, and none of them ends: restart the bot", maxAtOnce)
	case g.left > maxLeft:
		return fmt.Errorf("%d connections to Discord's gateway hang and cannot be ended: restart the bot", g.left)
	}
	return nil
}

// downSince says since when there is no connection, and why; the lock is held.
func (g *gateway) downSince() error {
	if g.since.IsZero() {
		return fmt.Errorf("the bot is not connected to Discord's gateway yet: %w", g.reason())
	}
	return fmt.Errorf("the gateway of Discord is down since %s: %w", g.since.UTC().Format("15:04:05 MST"), g.reason())
}

func (g *gateway) reason() error {
	if g.why == nil {
		return errors.New("it is being connected")
	}
	return g.why
}

// warnings says what is wrong, or soon will be.
func (g *gateway) warnings() (all []error) {
	up := g.isUp()
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !up:
		all = append(all, g.downSince())
	case g.why != nil:
		all = append(all, fmt.Errorf("the connection to Discord's gateway is up but cannot be renewed: %w", g.why))
	}
	if g.left > 0 {
		all = append(all, fmt.Errorf("%d ended connections to Discord's gateway hang: restart the bot if they become more", g.left))
	}
	if g.events.full() {
		all = append(all, fmt.Errorf("%d events of Discord's are being handled, and none of them ends: mentions and lines in direct messages are lost; restart the bot", maxAtOnce))
	}
	if few := g.starts.few(); few != nil {
		all = append(all, few)
	}
	return all
}

// seats is a bounded number of places for what is being handled. Its zero value is ready.
type seats struct {
	listen.Flights
	waiting stall
}

// enter takes a place; false: there is none.
func (r *seats) enter(stuck time.Duration) bool {
	if r.Enter(maxAtOnce) {
		return true
	}
	r.waiting.begin(stuck)
	return false
}

// leave gives it back.
func (r *seats) leave() {
	r.Leave()
	r.waiting.end()
}

// full reports whether there is no place for long, and none was given back.
func (r *seats) full() bool { return r.waiting.over() }
