package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

var discard = slog.New(slog.DiscardHandler)

// takesRosters takes rosters, and keeps none.
func takesRosters(context.Context, string, []workflows.Handle, map[workflows.Handle]string, time.Time) error {
	return nil
}

// stuckLog hangs in what is logged with some words, until it is freed.
func stuckLog(l *slog.Logger, words string, free <-chan struct{}) *slog.Logger {
	return slog.New(hanging{l.Handler(), words, free})
}

type hanging struct {
	slog.Handler
	words string
	free  <-chan struct{}
}

func (h hanging) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, h.words) {
		<-h.free
	}
	return h.Handler.Handle(ctx, r)
}

const callbackRoute = "POST /interactions/{interaction}/{token}/callback"

// callbacks are the answers that came by a call, by the interaction's id.
func (w *gateWorld) callbacks(id string) (all []string) {
	for _, c := range w.f.Calls(callbackRoute) {
		if strings.HasPrefix(c.Path, "/interactions/"+id+"/") {
			all = append(all, string(c.Body))
		}
	}
	return all
}

// TestAnswers: what is answered with what.
func TestAnswers(t *testing.T) {
	w := idle(t).run()
	w.well()
	broke := func(id string) string { return string(whispered(listen.Broke + id)) }
	gives := func(text string) func([]byte) []byte { return func([]byte) []byte { return []byte(text) } }
	panics := func([]byte) []byte { panic("a bug") }
	for name, c := range map[string]struct {
		kind string
		say  func([]byte) []byte
		want func(string) string
	}{
		"a message":            {`2`, gives(`{"type":4,"data":{"content":"yes"}}`), func(string) string { return `{"type":4,"data":{"content":"yes"}}` }},
		"nothing":              {`2`, gives(""), nil},
		"a panic":              {`3`, panics, broke},
		"no JSON":              {`5`, gives("oops"), broke},
		"a panic over choices": {`4`, panics, func(string) string { return `{"type":8,"data":{"choices":[]}}` }},
		"a kind of tomorrow":   {`77`, panics, broke},
	} {
		w.answers(c.say)
		id, body := w.asks()
		body = json.RawMessage(strings.Replace(string(body), `"type":2`, `"type":`+c.kind, 1))
		w.gate.Emit("INTERACTION_CREATE", body)
		w.until(name+": it is taken", func() bool { return w.taken(id) == 1 })
		if err := w.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := w.callbacks(id)
		switch {
		case c.want == nil && len(got) > 0, c.want != nil && (len(got) != 1 || got[0] != c.want(id)):
			t.Errorf("%s: answered with %q", name, got)
		}
	}
	w.answers(nil)
	for _, junk := range []string{`null`, `[]`, `{}`, `{"id":"x","token":"t"}`, `{"id":"1"}`, `{"id":1,"token":"t"}`} {
		w.gate.Emit("INTERACTION_CREATE", json.RawMessage(junk))
	}
	w.until("they are counted", func() bool { return w.gateway.count.garbage.Load() == 6 })
	w.arrives()
}

// TestAnswersAgain: an answer that may not have arrived is sent once more, and one that was refused is not.
func TestAnswersAgain(t *testing.T) {
	arrived := discordfake.Raw(204, "")
	say := []byte(`{"type":4,"data":{"content":"yes","flags":64,"allowed_mentions":{"parse":[]}}}`)
	for name, c := range map[string]struct {
		faults []discordfake.Fault
		tries  int
		logged bool
	}{
		"well":                         {[]discordfake.Fault{arrived}, 1, false},
		"broken off":                   {[]discordfake.Fault{discordfake.Ends(discordfake.Reset), arrived}, 2, false},
		"broken off after it was seen": {[]discordfake.Fault{discordfake.Ends(discordfake.Reset), discordfake.Error(40060)}, 2, false},
		"broken over there":            {[]discordfake.Fault{discordfake.HTTP(502), arrived}, 2, false},
		"too late":                     {[]discordfake.Fault{discordfake.Error(10062)}, 1, true},
		"answered already":             {[]discordfake.Fault{discordfake.Error(40060)}, 1, true},
		"broken twice":                 {[]discordfake.Fault{discordfake.HTTP(502), discordfake.HTTP(503)}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := idle(t).run()
			w.well()
			w.answers(func([]byte) []byte { return say })
			w.f.Fail(callbackRoute, c.faults...)
			id, body := w.asks()
			w.gate.Emit("INTERACTION_CREATE", body)
			w.until("it is taken", func() bool { return w.taken(id) == 1 })
			if err := w.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.callbacks(id); len(got) != c.tries {
				t.Errorf("%d tries", len(got))
			}
			if got := strings.Contains(w.log.String(), "could not be answered"); got != c.logged {
				t.Errorf("logged: %v\n%s", got, w.log)
			}
		})
	}
}

