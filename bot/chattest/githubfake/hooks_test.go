package githubfake_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// TestHooks: what happens is told, signed, in order; and again with the same id.
func TestHooks(t *testing.T) {
	f, r, _ := acme(t, githubfake.Options{})
	var got []string
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		text, err := io.ReadAll(q.Body)
		if err != nil || q.Header.Get("X-Hub-Signature-256") != githubfake.Signature("secret", text) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		got = append(got, q.Header.Get("X-GitHub-Event"))
		w.WriteHeader(http.StatusAccepted)
	}))
	defer app.Close()
	f.Hook(app.URL+"/github/webhooks", "secret", "push", "create")
	before := r.Head("main")
	after := r.Commit("main", "ana", "fix: x", map[string]string{"x": "x", "README.md": "new\n"})
	r.Tag("v1", "main")
	r.ForcePush("main", before)
	r.Issue(githubfake.Issue{Title: "unheard"})
	all := f.Deliveries()
	if len(all) != 5 {
		t.Fatalf("%d deliveries", len(all))
	}
	var p struct {
		Ref, Before, After string
		Forced, Created    bool
		Commits            []struct {
			ID              string
			Added, Modified []string
		}
	}
	if err := json.Unmarshal(all[1].Body, &p); err != nil || p.Ref != "refs/heads/main" || p.Before != before || p.After != after || len(p.Commits) != 1 ||
		strings.Join(p.Commits[0].Added, "") != "x" || strings.Join(p.Commits[0].Modified, "") != "README.md" || p.Forced {
		t.Errorf("%+v, %v", p, err)
	}
	if err := json.Unmarshal(all[4].Body, &p); err != nil || !p.Forced || p.Created {
		t.Errorf("%+v, %v", p, err)
	}
	if err := f.DeliverAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(got, " "); s != "ping push push create push" {
		t.Errorf("told of %s", s)
	}
	if status, err := f.Deliver(t.Context(), all[1]); status != 202 || err != nil {
		t.Errorf("%d, %v", status, err)
	}
	if d := f.Deliveries()[1]; len(d.Statuses) != 2 || len(f.Undelivered()) != 0 {
		t.Errorf("%v, %d undelivered", d.Statuses, len(f.Undelivered()))
	}
	for _, x := range all[1].Forgeries() {
		if status, err := f.Deliver(t.Context(), x.Delivery); status != 401 || err != nil {
			t.Errorf("%s: %d, %v", x.Name, status, err)
		}
	}
}

// TestHookTimeout: whoever does not answer in time is given up, and the test is told.
func TestHookTimeout(t *testing.T) {
	f, r, _ := acme(t, githubfake.Options{Patience: 10 * time.Millisecond})
	stuck := http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() })
	f.Hook("http://app.example/", "secret", "push").To(stuck)
	r.Commit("main", "ana", "x", nil)
	if err := f.DeliverAll(t.Context()); !errors.Is(err, githubfake.ErrTimeout) {
		t.Error(err)
	}
	f.Drop(f.Undelivered()...)
	if n := len(f.Undelivered()); n != 0 {
		t.Errorf("%d undelivered", n)
	}
}

// TestSignature agrees with the example that GitHub documents.
func TestSignature(t *testing.T) {
	const want = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	if got := githubfake.Signature("It's a Secret to Everybody", []byte("Hello, World!")); got != want {
		t.Errorf("%s", got)
	}
}
