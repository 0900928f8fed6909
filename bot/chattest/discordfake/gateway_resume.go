package discordfake

import (
	"encoding/json"
	"fmt"
	"strings"
)

// resume goes on with a session.
func (g *Gateway) resume(l *link, d json.RawMessage) (code int) {
	var in struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       *int   `json:"seq"`
	}
	err := json.Unmarshal(d, &in)
	again := g.counts(l, new(int))
	switch {
	case err != nil || in.Seq == nil:
		g.stray(fmt.Sprintf("a RESUME that is none (%v)", err))
		return 4002
	case again:
		return 4005
	}
	if code, over := g.scripted(l); over {
		return code
	}
	g.f.mu.Lock()
	valid := g.f.valid(in.Token)
	g.f.mu.Unlock()
	if !valid {
		return 4004
	}
	code, well := g.goOn(l, in.SessionID, in.Token, *in.Seq)
	if code == 0 && !well {
		g.refused(l, false)
	}
	g.f.changed()
	return code
}

// goOn attaches a session to a new connection, and sends what was missed; well is false where there is none.
func (g *Gateway) goOn(l *link, id, token string, seq int) (code int, well bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[id]
	switch {
	case s == nil || s.token != token:
		return 0, false
	case seq > len(s.sent) || seq < 0:
		return 4007, false
	case l.node != s.node:
		// Discord takes it, and drops such connections sooner.
		g.strayed("a RESUME that did not go to resume_gateway_url")
	}
	if l.Again {
		seq = 0
	}
	missed := s.sent[seq:len(s.sent):len(s.sent)]
	g.count.Resumes++
	g.attach(l, s)
	resumed := func() {
		g.tell(s, "RESUMED", reply{"_trace": trace})
		if l.Break == AfterReady {
			l.then(l.abort)
		}
		l.put(l.Readied...)
	}
	if l.Late {
		resumed()
	}
	for _, f := range missed {
		// A session is introduced once.
		if !strings.HasSuffix(f.Text, `"t":"READY"}`) && !strings.HasSuffix(f.Text, `"t":"RESUMED"}`) {
			l.put(f)
		}
	}
	if !l.Late {
		resumed()
	}
	s.replayed = true
	return 0, true
}

// attach says that the session is spoken on the connection; the lock is held.
func (g *Gateway) attach(l *link, s *session) {
	if old := s.link; old != nil {
		g.detach(old)
		old.bye(4000)
	}
	s.link, l.session, s.replayed = l, s, false
	g.open++
	g.count.Opened++
	g.count.Most = max(g.count.Most, g.open)
}

// detach leaves the session of a connection to be resumed; the lock is held.
func (g *Gateway) detach(l *link) {
	if s := l.session; s != nil && s.link == l {
		s.link = nil
		g.open--
	}
	l.session = nil
}

// tell sends an event in a session, or keeps it for a RESUME; the lock is held.
func (g *Gateway) tell(s *session, kind string, d any) {
	f := frame(0, d, len(s.sent)+1, kind)
	s.sent = append(s.sent, f)
	l := s.link
	if l == nil {
		return
	}
	l.mu.Lock()
	deaf := l.Deaf && s.replayed
	l.mu.Unlock()
	switch {
	case deaf:
	case l.Break == InReady && !s.replayed, l.Break == InEvent && s.replayed:
		l.half(f)
	default:
		l.put(f)
		if l.Break == AfterEvent && s.replayed {
			l.then(l.abort)
		}
	}
}

// beats counts a heartbeat.
func (g *Gateway) beats(l *link, seq *int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count.Beats++
	if seq != nil && (l.session == nil || *seq > len(l.session.sent)) {
		g.strayed(fmt.Sprintf("a heartbeat ahead of what was sent: %d", *seq))
	}
}

// drop ends the session of a connection for good.
func (g *Gateway) drop(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l.session != nil {
		delete(g.sessions, l.session.id)
	}
}
