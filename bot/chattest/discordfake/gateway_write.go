package discordfake

import (
	"net"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// put has frames written after those that wait.
func (l *link) put(all ...Frame) {
	for _, f := range all {
		l.then(func() {
			_ = l.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
			if l.ws.WriteMessage(f.kind(), []byte(f.Text)) != nil {
				l.abort()
			}
		})
	}
}

// half writes the first half of a text frame, and resets the connection.
func (l *link) half(f Frame) {
	l.then(func() {
		_, _ = l.ws.NetConn().Write(wire.Half(f.Text))
		l.abort()
	})
}

// then has something done after what waits to be written.
func (l *link) then(do func()) {
	l.mu.Lock()
	l.out = append(l.out, do)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write writes what waits, until the connection ends.
func (l *link) write() {
	for {
		l.mu.Lock()
		all := l.out
		l.out = nil
		l.mu.Unlock()
		for _, do := range all {
			select {
			case <-l.gone:
				return
			default:
				do()
			}
		}
		select {
		case <-l.gone:
			return
		case <-l.wake:
		}
	}
}

// reasons are what Discord says with its codes.
var reasons = map[int]string{
	4000: "Unknown error.", 4001: "Unknown opcode.", 4002: "Error while decoding payload.", 4003: "Not authenticated.",
	4004: "Authentication failed.", 4005: "Already authenticated.", 4007: "Invalid seq.", 4008: "Rate limited.",
	4009: "Session timed out.", 4010: "Invalid shard.", 4011: "Sharding required.", 4012: "Invalid API version.",
	4013: "Invalid intent(s).", 4014: "Disallowed intent(s).",
}

// bye closes the connection with a code, after what waits to be written. What cannot be resumed is over.
func (l *link) bye(code int) {
	if code == 4003 || code == 4004 || code == 4007 || code >= 4009 {
		l.g.drop(l)
	}
	l.then(func() {
		text := websocket.FormatCloseMessage(code, reasons[code])
		_ = l.ws.WriteControl(websocket.CloseMessage, text, time.Now().Add(time.Second))
		wire.Flushed(l.ws.NetConn())
		l.close()
	})
}

// abort ends the connection with a reset, where there is such a thing.
func (l *link) abort() { l.finish(wire.Abort) }

func (l *link) close() { l.finish(func(c net.Conn) { _ = c.Close() }) }

func (l *link) finish(end func(net.Conn)) {
	l.mu.Lock()
	again := l.ended
	l.ended = true
	l.mu.Unlock()
	if !again {
		end(l.ws.NetConn())
		close(l.gone)
	}
	l.g.leave(l)
}

// beginning is what is shown of something too long.
func beginning(text []byte) string {
	if len(text) > 200 {
		text = append(text[:200:200], "…"...)
	}
	return string(text)
}
