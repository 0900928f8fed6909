package slackfake

import (
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is what happens to one call instead of an ordinary answer. Those of the constructors below are whole; Delay and
// Stored can be set on any.
type Fault struct {
	Stored bool          // whether the call has its effect first
	Delay  time.Duration // before anything is answered

	Status int         // zero: 200
	Header http.Header // beside the usual ones
	Body   string      // raw; empty: the true answer, which is an error unless Stored
	Way    Way
}

// Way is how the bytes of an answer arrive.
type Way int

// The ways of an answer.
const (
	Whole    Way = iota
	Reset        // the connection is reset before the answer
	Cut          // reset in the middle of the answer: its length is announced, half of it comes
	Short        // an orderly end, but half of the JSON
	Endless      // spaces, for ever
	Dribble      // one byte every 50 ms
	Bomb         // 1 GB of spaces, gzipped to a few MB, before the answer
	Silent       // nothing, until the caller gives up
	Ordinary     // the true answer: to let one call pass, or be late, between faults
)

// Stored is the fault, with the call having its effect before it.
func Stored(f Fault) Fault { f.Stored = true; return f }

// Late is the fault after a while.
func Late(d time.Duration, f Fault) Fault { f.Delay = d; return f }

// Raw answers with status and body.
func Raw(status int, body string) Fault { return Fault{Status: status, Body: body} }

// Error answers 200 with an error of Slack's: Error("is_archived").
func Error(name string) Fault {
	return Fault{Body: `{"ok":false,"error":` + strconv.Quote(name) + `}`}
}

// TooMany answers 429; wait is the header Retry-After as it is, "" for none.
func TooMany(wait string) Fault {
	f := Fault{Status: http.StatusTooManyRequests, Body: `{"ok":false,"error":"ratelimited"}`}
	if wait != "" {
		f.Header = http.Header{"Retry-After": {wait}}
	}
	return f
}

// HTML answers 200 with a page, as a proxy does.
func HTML() Fault {
	return Fault{Body: "<!DOCTYPE html><title>Welcome</title>", Header: http.Header{"Content-Type": {"text/html"}}}
}

// Redirect sends the caller elsewhere; whether it went there with a token is for the host that it is sent to to see.
func Redirect(to string) Fault {
	return Fault{Status: http.StatusTemporaryRedirect, Body: "moved", Header: http.Header{"Location": {to}}}
}

// Ends says how an answer arrives: Ends(Reset).
func Ends(w Way) Fault { return Fault{Way: w} }

// Fail says what happens to the next calls of a method, one fault each, after those said before. The method
// "response_url" means the posts to response URLs, and "" every call.
func (f *Fake) Fail(method string, faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[method] = append(f.faults[method], faults...)
}

// Unspent is how many of the faults said did not happen yet.
func (f *Fake) Unspent() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, list := range f.faults {
		n += len(list)
	}
	return n
}

func (f *Fake) nextFault(c *Call) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range []string{c.Method, ""} {
		if list := f.faults[key]; len(list) > 0 {
			f.faults[key] = list[1:]
			c.Faulted = list[0].Way != Ordinary
			if list[0].Way == Ordinary {
				list[0].Stored = true
			}
			return list[0], true
		}
	}
	return Fault{}, false
}

// fault answers as scripted. truth is what would have been answered, nil when the call had no effect.
func (f *Fake) fault(w http.ResponseWriter, r *http.Request, c *Call, x Fault, truth []byte) {
	if !f.wait(r, x.Delay) {
		return
	}
	text := []byte(x.Body)
	if x.Body == "" {
		text = truth
	}
	if text == nil {
		text = []byte(`{"ok":false,"error":"internal_error"}`)
	}
	status := max(x.Status, http.StatusOK)
	if x.Way != Reset && x.Way != Silent {
		f.mu.Lock()
		c.Status = status
		f.meter.hush(c, x.Header.Get("Retry-After"))
		f.mu.Unlock()
	}
	f.dated(w)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	for k, v := range x.Header {
		w.Header()[k] = v
	}
	f.deliverBytes(w, r, status, text, x.Way)
}

func (f *Fake) deliverBytes(w http.ResponseWriter, r *http.Request, status int, text []byte, way Way) {
	switch way {
	case Reset:
		hijack(w, "")
	case Cut:
		hijack(w, fmt.Sprintf("HTTP/1.1 %d Cut\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(text), text[:len(text)/2]))
	case Short:
		w.WriteHeader(status)
		_, _ = w.Write(text[:len(text)/2])
	case Endless:
		w.WriteHeader(status)
		for f.wait(r, time.Millisecond) {
			if _, err := w.Write([]byte(strings.Repeat(" ", 64<<10))); err != nil {
				return
			}
		}
	case Dribble:
		w.WriteHeader(status)
		for i := range text {
			_, _ = w.Write(text[i : i+1])
			_ = http.NewResponseController(w).Flush()
			if !f.wait(r, 50*time.Millisecond) {
				return
			}
		}
	case Bomb:
		f.bomb(w, r, status, text)
	case Silent:
		f.wait(r, time.Hour)
		hijack(w, "")
	default:
		w.WriteHeader(status)
		_, _ = w.Write(text)
	}
}

// bomb is a small answer that unpacks to a large one.
func (f *Fake) bomb(w http.ResponseWriter, r *http.Request, status int, text []byte) {
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		panic(err)
	}
	defer func() { _ = z.Close() }()
	spaces := []byte(strings.Repeat(" ", 1<<20))
	for range 1 << 10 {
		if _, err := z.Write(spaces); err != nil || r.Context().Err() != nil {
			return
		}
	}
	_, _ = z.Write(text)
}

// wait passes time, unless the caller or the test ends.
func (f *Fake) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-f.done:
	}
	return false
}

// hijack writes first and then resets the connection.
func hijack(w http.ResponseWriter, first string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if first != "" {
		_, _ = conn.Write([]byte(first))
		// What was written must leave before the reset takes it back.
		if c, ok := conn.(*gated); ok {
			if tcp, ok := c.Conn.(*net.TCPConn); ok {
				_ = tcp.CloseWrite()
			}
		}
		_ = conn.Close()
		return
	}
	abort(conn)
}
