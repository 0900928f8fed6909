package discordfake

import (
	"net/http"
	"strconv"
	"testing"
	"time"

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
	OtherID  = wire.OtherID
)

// means is the fault that says no; what it says is noted as if it were true.
func means(no refusal) Fault {
	_, text := render(nil, no)
	return Fault{Status: no.status, Body: string(text), Means: no}
}

// Error answers with an error of Discord's, by its code: Error(50013).
func Error(code int) Fault { return means(refuse(code)) }

// HTTP answers with a status and Discord's words for it, as {"message":"503: Service Unavailable","code":0}.
func HTTP(status int) Fault { return means(plain(status)) }

// TooMany answers 429: wait is what the body says, header what Retry-After says, scope is "user", "global" or "shared".
func TooMany(wait time.Duration, header, scope string) Fault {
	return slow(refusal{status: http.StatusTooManyRequests, message: "You are being rate limited.", retry: wait, header: header, scope: scope})
}

// TooManyEdits answers 429 with the code 30046: the message is older than an hour and was edited too often.
func TooManyEdits(wait time.Duration) Fault {
	r := refuse(30046)
	r.retry, r.scope, r.header, r.narrow = wait, "user", "1", true
	return slow(r)
}

func slow(no refusal) Fault {
	x := means(no)
	x.Header = http.Header{"X-Ratelimit-Scope": {no.scope}}
	if no.header != "" {
		x.Header.Set("Retry-After", no.header)
	}
	if no.scope == "global" {
		x.Header.Set("X-RateLimit-Global", "true")
	}
	return x
}

// HTML answers with a page, as a proxy does: HTML(502).
func HTML(status int) Fault { return wire.HTML(status, strconv.Itoa(status)) }

// Fail says what happens to the next calls of a route, one fault each, after those said before:
// Fail("POST /channels/{channel}/messages", Error(50013)). The route "" means every call.
func (f *Fake) Fail(route string, faults ...Fault) {
	f.t.Helper()
	if route != "" && !f.served[route] {
		f.t.Errorf("discordfake: there is no route %q to fail", route)
	}
	f.faults.Fail(route, faults...)
}

// Unspent is how many of the faults said did not happen yet.
func (f *Fake) Unspent() int { return f.faults.Unspent() }

// Elsewhere starts a host that is not Discord's. It says yes to everything. f.Fail(route, Redirect(e.URL)) sends a call there.
func (f *Fake) Elsewhere(t testing.TB) *wire.Elsewhere {
	t.Helper()
	return wire.NewElsewhere(t, f.Tokens, `{"id":"1100000000000009999","channel_id":"1100000000000009998","url":"wss://elsewhere.example/"}`)
}

// nextFault is what was said to happen to a call.
func (f *Fake) nextFault(c *Call) (Fault, bool) {
	x, is := f.faults.Next(0, c.Route)
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Faulted = is && !x.Passes()
	return x, is
}

// fault answers as scripted. truth is what would have been answered, nil when the call had no effect.
func (f *Fake) fault(w http.ResponseWriter, r *http.Request, to route, c *Call, x Fault, truth []byte) {
	if !f.server.Pass(r, x.Delay) {
		return
	}
	status := max(x.Status, http.StatusOK)
	if x.Heard() {
		no, _ := x.Means.(refusal)
		f.mu.Lock()
		c.Status, c.Code = status, no.code
		f.meter.answered(f.o.Rates, to, c, no)
		f.mu.Unlock()
	}
	f.dated(w)
	w.Header().Set("Content-Type", "application/json")
	_, failing := render(nil, plain(http.StatusInternalServerError))
	x.Answer(w, r, f.server.Done, status, x.Text(truth, failing))
}
