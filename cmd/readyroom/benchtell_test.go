package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// manyChannels is how many are told one event.
const manyChannels = 200

// audience is a platform with very many channels, of which some cannot hear.
type audience struct {
	tb     testing.TB
	r      *running
	place  func(i int) workflows.Place
	stands func(i int) int // how many messages stand in a channel
	heard  func() int      // how many were posted in all
	deaf   []int
}

// between stands between the bot and a platform: before is asked first, and says whether it answered.
func between(tb testing.TB, api string, before func(w http.ResponseWriter, r *http.Request, body []byte) bool) (base string) {
	to, err := url.Parse(api)
	if err != nil {
		tb.Fatal(err)
	}
	pool := &http.Transport{MaxIdleConnsPerHost: 64}
	proxy := &httputil.ReverseProxy{Transport: pool, ErrorLog: quietLog,
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what came in part is passed on so
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !before(w, r, body) {
			proxy.ServeHTTP(w, r)
		}
	}))
	tb.Cleanup(func() { server.CloseClientConnections(); server.Close(); pool.CloseIdleConnections() })
	return server.URL + to.Path
}

// beginIn begins the bot in a folder of its own, with this configuration and environment.
func beginIn(b testing.TB, config string, env map[string]string, w wiring) *running {
	repo := gittest.New(b)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	b.Chdir(repo.Dir)
	if err := os.WriteFile(defaultConfig, []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Setenv("HOME", repo.Home)
	for name, value := range env {
		b.Setenv(name, value)
	}
	w.command, w.dir, w.create, w.acts, w.log = serveName, filepath.Join(b.TempDir(), "data"), true, true, slog.New(slog.DiscardHandler)
	r, err := begin(b.Context(), w)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// held puts a release on hold, and that everybody is told so into the queue.
func (a *audience) held(ctx context.Context) {
	for _, line := range []string{"new app@1.0.0 --why small", "hold app@1.0.0 -- to look"} {
		if err := a.r.converse(ctx, conversation{Lines: []string{line}, By: "ana"}, io.Discard); err != nil {
			a.tb.Fatal(err)
		}
	}
	now := a.r.clock.Now()
	err := a.r.data.Store.Update(ctx, func(tx *storage.Tx) error {
		var held workflows.Seq
		err := tx.Ledger(0, func(r ledger.Record) (bool, error) {
			if r.Kind == "release.held" {
				held = r.Seq
			}
			return true, nil
		})
		if err != nil || held == 0 {
			return fmt.Errorf("event %d, %w", held, err)
		}
		for i := range manyChannels {
			d := storage.Delivery{Kind: workflows.Tell, What: "held", Place: a.place(i), Stream: "release/app@1.0.0", Seq: held, Due: now}
			if err := tx.Enqueue(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.tb.Fatal(err)
	}
}

// told tells everybody as the daemon does, and says how long it took until all had heard it who can.
func (a *audience) told() time.Duration {
	a.held(a.tb.Context())
	began := time.Now()
	heard := make(chan time.Duration, 1)
	go func() {
		for a.heard() < manyChannels-len(a.deaf) && time.Since(began) < 5*time.Minute {
			time.Sleep(20 * time.Millisecond)
		}
		heard <- time.Since(began)
	}()
	for {
		next, waiting, err := a.r.bot.Step(a.tb.Context(), a.r.clock.Now())
		if err != nil {
			a.tb.Fatal(err)
		}
		pause := time.Until(next)
		if !waiting {
			pause = time.Second
		}
		select {
		case d := <-heard:
			return d
		case <-time.After(max(min(pause, time.Second), 10*time.Millisecond)):
		}
	}
}

// once: everybody has it once.
func (a *audience) once() {
	for i := range manyChannels {
		want := 1
		if slices.Contains(a.deaf, i) {
			want = 0
		}
		if n := a.stands(i); n != want {
			a.tb.Errorf("%d messages in channel %d", n, i)
		}
	}
}
