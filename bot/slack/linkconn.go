package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/listen"
)

// What the end of a connection means for the next one.
var (
	errLeaving = errors.New("Slack asked for a new connection")
	errCrowded = errors.New("Slack has too many connections of this app: more than one bot may be running on it")
)

const (
	maxFrame   = 4 << 20  // bytes of one message of Slack's; the largest carry whole messages, of tens of kilobytes
	maxGarbage = 10       // messages in a row that are no envelopes, before a connection is given up
	oneFrame   = 32 << 10 // more than the largest acknowledgement: Slack loses those in several frames
)

// conn is one connection of Socket Mode, from its opening to its end. slack-go's client is not used for it: that opens the
// next one by itself and at once, keeps to itself why Slack ends one, and closes it before what is on its way is
// acknowledged.
type conn struct {
	s       *Slack
	ws      *websocket.Conn
	silence *time.Timer   // ends the connection when no frame comes in
	greeted chan struct{} // closed when Slack said hello
	leaving chan struct{} // closed when Slack said that it will end this connection soon
	done    chan struct{} // closed when nothing more is read
	err     error         // why, once that is closed

	writing sync.Mutex
	work    sync.WaitGroup // requests that are being handled

	mu     sync.Mutex
	why    error // why we ended it
	closed bool  // no more requests are taken
}

// connect opens a connection, and waits for Slack's greeting.
func (s *Slack) connect(ctx context.Context) (*conn, error) {
	ws, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{s: s, ws: ws, greeted: make(chan struct{}), leaving: make(chan struct{}), done: make(chan struct{})}
	c.silence = time.AfterFunc(max(s.timing.silent, s.timing.hello), func() {
		c.end(fmt.Errorf("nothing came in for %s, not even a ping", s.timing.silent))
	})
	pong := ws.PingHandler()
	ws.SetPingHandler(func(data string) error { c.heard(); return pong(data) })
	ws.SetReadLimit(maxFrame)
	go c.read(context.WithoutCancel(ctx))
	hello := time.NewTimer(s.timing.hello)
	defer hello.Stop()
	select {
	case <-c.greeted:
		return c, nil
	case <-c.done:
	case <-hello.C:
		c.end(fmt.Errorf("Slack did not greet within %s", s.timing.hello))
	case <-ctx.Done():
		c.end(ctx.Err())
	}
	c.retire(ctx, 0)
	return nil, c.err
}

// dial asks for the address of a new connection, and opens it. The address is good once, and a secret.
func (s *Slack) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*s.timing.answer)
	defer cancel()
	asking, asked := context.WithTimeout(ctx, s.timing.answer)
	defer asked()
	_, at, err := s.api.Load().StartSocketModeContext(asking)
	switch {
	case err != nil:
		return nil, toldApp(err)
	case at == "":
		return nil, errors.New("the answer to apps.connections.open has no address")
	}
	return s.upgrade(ctx, at)
}

// upgrade opens the connection at an address that Slack gave.
func (s *Slack) upgrade(ctx context.Context, at string) (*websocket.Conn, error) {
	d := websocket.Dialer{
		NetDialContext:   (&net.Dialer{Timeout: s.timing.answer}).DialContext,
		Proxy:            s.Proxy,
		HandshakeTimeout: s.timing.answer,
		WriteBufferSize:  oneFrame,
	}
	ws, answer, err := d.DialContext(ctx, at, http.Header{"Origin": {"https://api.slack.com"}})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // gorilla read what it gives of it
	}
	switch {
	case err != nil && answer != nil:
		return nil, fmt.Errorf("opening the connection was answered with %d", answer.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("opening the connection: %w", told(err))
	}
	return ws, nil
}

// read takes in what Slack sends, until the connection ends.
func (c *conn) read(ctx context.Context) {
	defer close(c.done)
	defer func() { _ = c.ws.Close() }()
	defer c.silence.Stop()
	err := c.s.guard(ctx, "reading", func() { c.err = c.readAll(ctx) })
	if err != nil {
		c.err = err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why != nil {
		c.err = c.why
	}
}

func (c *conn) readAll(ctx context.Context) error {
	for garbage := 0; garbage < maxGarbage; {
		_, text, err := c.ws.ReadMessage()
		if err != nil {
			return fmt.Errorf("the connection broke: %w", told(err))
		}
		c.heard()
		if c.got(ctx, text) {
			garbage = 0
			continue
		}
		garbage++
		c.s.Log.WarnContext(ctx, "slack sent what is no envelope", "bytes", len(text))
	}
	return fmt.Errorf("the last %d messages were no envelopes", maxGarbage)
}

// heard takes note of a frame.
func (c *conn) heard() {
	c.silence.Reset(c.s.timing.silent)
	select {
	case <-c.greeted:
		c.s.links.hearing.Hear(c.s.timing.deaf)
	default:
	}
}

// ended reports whether nothing more comes in.
func (c *conn) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// end closes the connection at once, for the first reason that is given.
func (c *conn) end(why error) {
	c.mu.Lock()
	if c.why == nil {
		c.why = why
	}
	c.mu.Unlock()
	_ = c.ws.Close()
}

// retire ends a connection without losing what came in on it: it is read for a while, and closed when what was taken is
// acknowledged. What comes after that goes to another connection.
func (c *conn) retire(ctx context.Context, linger time.Duration) {
	listen.Rest(ctx, linger, c.done)
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.work.Wait()
	if !c.ended() {
		bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = c.write(func() error { return c.ws.WriteMessage(websocket.CloseMessage, bye) }) // politeness
	}
	c.end(errLeaving)
	<-c.done
}

// begin takes one more request on; false: the connection is being closed, and takes none.
func (c *conn) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.work.Add(1)
	return true
}

// write writes one frame after the other. A peer that takes none for long ends the connection.
func (c *conn) write(frame func() error) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	late := time.AfterFunc(c.s.timing.write, func() { c.end(fmt.Errorf("Slack took nothing for %s", c.s.timing.write)) })
	defer late.Stop()
	return frame()
}
