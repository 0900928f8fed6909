package discordfake

import (
	"net"
	"sync"
)

// gate is a listener that can be closed to the world and opened again at the same address.
type gate struct {
	net.Listener
	mu     sync.Mutex
	closed bool
	open   map[net.Conn]bool
}

func newGate(l net.Listener) *gate { return &gate{Listener: l, open: map[net.Conn]bool{}} }

// Accept waits for the next connection that is let through.
func (g *gate) Accept() (net.Conn, error) {
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

func (g *gate) admit(c net.Conn) net.Conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		abort(c)
		return nil
	}
	guest := &gated{Conn: c, gate: g}
	g.open[guest] = true
	return guest
}

func (g *gate) down(down bool) {
	g.mu.Lock()
	g.closed = down
	g.mu.Unlock()
	if down {
		g.reset()
	}
}

// reset ends every connection at once.
func (g *gate) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.open {
		abort(c)
	}
	clear(g.open)
}

// gated is a connection that the gate can end.
type gated struct {
	net.Conn
	gate *gate
}

// Close also forgets the connection.
func (c *gated) Close() error {
	c.gate.mu.Lock()
	delete(c.gate.open, c)
	c.gate.mu.Unlock()
	return c.Conn.Close()
}

// abort closes so that the other side sees a reset, not an orderly end.
func abort(c net.Conn) {
	if g, ok := c.(*gated); ok {
		c = g.Conn
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
