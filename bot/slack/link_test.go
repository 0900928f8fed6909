package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// TestLinkBreaks breaks the first connections wherever one can break. What comes after is well by itself, and an event
// arrives whatever happened to its envelope.
func TestLinkBreaks(t *testing.T) {
	for name, line := range map[string]slackfake.Line{
		"no upgrade":                 {Status: 503},
		"forbidden":                  {Status: 403},
		"before the greeting":        {Break: slackfake.BeforeHello},
		"in the greeting":            {Break: slackfake.InHello},
		"after the greeting":         {Break: slackfake.AfterHello},
		"never greeted, pinged":      {NoHello: true},
		"never greeted, not pinged":  {NoHello: true, NoPings: true},
		"greeted late":               {After: 100 * time.Millisecond},
		"of another app":             {App: "A0OTHER"},
		"not pinged":                 {NoPings: true},
		"in an envelope":             {Break: slackfake.InEnvelope},
		"before the acknowledgement": {Break: slackfake.BeforeAck},
		"after the acknowledgement":  {Break: slackfake.AfterAck},
		"refresh requested":          {Bye: "refresh_requested"},
		"warning":                    {Bye: "warning"},
		"in a disconnect":            {Bye: "warning", Break: slackfake.InDisconnect},
		"link disabled":              {Bye: "link_disabled"},
		"too many":                   {Bye: "too_many_websockets"},
		"a reason of tomorrow":       {Bye: "moving_house"},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t)
			w.sock.Script(line, line, line)
			w.run()
			w.until("a connection is up", func() bool { return w.sock.Open() > 0 })
			for range 4 {
				w.event()
			}
			w.until("the broken ones are used up", func() bool {
				if w.sock.Unspent() > 0 && w.sock.Open() == 2 {
					w.sock.Reset()
				}
				return w.sock.Unspent() == 0
			})
			w.well()
			w.event()
			if _, most, strays, _ := w.sock.Counts(); most > 4 || strays > 0 {
				t.Errorf("%d connections at once, %d stray acknowledgements", most, strays)
			}
		})
	}
}

// TestLinkOpens has the address of a connection refused in every way. Each is said in words, and tried again.
func TestLinkOpens(t *testing.T) {
	for name, c := range map[string]struct {
		fault slackfake.Fault
		words string
	}{
		"invalid_auth":   {slackfake.Error("invalid_auth"), "App-Level Tokens"},
		"not_authed":     {slackfake.Error("not_authed"), "App-Level Tokens"},
		"inactive":       {slackfake.Error("account_inactive"), "account_inactive: "},
		"revoked":        {slackfake.Error("token_revoked"), "App-Level Tokens"},
		"scope":          {slackfake.Raw(200, `{"ok":false,"error":"missing_scope","needed":"connections:write","provided":""}`), "connections:write"},
		"kind of token":  {slackfake.Error("not_allowed_token_type"), "SLACK_APP_TOKEN"},
		"of tomorrow":    {slackfake.Error("out_of_cheese"), "out_of_cheese"},
		"404":            {slackfake.Raw(404, "not found"), "404"},
		"500":            {slackfake.Raw(500, "oh"), "500"},
		"slow down":      {slackfake.TooMany("0"), "slower pace"},
		"odd slow down":  {slackfake.TooMany("soon"), "slower pace"},
		"a page":         {slackfake.HTML(), "no answer of Slack's"},
		"no address":     {slackfake.Raw(200, `{"ok":true}`), "no address"},
		"a bad address":  {slackfake.Raw(200, `{"ok":true,"url":"ws://%zz/?ticket=secret"}`), "opening the connection"},
		"nobody's place": {slackfake.Raw(200, `{"ok":true,"url":"ws://127.0.0.1:1/?ticket=secret"}`), "refused"},
		"reset":          {slackfake.Ends(slackfake.Reset), "broke off"},
		"cut":            {slackfake.Ends(slackfake.Cut), "broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t)
			w.f.Fail("apps.connections.open", c.fault, c.fault, c.fault, c.fault)
			w.run()
			w.until("the reason is said", func() bool {
				err := w.HealthWarnings()
				return err != nil && strings.Contains(err.Error(), c.words)
			})
			w.well()
			w.event()
		})
	}
}

