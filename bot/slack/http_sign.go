package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// The headers of a signed request.
const (
	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// window is how old, or how far ahead, a signed request may be.
const window = 5 * time.Minute

// authentic reports whether Slack signed the body with one of the secrets, within the window by the bot's own clock:
// docs.slack.dev/authentication/verifying-requests-from-slack. slack-go's verifier asks the machine's clock, and does
// not tell a wrong time from a wrong signature; here a right signature at a wrong time is remembered as skew.
func (s *Slack) authentic(header http.Header, body []byte) bool {
	given, one := only(header, signatureHeader)
	timestamp, two := only(header, timestampHeader)
	if !one || !two {
		return false
	}
	seconds, ok := unixSeconds(timestamp)
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
	return s.replies.clocks.noted(s.Now().Sub(time.Unix(seconds, 0)))
}

// signature is what Slack writes in the signature header.
func signature(secret, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = h.Write([]byte("v0:" + timestamp + ":")) // a hash takes everything
	_, _ = h.Write(body)
	return "v0=" + hex.EncodeToString(h.Sum(nil))
}

// only gives a header that was sent exactly once: of two, different readers would take different ones.
func only(h http.Header, name string) (string, bool) {
	v := h.Values(name)
	return first(v), len(v) == 1 && v[0] != ""
}

func first(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

// unixSeconds reads a time as Slack writes it: digits alone.
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

// clocks remembers how far Slack's clock and the bot's are apart, while that keeps requests out.
type clocks struct {
	mu    sync.Mutex
	worst time.Duration // of our clock, ahead of Slack's
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

// SignedSkew is how far the bot's clock is ahead of Slack's (behind it where negative), by the worst of the requests that
// were refused for that alone. It is false again once a request comes in time: the clocks agree.
func (s *Slack) SignedSkew() (time.Duration, bool) {
	s.replies.clocks.mu.Lock()
	defer s.replies.clocks.mu.Unlock()
	return s.replies.clocks.worst, s.replies.clocks.off
}
