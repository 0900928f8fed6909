package discordfake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestGatewayIdentify: a connection is greeted, introduced, and told of its servers.
func TestGatewayIdentify(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	_, where := api(t, f, "GET", "/gateway/bot", nil)
	if limit := where["session_start_limit"].(j); limit["remaining"] != 1000.0 || limit["max_concurrency"] != 1.0 {
		t.Errorf("%v", where)
	}
	c := dial(t, f, "")
	hello, _ := c.next()
	if hello["op"] != 10.0 || hello["d"].(j)["heartbeat_interval"] != 41250.0 {
		t.Fatalf("greeted with %v", hello)
	}
	c.send(j{"op": 1, "d": nil})
	c.until("op 11")
	c.send(identify(f.BotToken(), usual))
	first, _ := c.next()
	d := first["d"].(j)
	if first["t"] != "READY" || first["s"] != 1.0 || d["application"].(j)["id"] != f.AppID() || d["user"].(j)["id"] != f.BotUser() ||
		d["guilds"].([]any)[0].(j)["unavailable"] != true || d["session_id"] == "" || d["resume_gateway_url"] == where["url"] {
		t.Errorf("introduced with %v", first)
	}
	guild, _ := c.next()
	if guild["t"] != "GUILD_CREATE" || guild["s"] != 2.0 || guild["d"].(j)["id"] != discordfake.Server || len(guild["d"].(j)["channels"].([]any)) != 1 {
		t.Errorf("told %v", guild)
	}
	if f.Gateway(0).Open() != 1 || f.Gateway(0).Counts() != (discordfake.Counts{Dialed: 1, Opened: 1, Most: 1, Identifies: 1, Beats: 1}) {
		t.Errorf("%+v, %q", f.Gateway(0).Counts(), f.Gateway(0).Wrong())
	}
	_, where = api(t, f, "GET", "/gateway/bot", nil)
	if limit := where["session_start_limit"].(j); limit["remaining"] != 999.0 {
		t.Errorf("%v", limit)
	}
}

