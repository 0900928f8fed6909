package discordfake

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Line is how a connection to the gateway behaves. Its zero value is well.
type Line struct {
	Status int           // instead of an upgrade; zero: there is one
	After  time.Duration // before anything comes
	Beat   time.Duration // heartbeat_interval; zero: the gateway's

	NoHello bool    // it is never greeted
	First   []Frame // before HELLO
	Greeted []Frame // after HELLO
	Started []Frame // after IDENTIFY or RESUME, before the answer
	NoReady bool    // IDENTIFY and RESUME are not answered
	Readied []Frame // after READY or RESUMED

	Invalid   bool  // IDENTIFY or RESUME is answered with op 9, that no RESUME is possible
	Resumable bool  // with Invalid: that one is
	Again     bool  // RESUME is answered with all that ever came, also what the app had
	Late      bool  // RESUMED comes before what was missed
	Bye       int   // the code that IDENTIFY or RESUME is answered with
	Break     Break // where the connection is reset

	NoAcks bool // heartbeats are not answered
	Deaf   bool // no event comes; they wait for a RESUME
}

// Break is a place where a connection is reset.
type Break int

// The places.
const (
	Never       Break = iota
	BeforeHello       // upgraded, and not a byte
	InHello           // in the middle of the greeting's frame
	AfterHello        // greeted, and nothing more
	AfterStart        // IDENTIFY or RESUME is in, and not answered
	InReady           // in the middle of the answer's frame
	AfterReady        // answered, and nothing more
	InEvent           // in the middle of the first event after the answer
	AfterEvent        // the first event after the answer is out whole
)

// Frame is one frame as it is sent.
type Frame struct {
	Binary bool
	Text   string
}

// TextFrame is a text frame, whatever it is.
func TextFrame(text string) Frame { return Frame{Text: text} }

// BinaryFrame is a frame of bytes.
func BinaryFrame(text string) Frame { return Frame{Binary: true, Text: text} }

// NullFrame is a frame that is JSON, and nothing.
func NullFrame() Frame { return TextFrame("null") }

// GarbageFrame is a frame that is no JSON.
func GarbageFrame() Frame { return TextFrame(`{"op":0,"d":{"`) }

// ReconnectFrame is op 7.
func ReconnectFrame() Frame { return TextFrame(`{"op":7,"d":null,"s":null,"t":null}`) }

// InvalidFrame is op 9.
func InvalidFrame(resumable bool) Frame {
	if resumable {
		return TextFrame(`{"op":9,"d":true,"s":null,"t":null}`)
	}
	return TextFrame(`{"op":9,"d":false,"s":null,"t":null}`)
}

// AskBeatFrame is op 1, sent by Discord.
func AskBeatFrame() Frame { return TextFrame(`{"op":1,"d":null,"s":null,"t":null}`) }

// AckFrame is op 11.
func AckFrame() Frame { return TextFrame(`{"op":11,"d":null,"s":null,"t":null}`) }

// UnknownOpFrame is an opcode that there is not.
func UnknownOpFrame() Frame { return TextFrame(`{"op":99,"d":{"what":"is this"},"s":null,"t":null}`) }

// HugeFrame is a frame of a type that nobody knows, of that many bytes and more.
func HugeFrame(n int) Frame {
	return TextFrame(`{"op":0,"d":"` + strings.Repeat("x", n) + `","s":null,"t":"HUGE"}`)
}

func (f Frame) kind() int {
	if f.Binary {
		return websocket.BinaryMessage
	}
	return websocket.TextMessage
}

// frame writes one of Discord's.
func frame(op int, d any, s any, t any) Frame {
	text, err := json.Marshal(map[string]any{"op": op, "d": d, "s": s, "t": t})
	if err != nil {
		panic("discordfake: a frame that is no JSON: " + err.Error())
	}
	return TextFrame(string(text))
}
