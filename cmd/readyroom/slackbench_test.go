package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// crowd is how many people type. The bot's clock stands still, so that nobody is held to the pace of one person.
const crowd = 100

// BenchmarkSlackCommand is a signed command to its acknowledgement over 64 connections, decided and written durably by the
// whole bot; beside it a server that does nothing but verify the signature and write one record durably to the same kind
// of store; and a command that only shows something.
func BenchmarkSlackCommand(b *testing.B) {
	b.Setenv(slackSigning, slackfake.New(b, slackfake.Options{}).SigningSecret())
	var bare, whole measured
	b.Run("bare", func(b *testing.B) {
		data, err := datadir.Open(b.Context(), filepath.Join(b.TempDir(), "data"), datadir.Options{Create: true})
		if err != nil {
			b.Fatal(err)
		}
		defer data.Close()
		bare = loaded(b, slackfake.Bare(func(ctx context.Context) error { return oneRecord(ctx, data.Store) }), time.Now, retitle, "saved")
	})
	b.Run("readyroom", func(b *testing.B) {
		whole = loaded(b, crowded(b), console.SimulatedStart, retitle, "number-")
		if bare.each > 0 {
			b.ReportMetric(float64(bare.each)/float64(whole.each), "x-throughput")
			b.ReportMetric(float64(whole.p99)/float64(bare.p99), "x-p99")
		}
	})
	b.Run("status", func(b *testing.B) {
		loaded(b, crowded(b), console.SimulatedStart, func(int) string { return "status" }, "text")
	})
}

// retitle is what is typed: everybody calls their own release something new, which leads to one event, an edit of its card
// and a line in its thread.
func retitle(i int) string {
	return fmt.Sprintf("set app@%d.0.0 --title number-%d", i%crowd, i)
}

// oneRecord appends one small record, as the least that a decision leaves.
func oneRecord(ctx context.Context, s *storage.Store) error {
	return s.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.Append(ledger.Record{Kind: "release.set", Data: []byte(`{"title":"number-1"}`), Header: workflows.Header{
			Stream: "release/app@1.0", At: time.Now(), By: workflows.Actor{Person: "ana", Handle: "slack/T0ACME/U0ANA"}, Ask: "slack/command/1.2.3", Policy: "3f1c9a7be0d2",
		}})
		return err
	})
}

// crowded is the handler chain of the whole bot, of which everybody has been asked for once.
func crowded(b *testing.B) http.Handler {
	repo := gittest.New(b)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	b.Chdir(repo.Dir)
	f := slackfake.New(b, slackfake.Options{})
	var names []string
	var config strings.Builder
	config.WriteString("owners: [p0]\nproducts: {app: {repository: ., branch: main}}\npeople:\n")
	for i := range crowd {
		f.AddUser(slackfake.User{ID: userOf(fmt.Sprint("p", i)), Name: fmt.Sprint("p", i)})
		fmt.Fprintf(&config, "  p%d: {name: P%[1]d, slack: T0ACME/%s}\n", i, userOf(fmt.Sprint("p", i)))
		names = append(names, fmt.Sprint("p", i))
	}
	fmt.Fprintf(&config, "roles: {'*': [%s]}\n", strings.Join(names, ", "))
	if err := os.WriteFile(defaultConfig, []byte(config.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	for name, value := range map[string]string{"HOME": repo.Home, slackURL: f.URL(), slackBot: f.BotToken(), slackSigning: f.SigningSecret()} {
		b.Setenv(name, value)
	}
	ctx, cancel := context.WithCancel(b.Context())
	r, err := begin(ctx, wiring{command: serveName, dir: filepath.Join(b.TempDir(), "data"), create: true, acts: true, chats: true, clock: "simulated", log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{})
	go func() { r.slack.Run(ctx); close(done) }()
	b.Cleanup(func() { cancel(); <-done; _ = r.Close() })
	for r.slack.Health() != nil {
		time.Sleep(time.Millisecond)
	}
	app := web.New(web.Options{Checks: r.checks, Metrics: r.metrics, Log: r.log, Chats: r.chatRoutes()}).Handler
	for i := range crowd {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, signedCommand(b.Context(), "", i, fmt.Sprintf("new app@%d.0.0 --why small", i), console.SimulatedStart()))
	}
	if err := r.slack.Drain(ctx); err != nil {
		b.Fatal(err)
	}
	return app
}

// measured is how a load went.
type measured struct{ each, p50, p99 time.Duration }

// loaded types lines over 64 connections for as long as the benchmark wants; each answer has want in it.
func loaded(b *testing.B, app http.Handler, now func() time.Time, line func(int) string, want string) measured {
	server := httptest.NewServer(app)
	defer server.Close()
	pool := &http.Transport{MaxIdleConnsPerHost: slackfake.Connections, MaxConnsPerHost: slackfake.Connections}
	defer pool.CloseIdleConnections()
	client := &http.Client{Transport: pool}
	var n atomic.Int64
	var mu sync.Mutex
	var all []time.Duration
	b.SetParallelism(max(1, slackfake.Connections/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			i := int(n.Add(1))
			r := signedCommand(b.Context(), server.URL, i, line(i), now())
			began := time.Now()
			if err := acknowledged(client, r, want); err != nil {
				b.Error(err)
				return
			}
			own = append(own, time.Since(began))
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, own...)
	})
	b.StopTimer()
	if len(all) == 0 {
		return measured{}
	}
	slices.SortFunc(all, cmp.Compare)
	m := measured{each: b.Elapsed() / time.Duration(len(all)), p50: all[len(all)/2], p99: all[len(all)*99/100]}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(float64(m.p50.Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(m.p99.Microseconds())/1000, "p99-ms")
	return m
}

func acknowledged(client *http.Client, r *http.Request, want string) error {
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || !bytes.Contains(text, []byte(want))) {
		err = fmt.Errorf("%d %s", resp.StatusCode, text)
	}
	return err
}

// signedCommand is a line of the i-th person of the crowd, as Slack sends it.
func signedCommand(ctx context.Context, base string, i int, line string, at time.Time) *http.Request {
	user := userOf(fmt.Sprint("p", i%crowd))
	body := []byte(url.Values{
		"token": {"deprecated"}, "team_id": {slackfake.Team}, "team_domain": {slackfake.Domain}, "channel_id": {"C0APP"}, "channel_name": {"app"},
		"user_id": {user}, "user_name": {user}, "command": {"/release"}, "text": {line}, "api_app_id": {slackfake.App},
		"is_enterprise_install": {"false"}, "trigger_id": {fmt.Sprintf("%d.%d.%s", time.Now().UnixNano(), i, user)}, "response_url": {base + "/response/none"},
	}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+slackfake.CommandsPath, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	timestamp, signature := slackfake.Sign(os.Getenv(slackSigning), body, at)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", timestamp)
	r.Header.Set("X-Slack-Signature", signature)
	return r
}
