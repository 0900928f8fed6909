// Package web is the bot's HTTP server: whether the process lives, whether it is ready, its numbers, and where the chats
// that send requests reach it.
//
// It decides nothing and knows neither the store nor the desk: what it shows is handed to it. Nothing that it shows may
// hold a secret, or text of people.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"time"
)

// Grace is how long requests under way have to end when a server stops.
const Grace = 10 * time.Second

// Options are what the server shows.
type Options struct {
	Checks  func() []Check
	Metrics *Metrics
	Chats   map[string]http.Handler // where chats send requests, which they authenticate themselves: "POST /slack/events"
	Log     *slog.Logger
}

// New makes the server.
func New(o Options) *http.Server {
	mux := http.NewServeMux()
	for pattern, h := range routes(o) {
		mux.Handle(pattern, h)
	}
	return &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
}

// routes is everything that is answered; a test holds it to a list.
func routes(o Options) map[string]http.Handler {
	all := map[string]http.Handler{
		"GET /healthz": http.HandlerFunc(alive),
		"GET /readyz":  ready(o.Checks),
		"GET /metrics": o.Metrics.handler(),
	}
	maps.Copy(all, o.Chats)
	return all
}

// alive answers for as long as the process can answer.
func alive(w http.ResponseWriter, _ *http.Request) {
	plain(w)
	_, _ = io.WriteString(w, "ok\n") // whoever asked went away
}

// plain says that nobody shall keep the answer, or take it for anything but what it is.
func plain(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// Serve serves until the context ends, then lets the requests under way end.
func Serve(ctx context.Context, s *http.Server, l net.Listener) error {
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), Grace)
	defer cancel()
	err := s.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close() // they had their time
	}
	<-done //nolint:errcheck // that it was closed
	if err != nil {
		return fmt.Errorf("stop serving on %s: %w", l.Addr(), err)
	}
	return nil
}

// Loopback reports whether an address to listen on is reached from this machine alone.
func Loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}
