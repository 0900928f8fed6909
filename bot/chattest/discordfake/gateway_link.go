package discordfake

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// link is Discord's end of one connection. What it sends waits in line, so that whoever tells something never waits.
type link struct {
	g    *Gateway
	ws   *websocket.Conn
	node string // of the address that it came by: that of a session, or none
	beat time.Duration
	gone chan struct{} // closed with the connection
	wake chan struct{} // something waits to be written

	session *session // once identified; the gateway's lock guards it

	mu sync.Mutex
	Line
	ended  bool
	out    []func() // what is to be written, and done between, in turn
	beaten time.Time
	sends  []time.Time // of the last minute
}

// greet says hello, as the line wants it.
func (l *link) greet() {
	hello := frame(10, reply{"heartbeat_interval": l.beat.Milliseconds(), "_trace": trace}, nil, nil)
	switch l.Break {
	case BeforeHello:
		l.then(l.abort)
		return
	case InHello:
		l.half(hello)
		return
	}
	l.put(l.First...)
	if l.NoHello {
		return
	}
	l.put(hello)
	if l.Break == AfterHello {
		l.then(l.abort)
		return
	}
	l.g.done.Go(l.listen)
	l.put(l.Greeted...)
}

// listen closes the connection when heartbeats fail to come.
func (l *link) listen() {
	patience := 2*l.beat + time.Second
	for {
		l.mu.Lock()
		left := time.Until(l.beaten.Add(patience))
		l.mu.Unlock()
		if left <= 0 {
			l.bye(4009)
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-l.gone:
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// read takes in what the app sends.
func (l *link) read() {
	l.ws.SetReadLimit(1 << 20)
	for {
		kind, text, err := l.ws.ReadMessage()
		if err != nil {
			// 1000 and 1001 end the session, every other end leaves it to be resumed.
			if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
				l.g.drop(l)
			}
			return
		}
		if code := l.take(kind, text); code != 0 {
			l.bye(code)
			<-l.gone
			return
		}
	}
}

// take does what a frame of the app's says, and gives the code that the connection is closed with, or zero.
func (l *link) take(kind int, text []byte) (code int) {
	var in struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	switch {
	case l.tooOften():
		l.g.stray("more than 120 frames in a minute")
		return 4008
	case kind != websocket.TextMessage, len(text) > MaxFrame, json.Unmarshal(text, &in) != nil, in.Op == nil:
		l.g.stray("a frame that is none: " + beginning(text))
		return 4002
	}
	switch *in.Op {
	case 1:
		return l.heartbeat(in.D)
	case 2:
		return l.g.identify(l, in.D)
	case 6:
		return l.g.resume(l, in.D)
	case 3, 4, 8, 31:
		return l.g.request(l, *in.Op, in.D)
	}
	l.g.stray("an opcode that there is not: " + beginning(text))
	return 4001
}

// tooOften counts the frames of the last minute.
func (l *link) tooOften() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for len(l.sends) > 0 && now.Sub(l.sends[0]) > time.Minute {
		l.sends = l.sends[1:]
	}
	l.sends = append(l.sends, now)
	return len(l.sends) > MaxSends
}

// heartbeat takes one, and answers it.
func (l *link) heartbeat(d json.RawMessage) (code int) {
	var seq *int
	if len(d) == 0 || json.Unmarshal(d, &seq) != nil {
		l.g.stray("a heartbeat whose d is no number: " + beginning(d))
		return 4002
	}
	l.g.beats(l, seq)
	l.mu.Lock()
	l.beaten = time.Now()
	mute := l.NoAcks
	l.mu.Unlock()
	if !mute {
		l.put(AckFrame())
	}
	l.g.f.changed()
	return 0
}
