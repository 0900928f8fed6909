package slackfake

import (
	"context"
	"encoding/json"
	"time"
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
	RetryReason     string // of an event: "timeout"; empty at first
}

// Ack is how the app took it. Over Socket Mode the status is 200 for what was acknowledged.
type Ack struct {
	Status  int
	Body    []byte
	Elapsed time.Duration
}

// Transport brings envelopes to the app. An error means that no answer came in time, or at all.
type Transport interface {
	Deliver(ctx context.Context, e Envelope) (Ack, error)
}

// Deliver says how what people do reaches the app from now on.
func (f *Fake) Deliver(t Transport) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.transport = t
}
