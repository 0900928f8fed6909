package slackfake

import (
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

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
	wire.Deliver(w, r, f.done, status, text, x.Way)
}

// wait passes time, unless the caller or the test ends.
func (f *Fake) wait(r *http.Request, d time.Duration) bool { return wire.Pass(r, f.done, d) }
