package githubfake

import (
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// nextFault is what was said to happen to a call; the lock is held.
func (f *Fake) nextFault(c *Call) (fault Fault, is bool) {
	if fault, is = f.nth[c.N]; is {
		delete(f.nth, c.N)
	}
	for _, key := range []string{c.Route, ""} {
		if list := f.faults[key]; len(list) > 0 && !is {
			f.faults[key] = list[1:]
			fault, is = list[0], true
		}
	}
	c.Faulted = is && fault.Way != Ordinary
	fault.Stored = fault.Stored || fault.Way == Ordinary
	return fault, is
}

// fault answers as scripted. truth is what would have been answered, nil when the call had no effect.
func (f *Fake) fault(w http.ResponseWriter, r *http.Request, c *Call, x Fault, status int, truth []byte) {
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
		text = marshal(refuse(http.StatusInternalServerError, "Server Error").body())
	}
	if x.Status != 0 {
		status = x.Status
	}
	if x.Way != Reset && x.Way != Silent {
		f.mu.Lock()
		c.Status = status
		f.meter.hush(c, x.Header)
		f.mu.Unlock()
	}
	for k, v := range x.Header {
		w.Header()[k] = v
	}
	if text != nil && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	wire.Deliver(w, r, f.done, status, text, x.Way)
}

// wait passes time, unless the caller or the test ends.
func (f *Fake) wait(r *http.Request, d time.Duration) bool { return wire.Pass(r, f.done, d) }
