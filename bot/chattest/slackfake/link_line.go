package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// link is Slack's end of one connection.
type link struct {
	s       *Socket
	ws      *websocket.Conn
	gone    chan struct{} // closed with the connection
	writing sync.Mutex

	mu sync.Mutex
	Line
	ended   bool
	waiting map[string]waiting // envelopes without an acknowledgement, by id
}

// waiting is an envelope that is out.
type waiting struct {
	e    Envelope
	sent time.Time
	ack  chan Ack
}

// greet says hello, as the line wants it.
func (l *link) greet() (well bool) {
	app := l.App
	if app == "" {
		app = App
	}
	hello, _ := json.Marshal(map[string]any{ // of strings and numbers alone
		"type": "hello", "num_connections": l.s.Open() + l.Others + 1, "connection_info": map[string]any{"app_id": app},
		"debug_info": map[string]any{"host": "applink-0", "build_number": 1, "approximate_connection_time": 18060},
	})
	switch {
	case l.Break == BeforeHello:
		l.abort()
		return false
	case l.Break == InHello:
		l.half(hello)
		return false
	case l.NoHello:
		return true
	}
	if bye := l.s.enter(l); bye != "" {
		l.bye(bye, 0)
		return false
	}
	if l.send(hello) != nil {
		return false
	}
	switch {
	case l.Break == AfterHello:
		l.abort()
		return false
	case l.Bye != "" && l.Break == InDisconnect:
		l.half(goodbye(l.Bye))
		return false
	case l.Bye != "":
		l.bye(l.Bye, 0)
		return false
	}
	return true
}

// deliver sends an envelope, and waits for its acknowledgement.
func (l *link) deliver(ctx context.Context, e Envelope) (Ack, error) {
	w := waiting{e: e, sent: time.Now(), ack: make(chan Ack, 1)}
	l.mu.Lock()
	l.waiting[e.ID] = w
	deaf, cut := l.Deaf, l.Break
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.waiting, e.ID)
	}()
	late := time.NewTimer(l.s.f.o.Patience)
	defer late.Stop()
	switch {
	case deaf:
	case cut == InEnvelope:
		l.half(e.text())
	default:
		if err := l.send(e.text()); err != nil {
			return Ack{}, err
		}
		if cut == BeforeAck {
			l.abort()
		}
	}
	select {
	case a := <-w.ack:
		return a, nil
	case <-l.gone:
		return Ack{}, errors.New("the connection ended before the acknowledgement")
	case <-late.C:
		return Ack{}, ErrTimeout
	case <-ctx.Done():
		return Ack{}, ctx.Err()
	}
}

// read takes in what the app sends.
func (l *link) read() {
	for {
		_, text, err := l.ws.ReadMessage()
		if err != nil {
			return
		}
		l.acknowledged(text)
	}
}

// acknowledged takes an acknowledgement. One that is too long is lost, as at Slack; a payload that nobody asked for is a
// mistake.
func (l *link) acknowledged(text []byte) {
	var a struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(text, &a); err != nil || a.EnvelopeID == "" {
		l.s.f.t.Errorf("slackfake: what came over Socket Mode is no acknowledgement: %.200q", text)
		return
	}
	l.s.mu.Lock()
	long := len(text) >= MaxLinkAck
	if long {
		l.s.lost++
	}
	l.s.mu.Unlock()
	if long {
		return
	}
	l.mu.Lock()
	w, ok := l.waiting[a.EnvelopeID]
	delete(l.waiting, a.EnvelopeID)
	l.mu.Unlock()
	switch {
	case !ok:
		l.s.mu.Lock()
		l.s.strays++
		l.s.mu.Unlock()
		return
	case len(a.Payload) > 0 && !w.e.AcceptsResponse:
		l.s.f.t.Errorf("slackfake: envelope %s takes no payload, and got %.200q", a.EnvelopeID, a.Payload)
	}
	w.ack <- Ack{Status: http.StatusOK, Body: a.Payload, Elapsed: time.Since(w.sent)}
	if l.Break == AfterAck {
		l.abort()
	}
}

// pings pings, until the connection ends.
func (l *link) pings() {
	l.s.mu.Lock()
	ticks := time.NewTicker(l.s.ping)
	l.s.mu.Unlock()
	defer ticks.Stop()
	for {
		select {
		case <-l.gone:
			return
		case <-ticks.C:
		}
		l.mu.Lock()
		mute := l.NoPings
		l.mu.Unlock()
		if !mute {
			_ = l.ws.WriteControl(websocket.PingMessage, []byte("Ping from applink"), time.Now().Add(time.Second))
		}
	}
}
