package slackfake

import (
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
	Way    Way
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
func Raw(status int, body string) Fault { return Fault{Status: status, Body: body} }

// Error answers 200 with an error of Slack's: Error("is_archived").
func Error(name string) Fault {
	return Fault{Body: `{"ok":false,"error":` + strconv.Quote(name) + `}`}
}

// TooMany answers 429; wait is the header Retry-After as it is, "" for none.
func TooMany(wait string) Fault {
	f := Fault{Status: http.StatusTooManyRequests, Body: `{"ok":false,"error":"ratelimited"}`}
	if wait != "" {
		f.Header = http.Header{"Retry-After": {wait}}
	}
	return f
}

// HTML answers 200 with a page, as a proxy does.
func HTML() Fault {
	return Fault{Body: "<!DOCTYPE html><title>Welcome</title>", Header: http.Header{"Content-Type": {"text/html"}}}
}

// Redirect sends the caller elsewhere; whether it went there with a token is for the host that it is sent to to see.
func Redirect(to string) Fault {
	return Fault{Status: http.StatusTemporaryRedirect, Body: "moved", Header: http.Header{"Location": {to}}}
}

// Ends says how an answer arrives: Ends(Reset).
func Ends(w Way) Fault { return Fault{Way: w} }

// Fail says what happens to the next calls of a method, one fault each, after those said before. The method
// "response_url" means the posts to response URLs, and "" every call.
func (f *Fake) Fail(method string, faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[method] = append(f.faults[method], faults...)
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
