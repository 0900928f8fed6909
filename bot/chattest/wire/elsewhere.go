package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Elsewhere is a host that is not the platform's: whoever is sent there with a token has lost it.
type Elsewhere struct {
	URL string // by another name than the fake's, so that it counts as another host

	mu             sync.Mutex
	visits, tokens int
}

// NewElsewhere starts such a host, which answers everything with yes. tokens are those that nobody should bring.
func NewElsewhere(t testing.TB, tokens func() []string, yes string) *Elsewhere {
	t.Helper()
	e := &Elsewhere{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		all := strings.Join(r.Header["Authorization"], " ") + " " + r.URL.RawQuery + " " + string(text)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.visits++
		for _, token := range tokens() {
			if strings.Contains(all, token) {
				e.tokens++
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, yes)
	}))
	t.Cleanup(s.Close)
	e.URL = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	return e
}

// Visits is how often somebody came, and how many tokens they brought.
func (e *Elsewhere) Visits() (visits, tokens int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.visits, e.tokens
}
