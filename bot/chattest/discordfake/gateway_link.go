package discordfake

import (
	"encoding/binary"
	"encoding/json"
	"net"
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
	patience := 2*l.beat + 2*time.Second
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
	head := []byte{0x81}
	switch n := len(f.Text); {
	case n < 126:
		head = append(head, byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(n))
	}
	l.then(func() {
		_, _ = l.ws.NetConn().Write(append(head, f.Text[:len(f.Text)/2]...))
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
		// What was written must leave before the end takes it back.
		if c, ok := l.ws.NetConn().(*gated); ok {
			if tcp, ok := c.Conn.(*net.TCPConn); ok {
				_ = tcp.CloseWrite()
			}
		}
		l.close()
	})
}

// abort ends the connection with a reset, where there is such a thing.
func (l *link) abort() { l.finish(abort) }

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
