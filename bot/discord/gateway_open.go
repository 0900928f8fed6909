package discord

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/chat"
)

// open connects to the gateway and goes on with the session, or begins a new one.
func (d *Discord) open(ctx context.Context, s *session) (*conn, error) {
	s, at, err := d.whereTo(ctx, s)
	if err != nil {
		return nil, err
	}
	ws, err := d.dial(ctx, at)
	if err != nil {
		s.dials++
		return nil, err
	}
	c := d.converse(ctx, ws, s)
	if err := c.begin(ctx); err != nil {
		c.end(err)
		d.over(c)
		return nil, c.reason()
	}
	s.dials = 0
	return c, nil
}

// whereTo gives the session to go on with, or a new one, and where. A session is resumed where Discord said; if nobody
// answers there, it is tried where it was begun every other time.
func (d *Discord) whereTo(ctx context.Context, s *session) (*session, string, error) {
	if d.fits(s) {
		if s.dials%2 == 1 {
			return s, s.first, nil
		}
		return s, s.at, nil
	}
	at, err := d.mayStart(ctx)
	if err != nil {
		return nil, "", err
	}
	return &session{token: d.secrets.Load().BotToken, intents: d.intents(), first: at}, at, nil
}

// dial opens a connection at an address.
func (d *Discord) dial(ctx context.Context, at string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timing.answer)
	defer cancel()
	w := websocket.Dialer{
		NetDialContext:   (&net.Dialer{Timeout: d.timing.answer}).DialContext,
		Proxy:            d.Proxy,
		HandshakeTimeout: d.timing.answer,
		WriteBufferSize:  oneFrame,
	}
	ws, answer, err := w.DialContext(ctx, at, http.Header{"User-Agent": {agent}})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // gorilla read what it gives of it
	}
	switch {
	case err != nil && answer != nil:
		return nil, fmt.Errorf("opening the connection was answered with %d", answer.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("opening the connection: %w", told(&chat.Fault{Err: err}))
	}
	return ws, nil
}

// converse begins to read what comes in on a connection.
func (d *Discord) converse(ctx context.Context, ws *websocket.Conn, s *session) *conn {
	c := &conn{
		d: d, ws: ws, session: s, resumed: s.id != "", asked: rate.NewLimiter(rate.Every(time.Second), 20), greeted: make(chan struct{}), ready: make(chan struct{}), quiet: make(chan struct{}),
		gone: make(chan struct{}), done: make(chan struct{}),
	}
	c.silence = time.AfterFunc(max(d.timing.silent, d.timing.hello), func() {
		c.end(ended{words: fmt.Sprintf("nothing came in for %s", d.timing.silent)})
	})
	c.still = time.AfterFunc(d.timing.renew, sync.OnceFunc(func() { close(c.quiet) })) // what is read last may start it once more
	ws.SetReadLimit(maxFrame)
	go c.read(context.WithoutCancel(ctx))
	return c
}

// begin waits for Discord's greeting, and begins the session or goes on with it.
func (c *conn) begin(ctx context.Context) error {
	if err := c.await(ctx, c.greeted, c.d.timing.hello, "Discord did not greet"); err != nil {
		return err
	}
	go func() { _ = c.d.guard(ctx, "heartbeats", c.beats) }() // logged
	first := identification
	if c.resumed {
		first = resumption
		c.session.tries++
		c.d.gateway.count.resumes.Add(1)
	} else {
		c.d.gateway.count.starts.Add(1)
		c.d.gateway.starts.spend()
	}
	if err := c.send(first(c.session)); err != nil {
		return err
	}
	return c.await(ctx, c.ready, c.d.timing.ready, "Discord did not begin the session")
}

// await waits until something came; for so long at most.
func (c *conn) await(ctx context.Context, came <-chan struct{}, patience time.Duration, otherwise string) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-came:
		return nil
	case <-timer.C:
		return ended{words: fmt.Sprintf("%s within %s", otherwise, patience)}
	case <-c.gone:
		return c.reason()
	case <-ctx.Done():
		return ctx.Err()
	}
}
