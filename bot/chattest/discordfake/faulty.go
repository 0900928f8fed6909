package discordfake

import (
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

func (f *Fake) nextFault(c *Call) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range []string{c.Route, ""} {
		list := f.faults[key]
		if len(list) == 0 {
			continue
		}
		f.faults[key] = list[1:]
		fault := list[0]
		c.Faulted = fault.Way != Ordinary
		fault.Stored = fault.Stored || fault.Way == Ordinary
		return fault, true
	}
	return Fault{}, false
}

// fault answers as scripted. truth is what would have been answered, nil when the call had no effect.
func (f *Fake) fault(w http.ResponseWriter, r *http.Request, to route, c *Call, x Fault, truth []byte) {
	if !f.wait(r, x.Delay) {
		return
	}
	text := []byte(x.Body)
	switch {
	case x.Empty:
	case x.Twist != nil:
		text = twisted(truth, x.Twist)
	case x.Body == "" && truth != nil:
		text = truth
	case x.Body == "":
		_, text = render(nil, plain(http.StatusInternalServerError))
	}
	status := max(x.Status, http.StatusOK)
	if x.Way != Reset && x.Way != Silent {
		f.mu.Lock()
		c.Status, c.Code = status, x.Code
		f.meter.answered(f.o.Rates, to, c, x.no)
		f.mu.Unlock()
	}
	f.dated(w)
	w.Header().Set("Content-Type", "application/json")
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
