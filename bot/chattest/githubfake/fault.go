package githubfake

import (
	"encoding/json"
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

// HTTP answers with a status and a message, as {"message":"Server Error"}.
func HTTP(status int) Fault { return says(status, http.StatusText(status)) }

func says(status int, message string) Fault {
	return Raw(status, string(marshal(refuse(status, message).body())))
}

// HTML answers with a page, as a proxy does: HTML(502).
func HTML(status int) Fault { return wire.HTML(status, "Unicorn! "+strconv.Itoa(status)) }

// Exhausted is the primary limit reached, answered with 403 or 429, until a time.
func Exhausted(status int, until time.Time) Fault {
	x := says(status, primaryMessage)
	x.Header = http.Header{"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {strconv.FormatInt(until.Unix(), 10)}}
	return x
}

// TooMany is a secondary limit reached, answered with 403 or 429; wait is the header Retry-After as it is, "" for none.
func TooMany(status int, wait string) Fault { return says(status, secondaryMessage).After(wait) }

// Fail says what happens to the next calls of a route, one fault each, after those said before:
// Fail("POST /repos/{owner}/{repo}/releases", HTTP(502)). The route "" means every call.
func (f *Fake) Fail(route string, faults ...Fault) {
	f.t.Helper()
	if route != "" && !known(route) {
		f.t.Errorf("githubfake: there is no route %q to fail", route)
	}
	f.faults.Fail(route, faults...)
}

// FailAt says what happens to the k-th call from now, whatever it is; 1 is the next.
func (f *Fake) FailAt(k int, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults.FailAt(len(f.calls)+k, fault)
}

// Between has something done before every call: n is the number of the call, from 1. nil ends it. It may change whatever
// it likes here, and call Between. Calls that come at once have it done at once.
func (f *Fake) Between(do func(n int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.between = do
}

// Unspent is how many of the faults said did not happen yet.
func (f *Fake) Unspent() int { return f.faults.Unspent() }

// Elsewhere starts a host that is not GitHub's. It says yes to everything. f.Fail(route, Redirect(e.URL)) sends a call there.
func (f *Fake) Elsewhere(t testing.TB) *wire.Elsewhere {
	t.Helper()
	return wire.NewElsewhere(t, f.Tokens, `{"id":1,"number":1,"sha":"0123456789abcdef0123456789abcdef01234567","html_url":"https://elsewhere.example/"}`)
}

func known(name string) bool {
	for _, r := range routes {
		if r.name() == name {
			return true
		}
	}
	return false
}

func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// nextFault is what was said to happen to a call; the lock is held.
func (f *Fake) nextFault(c *Call) (Fault, bool) {
	x, is := f.faults.Next(c.N, c.Route)
	c.Faulted = is && !x.Passes()
	return x, is
}

// fault answers as scripted. truth is what would have been answered, nil when the call had no effect.
func (f *Fake) fault(w http.ResponseWriter, r *http.Request, c *Call, x Fault, status int, truth []byte) {
	if !f.server.Pass(r, x.Delay) {
		return
	}
	if x.Status != 0 {
		status = x.Status
	}
	if x.Heard() {
		f.mu.Lock()
		c.Status = status
		f.meter.hush(c, x.Header)
		f.mu.Unlock()
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	x.Answer(w, r, f.server.Done, status, x.Text(truth, marshal(refuse(http.StatusInternalServerError, "Server Error").body())))
}
