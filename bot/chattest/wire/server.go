package wire

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Server is where a fake listens, until the test is over.
type Server struct {
	URL  string        // without a slash at the end; empty: nothing listens
	Done chan struct{} // closed when the test is over

	server *httptest.Server
	gate   *Gate
}

// NewServer makes one where nothing listens yet. When the test is over Done is closed, what settle waits for comes to an
// end, and then every connection does.
func NewServer(t testing.TB, settle func()) *Server {
	s := &Server{Done: make(chan struct{})}
	t.Cleanup(func() {
		close(s.Done)
		settle()
		if s.server != nil {
			s.gate.Reset()
			s.server.CloseClientConnections()
			s.server.Close()
		}
	})
	return s
}

// Open has a handler listen.
func (s *Server) Open(h http.Handler) {
	s.server = httptest.NewUnstartedServer(h)
	s.gate = NewGate(s.server.Listener)
	s.server.Listener = s.gate
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that are broken on purpose
	s.server.Start()
	s.URL = s.server.URL
}

// Down cuts the line: every connection is reset, and every new one, until it is up again.
func (s *Server) Down(down bool) { s.gate.Down(down) }

// Pass lets time pass, and reports whether it did: the caller or the test may end before.
func (s *Server) Pass(r *http.Request, d time.Duration) bool { return Pass(r, s.Done, d) }
