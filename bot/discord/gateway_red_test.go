package discord

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// The real times that the brisk ones stand for: whatever happens, the bot is not well within 90 seconds.
func TestUsualTiming(t *testing.T) {
	const most = 90 * time.Second
	if usual.deaf > most || usual.silent > most || usual.down > most || usual.beat+usual.ack > most {
		t.Errorf("red too late: %+v", usual)
	}
	if usual.deaf <= usual.beat+2*time.Second {
		t.Error("a quiet connection would be taken for a deaf one: nothing but acknowledgements is heard on it")
	}
	if perDay := startsAtOnce + int(24*time.Hour/usual.start); perDay > discordfake.MaxStarts-startsKept {
		t.Errorf("%d sessions a day", perDay)
	}
	if usual.person >= 3*time.Second {
		t.Error("nobody waits that long")
	}
}

// TestGatewayFinal: what Discord refuses for good is red with what to do, and tried rarely; mended, it is well again.
func TestGatewayFinal(t *testing.T) {
	for code, words := range map[int]string{
		4004: "Reset Token", 4010: "report it", 4011: "too many servers", 4012: "too old", 4013: "report it", 4014: "Server Members Intent",
	} {
		w := idle(t)
		w.timing.rare = 300 * time.Millisecond
		w.gate.Script(discordfake.Line{Bye: code}, discordfake.Line{Bye: code})
		began := time.Now()
		w.run()
		w.red(words)
		if took := time.Since(began); took > 2*brisk.deaf {
			t.Errorf("%d: red after %s", code, took)
		}
		w.well()
		if n, took := w.gate.Counts().Identifies, time.Since(began); n != 3 || took < 450*time.Millisecond {
			t.Errorf("%d: %d sessions begun in %s", code, n, took)
		}
		w.arrives()
		w.stop()
	}
}

// TestGatewaySwitch: with role groups and without the switch in the portal the bot is deaf, and says which switch; it
// comes back as soon as that is on, long before the next try.
func TestGatewaySwitch(t *testing.T) {
	w := idle(t, func(o *Options) {
		o.Groups = func() []string { return []string{discordfake.Server + "/" + discordfake.BotRole} }
		o.Roster = takesRosters
	})
	w.timing.rare = time.Hour
	w.run()
	w.red("Server Members Intent")
	w.f.SetApplication(func(a *discordfake.Application) { a.Members = true })
	w.well()
	w.arrives()
}

// TestGatewayRevoked: a token that is taken no more is red, with what to do, and a new one needs no restart.
func TestGatewayRevoked(t *testing.T) {
	w := idle(t).run()
	w.well()
	w.timing.rare = time.Hour
	old := w.f.BotToken()
	w.f.Revoke(old)
	w.gate.Disconnect(4004)
	w.red("DISCORD_BOT_TOKEN")
	w.f.Grant("another.token.of-the-bot")
	if err := w.Reload(t.Context(), Secrets{BotToken: "another.token.of-the-bot"}, *w.settings.Load()); err != nil {
		t.Fatal(err)
	}
	w.well()
	w.arrives()
}

// TestGatewaySilent: a bot that hears nothing says so in time, and is well again by itself as soon as it can be.
func TestGatewaySilent(t *testing.T) {
	for name, hush := range map[string]func(*gateWorld){
		"a zombie": func(w *gateWorld) {
			w.gate.Hush(false)
			w.gate.Script(gateLines(10, discordfake.Line{NoHello: true})...)
		},
		"no line": func(w *gateWorld) { w.f.Down(true) },
		"the API is gone, and so is the session": func(w *gateWorld) {
			w.f.Fail("GET /gateway/bot", gateFaults(8, discordfake.HTTP(500))...)
			w.gate.Script(gateLines(3, discordfake.Line{Invalid: true})...)
			w.gate.Invalidate(false)
		},
		"it breaks again and again": func(w *gateWorld) {
			w.gate.Script(gateLines(maxBreaks+4, discordfake.Line{Break: discordfake.AfterReady})...)
			w.gate.Disconnect(4000)
		},
		"nothing is ever answered": func(w *gateWorld) {
			w.gate.Script(gateLines(6, discordfake.Line{NoReady: true})...)
			w.gate.Disconnect(4000)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t).run()
			w.well()
			hush(w)
			began := time.Now()
			w.until("it is red", func() bool { return w.Health() != nil })
			took := time.Since(began)
			if took > 2*brisk.deaf { // on a busy machine
				t.Errorf("red after %s", took)
			}
			no := w.Health().Error()
			w.f.Down(false)
			w.until("the lines are used up", func() bool {
				if w.gate.Open() == 1 && w.Health() == nil {
					w.gate.Disconnect(0)
				}
				return w.gate.Unspent() == 0
			})
			w.well()
			w.arrives()
			t.Logf("red after %s (%s), well after %s", took.Round(time.Millisecond), no, time.Since(began).Round(time.Millisecond))
		})
	}
}

