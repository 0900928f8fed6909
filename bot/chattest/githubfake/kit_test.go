package githubfake_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// j is a JSON object.
type j = map[string]any

func newClock() *wire.Clock {
	return wire.NewClock(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))
}

// caller calls a fake as an app does.
type caller struct {
	t      *testing.T
	f      *githubfake.Fake
	client *http.Client
	token  string
}

// answer is what a call got.
type answer struct {
	*http.Response
	text []byte
}

// acme is a fake with one repository of one commit, and somebody who calls it without a port.
func acme(t *testing.T, o githubfake.Options) (*githubfake.Fake, *githubfake.Repo, *caller) {
	t.Helper()
	if o.Now == nil {
		o.Now = newClock().Now
	}
	o.Portless = true
	f := githubfake.New(t, o)
	r := f.AddRepo("acme/app")
	r.Commit("main", "ana", "feat: begin", map[string]string{"README.md": "app\n"})
	return f, r, &caller{t: t, f: f, client: f.Client(), token: f.Token()}
}

// do makes a call; more are headers, a name and a value.
func (c *caller) do(method, path string, body any, more ...string) answer {
	c.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		in = strings.NewReader(string(text))
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, strings.TrimSuffix(c.f.URL(), "/")+path, in)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/vnd.github+json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	w, err := c.client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{w, text}
}

// get reads; post, patch, put, delete write.
func (c *caller) get(path string, more ...string) answer {
	c.t.Helper()
	return c.do("GET", path, nil, more...)
}

func (c *caller) post(path string, body any) answer { c.t.Helper(); return c.do("POST", path, body) }

// must holds an answer to its status.
func (a answer) must(t *testing.T, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.text)
	}
	return a
}

// at is what stands at a path of the answer: at("commit.tree.sha"), at("0.name"), at("commits.#").
func (a answer) at(t *testing.T, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(a.text, &v); err != nil {
		t.Fatalf("%v: %s", err, a.text)
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			if part == "#" {
				return len(x)
			}
			n := 0
			if _, err := fmt.Sscan(part, &n); err != nil || n >= len(x) {
				t.Fatalf("nothing at %s: %s", path, a.text)
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

// says holds what stands at a path to what it should be.
func (a answer) says(t *testing.T, path string, want any) {
	t.Helper()
	if got := a.at(t, path); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s %s: %s is %v, want %v", a.Request.Method, a.Request.URL.Path, path, got, want)
	}
}

// noter notes what would fail a test.
type noter struct {
	testing.TB
	errors []string
}

// Errorf notes.
func (n *noter) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}
