package discordfake

import (
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
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
	wire.Deliver(w, r, f.done, status, text, x.Way)
}

// wait passes time, unless the caller or the test ends.
func (f *Fake) wait(r *http.Request, d time.Duration) bool { return wire.Pass(r, f.done, d) }
