package discordfake

import (
	"encoding/json"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"
)

// route is one call of the API.
type route struct {
	method, pattern string // "POST", "/channels/{channel}/messages"
	// open is whether it stands on a token in its path, as those of interactions and webhooks do: it needs no
	// Authorization, and is not counted by the global limit.
	open bool
	rate rate // zero: five in five seconds
	// do answers, with the lock held: what is given is sent as JSON with 200; nil: 204 without a body; a created: 201; a
	// answer: as it says.
	do func(*Fake, *Call) (any, refusal)
}

// created is an answer with 201.
type created struct{ body any }

// routes are all that a fake serves. Each file that serves some adds them in its init.
var routes []route

// name is how a route is called in Call.Route and in Fail.
func (r route) name() string { return r.method + " " + r.pattern }

// route has calls served; only while the fake is made.
func (f *Fake) route(more ...route) {
	for _, r := range more {
		f.served[r.name()] = true
		f.mux.HandleFunc(r.method+" "+prefix+r.pattern, func(w http.ResponseWriter, q *http.Request) { f.serve(r, w, q) })
	}
}

// serveUnknown answers what has no route: the test fails, for the app should not call it, or the fake should know it.
func (f *Fake) serveUnknown(w http.ResponseWriter, r *http.Request) {
	f.t.Errorf("discordfake: there is no route for %s %s", r.Method, r.URL.Path)
	f.serve(route{method: r.Method, pattern: "unknown", do: func(*Fake, *Call) (any, refusal) {
		return nil, plain(http.StatusNotFound)
	}}, w, r)
}

// serve answers one call: reads it, lets a scripted fault have its way, and does what it asks.
func (f *Fake) serve(to route, w http.ResponseWriter, r *http.Request) {
	c, bad := f.read(to, r)
	if f.turnedAway(w, c) {
		return
	}
	fault, faulted := f.nextFault(c)
	if faulted && !fault.Stored {
		f.fault(w, r, to, c, fault, nil)
		return
	}
	answer, no := f.handle(to, c, w.Header(), bad)
	status, body := render(answer, no)
	if faulted && fault.Way != Ordinary {
		f.fault(w, r, to, c, fault, body)
		return
	}
	if !f.server.Pass(r, fault.Delay) {
		return
	}
	f.answer(w, to, c, status, body, no)
}

// handle does what a call asks, unless it may not be made. A handler that panics fails the test.
func (f *Fake) handle(to route, c *Call, h http.Header, bad refusal) (answer any, no refusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			f.t.Errorf("discordfake: %s: %v\n%s", c.Route, p, debug.Stack())
			answer, no = nil, plain(http.StatusInternalServerError)
		}
	}()
	defer f.stir()
	if no := f.admit(to, c, h); no.given() {
		return nil, no
	}
	if bad.given() {
		return nil, bad
	}
	return to.do(f, c)
}

// render gives the status and the bytes of an answer.
func render(answer any, no refusal) (int, []byte) {
	status := http.StatusOK
	switch a := answer.(type) {
	case created:
		status, answer = http.StatusCreated, a.body
	case nil:
		status = http.StatusNoContent
	}
	if no.given() {
		status, answer = no.status, no.body()
	}
	if status == http.StatusNoContent {
		return status, nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	return status, text
}

// agent is how a client must name itself.
var agent = regexp.MustCompile(`^DiscordBot \(\S+, [^)]+\)`)

// admit says whether a call may be made: its client names itself, its token is valid, it is not too much at once; the
// lock is held.
func (f *Fake) admit(to route, c *Call, h http.Header) refusal {
	switch {
	case !agent.MatchString(c.Agent):
		return refuse(40333)
	case !to.open && c.Token != "bot":
		return plain(http.StatusUnauthorized)
	}
	return f.meter.take(f.o.Rates, to, c, h)
}

// answer sends what a call got.
func (f *Fake) answer(w http.ResponseWriter, to route, c *Call, status int, body []byte, no refusal) {
	if no.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(int((no.retry+time.Second-1)/time.Second)))
		if no.header != "" {
			w.Header().Set("Retry-After", no.header)
		}
		w.Header().Set("X-RateLimit-Scope", no.scope)
		if no.scope == "global" {
			w.Header().Set("X-RateLimit-Global", "true")
		}
	}
	f.mu.Lock()
	c.Status, c.Code = status, no.code
	f.meter.answered(f.o.Rates, to, c, no)
	f.mu.Unlock()
	f.dated(w)
	if body != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// dated puts the fake's own time into an answer.
func (f *Fake) dated(w http.ResponseWriter) {
	w.Header().Set("Date", f.o.Now().UTC().Format(http.TimeFormat))
}

func itoa(n int) string { return strconv.Itoa(n) }

// inSeconds is a time as Discord writes it: seconds, to the millisecond.
func inSeconds(d time.Duration) float64 {
	return float64((d+time.Millisecond-1)/time.Millisecond) / 1000
}
