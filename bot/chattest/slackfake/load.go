package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Connections is how many connections Load keeps busy.
const Connections = 64

// Load has the users type "/release hold -- now" in the channel, in turn, over Connections connections, for as long as
// the benchmark wants. It reports how long the slowest in a hundred took to be acknowledged.
func Load(b *testing.B, app http.Handler, channel string, users []string) {
	b.Helper()
	server := httptest.NewServer(app)
	defer server.Close()
	pool := &http.Transport{MaxIdleConnsPerHost: Connections, MaxConnsPerHost: Connections}
	defer pool.CloseIdleConnections()
	client := &http.Client{Transport: pool}
	var n atomic.Int64
	var mu sync.Mutex
	var all []time.Duration
	b.SetParallelism(max(1, Connections/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			i := n.Add(1)
			took, err := typed(b.Context(), client, server.URL, channel, users[int(i)%len(users)], i)
			if err != nil {
				b.Error(err)
				return
			}
			own = append(own, took)
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, own...)
	})
	b.StopTimer()
	slices.Sort(all)
	if len(all) > 0 {
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "commands/s")
}

// typed sends one signed command, and says how long it took.
func typed(ctx context.Context, client *http.Client, base, channel, user string, i int64) (time.Duration, error) {
	body := []byte(url.Values{
		"token": {verification}, "team_id": {Team}, "team_domain": {Domain}, "channel_id": {channel}, "channel_name": {"app"},
		"user_id": {user}, "user_name": {user}, "command": {"/release"}, "text": {"hold -- now"}, "api_app_id": {App},
		"is_enterprise_install": {"false"}, "trigger_id": {fmt.Sprintf("%d.1.load", i)},
		"response_url": {base + "/response/none"},
	}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+CommandsPath, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	timestamp, signature := Sign(signing, body, time.Now())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", timestamp)
	r.Header.Set("X-Slack-Signature", signature)
	start := time.Now()
	resp, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK || !bytes.Contains(text, []byte("saved")) {
		return 0, errors.Join(err, fmt.Errorf("%d %s", resp.StatusCode, text))
	}
	return time.Since(start), err
}

// Bare is the least that can answer a signed command: it verifies, has something written, and says that it is saved.
func Bare(write func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		seconds, bad := strconv.ParseInt(r.Header.Get("X-Slack-Request-Timestamp"), 10, 64)
		at := time.Unix(seconds, 0)
		_, want := Sign(signing, body, at)
		if errors.Join(err, bad) != nil || time.Since(at).Abs() > 5*time.Minute || !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Slack-Signature"))) {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		if err := write(r.Context()); err != nil {
			http.Error(w, "not saved", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"response_type":"ephemeral","text":"saved"}`)
	})
}