// TestLinkSilent: a bot that hears nothing says so, and is well again by itself as soon as it can be.
func TestLinkSilent(t *testing.T) {
	for name, hush := range map[string]func(*linkWorld){
		"no pings, no line": func(w *linkWorld) { w.sock.Hush(false) },
		"all reset":         func(w *linkWorld) { w.f.Down(true) },
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t).run()
			w.well()
			hush(w)
			w.f.Fail("apps.connections.open", many(40, slackfake.Error("internal_error"))...)
			began := time.Now()
			w.until("nothing is heard", func() bool { return w.Health() != nil })
			if took := time.Since(began); took > 3*brisk.deaf {
				t.Errorf("red after %s", took)
			}
			w.until("it says of both why", func() bool {
				no := fmt.Sprint(w.Health())
				return strings.Contains(no, "nothing is heard") && strings.Contains(no, "first") && strings.Contains(no, "second")
			})
			w.f.Down(false)
			w.well()
			w.event()
		})
	}
}

func many(n int, f slackfake.Fault) []slackfake.Fault {
	all := make([]slackfake.Fault, n)
	for i := range all {
		all[i] = f
	}
	return all
}

// TestLinkOneDown: one connection of two is a warning, and no more than that.
func TestLinkOneDown(t *testing.T) {
	w := idle(t)
	w.timing.refused, w.timing.rare = time.Second, time.Second // the reason stands until the next try
	w.run()
	w.well()
	w.sock.DisconnectOne("link_disabled", 0)
	var told error
	w.until("it is warned of", func() bool { told = w.HealthWarnings(); return told != nil })
	if w.Health() != nil || !strings.Contains(told.Error(), "Socket Mode is off") {
		t.Error(w.Health(), told)
	}
	w.event()
	w.well()
}

// TestLinkJustEnded: a connection says itself why it ended, until the link takes note of that.
func TestLinkJustEnded(t *testing.T) {
	c := &conn{done: make(chan struct{}), err: errors.New("Slack went away")}
	l := &link{name: "second"}
	if no := l.trouble(); no == nil || !strings.Contains(no.Error(), "is not up yet") {
		t.Error(no)
	}
	l.current.Store(c)
	if no := l.trouble(); no != nil {
		t.Error(no)
	}
	close(c.done)
	if no := l.trouble(); no == nil || no.Error() != "the second connection is down: Slack went away" {
		t.Error(no)
	}
}

// TestLinkSwitchedOff: with Socket Mode off the bot is not well and says what to do; switched on, it is well again.
func TestLinkSwitchedOff(t *testing.T) {
	w := idle(t).run()
	w.well()
	w.sock.Enable(false)
	w.until("it is not well", func() bool { return w.Health() != nil })
	if no := w.Health().Error(); !strings.Contains(no, "link_disabled: Socket Mode is off") {
		t.Error(no)
	}
	w.sock.Enable(true)
	w.well()
	w.event()
}

// TestLinkDeafButPinged: a connection that looks well and gets nothing is replaced in its time.
func TestLinkDeafButPinged(t *testing.T) {
	w := idle(t)
	w.timing.renew = 300 * time.Millisecond
	w.sock.Script(slackfake.Line{Deaf: true}, slackfake.Line{Deaf: true})
	w.run()
	w.until("both are up", func() bool { return w.sock.Open() == 2 })
	w.until("others are", func() bool { n, _, _, _ := w.sock.Counts(); return n >= 4 })
	w.event()
	if err := w.Health(); err != nil {
		t.Error(err)
	}
}

// TestLinkRenewed: while connections are replaced all the time there is always one, and nothing gets lost.
func TestLinkRenewed(t *testing.T) {
	w := idle(t)
	w.timing.renew = 60 * time.Millisecond
	w.run()
	w.well()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 100 {
				w.event()
			}
		})
	}
	w.until("they were replaced", func() bool {
		if w.sock.Open() == 0 || w.Health() != nil {
			t.Error("a moment without a connection")
		}
		n, _, _, _ := w.sock.Counts()
		return n > 12
	})
	all.Wait()
	if _, most, strays, _ := w.sock.Counts(); most > slackfake.MaxLinks || strays > 0 {
		t.Errorf("%d connections at once, %d stray acknowledgements", most, strays)
	}
}