// TestGatewayCodes: what is wrong is answered with the code that it has.
func TestGatewayCodes(t *testing.T) {
	good := func(f *discordfake.Fake) j { return identify(f.BotToken(), usual) }
	for name, c := range map[string]struct {
		do   func(f *discordfake.Fake, c *conn)
		code int
	}{
		"no JSON":    {func(_ *discordfake.Fake, c *conn) { _ = c.ws.WriteMessage(websocket.TextMessage, []byte("x")) }, 4002},
		"binary":     {func(_ *discordfake.Fake, c *conn) { _ = c.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"op":1}`)) }, 4002},
		"too long":   {func(_ *discordfake.Fake, c *conn) { c.send(j{"op": 1, "d": nil, "x": strings.Repeat("x", 4096)}) }, 4002},
		"opcode":     {func(_ *discordfake.Fake, c *conn) { c.send(j{"op": 5}) }, 4001},
		"too early":  {func(_ *discordfake.Fake, c *conn) { c.send(j{"op": 3, "d": j{}}) }, 4003},
		"token":      {func(_ *discordfake.Fake, c *conn) { c.send(identify("x", usual)) }, 4004},
		"no intents": {func(f *discordfake.Fake, c *conn) { d := good(f); delete(d["d"].(j), "intents"); c.send(d) }, 4013},
		"no such":    {func(f *discordfake.Fake, c *conn) { c.send(identify(f.BotToken(), 1<<30)) }, 4013},
		"members": {func(f *discordfake.Fake, c *conn) {
			c.send(identify(f.BotToken(), usual|discordfake.IntentGuildMembers))
		}, 4014},
		"content": {func(f *discordfake.Fake, c *conn) {
			c.send(identify(f.BotToken(), usual|discordfake.IntentMessageContent))
		}, 4014},
		"twice":      {func(f *discordfake.Fake, c *conn) { c.send(good(f)); c.send(good(f)) }, 4005},
		"shard":      {func(f *discordfake.Fake, c *conn) { d := good(f); d["d"].(j)["shard"] = []int{2, 2}; c.send(d) }, 4010},
		"properties": {func(f *discordfake.Fake, c *conn) { d := good(f); delete(d["d"].(j), "properties"); c.send(d) }, 4002},
		"resume": {func(_ *discordfake.Fake, c *conn) {
			c.send(j{"op": 6, "d": j{"token": "x", "session_id": "x", "seq": 1}})
		}, 4004},
		"members all": {func(f *discordfake.Fake, c *conn) {
			c.send(good(f))
			c.send(j{"op": 8, "d": j{"guild_id": discordfake.Server, "query": "", "limit": 0}})
		}, 4014},
		"too often": {func(_ *discordfake.Fake, c *conn) {
			for range 121 {
				c.send(j{"op": 1, "d": nil})
			}
		}, 4008},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, _ := crew(t, discordfake.Options{})
			ws := dial(t, f, "")
			ws.until("op 10")
			c.do(f, ws)
			if code := ws.ends(); code != c.code {
				t.Errorf("ended with %d, want %d", code, c.code)
			}
		})
	}
}

// TestGatewayVersion: another version than 10 is not spoken.
func TestGatewayVersion(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	_, where := api(t, f, "GET", "/gateway/bot", nil)
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), where["url"].(string)+"?v=9&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	if code := (&conn{t: t, ws: ws}).ends(); code != 4012 {
		t.Errorf("ended with %d", code)
	}
}

// TestGatewayConcurrency: a second IDENTIFY within the window is refused, and can be tried again on the connection.
func TestGatewayConcurrency(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	ready(t, f, usual)
	f.Gateway(0).Window(time.Hour)
	c := dial(t, f, "")
	c.until("op 10")
	c.send(identify(f.BotToken(), usual))
	if no := c.until("op 9"); no["d"] != false {
		t.Errorf("%v", no)
	}
	f.Gateway(0).Window(0)
	c.send(identify(f.BotToken(), usual))
	c.until("READY")
	if n := f.Gateway(0).Counts(); n.Refused != 1 || n.Most != 2 {
		t.Errorf("%+v", n)
	}
}

// TestGatewayTooManyStarts: with the 1001st IDENTIFY of a day the token is reset, and every session ends.
func TestGatewayTooManyStarts(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	old, _ := ready(t, f, usual)
	f.Gateway(0).Started(discordfake.MaxStarts)
	c := dial(t, f, "")
	c.until("op 10")
	c.send(identify(f.BotToken(), usual))
	if a, b := c.ends(), old.ends(); a != 4004 || b != 4004 {
		t.Errorf("ended with %d, %d", a, b)
	}
	if status, _ := api(t, f, "GET", "/users/@me", nil); status != 401 {
		t.Errorf("the token still gets %d", status)
	}
}

// TestGatewayResume: what was missed comes again, in order, and nothing else.
func TestGatewayResume(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	c, r := ready(t, f, usual)
	f.Gateway(0).Disconnect(4000)
	if code := c.ends(); code != 4000 {
		t.Errorf("ended with %d", code)
	}
	f.Gateway(0).Await(0)
	f.As(ana).Say(t.Context(), discordfake.General, "one")
	f.As(ana).Say(t.Context(), discordfake.General, "two")
	again := dial(t, f, r["resume_gateway_url"].(string))
	again.until("op 10")
	again.send(j{"op": 6, "d": j{"token": f.BotToken(), "session_id": r["session_id"], "seq": 3}})
	for seq, want := range []string{"MESSAGE_CREATE", "RESUMED"} {
		if e, code := again.next(); e["t"] != want || e["s"] != float64(4+seq) {
			t.Errorf("%v, %d; want %s", e, code, want)
		}
	}
	if n := f.Gateway(0).Counts(); n.Resumes != 1 || n.Strays != 0 || n.Opened != 2 {
		t.Errorf("%+v %q", n, f.Gateway(0).Wrong())
	}
}

// TestGatewayResumeRefused: a session that is not there any more, or a number ahead of it.
func TestGatewayResumeRefused(t *testing.T) {
	for name, c := range map[string]struct {
		before func(f *discordfake.Fake, c *conn)
		seq    int
		op9    bool
		code   int
	}{
		"forgotten": {func(f *discordfake.Fake, _ *conn) { f.Gateway(0).Forget(); f.Gateway(0).Disconnect(0) }, 1, true, 0},
		"over":      {func(f *discordfake.Fake, _ *conn) { f.Gateway(0).Invalidate(false); f.Gateway(0).Disconnect(4000) }, 1, true, 0},
		"said 1000": {func(_ *discordfake.Fake, c *conn) {
			_ = c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		}, 1, true, 0},
		"ahead":     {func(f *discordfake.Fake, _ *conn) { f.Gateway(0).Disconnect(4000) }, 99, false, 4007},
		"timed out": {func(f *discordfake.Fake, _ *conn) { f.Gateway(0).Disconnect(4009) }, 1, true, 0},
		"said 4000": {func(_ *discordfake.Fake, c *conn) {
			_ = c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(4000, ""))
		}, 2, false, 0},
		"a new home": {func(_ *discordfake.Fake, _ *conn) {}, 2, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, _ := crew(t, discordfake.Options{})
			old, r := ready(t, f, usual)
			c.before(f, old)
			if name != "a new home" {
				f.Gateway(0).Await(0)
			}
			ws := dial(t, f, r["resume_gateway_url"].(string))
			ws.until("op 10")
			ws.send(j{"op": 6, "d": j{"token": f.BotToken(), "session_id": r["session_id"], "seq": c.seq}})
			switch {
			case c.op9:
				if e := ws.until("op 9"); e["d"] != false {
					t.Errorf("%v", e)
				}
			case c.code != 0:
				if code := ws.ends(); code != c.code {
					t.Errorf("ended with %d", code)
				}
			default:
				ws.until("RESUMED")
			}
			if name == "a new home" && old.ends() != 4000 {
				t.Error("the session is spoken on two connections")
			}
		})
	}
}

// TestGatewayMisplaced: a RESUME at the first address is noted.
func TestGatewayMisplaced(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	_, r := ready(t, f, usual)
	c := dial(t, f, "")
	c.until("op 10")
	c.send(j{"op": 6, "d": j{"token": f.BotToken(), "session_id": r["session_id"], "seq": 2}})
	c.until("RESUMED")
	if w := f.Gateway(0).Wrong(); len(w) != 1 || !strings.Contains(w[0], "resume_gateway_url") {
		t.Errorf("%q", w)
	}
}

// TestGatewayLines: every odd behaviour happens, on the connection that it was said of, and the next is well.
func TestGatewayLines(t *testing.T) {
	frames := func(all ...discordfake.Frame) []discordfake.Frame { return all }
	start := func(f *discordfake.Fake, c *conn) { c.send(identify(f.BotToken(), usual)) }
	for name, c := range map[string]struct {
		line discordfake.Line
		do   func(f *discordfake.Fake, c *conn)
		want string // opcodes and events, in turn; the last may be a code: "4000", "-1" for a reset
	}{
		"no hello":       {discordfake.Line{NoHello: true, First: frames(discordfake.TextFrame(`{"op":11}`))}, nil, "op11"},
		"op 7 first":     {discordfake.Line{First: frames(discordfake.ReconnectFrame()), NoHello: true}, nil, "op7"},
		"op 7 in answer": {discordfake.Line{Started: frames(discordfake.ReconnectFrame()), NoReady: true}, start, "op10 op7"},
		"op 9":           {discordfake.Line{Invalid: true}, start, "op10 op9false"},
		"op 9 true":      {discordfake.Line{Invalid: true, Resumable: true}, start, "op10 op9true"},
		"null":           {discordfake.Line{Greeted: frames(discordfake.NullFrame())}, nil, "op10 null"},
		"null later":     {discordfake.Line{Readied: frames(discordfake.NullFrame())}, start, "op10 READY null GUILD_CREATE"},
		"garbage":        {discordfake.Line{First: frames(discordfake.GarbageFrame())}, nil, "garbage op10"},
		"binary":         {discordfake.Line{Readied: frames(discordfake.BinaryFrame("\x00"))}, start, "op10 READY binary GUILD_CREATE"},
		"huge":           {discordfake.Line{Readied: frames(discordfake.HugeFrame(1 << 20))}, start, "op10 READY HUGE GUILD_CREATE"},
		"unknown op":     {discordfake.Line{Readied: frames(discordfake.UnknownOpFrame())}, start, "op10 READY op99 GUILD_CREATE"},
		"wrong order":    {discordfake.Line{First: frames(discordfake.TextFrame(`{"op":0,"s":1,"t":"READY","d":{}}`))}, nil, "READY op10"},
		"before hello":   {discordfake.Line{Break: discordfake.BeforeHello}, nil, "-1"},
		"in hello":       {discordfake.Line{Break: discordfake.InHello}, nil, "-1"},
		"after hello":    {discordfake.Line{Break: discordfake.AfterHello}, nil, "op10 -1"},
		"after start":    {discordfake.Line{Break: discordfake.AfterStart}, start, "op10 -1"},
		"in ready":       {discordfake.Line{Break: discordfake.InReady}, start, "op10 -1"},
		"after ready":    {discordfake.Line{Break: discordfake.AfterReady}, start, "op10 READY -1"},
		"in event":       {discordfake.Line{Break: discordfake.InEvent}, start, "op10 READY -1"},
		"after event":    {discordfake.Line{Break: discordfake.AfterEvent}, start, "op10 READY GUILD_CREATE -1"},
		"a code":         {discordfake.Line{Bye: 4004}, start, "op10 4004"},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, _ := crew(t, discordfake.Options{})
			f.Gateway(0).Script(c.line)
			ws := dial(t, f, "")
			if c.do != nil {
				c.do(f, ws)
			}
			var got []string
			for range strings.Fields(c.want) {
				got = append(got, ws.glance())
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
			if n := f.Gateway(0).Unspent(); n != 0 {
				t.Errorf("%d lines did not happen", n)
			}
			ready(t, f, usual)
		})
	}
}

// TestGatewayStatus: a connection may be refused before it is one.
func TestGatewayStatus(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	f.Gateway(0).Script(discordfake.Line{Status: 503})
	_, where := api(t, f, "GET", "/gateway/bot", nil)
	_, resp, err := websocket.DefaultDialer.DialContext(t.Context(), where["url"].(string)+"?v=10&encoding=json", nil)
	if err == nil || resp == nil || resp.StatusCode != 503 {
		t.Fatalf("%v", err)
	}
	_ = resp.Body.Close()
}

// TestGatewayAgain: a RESUME may be answered with what the app had, and RESUMED may come too early.
func TestGatewayAgain(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	_, r := ready(t, f, usual)
	f.As(ana).Say(t.Context(), discordfake.General, "one")
	f.Gateway(0).Script(discordfake.Line{Again: true, Late: true})
	c := dial(t, f, r["resume_gateway_url"].(string))
	c.until("op 10")
	c.send(j{"op": 6, "d": j{"token": f.BotToken(), "session_id": r["session_id"], "seq": 3}})
	for _, want := range []string{"RESUMED", "GUILD_CREATE", "MESSAGE_CREATE"} {
		if e, _ := c.next(); e["t"] != want {
			t.Errorf("%v, want %s", e["t"], want)
		}
	}
}

// TestGatewayHush: a zombie takes heartbeats and answers none, and what happens waits for a RESUME.
func TestGatewayHush(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	c, r := ready(t, f, usual)
	f.Gateway(0).Hush(false)
	c.send(j{"op": 1, "d": 2})
	f.Wait(t.Context(), "a heartbeat", func() bool { return f.Gateway(0).Counts().Beats == 1 })
	f.As(ana).Say(t.Context(), discordfake.General, "one")
	again := dial(t, f, r["resume_gateway_url"].(string))
	again.until("op 10")
	again.send(j{"op": 6, "d": j{"token": f.BotToken(), "session_id": r["session_id"], "seq": 2}})
	again.until("MESSAGE_CREATE")
	// Nothing came on the old one: neither the answer, nor the event.
	if frame, code := c.next(); frame != nil || code != 4000 {
		t.Errorf("%v, %d", frame, code)
	}
}

// TestGatewayBeats: Discord asks for a heartbeat, and ends a connection that has none.
func TestGatewayBeats(t *testing.T) {
	f, _, _ := crew(t, discordfake.Options{})
	f.Gateway(10 * time.Millisecond)
	c := dial(t, f, "")
	if hello, _ := c.next(); hello["d"].(j)["heartbeat_interval"] != 10.0 {
		t.Errorf("%v", hello)
	}
	f.Gateway(0).AskBeat()
	c.until("op 1")
	if code := c.ends(); code != 4009 {
		t.Errorf("ended with %d", code)
	}
}

// TestGatewayIntents: events come to who asked for them, and content to who may read it.
func TestGatewayIntents(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	f.SetApplication(func(a *discordfake.Application) { a.Members, a.Content = true, true })
	all, _ := ready(t, f, usual|discordfake.IntentGuildMembers|discordfake.IntentMessageContent)
	some, _ := ready(t, f, usual)
	none, _ := ready(t, f, 0)
	secret := f.AddChannel(discordfake.Channel{Name: "secret", Overwrites: []discordfake.Overwrite{
		{ID: discordfake.Server, Deny: discordfake.ViewChannel}, {ID: ana, Member: true, Allow: discordfake.ViewChannel},
	}})
	f.As(ana).Say(t.Context(), secret, "hidden")
	f.SetMember(discordfake.Server, ben, func(m *discordfake.Member) { m.Nick = "Benno" })
	f.As(ana).Say(t.Context(), discordfake.General, "plain")
	f.As(ana).Mention(t.Context(), discordfake.General, "status")
	f.As(ana).Say(t.Context(), f.DM(ana), "in private")
	f.Gateway(0).Emit("MARK", []byte(`{}`))
	for _, c := range []struct {
		ws   *conn
		want string
	}{
		{all, `GUILD_MEMBER_UPDATE MESSAGE_CREATE=plain MESSAGE_CREATE=<@` + f.BotUser() + `>_status MESSAGE_CREATE=in_private`},
		{some, `MESSAGE_CREATE= MESSAGE_CREATE=<@` + f.BotUser() + `>_status MESSAGE_CREATE=in_private`},
		{none, ``},
	} {
		var got []string
		for {
			e, code := c.ws.next()
			if e["t"] == "MARK" {
				break
			}
			if e == nil {
				t.Fatalf("ended with %d", code)
			}
			s := e["t"].(string)
			if content, ok := e["d"].(j)["content"].(string); ok {
				s += "=" + strings.ReplaceAll(content, " ", "_")
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("told\n%s, want\n%s", s, c.want)
		}
	}
}

// TestGatewayServers: servers come and go, and have outages.
func TestGatewayServers(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	c, _ := ready(t, f, usual)
	other := f.AddServer(discordfake.Guild{Name: "Other"})
	f.SetServer(other, func(g *discordfake.Guild) { g.Unavailable = true })
	f.SetServer(other, func(g *discordfake.Guild) { g.Unavailable = false })
	f.SetServer(other, func(g *discordfake.Guild) { g.Name = "Another" })
	f.RemoveMember(other, f.BotUser())
	thread := f.AddChannel(discordfake.Channel{Name: "t", Type: discordfake.PublicThread, Parent: discordfake.General, Archived: true})
	f.As(ana).Say(t.Context(), thread, "wake up")
	for _, want := range []string{
		"GUILD_CREATE Other", "GUILD_DELETE true", "GUILD_CREATE Other", "GUILD_UPDATE Another", "GUILD_DELETE <nil>",
		"THREAD_CREATE t", "THREAD_UPDATE t", "MESSAGE_CREATE <nil>",
	} {
		e, code := c.next()
		if e == nil {
			t.Fatalf("ended with %d", code)
		}
		d := e["d"].(j)
		said := d["name"]
		if e["t"] == "GUILD_DELETE" {
			said = d["unavailable"]
		}
		if got := fmt.Sprint(e["t"], " ", said); got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
}

// TestGatewayMembers: members can be asked for, a part of them at a time.
func TestGatewayMembers(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	c, _ := ready(t, f, usual)
	c.send(j{"op": 8, "d": j{"guild_id": discordfake.Server, "query": "an", "limit": 1, "nonce": "n"}})
	d := c.until("GUILD_MEMBERS_CHUNK")["d"].(j)
	if all := d["members"].([]any); len(all) != 1 || all[0].(j)["user"].(j)["id"] != ana || d["nonce"] != "n" || d["chunk_count"] != 1.0 {
		t.Errorf("%v", d)
	}
}

// glance says what the next frame is.
func (c *conn) glance() string {
	c.t.Helper()
	_ = c.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	kind, text, err := c.ws.ReadMessage()
	return glimpse(kind, text, err)
}
