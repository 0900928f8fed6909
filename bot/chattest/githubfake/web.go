package githubfake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
)

// bodyMax is how many bytes a call may send; GitHub's own bound is about that.
const bodyMax = 40 << 20

// ServeHTTP answers one call: reads it, lets Between and a scripted fault have their way, and does what it asks.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := f.read(r)
	if c.between != nil {
		c.between(c.N)
	}
	f.mu.Lock()
	fault, faulted := f.nextFault(c.Call)
	c.out = w.Header()
	f.mu.Unlock()
	if faulted && !fault.Stored {
		f.fault(w, r, c.Call, fault, http.StatusOK, nil)
		return
	}
	status, body := f.handle(c.Call)
	if faulted && fault.Way != Ordinary {
		f.fault(w, r, c.Call, fault, status, body)
		return
	}
	if !f.server.Pass(r, fault.Delay) {
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// begun is a call, and what is to be done before it.
type begun struct {
	*Call
	between func(int)
}

// read remembers a call as it came.
func (f *Fake) read(r *http.Request) begun {
	text, err := io.ReadAll(io.LimitReader(r.Body, bodyMax))
	c := &Call{Path: f.path(r), Query: r.URL.Query(), Header: r.Header.Clone(), Host: r.Host}
	if c.base = "http://" + r.Host; f.o.Enterprise {
		c.base += enterprise
	}
	if err == nil && len(text) > 0 {
		c.Body = text
	}
	found := false
	if c.to, c.Params, found = find(r.Method, c.Path); !found {
		if c.to, c.Params, found = f.byID(r.Method, c.Path); !found {
			f.t.Errorf("githubfake: there is no route for %s %s", r.Method, c.Path)
			c.to = route{method: r.Method, pattern: "unknown", do: func(*Fake, *Call) (any, refusal) { return nil, notFound() }}
		}
	}
	c.Route = c.to.name()
	f.mu.Lock()
	defer f.mu.Unlock()
	c.At = f.o.Now()
	f.calls = append(f.calls, c)
	c.N = len(f.calls)
	c.Token = f.tokenName(r.Header.Get("Authorization"))
	return begun{c, f.between}
}

// byID finds the route of a path that calls the repository by its id, as one is sent to that asked for it by an old name.
func (f *Fake) byID(method, path string) (route, map[string]string, bool) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(path, "/repositories/"), "/")
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.repos {
		if strconv.FormatInt(r.id, 10) == id && strings.HasPrefix(path, "/repositories/") {
			return find(method, strings.TrimSuffix("/repos/"+r.name()+"/"+rest, "/"))
		}
	}
	return route{}, nil, false
}

// handle does what a call asks, unless it may not be done. A handler that panics fails the test.
func (f *Fake) handle(c *Call) (status int, body []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			f.t.Errorf("githubfake: %s: %v\n%s", c.Route, p, debug.Stack())
			status, body = http.StatusInternalServerError, marshal(refuse(http.StatusInternalServerError, "Server Error").body())
		}
	}()
	defer f.stirred.Stir()
	c.out.Set("Date", f.o.Now().UTC().Format(http.TimeFormat))
	c.out.Set("X-Github-Request-Id", fmt.Sprintf("FA4E:%04X", c.N))
	c.out.Set("X-Github-Media-Type", "github.v3; format=json")
	answer, no := any(nil), f.admit(c)
	if !no.given() {
		f.actor = c.login()
		answer, no = c.to.do(f, c)
		f.actor = ""
	}
	status, body = render(c, answer, no)
	if status == http.StatusOK && !c.to.writes() && f.unchanged(c, body) {
		status, body = http.StatusNotModified, nil
	}
	c.Status = status
	f.meter.answered(f.o.Rates, c, no)
	return status, body
}

// login is of whoever calls; "" of nobody.
func (c *Call) login() string {
	if c.grant == nil {
		return ""
	}
	return c.grant.login
}

// unchanged tags what is answered, and is whether the caller has it already.
func (f *Fake) unchanged(c *Call, body []byte) bool {
	sum := sha256.Sum256(append(append([]byte(c.Token+"\n"+c.Path+"\n"+c.out.Get("Link")+"\n"), c.Query.Encode()...), body...))
	tag := `W/"` + hex.EncodeToString(sum[:]) + `"`
	c.out.Set("Etag", tag)
	c.out.Set("Cache-Control", "private, max-age=60, s-maxage=60")
	for have := range strings.SplitSeq(c.Header.Get("If-None-Match"), ",") {
		if have = strings.TrimSpace(have); have == tag || "W/"+have == tag {
			return true
		}
	}
	return false
}

// render gives the status and the bytes of an answer, and sets what it is.
func render(c *Call, answer any, no refusal) (int, []byte) {
	status := http.StatusOK
	switch a := answer.(type) {
	case created:
		status, answer = http.StatusCreated, a.body
	case accepted:
		status, answer = http.StatusAccepted, a.body
	case plain:
		if !no.given() {
			c.out.Set("Content-Type", a.kind)
			return status, []byte(a.text)
		}
	case nil:
		status = http.StatusNoContent
	}
	if no.given() {
		status, answer = no.status, no.body()
	}
	if status == http.StatusNoContent {
		return status, nil
	}
	c.out.Set("Content-Type", "application/json; charset=utf-8")
	return status, bytes.TrimSpace(marshal(answer))
}
