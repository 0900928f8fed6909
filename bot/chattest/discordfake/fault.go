package discordfake

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

	Status int         // zero: 200, or what a Code stands for
	Header http.Header // beside the usual ones
	Body   string      // raw; empty: the true answer, which is an error unless Stored
	Empty  bool        // nothing is in the body
	Code   int         // of the error that Error made, for Call.Code
	Way    Way
	// Twist changes the true answer of a call that had its effect, as to another id.
	Twist func(answer map[string]any)

	no refusal // what a 429 of the constructors says
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

// Raw answers with status and body.
func Raw(status int, body string) Fault { return Fault{Status: status, Body: body, Empty: body == ""} }

// Error answers with an error of Discord's, by its code: Error(50013).
func Error(code int) Fault {
	r := refuse(code)
	_, text := render(nil, r)
	return Fault{Status: r.status, Body: string(text), Code: code}
}

// HTTP answers with a status and Discord's words for it, as {"message":"503: Service Unavailable","code":0}.
func HTTP(status int) Fault {
	_, text := render(nil, plain(status))
	return Fault{Status: status, Body: string(text)}
}

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

func slow(r refusal) Fault {
	_, text := render(nil, r)
	f := Fault{Status: r.status, Body: string(text), Code: r.code, no: r}
	f.Header = http.Header{"X-Ratelimit-Scope": {r.scope}}
	if r.header != "" {
		f.Header.Set("Retry-After", r.header)
	}
	if r.scope == "global" {
		f.Header.Set("X-RateLimit-Global", "true")
	}
	return f
}

// HTML answers with a page, as a proxy does: HTML(502).
func HTML(status int) Fault {
	return Fault{
		Status: status, Body: "<!DOCTYPE html><title>" + strconv.Itoa(status) + "</title>",
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
func OtherID(id string) Fault {
	return Fault{Stored: true, Twist: func(a map[string]any) { a["id"] = id }}
}

// Fail says what happens to the next calls of a route, one fault each, after those said before:
// Fail("POST /channels/{channel}/messages", Error(50013)). The route "" means every call.
func (f *Fake) Fail(route string, faults ...Fault) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if route != "" && !f.served[route] {
		f.t.Errorf("discordfake: there is no route %q to fail", route)
	}
	f.faults[route] = append(f.faults[route], faults...)
}

// Unspent is how many of the faults said did not happen yet.
func (f *Fake) Unspent() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, list := range f.faults {
		n += len(list)
	}
	return n
}

// twisted is the true answer, changed; the fault is to be had only of a call that answers an object.
func twisted(truth []byte, twist func(map[string]any)) []byte {
	var a map[string]any
	if err := json.Unmarshal(truth, &a); err != nil {
		panic(fmt.Sprintf("discordfake: no object to change: %s", truth))
	}
	twist(a)
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return text
}
