package discordfake

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// address is where a connection is made; node is empty for the first, else that of a session.
func (g *Gateway) address(node string) string {
	return "ws" + strings.TrimPrefix(g.f.server.URL, "http") + "/gateway/" + node
}

// limit is session_start_limit; the lock is held.
func (g *Gateway) limit() reply {
	now := time.Now()
	if now.Sub(g.day) >= 24*time.Hour {
		g.day, g.starts = now, 0
	}
	return reply{
		"total": MaxStarts, "remaining": max(0, MaxStarts-g.starts), "max_concurrency": Concurrency,
		"reset_after": g.day.Add(24 * time.Hour).Sub(now).Milliseconds(),
	}
}

func init() {
	routes = append(routes, route{method: "GET", pattern: "/gateway/bot", do: func(f *Fake, _ *Call) (any, refusal) {
		return f.gateway.bot(), refusal{}
	}})
}

// bot is the answer to GET /gateway/bot; the fake's lock may be held.
func (g *Gateway) bot() reply {
	g.mu.Lock()
	defer g.mu.Unlock()
	return reply{"url": g.address(""), "shards": 1, "session_start_limit": g.limit()}
}

// serve is the other end of one connection.
func (g *Gateway) serve(w http.ResponseWriter, r *http.Request) {
	g.done.Add(1)
	defer g.done.Done()
	g.mu.Lock()
	var line Line
	if len(g.script) > 0 {
		line, g.script = g.script[0], g.script[1:]
	}
	beat := g.beat
	g.mu.Unlock()
	if line.Status != 0 {
		w.WriteHeader(line.Status)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, WriteBufferSize: 32 << 10}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	if line.Beat > 0 {
		beat = line.Beat
	}
	l := &link{
		g: g, Line: line, ws: ws, gone: make(chan struct{}), wake: make(chan struct{}, 1), beat: beat, beaten: time.Now(),
		node: r.PathValue("node"),
	}
	g.enter(l)
	defer l.close()
	g.done.Go(l.write)
	q := r.URL.Query()
	if q.Get("v") != "10" || q.Get("encoding") != "json" {
		l.bye(4012)
		<-l.gone
		return
	}
	if g.f.server.Pass(r, line.After) {
		l.greet()
		l.read()
	}
}

func (g *Gateway) enter(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.links = append(g.links, l)
	g.count.Dialed++
}

func (g *Gateway) leave(l *link) {
	g.mu.Lock()
	was := slices.Contains(g.links, l)
	g.links = slices.DeleteFunc(g.links, func(x *link) bool { return x == l })
	if was {
		g.detach(l)
	}
	g.mu.Unlock()
	if was {
		g.f.changed()
	}
}
