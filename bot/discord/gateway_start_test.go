package discord

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestGatewayStarts: the last sessions that Discord would take are never used, and that is said.
func TestGatewayStarts(t *testing.T) {
	w := idle(t)
	w.gate.Started(discordfake.MaxStarts - startsKept)
	w.run()
	w.red("only 50 of the 1000 sessions")
	w.until("it was tried again", func() bool { return len(w.f.Calls("GET /gateway/bot")) > 2 })
	if n := w.gate.Counts(); n.Dialed > 0 {
		t.Errorf("%d connections", n.Dialed)
	}
	w.gate.Started(discordfake.MaxStarts - 200)
	w.until("it is well", func() bool { return w.Health() == nil })
	if err := w.HealthWarnings(); err == nil || !strings.Contains(err.Error(), "look why so many") {
		t.Error(err)
	}
	w.arrives()
}

// TestGatewayStartsPaced: a bot whose sessions never last begins no more of them than last for the day.
func TestGatewayStartsPaced(t *testing.T) {
	w := idle(t)
	slow := brisk
	slow.start = 500 * time.Millisecond
	w.gateway.starts = newStarts(slow)
	w.timing.longest = 2 * time.Millisecond
	w.gate.Script(gateLines(60, discordfake.Line{Invalid: true})...)
	began := time.Now()
	w.run()
	w.until("many were begun", func() bool { return w.gate.Counts().Identifies >= startsAtOnce+2 })
	if took := time.Since(began); took < 900*time.Millisecond {
		t.Errorf("%d sessions in %s", w.gate.Counts().Identifies, took)
	}
	w.red("")
}

// TestGatewayElsewhere: a session of another application, and an address that leads nowhere, are no use.
func TestGatewayElsewhere(t *testing.T) {
	w := idle(t)
	ready := `{"op":0,"s":1,"t":"READY","d":{"session_id":"x","resume_gateway_url":"` + "ws://127.0.0.1:1" + `","application":{"id":"1"}}}`
	w.gate.Script(discordfake.Line{Started: []discordfake.Frame{discordfake.TextFrame(ready)}, NoReady: true})
	w.run()
	w.red("another one")
	w.well()
	w.arrives()
}

// TestGatewayAddress: the token goes where it is encrypted, and where Discord speaks what we do.
func TestGatewayAddress(t *testing.T) {
	for _, c := range []struct{ api, at, want string }{
		{"", "wss://gateway.discord.gg", "wss://gateway.discord.gg/?v=10&encoding=json"},
		{"", "wss://gateway-us-east1-b.discord.gg/", "wss://gateway-us-east1-b.discord.gg/?v=10&encoding=json"},
		{"https://discord.com/api/v10", "wss://gateway.discord.gg/?v=6&compress=zlib-stream", "wss://gateway.discord.gg/?v=10&encoding=json"},
		{"", "ws://gateway.discord.gg", ""}, {"https://x", "ws://gateway.discord.gg", ""}, {"", "https://gateway.discord.gg", ""},
		{"", "wss://", ""}, {"", "", ""}, {"", "wss://%zz", ""}, {"", "wss://somebody@gateway.discord.gg", ""},
		{"http://127.0.0.1:1", "ws://127.0.0.1:2/gateway/n", "ws://127.0.0.1:2/gateway/n?v=10&encoding=json"},
	} {
		got, err := New(Options{URL: c.api}).gatewayAddress(c.at)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", c.at, got, err)
		}
	}
}

// TestGatewayResumeElsewhere: where nobody answers at the address to resume at, the first one is tried as well.
func TestGatewayResumeElsewhere(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	w := idle(t).run()
	w.well()
	c := w.gateway.current.Load()
	c.session.at = "ws://" + l.Addr().String() + "/" // safe: it is read only once the connection ended
	w.gate.Disconnect(4000)
	w.until("it is resumed", func() bool { return w.gate.Counts().Resumes == 1 })
	if n := w.gate.Counts(); n.Identifies != 1 {
		t.Errorf("%+v", n)
	}
}

