package slackfake

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Fault is what happens to one call instead of an ordinary answer.
type Fault = wire.Fault

// Way is how the bytes of an answer arrive.
type Way = wire.Way

// The ways of an answer.
const (
	Whole    = wire.Whole
	Reset    = wire.Reset
	Cut      = wire.Cut
	Short    = wire.Short
	Endless  = wire.Endless
	Dribble  = wire.Dribble
	Bomb     = wire.Bomb
	Silent   = wire.Silent
	Ordinary = wire.Ordinary
)

// The faults that every platform has.
var (
	Stored   = wire.Stored
	Late     = wire.Late
	Raw      = wire.Raw
	Ends     = wire.Ends
	Redirect = wire.Redirect
)

// Error answers 200 with an error of Slack's: Error("is_archived").
func Error(name string) Fault { return Raw(0, `{"ok":false,"error":`+strconv.Quote(name)+`}`) }

// TooMany answers 429; wait is the header Retry-After as it is, "" for none.
func TooMany(wait string) Fault {
	return Raw(http.StatusTooManyRequests, `{"ok":false,"error":"ratelimited"}`).After(wait)
}

// HTML answers 200 with a page, as a proxy does.
func HTML() Fault { return wire.HTML(http.StatusOK, "Welcome") }

// Fail says what happens to the next calls of a method, one fault each, after those said before. The method
// "response_url" means the posts to response URLs, and "" every call.
func (f *Fake) Fail(method string, faults ...Fault) { f.faults.Fail(method, faults...) }

// Unspent is how many of the faults said did not happen yet.
func (f *Fake) Unspent() int { return f.faults.Unspent() }

// Elsewhere starts a host that is not Slack's. It says yes to everything. f.Fail(method, Redirect(e.URL)) sends a call there.
func (f *Fake) Elsewhere(t testing.TB) *wire.Elsewhere {
	t.Helper()
	return wire.NewElsewhere(t, f.Tokens, `{"ok":true,"channel":"C0","ts":"1.000100","url":"wss://elsewhere.example/"}`)
}

// nextFault is what was said to happen to a call.
func (f *Fake) nextFault(c *Call) (Fault, bool) {
	x, is := f.faults.Next(0, c.Method)
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Faulted = is && !x.Passes()
	return x, is
}

// fault answers as scripted. truth is what would have been answered, nil when the call had no effect.
func (f *Fake) fault(w http.ResponseWriter, r *http.Request, c *Call, x Fault, truth []byte) {
	if !f.server.Pass(r, x.Delay) {
		return
	}
	status := max(x.Status, http.StatusOK)
	if x.Heard() {
		f.mu.Lock()
		c.Status = status
		f.meter.hush(c, x.Header.Get("Retry-After"))
		f.mu.Unlock()
	}
	f.dated(w)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	x.Answer(w, r, f.server.Done, status, x.Text(truth, []byte(`{"ok":false,"error":"internal_error"}`)))
}
