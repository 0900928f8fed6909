package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Fault is what happens to one call instead of an ordinary answer. Those of the constructors are whole; Delay and Stored
// can be set on any.
type Fault struct {
	Stored bool          // whether the call has its effect first
	Delay  time.Duration // before anything is answered

	Status int         // zero: what the fake answers by itself
	Header http.Header // beside the usual ones
	Body   string      // raw; empty: the true answer, which is an error unless Stored
	Empty  bool        // nothing is in the body
	Way    Way
	// Twist changes the true answer of a call that had its effect, as to another id.
	Twist func(answer map[string]any)
	// Means is what a fake says with an error of its own, for what it counts by that. Nobody else looks at it.
	Means any
}

// Stored is the fault, with the call having its effect before it.
func Stored(x Fault) Fault { x.Stored = true; return x }

// Late is the fault after a while.
func Late(d time.Duration, x Fault) Fault { x.Delay = d; return x }

// Raw answers with status and body: Raw(200, ""), Raw(200, "null"), Raw(200, "{}").
func Raw(status int, body string) Fault { return Fault{Status: status, Body: body, Empty: body == ""} }

// HTML answers with a page of that title, as a proxy does.
func HTML(status int, title string) Fault {
	x := Raw(status, "<!DOCTYPE html><title>"+title+"</title>")
	x.Header = http.Header{"Content-Type": {"text/html"}}
	return x
}

// Redirect sends the caller elsewhere; whether it went there with a token is for the host that it is sent to to see.
func Redirect(to string) Fault {
	x := Raw(http.StatusTemporaryRedirect, "moved")
	x.Header = http.Header{"Location": {to}}
	return x
}

// Ends says how an answer arrives: Ends(Reset).
func Ends(w Way) Fault { return Fault{Way: w} }

// OtherID has its effect, and answers with another id than the true one.
func OtherID(id any) Fault {
	return Fault{Stored: true, Twist: func(a map[string]any) { a["id"] = id }}
}

// After is the fault with a header Retry-After, as it is; "" for none.
func (x Fault) After(wait string) Fault {
	if wait != "" {
		x.Header = http.Header{"Retry-After": {wait}}
	}
	return x
}

// Passes is whether the call is answered truly after all.
func (x Fault) Passes() bool { return x.Way == Ordinary }

// Heard is whether the caller gets to see a status.
func (x Fault) Heard() bool { return x.Way != Reset && x.Way != Silent }

// Text is the body of the answer. truth is what would have been answered, nil when the call had no effect: then failing
// stands for it.
func (x Fault) Text(truth, failing []byte) []byte {
	switch {
	case x.Empty:
		return []byte{}
	case x.Twist != nil:
		return twisted(truth, x.Twist)
	case x.Body != "":
		return []byte(x.Body)
	case truth != nil:
		return truth
	}
	return failing
}

// Answer sends that body the way the fault has it, until done is closed; the usual headers are set before.
func (x Fault) Answer(w http.ResponseWriter, r *http.Request, done <-chan struct{}, status int, text []byte) {
	for k, v := range x.Header {
		w.Header()[k] = v
	}
	Deliver(w, r, done, status, text, x.Way)
}

// twisted is the true answer, changed; the fault is to be had only of a call that answers an object.
func twisted(truth []byte, twist func(map[string]any)) []byte {
	var a map[string]any
	if err := json.Unmarshal(truth, &a); err != nil {
		panic(fmt.Sprintf("wire: no object to change: %s", truth))
	}
	twist(a)
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return text
}
