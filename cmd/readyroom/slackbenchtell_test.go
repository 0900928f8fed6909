package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

const manyChannels, postsPerMinute, postsAtOnce = 200, 480, 8

// BenchmarkSlackTellEveryone tells one event to 200 channels, through the whole bot, of a workspace that takes 8 posts a
// second and does not say so; also where one post in twenty is answered with a 429 on top, one channel is archived, and
// one hangs. It reports how many times the ideal that takes until all others have it; each has it once.
func BenchmarkSlackTellEveryone(b *testing.B) {
	for name, rough := range map[string]rough{
		"well": {}, "limited": {limited: true}, "archived": {archived: true}, "hanging": {hanging: true}, "all": {true, true, true},
	} {
		b.Run(name, func(b *testing.B) {
			var took time.Duration
			refused := 0
			for b.Loop() {
				e := newEverybody(b, rough)
				took += e.told()
				refused += e.fake.Limited() + int(e.refused.Load())
				e.once()
			}
			ideal := time.Duration(manyChannels-postsAtOnce) * time.Minute / postsPerMinute
			b.ReportMetric(took.Seconds()/float64(b.N)/ideal.Seconds(), "of-ideal")
			b.ReportMetric(float64(refused)/float64(b.N), "refused/op")
		})
	}
}

// rough is what goes wrong.
type rough struct{ limited, archived, hanging bool }

// everybody is a workspace of very many channels.
type everybody struct {
	b    *testing.B
	fake *slackfake.Fake
	r    *running
	rough
	posts   atomic.Int64
	refused atomic.Int64
}

const archivedOne, hangingOne = "C13", "C77"

func newEverybody(b *testing.B, rough rough) *everybody {
	repo := gittest.New(b)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	b.Chdir(repo.Dir)
	e := &everybody{b: b, rough: rough, fake: slackfake.New(b, slackfake.Options{
		Rates: slackfake.Rates{Posts: 1, Workspace: postsPerMinute, WorkspaceBurst: postsAtOnce, Tiers: map[int]int{2: 20, 3: 50, 4: 100}},
	})}
	for i := range manyChannels {
		id := fmt.Sprint("C", i)
		e.fake.AddChannel(slackfake.Channel{ID: id, Name: strings.ToLower(id), BotIsMember: true, Archived: rough.archived && id == archivedOne})
	}
	between := httptest.NewServer(e.between())
	b.Cleanup(func() { between.CloseClientConnections(); between.Close() })
	if err := os.WriteFile(defaultConfig, []byte("owners: [ana]\npeople: {ana: {name: Ana}}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	for name, value := range map[string]string{"HOME": repo.Home, slackURL: between.URL + "/api/", slackBot: e.fake.BotToken(), slackSigning: e.fake.SigningSecret()} {
		b.Setenv(name, value)
	}
	var err error
	e.r, err = begin(b.Context(), wiring{command: serveName, dir: filepath.Join(b.TempDir(), "data"), create: true, acts: true, chats: true, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.r.Close() })
	return e
}

// between makes it rough.
func (e *everybody) between() http.Handler {
	to, err := url.Parse(e.fake.URL())
	if err != nil {
		e.b.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if fields, _ := url.ParseQuery(string(body)); strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
			if e.hanging && fields.Get("channel") == hangingOne {
				<-r.Context().Done()
				return
			}
			if e.posts.Add(1)%20 == 0 && e.limited {
				e.refused.Add(1)
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
		}
		proxy.ServeHTTP(w, r)
	})
}

// told tells everybody that a release is on hold, and says how long it took until all had heard it who can.
func (e *everybody) told() time.Duration {
	for _, line := range []string{"new app@1.0.0 --why small", "hold app@1.0.0 -- to look"} {
		if err := e.r.converse(e.b.Context(), conversation{Lines: []string{line}, By: "ana"}, io.Discard); err != nil {
			e.b.Fatal(err)
		}
	}
	now := e.r.clock.Now()
	err := e.r.data.Store.Update(e.b.Context(), func(tx *storage.Tx) error {
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
			d := storage.Delivery{Kind: workflows.Tell, What: "held", Place: workflows.Place(fmt.Sprint("slack/", slackfake.Team, "/C", i)),
				Stream: "release/app@1.0.0", Seq: held, Due: now}
			if err := tx.Enqueue(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		e.b.Fatal(err)
	}
	return e.step()
}

// step delivers as the daemon does, until all have heard it who can.
func (e *everybody) step() time.Duration {
	began := time.Now()
	heard := make(chan time.Duration, 1)
	go func() {
		all := manyChannels
		for _, one := range []bool{e.archived, e.hanging} {
			if one {
				all--
			}
		}
		for len(e.fake.Posted()) < all && time.Since(began) < 5*time.Minute {
			time.Sleep(20 * time.Millisecond)
		}
		heard <- time.Since(began)
	}()
	for {
		next, waiting, err := e.r.bot.Step(e.b.Context(), e.r.clock.Now())
		if err != nil {
			e.b.Fatal(err)
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
func (e *everybody) once() {
	for i := range manyChannels {
		id := fmt.Sprint("C", i)
		want := 1
		if e.archived && id == archivedOne || e.hanging && id == hangingOne {
			want = 0
		}
		if n := len(e.fake.Messages(id)); n != want {
			e.b.Errorf("%d messages in %s", n, id)
		}
	}
}
