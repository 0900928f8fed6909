package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// crowd is how many people type. The bot's clock stands still, so that nobody is held to the pace of one person.
const crowd = 100

// oneRecord appends one small record to a store of its own, as the least that a decision leaves.
func oneRecord(b *testing.B) func(context.Context) error {
	data, err := datadir.Open(b.Context(), filepath.Join(b.TempDir(), "data"), datadir.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = data.Close() })
	return func(ctx context.Context) error {
		return data.Store.Update(ctx, func(tx *storage.Tx) error {
			_, err := tx.Append(ledger.Record{Kind: "release.set", Data: []byte(`{"title":"number-1"}`), Header: workflows.Header{
				Stream: "release/app@1.0", At: time.Now(), By: workflows.Actor{Person: "ana", Handle: "slack/T0ACME/U0ANA"}, Ask: "slack/command/1.2.3", Policy: "3f1c9a7be0d2",
			}})
			return err
		})
	}
}

// crowdConfig is a configuration in which everybody may do everything; account links somebody's.
func crowdConfig(account func(i int) string) string {
	var config strings.Builder
	config.WriteString("owners: [p0]\nproducts: {app: {repository: ., branch: main}}\npeople:\n")
	var names []string
	for i := range crowd {
		fmt.Fprintf(&config, "  p%d: {name: P%[1]d, %s}\n", i, account(i))
		names = append(names, fmt.Sprint("p", i))
	}
	fmt.Fprintf(&config, "roles: {'*': [%s]}\n", strings.Join(names, ", "))
	return config.String()
}

// measured is how a load went.
type measured struct{ each, p50, p99 time.Duration }

// connections is how many are kept busy.
const connections = 64

// loaded sends requests over 64 connections for as long as the benchmark wants; each answer has want in it.
func loaded(b *testing.B, app http.Handler, request func(base string, i int) *http.Request, want string) measured {
	server := httptest.NewServer(app)
	defer server.Close()
	pool := &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}
	defer pool.CloseIdleConnections()
	client := &http.Client{Transport: pool}
	var n atomic.Int64
	var mu sync.Mutex
	var all []time.Duration
	b.SetParallelism(max(1, connections/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			i := int(n.Add(1))
			r := request(server.URL, i)
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

// beside says how it went beside the least that can be done.
func (m measured) beside(b *testing.B, bare measured) {
	if bare.each > 0 && m.each > 0 {
		b.ReportMetric(float64(bare.each)/float64(m.each), "x-throughput")
		b.ReportMetric(float64(m.p99)/float64(bare.p99), "x-p99")
	}
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
