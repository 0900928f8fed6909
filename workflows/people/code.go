package people

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// CodeLife is how long a code is good.
const CodeLife = 15 * time.Minute

// groups times five characters of five bits each: 100 bits.
const (
	groups = 4
	each   = 5
)

// CodeOf writes the beginning of secret bytes, of which there are 16 at least, as a code that can be read out and typed:
// "k7f3q-…", without digits that look like letters.
func CodeOf(secret []byte) string {
	text := strings.ToLower(base32.StdEncoding.EncodeToString(secret))
	var parts []string
	for i := range groups {
		parts = append(parts, text[i*each:(i+1)*each])
	}
	return strings.Join(parts, "-")
}

// Sum is what is kept of a code. Case, dashes and blanks do not count: phones change them.
func Sum(code string) string {
	sum := sha256.Sum256([]byte(typed.Replace(strings.ToLower(code))))
	return hex.EncodeToString(sum[:])
}

var typed = strings.NewReplacer("-", "", " ", "")

// same compares sums in a time that does not tell how far they agree. The sum of nothing is no code's.
func same(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// Code asks for a one-time code: typed with another account, it makes that account the asker's.
type Code struct{}

// Needs says who may.
func (Code) Needs() workflows.Need { return workflows.Member }

// Coded happened: a code is out. An earlier one is good no more.
type Coded struct {
	Person workflows.PersonID `json:"person"`
	Sum    string             `json:"sum"`
	Until  time.Time          `json:"until"`
}

// Kind names the event.
func (Coded) Kind() string { return "people.coded" }

func (Code) decide(_ State, f Facts) ([]workflows.Event, error) {
	if f.Sum == "" {
		return nil, workflows.Refuse(workflows.Unavailable, "no codes can be made here").By("an owner").Type("/release admin link @who PLATFORM ACCOUNT")
	}
	return []workflows.Event{Coded{Person: f.Actor.Person, Sum: f.Sum, Until: f.Now.Add(CodeLife)}}, nil
}

func (e Coded) evolve(s State) State {
	s.Person, s.Code = e.Person, OneTime{Sum: e.Sum, Until: e.Until}
	return s
}

func (Coded) tell() []workflows.Effect { return nil }
