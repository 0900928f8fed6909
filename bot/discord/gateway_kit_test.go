package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// brisk is the usual timing, some hundred times as fast.
var brisk = timing{
	answer: 2 * time.Second, person: 500 * time.Millisecond, begin: 20 * time.Millisecond,
	check: 50 * time.Millisecond, groups: time.Hour, gather: 10 * time.Millisecond,
	hello: 300 * time.Millisecond, ready: 300 * time.Millisecond, ack: 150 * time.Millisecond, beat: 100 * time.Millisecond,
	silent: 500 * time.Millisecond, deaf: 600 * time.Millisecond, down: 150 * time.Millisecond, stuck: 150 * time.Millisecond,
	leave: 200 * time.Millisecond, write: time.Second, renew: time.Hour, steady: 100 * time.Millisecond,
	window: 5 * time.Millisecond, start: 20 * time.Millisecond, again: 5 * time.Millisecond,
	pause: 10 * time.Millisecond, longest: 50 * time.Millisecond, rare: 100 * time.Millisecond,
}

// pulse is how often the fake wants a heartbeat.
const pulse = 80 * time.Millisecond

// gateWorld is a bot that runs against the fake, with what it took counted instead of handled.
type gateWorld struct {
	testing.TB
	*Discord
	f    *discordfake.Fake
	gate *discordfake.Gateway
	log  *safeBuffer
	end  func() // tells Run to end
	stop func() // does so, and waits for it

	mu     sync.Mutex
	took   map[string]int      // by an interaction's id
	events map[string]int      // by type
	say    func([]byte) []byte // the answer; nil: none
	react  func(event string)
	ids    int
}

// safeBuffer is a log that may be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// tail is the end of it.
func (b *safeBuffer) tail() string {
	all := b.String()
	return all[max(0, len(all)-4000):]
}

// idle makes the world without running it. When the test is over nothing of it is left.
func idle(t testing.TB, change ...func(*Options)) *gateWorld {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	f := discordfake.New(t, discordfake.Options{Patience: time.Second})
	w := &gateWorld{TB: t, f: f, gate: f.Gateway(pulse), log: &safeBuffer{}, took: map[string]int{}, events: map[string]int{}, stop: func() {}}
	w.gate.Window(time.Millisecond)
	o := Options{
		Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: f.URL(), Now: time.Now,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	w.Discord = New(o)
	w.timing = brisk
	w.gateway.starts = newStarts(brisk)
	w.gateway.take, w.gateway.happened = w.count, w.note
	t.Cleanup(func() {
		w.stop()
		w.rest.Load().Client.CloseIdleConnections()
		for _, secret := range f.Tokens() {
			if strings.Contains(w.log.String(), secret) {
				t.Error("a token is in the log")
			}
		}
		if strings.Contains(w.log.String(), "tok-") {
			t.Error("the token of an interaction is in the log")
		}
	})
	return w
}

// run runs the world.
func (w *gateWorld) run() *gateWorld {
	ctx, cancel := context.WithCancel(w.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	w.end = cancel
	w.stop = func() {
		cancel()
		<-done
	}
	return w
}

func (w *gateWorld) count(_ context.Context, body []byte) []byte {
	var b struct{ ID string }
	_ = json.Unmarshal(body, &b)
	w.mu.Lock()
	w.took[b.ID]++
	say := w.say
	w.mu.Unlock()
	if say == nil {
		return nil
	}
	return say(body)
}

func (w *gateWorld) note(_ context.Context, event string, _ json.RawMessage) {
	w.mu.Lock()
	w.events[event]++
	react := w.react
	w.mu.Unlock()
	if react != nil {
		react(event)
	}
}

// answers says how interactions are answered from now on.
func (w *gateWorld) answers(say func([]byte) []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.say = say
}

func (w *gateWorld) taken(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.took[id]
}

func (w *gateWorld) noted(event string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.events[event]
}

// asks makes an interaction with an id of its own.
func (w *gateWorld) asks() (id string, body json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	id = fmt.Sprint(1200000000000000000 + w.ids)
	return id, json.RawMessage(`{"id":"` + id + `","application_id":"` + discordfake.App + `","type":2,"token":"tok-` + id + `"}`)
}

// arrives has an interaction come in that was sent while the connection is up.
func (w *gateWorld) arrives() {
	w.Helper()
	w.until("an interaction is taken", func() bool {
		if w.gate.Open() == 0 {
			return false
		}
		id, body := w.asks()
		w.gate.Emit("INTERACTION_CREATE", body)
		late := time.After(200 * time.Millisecond)
		for w.taken(id) == 0 {
			select {
			case <-late:
				return false
			case <-time.After(time.Millisecond):
			}
		}
		return true
	})
}

// until waits for something.
func (w *gateWorld) until(what string, holds func() bool) {
	w.Helper()
	late := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-late:
			w.Fatalf("waited in vain until %s\nhealth: %v\nwarnings: %v\nwrong: %q\nlog:\n%s", what, w.Health(), w.HealthWarnings(), w.gate.Wrong(), w.log.tail())
		case <-time.After(time.Millisecond):
		}
	}
}

// well waits until the bot is connected and nothing is wrong.
func (w *gateWorld) well() {
	w.Helper()
	w.until("all is well", func() bool { return w.gate.Open() == 1 && w.Health() == nil && w.HealthWarnings() == nil })
}

// red waits until the bot is not well, and gives the words.
func (w *gateWorld) red(words string) {
	w.Helper()
	w.until("it is red: "+words, func() bool { return w.Health() != nil && strings.Contains(w.Health().Error(), words) })
}
