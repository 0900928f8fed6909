package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// The endpoints of an app.
const (
	CommandsPath     = "/slack/commands"
	InteractionsPath = "/slack/interactions"
	EventsPath       = "/slack/events"
)

// Request is one request to the app, as its bytes are.
type Request = wire.Request

// HTTP brings envelopes to an app as signed requests. Its fields may be set before it is used.
type HTTP struct {
	// Before changes a request that was signed, on its way.
	Before func(*Request)
	*wire.Courier

	f *Fake
}

// HTTP gives the transport to an app that listens at base: "http://127.0.0.1:8080".
func (f *Fake) HTTP(base string) *HTTP {
	return &HTTP{f: f, Courier: wire.NewCourier(f.t, base, f.o.Patience, ErrTimeout)}
}

// Sign gives the signature of a body at a time, with the header's value for that time.
func Sign(secret string, body []byte, at time.Time) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", timestamp, body)
	return timestamp, "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Sign signs the request anew, at the time of the fake.
func (h *HTTP) Sign(r *Request) {
	timestamp, signature := Sign(signing, r.Body, h.f.o.Now())
	r.Header.Set("X-Slack-Request-Timestamp", timestamp)
	r.Header.Set("X-Slack-Signature", signature)
}

// Request is what an envelope is sent as, signed.
func (h *HTTP) Request(e Envelope) (Request, error) {
	r := Request{Header: http.Header{"User-Agent": {"Slackbot 1.0 (+https://api.slack.com/robots)"}, "Accept": {"*/*"}}}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	switch e.Kind {
	case SlashCommands:
		var fields map[string]string
		if err := json.Unmarshal(e.Payload, &fields); err != nil {
			return r, fmt.Errorf("slackfake: fields of a command: %w", err)
		}
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, v)
		}
		r.Path, r.Body = CommandsPath, []byte(form.Encode())
	case Interactive:
		r.Path, r.Body = InteractionsPath, []byte(url.Values{"payload": {string(e.Payload)}}.Encode())
	case EventsAPI:
		r.Path, r.Body = EventsPath, e.Payload
		r.Header.Set("Content-Type", "application/json")
		if e.RetryAttempt > 0 {
			r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(e.RetryAttempt))
			r.Header.Set("X-Slack-Retry-Reason", e.RetryReason)
		}
	}
	h.Sign(&r)
	return r, nil
}

// Deliver signs, sends, and waits as long as Slack does.
func (h *HTTP) Deliver(ctx context.Context, e Envelope) (Ack, error) {
	r, err := h.Request(e)
	if err != nil {
		return Ack{}, err
	}
	if h.Before != nil {
		h.Before(&r)
	}
	return h.Send(ctx, r)
}

// Verify is what Slack does when the address for events is set: the app must echo a challenge.
func (h *HTTP) Verify(ctx context.Context) error {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	ack, err := h.Deliver(ctx, Envelope{Kind: EventsAPI, Payload: mustJSON(reply{
		"type": "url_verification", "token": verification, "challenge": challenge,
	})})
	if err != nil {
		return err
	}
	var said struct{ Challenge string }
	if json.Unmarshal(ack.Body, &said) != nil {
		said.Challenge = string(bytes.TrimSpace(ack.Body))
	}
	if ack.Status != http.StatusOK || said.Challenge != challenge {
		return fmt.Errorf("slackfake: your URL didn't respond with the value of the challenge parameter: %d %q", ack.Status, ack.Body)
	}
	return nil
}