// TestReplay: a session that is resumed brings again what came already: nothing of it is done twice.
func TestReplay(t *testing.T) {
	w := idle(t).run()
	w.well()
	var ids []string
	for range 5 {
		id, body := w.asks()
		ids = append(ids, id)
		w.gate.Emit("INTERACTION_CREATE", body)
		w.gate.Emit("MESSAGE_CREATE", json.RawMessage(`{"id":"`+id+`"}`))
		w.gate.Emit("MESSAGE_DELETE", json.RawMessage(`{"id":"`+id+`"}`))
	}
	w.until("all are taken", func() bool { return w.taken(ids[4]) == 1 && w.noted("MESSAGE_DELETE") == 5 })
	for _, line := range []discordfake.Line{{Again: true}, {Again: true, Late: true}} {
		w.gate.Script(line)
		had := w.gate.Counts().Resumes
		w.gate.Disconnect(4000)
		id, body := w.asks()
		w.gate.Emit("INTERACTION_CREATE", body) // is missed, and comes with the others
		ids = append(ids, id)
		w.until("it is resumed", func() bool { return w.gate.Counts().Resumes == had+1 && w.taken(id) > 0 })
		w.arrives()
	}
	for _, id := range ids {
		if n := w.taken(id); n != 1 {
			t.Errorf("%s was taken %d times", id, n)
		}
	}
	if n := w.noted("MESSAGE_CREATE"); n != 5 {
		t.Errorf("5 messages were handed on %d times", n)
	}
	if n := w.gate.Counts(); n.Identifies != 1 {
		t.Errorf("%+v", n)
	}
}

// TestBesideTheReading: whatever handlers do, heartbeats go on, and so does everything else.
func TestBesideTheReading(t *testing.T) {
	free := make(chan struct{})
	w := idle(t).run()
	w.well()
	w.mu.Lock()
	w.react = func(event string) {
		if event == "TYPING_START" {
			panic("a bug")
		}
		if event == "MESSAGE_UPDATE" {
			<-free
		}
	}
	w.mu.Unlock()
	for range 5 {
		w.gate.Emit("TYPING_START", json.RawMessage(`{}`))
		w.gate.Emit("MESSAGE_UPDATE", json.RawMessage(`{}`))
	}
	w.until("all came", func() bool { return w.noted("TYPING_START") == 5 && w.noted("MESSAGE_UPDATE") == 5 })
	beats := w.gate.Counts().Beats
	w.until("the heart beats on", func() bool { return w.gate.Counts().Beats > beats+5 })
	w.arrives()
	if n := w.gate.Counts(); n.Dialed != 1 || strings.Count(w.log.String(), "msg=panic") != 5 {
		t.Errorf("%+v", n)
	}
	close(free)
}

// seatsFree reports whether nobody has a seat.
func seatsFree(s *seats) bool {
	is := s.Enter(1)
	if is {
		s.Leave()
	}
	return is
}

// TestFull: with room for no more, events are dropped and that is said; interactions have room of their own. When no
// interaction ends, the bot is not well.
func TestFull(t *testing.T) {
	free := make(chan struct{})
	w := idle(t).run()
	w.well()
	w.until("what comes with a connection is over", func() bool { return w.noted("GUILD_CREATE") > 0 && seatsFree(&w.gateway.events) })
	w.mu.Lock()
	w.react = func(string) { <-free }
	w.mu.Unlock()
	for range maxAtOnce + 5 {
		w.gate.Emit("MESSAGE_UPDATE", json.RawMessage(`{}`))
	}
	w.until("it is said", func() bool {
		return w.HealthWarnings() != nil && strings.Contains(w.HealthWarnings().Error(), "256 events")
	})
	w.arrives()
	w.until("it has given its seat back", func() bool { return seatsFree(&w.gateway.asked) })
	w.answers(func([]byte) []byte { <-free; return nil })
	for range maxAtOnce + 5 {
		_, body := w.asks()
		w.gate.Emit("INTERACTION_CREATE", body)
	}
	w.red("none of them ends")
	if n := w.gateway.count.dropped.Load(); n != 10 {
		t.Errorf("%d dropped", n)
	}
	close(free)
	w.well()
	w.arrives()
}

// TestStops: what is being answered when the bot is told to stop is still answered, and nothing else is taken.
func TestStops(t *testing.T) {
	w := idle(t).run()
	w.well()
	free := make(chan struct{})
	w.answers(func([]byte) []byte { <-free; return []byte(`{"type":4,"data":{"content":"done"}}`) })
	id, body := w.asks()
	w.gate.Emit("INTERACTION_CREATE", body)
	w.until("it is taken", func() bool { return w.taken(id) == 1 })
	w.end()
	var all sync.WaitGroup
	all.Go(w.stop)
	w.until("no more is taken", func() bool {
		c := w.gateway.current.Load()
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.closed
	})
	late, body := w.asks()
	w.gate.Emit("INTERACTION_CREATE", body)
	close(free)
	all.Wait()
	if got := w.callbacks(id); len(got) != 1 || w.taken(late) != 0 {
		t.Errorf("answered %d times, and something was taken late: %d", len(got), w.taken(late))
	}
	w.until("the session is closed", func() bool { return w.gate.Open() == 0 })
}