// TestLinkFrames sends what is no envelope, and envelopes that nobody understands.
func TestLinkFrames(t *testing.T) {
	w := idle(t).run()
	w.well()
	opened := func() int { n, _, _, _ := w.sock.Counts(); return n }
	for _, junk := range []string{"", "null", "[]", "12", `"hello"`, "{", "\x00\xff", `{"type":"surprise"}`, `{"type":"events_api"}`} {
		w.sock.Push([]byte(junk))
		w.event()
	}
	for _, odd := range []slackfake.Envelope{
		{ID: "E1", Kind: "carrier_pigeon"}, {ID: "E2"}, {ID: "E3", Kind: slackfake.EventsAPI, Payload: []byte(`[[]]`)}, {ID: "E4", Kind: slackfake.SlashCommands},
	} {
		if _, err := w.sock.Deliver(t.Context(), odd); err != nil {
			t.Errorf("%+v: %v", odd, err)
		}
	}
	w.sock.Push([]byte(`{"envelope_id":"E5","type":12,"payload":{}}`))
	w.until("a type that is none is acknowledged", func() bool { _, _, strays, _ := w.sock.Counts(); return strays == 2 })
	if opened() != 2 || w.taken("") != 2 {
		t.Errorf("%d connections, %d taken", opened(), w.taken(""))
	}
	for range maxGarbage {
		w.sock.Push([]byte("{"))
	}
	w.until("those that speak nothing else are replaced", func() bool { return opened() == 4 })
	w.well()
	w.sock.Push(bytes.Repeat([]byte(" "), maxFrame+1))
	w.until("so are those that never end", func() bool { return opened() == 6 })
	w.well()
	w.event()
}

// TestLinkAnswers: what is acknowledged with what.
func TestLinkAnswers(t *testing.T) {
	w := idle(t).run()
	w.well()
	long := []byte(`{"text":"` + strings.Repeat("x", maxAck) + `"}`)
	fits := []byte(`{"text":"` + strings.Repeat("x", maxAck-len(`{"envelope_id":"Ev00","payload":{"text":""}}`)) + `"}`)
	panics := func(inbound) []byte { panic("a bug") }
	gives := func(b []byte) func(inbound) []byte { return func(inbound) []byte { return b } }
	for name, c := range map[string]struct {
		kind slackfake.Kind
		say  func(inbound) []byte
		want string
	}{
		"a command":             {slackfake.SlashCommands, gives([]byte(`{"text":"yes"}`)), `{"text":"yes"}`},
		"with nothing to say":   {slackfake.SlashCommands, gives(nil), ""},
		"an event":              {slackfake.EventsAPI, gives([]byte(`{"text":"yes"}`)), ""},
		"as long as can be":     {slackfake.SlashCommands, gives(fits), string(fits)},
		"too long":              {slackfake.SlashCommands, gives(long), string(whispered(tooMuch))},
		"a form, too long":      {slackfake.Interactive, gives(long), string(showing(blocks.Answer(chat.Message{Title: tooMuch})))},
		"an event, too long":    {slackfake.EventsAPI, gives(long), ""},
		"a command that panics": {slackfake.SlashCommands, panics, string(whispered(listen.Broke + "Ev00"))},
		"an event that panics":  {slackfake.EventsAPI, panics, ""},
		"no JSON":               {slackfake.SlashCommands, gives([]byte("oops")), string(whispered(listen.Broke + "Ev00"))},
	} {
		w.answers(c.say)
		e := w.envelope(c.kind)
		e.ID = "Ev00"
		ack, err := w.sock.Deliver(t.Context(), e)
		if err != nil || string(ack.Body) != c.want {
			t.Errorf("%s: %.200q, %v", name, ack.Body, err)
		}
	}
	w.answers(panics)
	if ack, err := w.sock.Deliver(t.Context(), w.envelope(slackfake.Interactive)); err == nil {
		t.Errorf("a press that broke was acknowledged as if it had worked: %s", ack.Body)
	}
	if _, _, _, lost := w.sock.Counts(); lost > 0 {
		t.Errorf("%d answers were lost for their length", lost)
	}
	w.answers(nil)
	w.event()
}

