package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
)

// The headers of a signed request.
const (
	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// authentic reports whether Slack signed the body with one of the secrets, within the window by the bot's own clock:
// docs.slack.dev/authentication/verifying-requests-from-slack. slack-go's verifier asks the machine's clock, and does
// not tell a wrong time from a wrong signature; here a right signature at a wrong time is remembered as skew.
func (s *Slack) authentic(header http.Header, body []byte) bool {
	given, one := listen.Only(header, signatureHeader)
	timestamp, two := listen.Only(header, timestampHeader)
	if !one || !two {
		return false
	}
	seconds, ok := listen.UnixSeconds(timestamp)
	if !ok {
		return false
	}
	good := false
	for _, secret := range s.secrets.Load().Signing {
		// The digits are compared as Slack writes them, so that no other spelling of the same number passes.
		good = hmac.Equal([]byte(signature(secret.Reveal(), timestamp, body)), []byte(given)) && secret != "" || good
	}
	if !good {
		return false
	}
	return s.replies.clocks.Noted(s.Now().Sub(time.Unix(seconds, 0)))
}

// signature is what Slack writes in the signature header.
func signature(secret, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = h.Write([]byte("v0:" + timestamp + ":")) // a hash takes everything
	_, _ = h.Write(body)
	return "v0=" + hex.EncodeToString(h.Sum(nil))
}

// SignedSkew is how far the bot's clock is ahead of Slack's (behind it where negative), by the worst of the requests that
// were refused for that alone. It is false again once a request comes in time: the clocks agree.
func (s *Slack) SignedSkew() (time.Duration, bool) {
	return s.replies.clocks.Worst()
}
