// Package wire is what the fakes of platforms share below their protocols: a server whose line can be cut, what is said to
// happen to a call and how the bytes of its answer arrive, a host that is sent to by mistake, what is counted where only so
// much is taken, requests to the app, and waiting for what changes. It knows no platform, and nothing of ours.
package wire

import (
	"net"
	"sync"
)

// Gate is a listener that can be closed to the world and opened again at the same address.
type Gate struct {
	net.Listener
	mu     sync.Mutex
	closed bool
	open   map[net.Conn]bool
}

// NewGate puts a gate before a listener; it is open.
func NewGate(l net.Listener) *Gate { return &Gate{Listener: l, open: map[net.Conn]bool{}} }

// Accept waits for the next connection that is let through.
func (g *Gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := g.admit(c); c != nil {
			return c, nil
		}
	}
}

func (g *Gate) admit(c net.Conn) net.Conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		Abort(c)
		return nil
	}
	guest := &gated{Conn: c, gate: g}
	g.open[guest] = true
	return guest
}

// Down closes the gate and ends every connection at once, or opens it again.
func (g *Gate) Down(down bool) {
	g.mu.Lock()
	g.closed = down
	g.mu.Unlock()
	if down {
		g.Reset()
	}
}

// Reset ends every connection at once.
func (g *Gate) Reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.open {
		Abort(c)
	}
	clear(g.open)
}

// gated is a connection that the gate can end.
type gated struct {
	net.Conn
	gate *Gate
}

// Close also forgets the connection.
func (c *gated) Close() error {
	c.gate.mu.Lock()
	delete(c.gate.open, c)
	c.gate.mu.Unlock()
	return c.Conn.Close()
}

// Flushed lets what was written leave before an end takes it back.
func Flushed(c net.Conn) {
	if g, ok := c.(*gated); ok {
		if tcp, ok := g.Conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
	}
}

// Abort closes so that the other side sees a reset, not an orderly end.
func Abort(c net.Conn) {
	if g, ok := c.(*gated); ok {
		c = g.Conn
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
