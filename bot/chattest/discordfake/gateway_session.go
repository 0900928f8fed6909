package discordfake

import (
	"encoding/json"
	"fmt"
	"time"
)

// The intents that say which events come.
const (
	IntentGuilds         = 1 << 0
	IntentGuildMembers   = 1 << 1 // privileged
	IntentPresences      = 1 << 8 // privileged
	IntentGuildMessages  = 1 << 9
	IntentDirectMessages = 1 << 12
	IntentMessageContent = 1 << 15 // privileged

	privileged = IntentGuildMembers | IntentPresences | IntentMessageContent
	// intentsKnown are the intents that there are: their numbers leave gaps.
	intentsKnown = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// trace is what Discord says of its own machines.
var trace = []string{`["gateway-fake-1",{"micros":0.0}]`}

// session is what an IDENTIFY begins: it outlives its connection, and remembers what was sent.
type session struct {
	id, node string
	token    string
	intents  int
	shard    [2]int
	sent     []Frame // by their number; the first is 1
	replayed bool    // whether it was told anything since it was attached
	link     *link   // nil while there is none
}

// identify begins a session.
func (g *Gateway) identify(l *link, d json.RawMessage) (code int) {
	var in struct {
		Token      string            `json:"token"`
		Intents    *int              `json:"intents"`
		Properties map[string]string `json:"properties"`
		Compress   bool              `json:"compress"`
		Shard      *[2]int           `json:"shard"`
	}
	err := json.Unmarshal(d, &in)
	again := g.counts(l, &g.count.Identifies)
	switch {
	case err != nil || in.Token == "" || in.Properties == nil:
		g.stray(fmt.Sprintf("an IDENTIFY that is none (%v)", err))
		return 4002
	case in.Compress:
		g.stray("an IDENTIFY that wants compression, which is not spoken here")
		return 4002
	case again:
		return 4005
	}
	if code, over := g.scripted(l); over {
		return code
	}
	s := &session{token: in.Token, shard: [2]int{0, 1}}
	if in.Shard != nil {
		s.shard = *in.Shard
	}
	if in.Intents == nil {
		return 4013
	}
	s.intents = *in.Intents
	if code := g.allowed(s); code != 0 {
		return code
	}
	switch taken, over := g.start(); {
	case over:
		g.f.resetTokens()
		g.Disconnect(4004)
		return 4004
	case !taken:
		g.refused(l, false)
		return 0
	}
	g.begin(l, s)
	g.f.changed()
	return 0
}

// counts counts, and says whether the connection is identified already.
func (g *Gateway) counts(l *link, n *int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	*n++
	return l.session != nil
}

// scripted does what the line says of an IDENTIFY or RESUME; over is whether that is all.
func (g *Gateway) scripted(l *link) (code int, over bool) {
	if l.Break == AfterStart {
		l.then(l.abort)
		return 0, true
	}
	l.put(l.Started...)
	if l.Bye != 0 {
		return l.Bye, true
	}
	if l.Invalid {
		l.Invalid = false // what comes after it on this connection is well
		g.refused(l, l.Resumable)
		return 0, true
	}
	return 0, l.NoReady
}

// refused answers with op 9.
func (g *Gateway) refused(l *link, resumable bool) {
	g.counts(l, &g.count.Refused)
	l.put(InvalidFrame(resumable))
	g.f.changed()
}

// allowed checks token, intents and shard.
func (g *Gateway) allowed(s *session) (code int) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	on := 0
	if g.f.app.Members {
		on |= IntentGuildMembers
	}
	if g.f.app.Content {
		on |= IntentMessageContent
	}
	switch {
	case !g.f.valid(s.token):
		return 4004
	case s.intents&^intentsKnown != 0:
		return 4013
	case s.intents&privileged&^on != 0:
		return 4014
	case s.shard[1] < 1 || s.shard[0] < 0 || s.shard[0] >= s.shard[1]:
		return 4010
	}
	return 0
}

// start spends one of the day's IDENTIFYs. It is not taken when it comes too soon after the last, and over is that there
// were too many: the token is reset, and every session ends.
func (g *Gateway) start() (taken, over bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit()
	now := time.Now()
	g.starts++
	if g.starts > MaxStarts {
		clear(g.sessions)
		return false, true
	}
	if now.Sub(g.lastID) < g.window {
		return false, false
	}
	g.lastID = now
	return true, false
}

// begin tells a new session who it is, and then of every server.
func (g *Gateway) begin(l *link, s *session) {
	f := g.f
	f.mu.Lock()
	defer f.mu.Unlock()
	s.id = "session-" + f.newID()
	s.node = "node-" + f.newID()
	guilds := f.joined()
	down := []reply{}
	for _, id := range guilds {
		down = append(down, reply{"id": id, "unavailable": true})
	}
	me := userJSON(f.users[Bot])
	me["verified"], me["mfa_enabled"], me["email"] = true, true, nil
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sessions[s.id] = s
	g.attach(l, s)
	g.tell(s, "READY", reply{
		"v": 10, "user": me, "guilds": down, "session_id": s.id, "resume_gateway_url": g.address(s.node), "shard": s.shard,
		"session_type": "normal", "private_channels": []any{}, "relationships": []any{}, "presences": []any{},
		"user_settings": reply{}, "guild_join_requests": []any{}, "geo_ordered_rtc_regions": []string{"milan", "rotterdam"},
		"application": reply{"id": App, "flags": f.app.flags()}, "_trace": trace, "auth": reply{},
	})
	if l.Break == AfterReady {
		l.then(l.abort)
	}
	l.put(l.Readied...)
	s.replayed = true
	for _, id := range guilds {
		if s.hears(happening{kind: "GUILD_CREATE", server: id}) && !f.guilds[id].Unavailable {
			g.tell(s, "GUILD_CREATE", f.guildCreate(id, s.intents))
		}
	}
}
