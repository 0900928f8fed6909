package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// The endpoints of an app.
const (
	CommandsPath     = "/slack/commands"
	InteractionsPath = "/slack/interactions"
	EventsPath       = "/slack/events"
)

// HTTP brings envelopes to an app as signed requests. Its fields may be set before it is used.
type HTTP struct {
	// Before changes a request that was signed, on its way.
	Before func(*Request)
	// Quiet is whether requests are not remembered, where there are very many.
	Quiet bool
	// Client sends; it does not follow redirects by itself.
	Client *http.Client

	f    *Fake
	base string
	mu   sync.Mutex
	sent []Request
}

// Request is one request to the app, as its bytes are.
type Request struct {
	Path   string
	Header http.Header
	Body   []byte
}

// HTTP gives the transport to an app that listens at base: "http://127.0.0.1:8080".
func (f *Fake) HTTP(base string) *HTTP {
	pool := &http.Transport{MaxIdleConnsPerHost: 64}
	f.t.Cleanup(pool.CloseIdleConnections)
	return &HTTP{f: f, base: base, Client: &http.Client{
		Transport:     pool,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
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

// Send sends exactly these bytes: to forge, or to replay.
func (h *HTTP) Send(ctx context.Context, r Request) (Ack, error) {
	if !h.Quiet {
		h.mu.Lock()
		h.sent = append(h.sent, Request{Path: r.Path, Header: r.Header.Clone(), Body: bytes.Clone(r.Body)})
		h.mu.Unlock()
	}
	ctx, cancel := context.WithTimeout(ctx, h.f.o.Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.base+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return Ack{}, err
	}
	req.Header = r.Header.Clone()
	start := time.Now()
	resp, err := h.Client.Do(req)
	if err != nil {
		return Ack{Elapsed: time.Since(start)}, late(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return Ack{Status: resp.StatusCode, Header: resp.Header, Body: text, Elapsed: time.Since(start)}, late(ctx, err)
}

func late(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrTimeout
	}
	return err
}

// Same sends the same bytes n times at once.
func (h *HTTP) Same(ctx context.Context, r Request, n int) []Ack {
	acks := make([]Ack, n)
	var all sync.WaitGroup
	for i := range acks {
		all.Go(func() { acks[i], _ = h.Send(ctx, r) })
	}
	all.Wait()
	return acks
}

// Sent are all requests so far, as they were sent.
func (h *HTTP) Sent() []Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Request(nil), h.sent...)
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
