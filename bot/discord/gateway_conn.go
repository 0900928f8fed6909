package discord

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/chat"
)

const (
	maxFrame   = 16 << 20 // bytes of one frame of Discord's; the largest tell of a whole server
	maxGarbage = 10       // frames in a row that are none, before a connection is given up
	oneFrame   = 4096     // the longest that Discord takes
)

// conn is one connection to the gateway, from its opening to its end. discordgo's is not used for it: that holds its lock
// for ever where nobody greets, dies of a frame that is null, and tries for ever what Discord refuses for good.
type conn struct {
	d       *Discord
	ws      *websocket.Conn
	session *session      // that is spoken on it
	resumed bool          // it is not begun on it
	asked   *rate.Limiter // of the heartbeats that Discord asks for

	greeted chan struct{} // closed when Discord greeted
	pause   time.Duration // between heartbeats, once that is closed
	told    atomic.Bool   // an event came on it
	ready   chan struct{} // closed when the session is begun, or goes on
	quiet   chan struct{} // closed when no event came for long
	gone    chan struct{} // closed when it is given up
	done    chan struct{} // closed when nothing more is read
	left    bool          // nobody waits for that any more; the gateway's lock guards it

	silence *time.Timer // ends the connection when no frame comes in
	still   *time.Timer // closes quiet
	writing sync.Mutex
	work    sync.WaitGroup // interactions that are being answered

	mu      sync.Mutex
	why     error       // the first reason to give it up
	closed  bool        // nothing more is taken from it
	unacked *time.Timer // runs from a heartbeat to its acknowledgement
}

// read takes in what Discord sends, until the connection ends.
func (c *conn) read(ctx context.Context) {
	defer c.d.gateway.returned(c)
	defer func() { _ = c.ws.Close() }()
	if err := c.d.guard(ctx, "reading", func() { c.end(c.readAll(ctx)) }); err != nil {
		c.end(err)
	}
}

func (c *conn) readAll(ctx context.Context) error {
	for garbage := 0; garbage < maxGarbage; {
		kind, text, err := c.ws.ReadMessage()
		if err != nil {
			return broken(err)
		}
		c.heard()
		if kind == websocket.TextMessage && c.got(ctx, text) {
			garbage = 0
			continue
		}
		garbage++
		c.d.gateway.count.garbage.Add(1)
		c.d.Log.WarnContext(ctx, "discord's gateway sent what is no frame of its own", "bytes", len(text))
	}
	return ended{words: fmt.Sprintf("the last %d frames were none of Discord's", maxGarbage)}
}

// broken is what the end of reading means.
func broken(err error) error {
	if bye, ok := errors.AsType[*websocket.CloseError](err); ok {
		if e, known := closings[bye.Code]; known {
			return e
		}
		return ended{words: fmt.Sprintf("Discord closed the connection with %d", bye.Code)}
	}
	if errors.Is(err, websocket.ErrReadLimit) {
		return ended{words: fmt.Sprintf("Discord sent a frame of more than %d MiB", maxFrame>>20)}
	}
	return ended{words: "the connection broke: " + told(&chat.Fault{Err: err}).Error()}
}

// heard takes note of a frame.
func (c *conn) heard() {
	c.silence.Reset(c.d.timing.silent)
	select {
	case <-c.ready:
		c.d.gateway.hearing.Hear(c.d.timing.deaf)
	default:
	}
}

// ended reports whether the connection is given up.
func (c *conn) ended() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// reason is why.
func (c *conn) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.why
}

// end gives the connection up, for the first reason that is given, whatever it is doing. Discord is told with a code that
// leaves the session to be resumed, unless it is over.
func (c *conn) end(why error) {
	c.mu.Lock()
	if c.why != nil {
		c.mu.Unlock()
		return
	}
	c.why, c.closed = why, true
	if c.unacked != nil {
		c.unacked.Stop()
	}
	close(c.gone)
	c.mu.Unlock()
	c.silence.Stop()
	c.still.Stop()
	c.wave(why)
	_ = c.ws.Close()
}

// close takes nothing more from the connection.
func (c *conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
}

// enter takes one more interaction on; false: the connection is being closed, and takes none.
func (c *conn) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.work.Add(1)
	return true
}
