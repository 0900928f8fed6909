package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// The opcodes that Discord sends.
const (
	opEvent     = 0
	opHeartbeat = 1
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// frame is what Discord sends.
type frame struct {
	Op   *int            `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type string          `json:"t"`
}

// got takes in one frame; false: it is none. Reading goes on at once: what happened is handled beside it.
func (c *conn) got(ctx context.Context, text []byte) bool {
	var f frame
	if err := json.Unmarshal(text, &f); err != nil || f.Op == nil {
		return false
	}
	switch *f.Op {
	case opEvent:
		return c.event(ctx, f)
	case opHello:
		return c.hello(f.Data)
	case opAck:
		c.acknowledged()
	case opHeartbeat:
		c.beatNow()
	case opReconnect:
		c.end(ended{words: "Discord asked for a new connection", asked: true})
	case opInvalid:
		resumable := false
		_ = json.Unmarshal(f.Data, &resumable) // what is no answer is a no
		c.end(ended{words: "Discord does not know the session, or does not begin one now", anew: !resumable, wait: true})
	default: // of tomorrow
		c.d.gateway.count.unknown.Add(1)
	}
	return true
}

// hello takes note of Discord's greeting.
func (c *conn) hello(data json.RawMessage) bool {
	var h struct {
		Every int64 `json:"heartbeat_interval"` // milliseconds
	}
	if err := json.Unmarshal(data, &h); err != nil || h.Every <= 0 {
		return false
	}
	select {
	case <-c.greeted:
	default:
		c.pause = min(time.Duration(min(h.Every, 1<<31))*time.Millisecond, c.d.timing.beat)
		close(c.greeted)
	}
	return true
}

// beatNow sends the heartbeat that Discord asks for, beside the reading; not more of them than Discord bears.
func (c *conn) beatNow() {
	select {
	case <-c.greeted:
	default:
		return
	}
	if c.asked.Allow() {
		go func() { _ = c.beat() }() // what cannot be written ends the connection
	}
}

// event takes in something that happened.
func (c *conn) event(ctx context.Context, f frame) bool {
	if f.Type == "" {
		return false
	}
	if f.Seq != nil {
		c.session.seq.Store(max(*f.Seq, c.session.seq.Load()))
		c.told.Store(true)
	}
	c.still.Reset(c.d.timing.renew)
	switch f.Type {
	case "READY":
		return c.introduced(f.Data)
	case "RESUMED":
		c.begun()
		return true
	}
	if !c.resumed {
		select {
		case <-c.ready:
		default: // nobody said yet whose session this is
			c.d.gateway.count.unknown.Add(1)
			return true
		}
	}
	if f.Type == "INTERACTION_CREATE" {
		return c.interaction(ctx, f.Data)
	}
	c.d.note(ctx, f.Type, f.Data)
	return true
}

// introduced takes note of a session that was begun. One of another application than the bot's is no use.
func (c *conn) introduced(data json.RawMessage) bool {
	var r struct {
		Session string `json:"session_id"`
		Resume  string `json:"resume_gateway_url"`
		App     struct {
			ID string `json:"id"`
		} `json:"application"`
	}
	if err := json.Unmarshal(data, &r); err != nil || r.Session == "" {
		return false
	}
	if me := c.d.me.Load(); me == nil || r.App.ID != me.app {
		c.end(ended{final: true, words: fmt.Sprintf("Discord's gateway takes the bot for application %q, and it is another one", r.App.ID)})
		return true
	}
	select {
	case <-c.ready:
		return true // a session is introduced once
	default:
	}
	at, err := c.d.gatewayAddress(r.Resume)
	if err != nil {
		at = c.session.first
	}
	c.session.id, c.session.at = r.Session, at
	c.begun()
	return true
}

// begun takes note that the session is spoken here from now on.
func (c *conn) begun() {
	select {
	case <-c.ready:
	default:
		close(c.ready)
	}
}
