package discordfake_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// signed is an app that verifies, and answers with what answer gives.
func signed(t *testing.T, f *discordfake.Fake, answer http.HandlerFunc) string {
	t.Helper()
	key, err := hex.DecodeString(f.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sig, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		stamp := r.Header.Get("X-Signature-Timestamp")
		if err != nil || len(sig) != ed25519.SignatureSize || !ed25519.Verify(key, append([]byte(stamp), body...), sig) || r.URL.Path != discordfake.InteractionsPath {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		if bytes.Contains(body, []byte(`"type":1,"user"`)) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"type":1}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// inline answers in the response.
func inline(w http.ResponseWriter, a any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a)
}

// TestOverHTTP: interactions come signed, and are answered in the response, or by a call after 202.
func TestOverHTTP(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{Patience: 500 * time.Millisecond})
	register(t, f)
	gateway, _ := ready(t, f, usual)
	var way atomic.Value
	f.Deliver(f.HTTP(signed(t, f, func(w http.ResponseWriter, r *http.Request) {
		var i j
		if err := json.NewDecoder(r.Body).Decode(&i); err != nil {
			t.Error(err)
		}
		switch way.Load() {
		case "inline":
			inline(w, says("well", 64))
		case "call":
			if status, out := callback(t, f, i, says("well", 64)); status != http.StatusNoContent {
				t.Errorf("%d %v", status, out)
			}
			w.WriteHeader(http.StatusAccepted)
		case "202 alone":
			w.WriteHeader(http.StatusAccepted)
		case "twice":
			callback(t, f, i, says("well", 64))
			inline(w, says("again", 64))
		case "no JSON":
			_, _ = io.WriteString(w, `{"type":4,"data":{"content":"x"}}`)
		case "wrong":
			inline(w, j{"type": 7, "data": j{"content": "x"}})
		case "error":
			http.Error(w, "no", http.StatusInternalServerError)
		}
	})))
	for _, c := range []struct {
		way string
		ok  bool
	}{{"inline", true}, {"call", true}, {"twice", true}, {"202 alone", false}, {"no JSON", false}, {"wrong", false}, {"error", false}} {
		way.Store(c.way)
		r := f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil)
		if c.ok && (r.Err != nil || !slices.Equal(r.Texts(), []string{"well"})) || !c.ok && r.Shown != discordfake.DidNotRespond {
			t.Errorf("%s: %+v %q", c.way, r, r.Texts())
		}
	}
	if _, app := api(t, f, "GET", "/applications/@me", nil); !strings.HasSuffix(fmt.Sprint(app["interactions_endpoint_url"]), discordfake.InteractionsPath) {
		t.Errorf("%v", app)
	}
	// Nothing of it came over the gateway.
	f.Gateway(0).Emit("MARK", []byte(`{}`))
	for {
		switch e, _ := gateway.next(); e["t"] {
		case "INTERACTION_CREATE":
			t.Fatal("an interaction came over the gateway as well")
		case "MARK":
			return
		}
	}
}

// TestVerify: an address is taken when it answers a PING and refuses what is not signed well.
func TestVerify(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	if err := f.HTTP(signed(t, f, nil)).Verify(t.Context()); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		app  http.HandlerFunc
		want string
	}{
		"takes all":    {func(w http.ResponseWriter, _ *http.Request) { inline(w, j{"type": 1}) }, "another bit"},
		"no PING":      {func(w http.ResponseWriter, _ *http.Request) { inline(w, j{"type": 4}) }, "a PING is answered"},
		"text":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"type":1}`) }, "a PING is answered"},
		"refuses all":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, "a PING is answered"},
		"says 400":     {refusing(f, 400), "not with 401"},
		"is not there": {http.NotFound, "a PING is answered"},
	} {
		s := httptest.NewServer(c.app)
		t.Cleanup(s.Close)
		if err := f.HTTP(s.URL).Verify(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// refusing is an app that answers what is not signed well with another status.
func refusing(f *discordfake.Fake, status int) http.HandlerFunc {
	key, _ := hex.DecodeString(f.PublicKey())
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sig, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if len(sig) != 64 || !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), sig) {
			w.WriteHeader(status)
			return
		}
		inline(w, j{"type": 1})
	}
}

// TestReplay: the same bytes can be sent again, and changed on their way.
func TestReplay(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	h := f.HTTP(signed(t, f, func(w http.ResponseWriter, _ *http.Request) { inline(w, says("well", 64)) }))
	f.Deliver(h)
	f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil)
	for _, a := range h.Same(t.Context(), h.Sent()[0], 3) {
		if a.Status != 200 {
			t.Errorf("%d", a.Status)
		}
	}
	h.Before = func(r *discordfake.Request) { r.Body = append(r.Body, ' ') }
	if r := f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "status"}, nil); r.Err == nil {
		t.Error("a body that was changed was taken")
	}
	old := h.Request(discordfake.Interaction{Payload: []byte(`{}`)})
	h.SignAt(&old, time.Unix(1, 0))
	if old.Header.Get("X-Signature-Timestamp") != "1" {
		t.Errorf("%v", old.Header)
	}
}
