package github

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

const (
	signatureHeader = "X-Hub-Signature-256"
	signatureScheme = "sha256="
)

// signature is what a request says that its body is signed with. Only SHA-256 is heard of: a request that has the older
// SHA-1 alone is not signed.
func signature(header http.Header) ([]byte, bool) {
	given, one := listen.Only(header, signatureHeader)
	digits, scheme := strings.CutPrefix(given, signatureScheme)
	mac, err := hex.DecodeString(digits)
	// The digits are compared as GitHub writes them, so that no other spelling of the same bytes passes.
	ok := one && scheme && err == nil && len(mac) == sha256.Size && hex.EncodeToString(mac) == digits
	return mac, ok
}

// authentic reports whether the raw body was signed with one of the secrets. go-github's check takes an empty secret for
// leave to take anything, and SHA-1 besides.
func authentic(secrets []chat.Secret, mac, body []byte) bool {
	ok := false
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		want := hmac.New(sha256.New, []byte(secret.Reveal()))
		_, _ = want.Write(body) // never fails
		if hmac.Equal(want.Sum(nil), mac) {
			ok = true
		}
	}
	return ok
}
