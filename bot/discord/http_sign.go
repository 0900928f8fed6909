package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
)

// The headers of a signed request.
const (
	signatureHeader = "X-Signature-Ed25519"
	timestampHeader = "X-Signature-Timestamp"
)

// door is what came by HTTP.
type door struct {
	refused, pinged atomic.Int64
	clocks          listen.Clocks
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
// check reads bodies of any length and takes any time; Discord names no limit, and this one is ours. A right signature at a wrong time is remembered as skew.
func (d *Discord) authentic(key ed25519.PublicKey, header http.Header, body []byte) bool {
	given, one := listen.Only(header, signatureHeader)
	timestamp, two := listen.Only(header, timestampHeader)
	if !one || !two {
		return false
	}
	seconds, ok := listen.UnixSeconds(timestamp)
	signature, err := hex.DecodeString(given)
	// The digits are compared as Discord writes them, so that no other spelling of the same bytes passes.
	if !ok || err != nil || len(signature) != ed25519.SignatureSize || hex.EncodeToString(signature) != given {
		return false
	}
	if !ed25519.Verify(key, slices.Concat([]byte(timestamp), body), signature) {
		return false
	}
	return d.door.clocks.Noted(d.Now().Sub(time.Unix(seconds, 0)))
}

// SignedSkew is how far the bot's clock is ahead of Discord's (behind it where negative), by the worst of the requests
// that were refused for that alone. It is false again once a request comes in time: the clocks agree.
func (d *Discord) SignedSkew() (time.Duration, bool) {
	return d.door.clocks.Worst()
}
