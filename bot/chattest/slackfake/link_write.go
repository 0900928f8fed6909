package slackfake

import (
	"encoding/json"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

func goodbye(reason string) []byte {
	text, _ := json.Marshal(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-0"}})
	return text
}

// bye tells that the connection will end, and ends it.
func (l *link) bye(reason string, after time.Duration) {
	if l.send(goodbye(reason)) != nil {
		return
	}
	l.s.leave(l) // what comes now goes to another one
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.gone:
	case <-l.s.f.server.Done:
	}
	_ = l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
	l.close()
}

// send writes one text frame.
func (l *link) send(text []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_ = l.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return l.ws.WriteMessage(websocket.TextMessage, text)
}

// half writes the first half of a text frame, and resets the connection.
func (l *link) half(text []byte) {
	l.writing.Lock()
	_, _ = l.ws.NetConn().Write(wire.Half(text))
	l.writing.Unlock()
	l.abort()
}

// abort ends the connection with a reset, where there is such a thing.
func (l *link) abort() { l.finish(wire.Abort) }

func (l *link) close() { l.finish(func(c net.Conn) { _ = c.Close() }) }

func (l *link) finish(end func(net.Conn)) {
	l.s.leave(l)
	l.mu.Lock()
	again := l.ended
	l.ended = true
	l.mu.Unlock()
	if !again {
		end(l.ws.NetConn())
		close(l.gone)
	}
}
