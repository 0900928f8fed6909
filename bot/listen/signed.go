package listen

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Window is how old, or how far ahead, a signed request may be, so that what somebody recorded is worth nothing later.
const Window = 5 * time.Minute

// Clocks remembers how far a platform's clock and the bot's are apart, while that keeps signed requests out. Its zero value
// is ready.
type Clocks struct {
	mu    sync.Mutex
	worst time.Duration // of our clock, ahead of the platform's
	off   bool
}

// Noted takes the time of a rightly signed request into account, and reports whether it is within the window.
func (k *Clocks) Noted(ahead time.Duration) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if ahead.Abs() <= Window {
		k.worst, k.off = 0, false // the clocks agree (again)
		return true
	}
	if !k.off || ahead.Abs() > k.worst.Abs() {
		k.worst = ahead
	}
	k.off = true
	return false
}

// Worst is how far the bot's clock is ahead (behind where negative), by the worst of the requests that were refused for
// that alone. It is false again once a request comes in time.
func (k *Clocks) Worst() (time.Duration, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.worst, k.off
}

// Only gives a header that was sent exactly once: of two, different readers would take different ones.
func Only(h http.Header, name string) (string, bool) {
	v := h.Values(name)
	if len(v) != 1 || v[0] == "" {
		return "", false
	}
	return v[0], true
}

// UnixSeconds reads a time as platforms write it in what they sign: digits alone.
func UnixSeconds(s string) (int64, bool) {
	if s == "" || len(s) > 11 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// SkewOf is how far our clock is ahead of the one that dated an answer; negative: behind. It is good to about a second.
func SkewOf(h http.Header, sent, got time.Time) (time.Duration, bool) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, false
	}
	return sent.Add(got.Sub(sent) / 2).Sub(theirs), true
}
