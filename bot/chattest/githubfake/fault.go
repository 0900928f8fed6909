package githubfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Fault is what happens to one call instead of an ordinary answer. Those of the constructors below are whole; Delay and
// Stored can be set on any.
type Fault struct {
	Stored bool          // whether the call has its effect first
	Delay  time.Duration // before anything is answered

	Status int         // zero: 200
	Header http.Header // beside the usual ones
	Body   string      // raw; empty: the true answer, which is an error unless Stored
	Empty  bool        // nothing is in the body
	Way    Way
	// Twist changes the true answer of a call that had its effect, as to another id.
	Twist func(answer map[string]any)
}

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

// Stored is the fault, with the call having its effect before it.
func Stored(f Fault) Fault { f.Stored = true; return f }

// Late is the fault after a while.
func Late(d time.Duration, f Fault) Fault { f.Delay = d; return f }

// Raw answers with status and body: Raw(200, ""), Raw(200, "null"), Raw(200, "{}").
func Raw(status int, body string) Fault { return Fault{Status: status, Body: body, Empty: body == ""} }

// HTTP answers with a status and a message, as {"message":"Server Error"}.
func HTTP(status int) Fault {
	return Raw(status, string(marshal(refuse(status, http.StatusText(status)).body())))
}

// HTML answers with a page, as a proxy does: HTML(502).
func HTML(status int) Fault {
	return Fault{
		Status: status, Body: "<!DOCTYPE html><title>Unicorn! " + strconv.Itoa(status) + "</title>",
		Header: http.Header{"Content-Type": {"text/html"}},
	}
}

// Redirect sends the caller elsewhere; whether it went there with a token is for the host that it is sent to to see.
func Redirect(to string) Fault {
	return Fault{Status: http.StatusTemporaryRedirect, Body: "moved", Header: http.Header{"Location": {to}}}
}

// Ends says how an answer arrives: Ends(Reset).
func Ends(w Way) Fault { return Fault{Way: w} }

// OtherID has its effect, and answers with another id than the true one.
func OtherID(id int64) Fault {
	return Fault{Stored: true, Twist: func(a map[string]any) { a["id"] = id }}
}

// Exhausted is the primary limit reached, answered with 403 or 429, until a time.
func Exhausted(status int, until time.Time) Fault {
	x := Raw(status, string(marshal(refuse(status, primaryMessage).body())))
	x.Header = http.Header{"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {strconv.FormatInt(until.Unix(), 10)}}
	return x
}

// TooMany is a secondary limit reached, answered with 403 or 429; wait is the header Retry-After as it is, "" for none.
func TooMany(status int, wait string) Fault {
	x := Raw(status, string(marshal(refuse(status, secondaryMessage).body())))
	if wait != "" {
		x.Header = http.Header{"Retry-After": {wait}}
	}
	return x
}

// Fail says what happens to the next calls of a route, one fault each, after those said before:
// Fail("POST /repos/{owner}/{repo}/releases", HTTP(502)). The route "" means every call.
func (f *Fake) Fail(route string, faults ...Fault) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if route != "" && !known(route) {
		f.t.Errorf("githubfake: there is no route %q to fail", route)
	}
	f.faults[route] = append(f.faults[route], faults...)
}

// FailAt says what happens to the k-th call from now, whatever it is; 1 is the next.
func (f *Fake) FailAt(k int, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nth[len(f.calls)+k] = fault
}

// Between has something done before every call: n is the number of the call, from 1. nil ends it. It may change whatever
// it likes here, and call Between. Calls that come at once have it done at once.
func (f *Fake) Between(do func(n int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.between = do
}

// Unspent is how many of the faults said did not happen yet.
func (f *Fake) Unspent() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.nth)
	for _, list := range f.faults {
		n += len(list)
	}
	return n
}

func known(name string) bool {
	for _, r := range routes {
		if r.name() == name {
			return true
		}
	}
	return false
}

// twisted is the true answer, changed; the fault is to be had only of a call that answers an object.
func twisted(truth []byte, twist func(map[string]any)) []byte {
	var a map[string]any
	if err := json.Unmarshal(truth, &a); err != nil {
		panic(fmt.Sprintf("githubfake: no object to change: %s", truth))
	}
	twist(a)
	return marshal(a)
}

func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
