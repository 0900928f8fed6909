package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Kind is what an envelope carries, as Socket Mode names it.
type Kind string

// The kinds of envelope.
const (
	SlashCommands Kind = "slash_commands"
	Interactive   Kind = "interactive"
	EventsAPI     Kind = "events_api"
)

// Envelope is one thing that Slack sends to the app.
type Envelope struct {
	ID      string // "envelope_id" of Socket Mode
	Kind    Kind   // "type"
	Payload json.RawMessage
	// AcceptsResponse is whether the acknowledgement may carry an answer.
	AcceptsResponse bool
	RetryAttempt    int    // of an event: how often it was sent before
	RetryReason     string // of an event that was sent before: "http_timeout", "http_error", "connection_failed"
}

// Ack is how the app took it. Over Socket Mode the status is 200 for what was acknowledged.
type Ack = wire.Answer

// Transport brings envelopes to the app. An error means that no answer came in time (ErrTimeout), or at all.
type Transport interface {
	Deliver(ctx context.Context, e Envelope) (Ack, error)
}

// ErrTimeout is that the app did not acknowledge within the three seconds.
var ErrTimeout = errors.New("slackfake: operation_timeout")

// errNowhere is that nobody said how to reach the app.
var errNowhere = errors.New("slackfake: nothing is delivered: call Deliver first")

// Deliver says how what people do reaches the app from now on.
func (f *Fake) Deliver(t Transport) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.transport = t
}

// Delivery is one sending of an envelope, and how it was taken.
type Delivery struct {
	Envelope Envelope
	At       time.Time
	Ack      Ack
	Err      error
	Done     bool // false while no answer came yet
}

// Deliveries are all sendings, in the order they began, of one kind; empty: of every kind.
func (f *Fake) Deliveries(kind Kind) []Delivery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.sent, func(d *Delivery) bool { return kind == "" || d.Envelope.Kind == kind })
}

// Failure is an error that a client showed by itself, because the app did not do its part.
type Failure struct {
	User, What string // "U0ANA", "/release status"
	Name       string // as Slack names it: "operation_timeout", "dispatch_failed"
	At         time.Time
}

// Failures are all that clients showed.
func (f *Fake) Failures() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Failure(nil), f.failures...)
}

// fail shows somebody an error of the client.
func (f *Fake) fail(user, what, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = append(f.failures, Failure{User: user, What: what, Name: name, At: f.o.Now()})
	f.stir()
}

// send brings one envelope to the app, and remembers it.
func (f *Fake) send(ctx context.Context, e Envelope) (Ack, error) {
	f.mu.Lock()
	t := f.transport
	if e.ID == "" {
		e.ID = f.newID("env-")
	}
	d := &Delivery{Envelope: e, At: f.o.Now()}
	f.sent = append(f.sent, d)
	f.mu.Unlock()
	ack, err := Ack{}, errNowhere
	if t != nil {
		ack, err = t.Deliver(ctx, e)
	} else {
		f.t.Error(errNowhere)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	d.Ack, d.Err, d.Done = ack, err, true
	f.stir()
	return ack, err
}
