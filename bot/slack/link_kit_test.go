package slack

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
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// brisk is the usual timing, some hundred times as fast.
var brisk = timing{
	answer: 2 * time.Second, person: 500 * time.Millisecond,
	check: 50 * time.Millisecond, groups: time.Hour,
	hello: 200 * time.Millisecond, silent: 300 * time.Millisecond, deaf: 400 * time.Millisecond, stuck: 100 * time.Millisecond,
	renew: time.Hour, linger: 50 * time.Millisecond, write: time.Second, steady: 100 * time.Millisecond,
	pause: 10 * time.Millisecond, longest: 50 * time.Millisecond, refused: 20 * time.Millisecond, rare: 50 * time.Millisecond,
}

// linkWorld is a bot that runs against the fake, with what it took counted instead of handled.
type linkWorld struct {
	testing.TB
	*Slack
	f    *slackfake.Fake
	sock *slackfake.Socket
	log  *safeBuffer
	end  func() // tells Run to end
	stop func() // does so, and waits for it

	mu   sync.Mutex
	took map[string]int // by what the body names as its id
	got  []inbound
	say  func(inbound) []byte // the acknowledgement; nil: an empty one
	ids  int
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

// idle makes the world without running it. When the test is over nothing of it is left.
func idle(t testing.TB, change ...func(*Options)) *linkWorld {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	f := slackfake.New(t, slackfake.Options{Patience: time.Second, RetryEvents: []time.Duration{20 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond}})
	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana", TZ: "Europe/Paris"})
	w := &linkWorld{TB: t, f: f, sock: f.Socket(50 * time.Millisecond), log: &safeBuffer{}, took: map[string]int{}, stop: func() {}}
	o := Options{
		Secrets: Secrets{BotToken: chat.Secret(f.BotToken()), AppToken: chat.Secret(f.AppToken())},
		URL:     f.URL(), Now: time.Now, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	w.Slack = New(o)
	w.timing = brisk
	w.links.take = w.count
	t.Cleanup(func() {
		w.stop()
		for _, secret := range f.Tokens() {
			if strings.Contains(w.log.String(), secret) {
				t.Error("a token is in the log")
			}
		}
		if strings.Contains(w.log.String(), "ticket=") {
			t.Error("the address of a connection is in the log")
		}
	})
	return w
}

// run runs the world.
func (w *linkWorld) run() *linkWorld {
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

func (w *linkWorld) count(_ context.Context, in inbound) []byte {
	var b struct {
		EventID string `json:"event_id"`
	}
	_ = json.Unmarshal(in.body, &b)
	w.mu.Lock()
	w.took[b.EventID]++
	w.got = append(w.got, in)
	say := w.say
	w.mu.Unlock()
	if say == nil {
		return nil
	}
	return say(in)
}

// answers says how requests are acknowledged from now on.
func (w *linkWorld) answers(say func(inbound) []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.say = say
}

func (w *linkWorld) taken(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.took[id]
}

// envelope makes one with an id of its own.
func (w *linkWorld) envelope(k slackfake.Kind) slackfake.Envelope {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	id := fmt.Sprintf("Ev%d", w.ids)
	return slackfake.Envelope{ID: id, Kind: k, AcceptsResponse: k != slackfake.EventsAPI, Payload: json.RawMessage(`{"event_id":"` + id + `"}`)}
}

// event sends an event as Slack does: again, until it is acknowledged.
func (w *linkWorld) event() {
	w.Helper()
	e := w.envelope(slackfake.EventsAPI)
	w.until("an event is acknowledged", func() bool {
		_, err := w.sock.Deliver(w.Context(), e)
		e.RetryAttempt++
		e.RetryReason = "timeout"
		return err == nil
	})
	if w.taken(e.ID) == 0 {
		w.Errorf("%s was acknowledged, and not taken", e.ID)
	}
}

// until waits for something.
func (w *linkWorld) until(what string, holds func() bool) {
	w.Helper()
	late := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-late:
			w.Fatalf("waited in vain until %s\nhealth: %v\nwarnings: %v\nlog:\n%s", what, w.Health(), w.HealthWarnings(), w.log)
		case <-time.After(time.Millisecond):
		}
	}
}

// well waits until both connections are up and nothing is wrong.
func (w *linkWorld) well() {
	w.Helper()
	w.until("all is well", func() bool { return w.sock.Open() == 2 && w.Health() == nil && w.HealthWarnings() == nil })
}