func gateLines(n int, l discordfake.Line) []discordfake.Line {
	all := make([]discordfake.Line, n)
	for i := range all {
		all[i] = l
	}
	return all
}

func gateFaults(n int, f discordfake.Fault) []discordfake.Fault {
	all := make([]discordfake.Fault, n)
	for i := range all {
		all[i] = f
	}
	return all
}

// TestGatewayDeafButAcknowledged: a connection that looks well and gets nothing is resumed elsewhere in its time, and
// brings what was missed.
func TestGatewayDeafButAcknowledged(t *testing.T) {
	w := idle(t)
	w.timing.renew = 200 * time.Millisecond
	w.run()
	w.well()
	w.gate.Hush(true)
	id, body := w.asks()
	w.gate.Emit("INTERACTION_CREATE", body)
	w.until("it is brought again", func() bool { return w.taken(id) == 1 })
	if n := w.gate.Counts(); n.Identifies != 1 || n.Resumes == 0 {
		t.Errorf("%+v", n)
	}
}

// hole is a server that takes connections and is silent in its own way: before the upgrade, or after HELLO in the middle
// of a frame that never ends.
func hole(t *testing.T, f *discordfake.Fake, dribble bool) (at string) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	t.Cleanup(end)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !dribble {
			select {
			case <-ctx.Done():
			case <-r.Context().Done():
			}
			return
		}
		up := websocket.Upgrader{}
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":41250}}`))
		_, _ = ws.NetConn().Write([]byte{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}) // a frame of 64 kB, of which come
		for ctx.Err() == nil {
			if _, err := ws.NetConn().Write([]byte(" ")); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}))
	t.Cleanup(s.Close)
	t.Cleanup(end)
	at = "ws" + strings.TrimPrefix(s.URL, "http")
	f.Fail("GET /gateway/bot", discordfake.Raw(200, `{"url":"`+at+`","shards":1,"session_start_limit":{"total":1000,"remaining":900,"reset_after":1,"max_concurrency":1}}`))
	return at
}

// TestGatewayHoles: nothing that a peer does not do keeps the bot from leaving it.
func TestGatewayHoles(t *testing.T) {
	for name, dribble := range map[string]bool{"never upgraded": false, "a frame without an end": true} {
		t.Run(name, func(t *testing.T) {
			w := idle(t)
			w.timing.answer = 200 * time.Millisecond
			hole(t, w.f, dribble)
			w.run()
			w.until("it is said", func() bool { return w.HealthWarnings() != nil && w.Health() != nil })
			w.well()
			w.arrives()
		})
	}
}

// TestGatewayHangs: a connection that hangs in its own end is left behind, counted, and another one takes its place.
func TestGatewayHangs(t *testing.T) {
	free := make(chan struct{})
	var once sync.Once
	defer once.Do(func() { close(free) })
	w := idle(t)
	w.Options.Log = stuckLog(w.Options.Log, "no frame of its own", free)
	w.run()
	w.well()
	w.gate.Push(discordfake.GarbageFrame()) // whose being logged hangs the reading
	w.until("it is counted", func() bool {
		return w.HealthWarnings() != nil && strings.Contains(w.HealthWarnings().Error(), "1 ended connections")
	})
	w.until("another one is up", func() bool { return w.gate.Open() == 1 && w.Health() == nil })
	w.arrives()
	once.Do(func() { close(free) })
	w.well()
}

// TestGatewayEventAtTheEnd: an event that is read while its connection is being ended, for there was none for long, breaks
// nothing later on.
func TestGatewayEventAtTheEnd(t *testing.T) {
	w := idle(t)
	w.timing.renew = 100 * time.Millisecond
	w.run()
	w.well()
	c := w.gateway.current.Load()
	<-c.gone
	seq := int64(1)
	c.event(t.Context(), frame{Type: "TYPING_START", Seq: &seq})
	resumed := w.gate.Counts().Resumes
	w.until("the time is over once more", func() bool { return w.gate.Counts().Resumes > resumed+2 })
}