// TestLinkBusy: with room for no more, a command is told so, and what can be sent again is not acknowledged. When nothing
// ends, the bot is not well.
func TestLinkBusy(t *testing.T) {
	w := idle(t)
	w.links.slots = make(chan struct{}, 2)
	w.run()
	w.well()
	free := make(chan struct{})
	w.answers(func(inbound) []byte { <-free; return nil })
	var all sync.WaitGroup
	for range 2 {
		e := w.envelope(slackfake.EventsAPI)
		all.Go(func() { _, _ = w.sock.Deliver(t.Context(), e) })
	}
	w.until("there is no room", func() bool { return len(w.links.slots) == 2 })
	if ack, err := w.sock.Deliver(t.Context(), w.envelope(slackfake.SlashCommands)); err != nil || string(ack.Body) != string(whispered(listen.TooBusy)) {
		t.Errorf("%s, %v", ack.Body, err)
	}
	w.until("it is not well", func() bool { return w.Health() != nil })
	if !strings.Contains(w.Health().Error(), "none of them ends") {
		t.Error(w.Health())
	}
	late := w.envelope(slackfake.EventsAPI)
	soon, done := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer done()
	if _, err := w.sock.Deliver(soon, late); err == nil {
		t.Error("an event was acknowledged, and nobody took it")
	}
	close(free)
	all.Wait()
	w.well()
	w.event()
}

// TestLinkStops: what is being handled when the bot is told to stop is still acknowledged, and nothing else is taken.
func TestLinkStops(t *testing.T) {
	w := idle(t).run()
	w.well()
	free := make(chan struct{})
	w.answers(func(inbound) []byte { <-free; return []byte(`{"text":"done"}`) })
	e := w.envelope(slackfake.SlashCommands)
	var all sync.WaitGroup
	all.Go(func() {
		if ack, err := w.sock.Deliver(t.Context(), e); err != nil || string(ack.Body) != `{"text":"done"}` {
			t.Errorf("%s, %v", ack.Body, err)
		}
	})
	w.until("it is taken", func() bool { return w.taken(e.ID) == 1 })
	w.end()
	all.Go(w.stop)
	w.until("no more is taken", func() bool {
		return !slices.ContainsFunc([]*link{&w.links.each[0], &w.links.each[1]}, func(l *link) bool {
			c := l.current.Load()
			c.mu.Lock()
			defer c.mu.Unlock()
			return !c.closed
		})
	})
	late := w.envelope(slackfake.EventsAPI)
	soon, done := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer done()
	if _, err := w.sock.Deliver(soon, late); err == nil || w.taken(late.ID) > 0 {
		t.Errorf("something was taken from a bot that stops: %v", err)
	}
	close(free)
	all.Wait()
	w.until("both are closed", func() bool { return w.sock.Open() == 0 })
}

// TestLinkCrowded: where too many bots share an app, none of them storms.
func TestLinkCrowded(t *testing.T) {
	w := idle(t)
	w.timing.refused, w.timing.rare = 100*time.Millisecond, 200*time.Millisecond
	for range 30 {
		w.sock.Script(slackfake.Line{Bye: "too_many_websockets"})
	}
	w.run()
	w.until("it is said", func() bool {
		return w.HealthWarnings() != nil && strings.Contains(w.HealthWarnings().Error(), "more than one bot")
	})
	began, before := time.Now(), len(w.f.Calls("apps.connections.open"))
	w.until("both tried again", func() bool { return len(w.f.Calls("apps.connections.open")) >= before+6 })
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("six more tries within %s", took)
	}
}

// TestLinkReload: a new app token opens new connections before the old ones close; one that is refused changes nothing.
func TestLinkReload(t *testing.T) {
	w := idle(t).run()
	w.well()
	secrets := *w.secrets.Load()
	secrets.AppToken = "xapp-1-A0READY-2-bmV3"
	if err := w.Reload(t.Context(), secrets); err == nil || !strings.Contains(err.Error(), "stay in force") {
		t.Errorf("a token that nobody gave: %v", err)
	}
	w.f.Grant(secrets.AppToken.Reveal(), "connections:write")
	if err := w.Reload(t.Context(), secrets); err != nil {
		t.Fatal(err)
	}
	w.f.Revoke(w.f.AppToken(), "token_revoked")
	w.until("both are replaced", func() bool {
		if w.sock.Open() == 0 {
			t.Error("a moment without a connection")
		}
		n, _, _, _ := w.sock.Counts()
		return n == 4
	})
	w.well()
	w.event()
	secrets.AppToken, secrets.Signing = "", []chat.Secret{"s"}
	if err := w.Reload(t.Context(), secrets); err != nil {
		t.Fatal(err)
	}
	w.until("there is none without a token", func() bool { return w.sock.Open() == 0 })
	if err := w.Health(); err != nil {
		t.Error(err)
	}
}
