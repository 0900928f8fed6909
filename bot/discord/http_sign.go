package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// The headers of a signed request.
const (
	signatureHeader = "X-Signature-Ed25519"
	timestampHeader = "X-Signature-Timestamp"
)

// window is how old, or how far ahead, a signed request may be. Discord names no limit; this one is ours, so that what
// somebody recorded is worth nothing later.
const window = 5 * time.Minute

// door is what came by HTTP.
type door struct {
	refused, pinged atomic.Int64
	clocks          clocks
}

// verifyKey is what requests are verified with: what Discord says of the application; before it did, what the
// configuration says. It waits a moment for the first, where there is nothing else.
func (d *Discord) verifyKey(ctx context.Context) (ed25519.PublicKey, bool) {
	if me := d.me.Load(); me != nil {
		return me.key, len(me.key) == ed25519.PublicKeySize
	}
	if key, err := publicKey(d.secrets.Load().PublicKey); err == nil {
		return key, true
	}
	if !d.begun(ctx) {
		return nil, false
	}
	key := d.me.Load().key
	return key, len(key) == ed25519.PublicKeySize
}

// authentic reports whether a request was signed with the key, within the window by the bot's own clock. discordgo's
// check reads bodies of any length and takes any time. A right signature at a wrong time is remembered as skew.
func (d *Discord) authentic(key ed25519.PublicKey, header http.Header, body []byte) bool {
	given, one := only(header, signatureHeader)
	timestamp, two := only(header, timestampHeader)
	if !one || !two {
		return false
	}
	seconds, ok := unixSeconds(timestamp)
	signature, err := hex.DecodeString(given)
	// The digits are compared as Discord writes them, so that no other spelling of the same bytes passes.
	if !ok || err != nil || len(signature) != ed25519.SignatureSize || hex.EncodeToString(signature) != given {
		return false
	}
	if !ed25519.Verify(key, slices.Concat([]byte(timestamp), body), signature) {
		return false
	}
	return d.door.clocks.noted(d.Now().Sub(time.Unix(seconds, 0)))
}

// only gives a header that was sent exactly once: of two, different readers would take different ones.
func only(h http.Header, name string) (string, bool) {
	v := h.Values(name)
	if len(v) != 1 || v[0] == "" {
		return "", false
	}
	return v[0], true
}

// unixSeconds reads a time as Discord writes it: digits alone.
func unixSeconds(s string) (int64, bool) {
	if s == "" || len(s) > 11 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// clocks remembers how far Discord's clock and the bot's are apart, while that keeps requests out.
type clocks struct {
	mu    sync.Mutex
	worst time.Duration // of our clock, ahead of Discord's
	off   bool
}

// noted takes the time of a rightly signed request into account, and reports whether it is within the window.
func (k *clocks) noted(ahead time.Duration) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if ahead.Abs() <= window {
		k.worst, k.off = 0, false // the clocks agree (again)
		return true
	}
	if !k.off || ahead.Abs() > k.worst.Abs() {
		k.worst = ahead
	}
	k.off = true
	return false
}

// SignedSkew is how far the bot's clock is ahead of Discord's (behind it where negative), by the worst of the requests
// that were refused for that alone. It is false again once a request comes in time: the clocks agree.
func (d *Discord) SignedSkew() (time.Duration, bool) {
	d.door.clocks.mu.Lock()
	defer d.door.clocks.mu.Unlock()
	return d.door.clocks.worst, d.door.clocks.off
}
