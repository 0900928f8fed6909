package discordfake

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// InteractionsPath is where an app takes interactions.
const InteractionsPath = "/discord/interactions"

// Request is one request to the app, as its bytes are.
type Request = wire.Request

// Endpoint brings interactions to an app as signed requests. Its fields may be set before it is used.
type Endpoint struct {
	// Before changes a request that was signed, on its way.
	Before func(*Request)
	*wire.Courier

	f *Fake
}

// HTTP gives the transport to an app that listens at base: "http://127.0.0.1:8080".
func (f *Fake) HTTP(base string) *Endpoint {
	return &Endpoint{f: f, Courier: wire.NewCourier(f.t, base, f.o.Patience, ErrTimeout)}
}

// Sign signs the request anew, at the time of the fake.
func (h *Endpoint) Sign(r *Request) { h.SignAt(r, h.f.o.Now()) }

// SignAt signs the request anew, at a time.
func (h *Endpoint) SignAt(r *Request, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	sig := ed25519.Sign(h.f.key, append([]byte(stamp), r.Body...))
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(sig))
}

// Request is what an interaction is sent as, signed.
func (h *Endpoint) Request(i Interaction) Request {
	r := Request{Path: InteractionsPath, Body: i.Payload, Header: http.Header{
		"User-Agent": {"Discord-Interactions/1.0 (+https://discord.com)"}, "Content-Type": {"application/json"},
	}}
	h.Sign(&r)
	return r
}

// Deliver signs, sends, and waits as long as Discord does.
func (h *Endpoint) Deliver(ctx context.Context, i Interaction) (Answer, error) {
	r := h.Request(i)
	if h.Before != nil {
		h.Before(&r)
	}
	return h.Send(ctx, r)
}

// Verify is what Discord does when somebody saves the address in the portal, and from time to time after: the app must
// answer a PING, and refuse with 401 what is not signed well.
func (h *Endpoint) Verify(ctx context.Context) error {
	h.f.mu.Lock()
	id := h.f.newID()
	h.f.mu.Unlock()
	ping := h.Request(Interaction{Payload: []byte(`{"app_permissions":"562949953601536","application_id":"` + App +
		`","authorizing_integration_owners":{},"entitlements":[],"id":"` + id + `","token":"ping-` + id +
		`","type":1,"user":{"avatar":null,"bot":true,"discriminator":"0000","global_name":"Discord","id":"643945264868098049",` +
		`"public_flags":0,"system":true,"username":"discord"},"version":1}`)})
	a, err := h.Send(ctx, ping)
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return fmt.Errorf("discordfake: the specified interactions endpoint url could not be verified: %w", err)
	case a.Status != http.StatusOK || kind != "application/json" || !pong(a.Body):
		return fmt.Errorf("discordfake: the specified interactions endpoint url could not be verified: a PING is answered with %d, %q, %.200q",
			a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	var errs []error
	for name, bad := range h.Bad(ping) {
		switch a, err := h.Send(ctx, bad); {
		case err != nil:
			errs = append(errs, fmt.Errorf("discordfake: a signature that is bad (%s): %w", name, err))
		case a.Status != http.StatusUnauthorized:
			errs = append(errs, fmt.Errorf("discordfake: a signature that is bad (%s) is answered with %d, not with 401", name, a.Status))
		}
	}
	return errors.Join(errs...)
}

// Bad are requests like a good one whose signatures are not good, by what is bad about them.
func (h *Endpoint) Bad(good Request) map[string]Request {
	all := map[string]Request{}
	bad := func(name string, spoil func(*Request)) {
		r := good.Clone()
		spoil(&r)
		all[name] = r
	}
	set := func(header, value string) func(*Request) {
		return func(r *Request) { r.Header.Set(header, value) }
	}
	sig := good.Header.Get("X-Signature-Ed25519")
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	stamp := good.Header.Get("X-Signature-Timestamp")
	bad("no signature", func(r *Request) { r.Header.Del("X-Signature-Ed25519") })
	bad("no timestamp", func(r *Request) { r.Header.Del("X-Signature-Timestamp") })
	bad("no header", func(r *Request) { r.Header.Del("X-Signature-Ed25519"); r.Header.Del("X-Signature-Timestamp") })
	bad("another key", set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(other, append([]byte(stamp), good.Body...)))))
	bad("another bit", set("X-Signature-Ed25519", flip(sig)))
	bad("zeros", set("X-Signature-Ed25519", fmt.Sprintf("%0128d", 0)))
	bad("too short", set("X-Signature-Ed25519", sig[:126]))
	bad("too long", set("X-Signature-Ed25519", sig+"00"))
	bad("no hex", set("X-Signature-Ed25519", "z"+sig[1:]))
	bad("empty", set("X-Signature-Ed25519", ""))
	bad("another time", set("X-Signature-Timestamp", stamp+"0"))
	bad("a body that was changed", func(r *Request) { r.Body = append(r.Body, ' ') })
	bad("a body that is gone", func(r *Request) { r.Body = nil })
	return all
}

// flip changes one bit of something in hex.
func flip(text string) string {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) == 0 {
		return "00"
	}
	raw[len(raw)/2] ^= 1
	return hex.EncodeToString(raw)
}
