package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"
)

// codeAgain is the code that a connection is closed with whose session goes on elsewhere; 1000 would end the session.
const codeAgain = 4000

// beats sends heartbeats, the first one after a part of the pause, so that those who were cut off together do not come back
// together.
func (c *conn) beats() {
	timer := time.NewTimer(rand.N(c.pause))
	defer timer.Stop()
	for {
		select {
		case <-c.gone:
			return
		case <-timer.C:
		}
		if c.beat() != nil {
			return
		}
		timer.Reset(c.pause)
	}
}

// beat sends a heartbeat. One that is not acknowledged ends the connection: it looks open, and nobody is there.
func (c *conn) beat() error {
	patience := min(c.pause, c.d.timing.ack)
	c.mu.Lock()
	if c.unacked == nil && c.why == nil {
		c.unacked = time.AfterFunc(patience, func() {
			c.end(ended{words: fmt.Sprintf("a heartbeat was not acknowledged for %s", patience)})
		})
	}
	c.mu.Unlock()
	var seq any
	if c.told.Load() {
		seq = c.session.seq.Load()
	}
	return c.send(map[string]any{"op": 1, "d": seq})
}

// acknowledged takes note that a heartbeat was.
func (c *conn) acknowledged() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unacked != nil {
		c.unacked.Stop()
		c.unacked = nil
	}
}

// send writes a frame. What cannot be written ends the connection.
func (c *conn) send(frame any) error {
	text, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	if len(text) > oneFrame {
		return errors.New("a frame is too long for Discord")
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.write(websocket.TextMessage, text, c.d.timing.write); err != nil {
		c.end(broken(err))
		return c.reason()
	}
	return nil
}

// write does so. A peer that takes nothing for long ends the connection. The lock is held.
func (c *conn) write(kind int, text []byte, patience time.Duration) error {
	late := time.AfterFunc(patience, func() { _ = c.ws.Close() })
	defer late.Stop()
	return c.ws.WriteMessage(kind, text)
}

// wave says goodbye, unless somebody is still writing, in whose way it would be.
func (c *conn) wave(why error) {
	if !c.writing.TryLock() {
		return
	}
	defer c.writing.Unlock()
	code := codeAgain
	if e, ok := errors.AsType[ended](why); ok && e.anew {
		code = websocket.CloseNormalClosure
	}
	_ = c.write(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), c.d.timing.write/10) // politeness
}