// TestGatewayReload: a new token opens a new connection before the old one is closed; one that is refused changes nothing.
func TestGatewayReload(t *testing.T) {
	w := idle(t).run()
	w.well()
	next := Secrets{BotToken: "a.token.of-nobody"}
	if err := w.Reload(t.Context(), next, *w.settings.Load()); err == nil || !strings.Contains(err.Error(), "stay in force") {
		t.Errorf("a token that nobody gave: %v", err)
	}
	next.BotToken = "a.new.token"
	w.f.Grant(next.BotToken.Reveal())
	if err := w.Reload(t.Context(), next, *w.settings.Load()); err != nil {
		t.Fatal(err)
	}
	w.until("another connection is up", func() bool {
		if w.gate.Open() == 0 {
			t.Error("a moment without a connection")
		}
		return w.gate.Counts().Identifies == 2 && w.gate.Open() == 1
	})
	w.f.Revoke(w.f.BotToken())
	w.well()
	w.gate.Disconnect(4000)
	w.until("it is resumed with the new token", func() bool { return w.gate.Counts().Resumes == 1 })
	w.arrives()
	before := w.gate.Counts().Identifies
	if err := w.Reload(t.Context(), next, *w.settings.Load()); err != nil { // the same: the session goes on
		t.Fatal(err)
	}
	w.arrives()
	if n := w.gate.Counts().Identifies; n != before {
		t.Errorf("%d sessions begun", n-before)
	}
}

// TestGatewayIntents: members are asked for only where a role matters, and as soon as one does.
func TestGatewayIntents(t *testing.T) {
	var mu sync.Mutex
	var groups []string
	w := idle(t, func(o *Options) {
		o.Groups = func() []string { mu.Lock(); defer mu.Unlock(); return groups }
		o.Roster = takesRosters
	})
	if got := w.intents(); got != 1<<0|1<<9|1<<12 {
		t.Errorf("%b", got)
	}
	w.run()
	w.well()
	w.f.SetApplication(func(a *discordfake.Application) { a.Members = true })
	mu.Lock()
	groups = []string{discordfake.Server + "/" + discordfake.BotRole}
	mu.Unlock()
	if err := w.Reload(t.Context(), *w.secrets.Load(), *w.settings.Load()); err != nil {
		t.Fatal(err)
	}
	w.until("a session with them is up", func() bool { return w.gate.Counts().Identifies == 2 && w.gate.Open() == 1 })
	w.f.AddMember(discordfake.Member{User: w.f.AddUser(discordfake.User{Name: "ana"})})
	w.until("a member is told of", func() bool { return w.noted("GUILD_MEMBER_ADD") == 1 })
}

// FuzzFrame takes in whatever a gateway may send: nothing of it breaks the bot.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		"null", "{}", `{"op":0,"t":"READY","s":1,"d":{"session_id":"x","application":{"id":"1"}}}`, `{"op":0,"t":"INTERACTION_CREATE","d":{"id":"1","token":"t"}}`,
		`{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`, `{"op":9,"d":"no"}`, `{"op":1}`, `{"op":11}`, `{"op":7}`, `{"op":0,"s":-1,"t":"GUILD_DELETE","d":{"id":"1"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, peer := paired(t)
		defer func() { c.end(ended{words: "over"}); <-c.done; _ = peer.Close() }()
		known := c.got(t.Context(), []byte(text))
		var is struct{ Op *int }
		if err := json.Unmarshal([]byte(text), &is); known && (err != nil || is.Op == nil) {
			t.Errorf("taken for a frame: %q", text)
		}
		if c.ended() && c.session.id != "" {
			t.Errorf("a session was begun, and ended: %q", text)
		}
	})
}

// paired is a connection whose other end does nothing.
func paired(t *testing.T) (*conn, *websocket.Conn) {
	t.Helper()
	peers := make(chan *websocket.Conn, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{}
		if ws, err := up.Upgrade(w, r, nil); err == nil {
			peers <- ws
		}
	}))
	t.Cleanup(s.Close)
	d := New(Options{URL: s.URL, Now: time.Now, Log: discard, Secrets: Secrets{BotToken: chat.Secret("x")}})
	d.timing = brisk
	d.me.Store(&identity{app: "7", user: "8", servers: []string{"9"}})
	ws, err := d.dial(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"))
	if err != nil {
		t.Fatal(err)
	}
	return d.converse(t.Context(), ws, &session{token: "x"}), <-peers
}
