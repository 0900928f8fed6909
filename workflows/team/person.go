package team

import (
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// plainHandle is what handles of accounts with ids look like. Only capitals and digits: lower-casing cannot make two
// of them one.
var plainHandle = regexp.MustCompile(`^[a-z0-9]+(?:/[A-Z0-9]+)+$`)

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

const (
	maxID  = 32
	suffix = 12 // characters of a digest, 60 bits
)

// PersonID is the canonical id of a member of a group who has no line in the configuration: "slack/T1/U1" is
// "slack.t1.u1". A handle that is too long or not of that shape ends in a digest instead, after a dash, which no other
// has. The same handle always gives the same id.
func PersonID(h workflows.Handle) workflows.PersonID {
	id := strings.ToLower(strings.ReplaceAll(string(h), "/", "."))
	if plainHandle.MatchString(string(h)) && len(id) <= maxID {
		return workflows.PersonID(id)
	}
	sum := sha256.Sum256([]byte(h))
	digest := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:suffix]
	id = unfit.ReplaceAllString(id, ".")
	id = strings.Trim(id[:min(len(id), maxID-suffix-1)], ".")
	if id == "" {
		id = "account"
	}
	return workflows.PersonID(id + "-" + digest)
}
