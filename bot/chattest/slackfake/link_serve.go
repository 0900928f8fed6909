package slackfake

import (
	"net/http"
	"slices"

	"github.com/gorilla/websocket"
)

// serve is the other end of one connection.
func (s *Socket) serve(w http.ResponseWriter, r *http.Request) {
	s.done.Add(1)
	defer s.done.Done()
	line, ok := s.admit(r.URL.Query().Get("ticket"))
	if !ok {
		s.f.t.Errorf("slackfake: a connection was opened with an address that was not handed out, or twice")
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	if line.Status != 0 {
		w.WriteHeader(line.Status)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, WriteBufferSize: 32 << 10}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	l := &link{s: s, Line: line, ws: ws, gone: make(chan struct{}), waiting: map[string]waiting{}}
	s.done.Go(l.pings)
	if s.f.server.Pass(r, line.After) && l.greet() {
		l.read()
	}
	l.close()
}

// admit takes a ticket, and gives how its connection behaves.
func (s *Socket) admit(ticket string) (line Line, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.tickets[ticket] {
		return Line{}, false
	}
	delete(s.tickets, ticket)
	if len(s.script) > 0 {
		line, s.script = s.script[0], s.script[1:]
	}
	return line, true
}

// enter adds a greeted connection; false: there are too many, or none may be.
func (s *Socket) enter(l *link) (bye string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.disabled:
		return "link_disabled"
	case len(s.links) >= MaxLinks:
		return "too_many_websockets"
	}
	s.links = append(s.links, l)
	s.opened++
	s.most = max(s.most, len(s.links))
	return ""
}

func (s *Socket) leave(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = slices.DeleteFunc(s.links, func(x *link) bool { return x == l })
}
