package wire

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"time"
)

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

// Deliver sends an answer that way, until it is whole, the caller gives up or done is closed. The headers are set before.
func Deliver(w http.ResponseWriter, r *http.Request, done <-chan struct{}, status int, text []byte, way Way) {
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
		for Pass(r, done, time.Millisecond) {
			if _, err := w.Write([]byte(strings.Repeat(" ", 64<<10))); err != nil {
				return
			}
		}
	case Dribble:
		w.WriteHeader(status)
		for i := range text {
			_, _ = w.Write(text[i : i+1])
			_ = http.NewResponseController(w).Flush()
			if !Pass(r, done, 50*time.Millisecond) {
				return
			}
		}
	case Bomb:
		bomb(w, r, status, text)
	case Silent:
		Pass(r, done, time.Hour)
		hijack(w, "")
	default:
		w.WriteHeader(status)
		_, _ = w.Write(text)
	}
}

// bomb is a small answer that unpacks to a large one.
func bomb(w http.ResponseWriter, r *http.Request, status int, text []byte) {
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

// Pass lets time pass, and reports whether it did: the caller may give up before, or done be closed.
func Pass(r *http.Request, done <-chan struct{}, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-done:
	}
	return false
}

// hijack writes first, if there is something, and then resets the connection.
func hijack(w http.ResponseWriter, first string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if first != "" {
		_, _ = conn.Write([]byte(first))
		Flushed(conn)
		_ = conn.Close()
		return
	}
	Abort(conn)
}
