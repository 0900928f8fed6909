package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func options(checks ...Check) Options {
	return Options{Checks: func() []Check { return checks }, Metrics: NewMetrics(Build{Version: "v1", Go: "go1"}), Log: slog.New(slog.DiscardHandler)}
}

func get(t *testing.T, o Options, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	New(o).Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

// TestRoutes: what the program answers is this list and nothing else.
func TestRoutes(t *testing.T) {
	want, err := os.ReadFile("testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(slices.Sorted(maps.Keys(routes(options()))), "\n") + "\n"
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("routes (-list +program):\n%s", diff)
	}
	for path, code := range map[string]int{"/": 404, "/debug/pprof/": 404, "/healthz/": 404, "/healthz": 200, "/metrics": 200} {
		if w := get(t, options(), http.MethodGet, path); w.Code != code {
			t.Errorf("GET %s answers %d, want %d", path, w.Code, code)
		}
	}
	if w := get(t, options(), http.MethodPost, "/readyz"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /readyz answers %d", w.Code)
	}
}

func so() error { return nil }

// TestReady: one failed check turns it red, a warning does not, and each is named.
func TestReady(t *testing.T) {
	bad := func() error { return errors.New("disk <1>") }
	store, config := Check{Name: "store", Err: so}, Check{Name: "configuration", Err: bad, Warn: true}
	tests := []struct {
		checks []Check
		code   int
		want   string
	}{
		{nil, 200, `{ "ready": true, "checks": [] }`},
		{[]Check{store, config}, 200, `{ "ready": true, "checks": [ { "name": "store", "state": "ok" }, { "name": "configuration", "state": "warning", "why": "disk <1>" } ] }`},
		{[]Check{{Name: "store", Err: bad}, config}, 503, `{ "ready": false, "checks": [ { "name": "store", "state": "failed", "why": "disk <1>" }, { "name": "configuration", "state": "warning", "why": "disk <1>" } ] }`},
	}
	for _, tt := range tests {
		w := get(t, options(tt.checks...), http.MethodGet, "/readyz")
		if got := strings.Join(strings.Fields(w.Body.String()), " "); w.Code != tt.code || got != tt.want {
			t.Errorf("answers %d %s\nwant %d %s", w.Code, got, tt.code, tt.want)
		}
	}
}

// TestMetrics holds the names of our own metrics, with their labels and values, to a list.
func TestMetrics(t *testing.T) {
	o := options()
	o.Metrics.Delivered("console", "sent")
	o.Metrics.Answered("refused", "not_ready")
	o.Metrics.Answered("done", "")
	o.Metrics.Committed(3 * time.Millisecond)
	o.Metrics.Reloaded(false)
	n := Numbers{Readable: true, Ledger: 7, Due: 2, OldestDue: 90 * time.Second, Waiting: 1, Parked: 3, FlagsStale: true,
		Verified: time.Unix(1000, 5e8), BackedUp: time.Unix(2000, 0)}
	o.Metrics.Watch(func() Numbers { return n })
	want := `readyroom_backup_timestamp_seconds 2000
readyroom_build_info{goversion="go1",revision="",version="v1"} 1
readyroom_commit_seconds_bucket{le="0.004"} 1
readyroom_commit_seconds_count 1
readyroom_configuration_reloads_total{result="failed"} 1
readyroom_configuration_reloads_total{result="ok"} 0
readyroom_deliveries_total{platform="console",result="sent"} 1
readyroom_flags_stale 1
readyroom_ledger_events 7
readyroom_places_parked 3
readyroom_queue_due 2
readyroom_queue_oldest_seconds 90
readyroom_requests_total{reason="",result="done"} 1
readyroom_requests_total{reason="not_ready",result="refused"} 1
readyroom_store_poisoned 0
readyroom_verified_ok 0
readyroom_verified_timestamp_seconds 1000.5
readyroom_waiting_for_human 1
`
	show := func() string {
		body := get(t, o, http.MethodGet, "/metrics").Body.String()
		for _, theirs := range []string{"go_goroutines", "process_open_fds"} {
			if !strings.Contains(body, theirs+" ") {
				t.Errorf("there is no %s", theirs)
			}
		}
		ours := regexp.MustCompile(`(?m)^readyroom_.*\n`).FindAllString(body, -1)
		return strings.Join(slices.DeleteFunc(ours, func(l string) bool {
			return strings.Contains(l, "commit_seconds") && !strings.Contains(l, `le="0.004"`) && !strings.Contains(l, "count")
		}), "")
	}
	if diff := cmp.Diff(want, show()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	n = Numbers{Poisoned: true}
	unread := show()
	for _, gone := range []string{"ledger_events", "queue_due", "queue_oldest", "waiting_for", "verified", "backup"} {
		if strings.Contains(unread, gone) {
			t.Errorf("%s is shown though nobody can say it:\n%s", gone, unread)
		}
	}
	if !strings.Contains(unread, "readyroom_store_poisoned 1") {
		t.Errorf("the poison is not shown:\n%s", unread)
	}
}

// TestServeStops: what is under way when it stops ends, or is cut off after a while; what comes later is not heard.
func TestServeStops(t *testing.T) {
	for _, takes := range []time.Duration{3 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			here, there := net.Pipe()
			s := New(options())
			s.WriteTimeout = 0
			s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-time.After(takes):
				case <-r.Context().Done():
				}
				_, _ = io.WriteString(w, "done")
			})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- Serve(ctx, s, &single{conn: here, closed: make(chan struct{})}) }()
			var answer bytes.Buffer
			go func() { _, _ = io.Copy(&answer, there) }()
			_, _ = io.WriteString(there, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			time.Sleep(time.Second)
			cancel()
			start := time.Now()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			took := time.Since(start)
			_ = there.Close()
			synctest.Wait()
			if whole := strings.HasSuffix(answer.String(), "done"); whole != (takes < Grace) {
				t.Errorf("of a request of %v came %q", takes, answer.String())
			}
			if took > Grace+time.Second {
				t.Errorf("it stopped after %v", took)
			}
		})
	}
}

// single is a listener to whom one connection comes.
type single struct {
	conn   net.Conn
	closed chan struct{}
}

func (s *single) Accept() (net.Conn, error) {
	if c := s.conn; c != nil {
		s.conn = nil
		return c, nil
	}
	<-s.closed
	return nil, net.ErrClosed
}

func (s *single) Close() error {
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	return nil
}

func (s *single) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// TestServeThatCannot says so.
func TestServeThatCannot(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := Serve(t.Context(), New(options()), l); err == nil || !strings.Contains(err.Error(), "serve on 127.0.0.1") {
		t.Errorf("over a closed listener: %v", err)
	}
}

// TestLoopback tells who can reach it.
func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{"127.0.0.1": true, "::1": true, "127.9.9.9": true, "0.0.0.0": false, "::": false, "10.0.0.1": false} {
		if got := Loopback(&net.TCPAddr{IP: net.ParseIP(addr)}); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}
