//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/storage"
)

// lineVariable names the file that says which line is typed.
const lineVariable = "READYROOM_TEST_LINE"

// lifeBegan is in the trace where another life begins.
const lifeBegan = "began"

func init() { modes["doomed in a chat"] = doomedInAChat }

// doomedInAChat is the real program, which kills itself where it is told. It makes several deliveries at once: each is
// told apart by its claim; what else is committed is the line's that is typed.
func doomedInAChat() {
	d, err := newDoom(os.Getenv(traceVariable), os.Getenv(doomVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, "doomed:", err)
		os.Exit(3)
	}
	d.pass(lifeBegan, nil)
	passing = func(point string) {
		line, err := os.ReadFile(os.Getenv(lineVariable))
		if err != nil {
			panic(err)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.doing == opening {
			d.doing = claiming
		}
		d.at(point, d.doing+" "+string(line), nil)
	}
	delivering = func(point string, c storage.Claim) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.doing = manner(c); point == bot.Settled {
			d.doing = claiming
		}
		d.at(point, manner(c), &c)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// between stands between the bot and the platform. At the points of calls it kills the bot with the first call of each shape.
func (o *chatOrdeal) between(api string) (base string) {
	to, err := url.Parse(api)
	if err != nil {
		o.t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host }}
	proxy.ErrorLog = quietLog
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(r.Body)
		r.Body = readCloser{body}
		shape := o.shape(r, body.Bytes())
		if o.point == callCame && o.dies(shape) {
			return
		}
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r.WithContext(context.WithoutCancel(r.Context()))) // the platform does not notice that the bot died
		if o.point == callDone && o.dies(shape) {
			return
		}
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	o.t.Cleanup(server.Close)
	return server.URL + to.Path
}

// dies kills the bot if nobody died at a call of that shape.
func (o *chatOrdeal) dies(shape string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.called[shape] || o.child == nil {
		return false
	}
	o.called[shape] = true
	_ = o.child.Process.Kill()
	return true
}
