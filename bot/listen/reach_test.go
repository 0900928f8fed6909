package listen_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/listen"
)

// TestReach: only a call that found no connection certainly was not sent, and no address is told.
func TestReach(t *testing.T) {
	breaks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	defer breaks.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	call := func(ctx context.Context, address string, through http.RoundTripper) string {
		ctx, unsent := listen.Traced(ctx)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/canary", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := listen.Carrier(through).RoundTrip(r)
		if err == nil {
			_ = resp.Body.Close()
			t.Fatal("it was answered")
		}
		what, end := listen.Unanswered(ctx, "Chat", err, unsent())
		if strings.Contains(what, "canary") || !errors.Is(end, ctx.Err()) {
			t.Errorf("%q, %v", what, end)
		}
		return what
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	nameless := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "canary"}
	}}
	for _, tt := range []struct{ got, want string }{
		{call(t.Context(), breaks.URL, nil), "the connection to Chat broke off"},
		{call(t.Context(), closed.URL, nil), "Chat cannot be reached: the connection is refused"},
		{call(t.Context(), "https"+strings.TrimPrefix(breaks.URL, "http"), nil), "Chat cannot be reached: what answers there does not speak TLS"},
		{call(t.Context(), closed.URL, nameless), "Chat cannot be reached: its name is not found (DNS)"},
		{call(ended, breaks.URL, nil), "the call was broken off here"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
