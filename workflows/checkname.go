package workflows

import (
	"encoding/json"
	"fmt"
	"strings"
)

// CheckName is a check that is meant: by its name alone, whoever made it, or by its name and its maker. Anybody who may push
// can report under any name; nobody can report as another.
type CheckName struct {
	Name string
	By   string // a program's name, as "github-actions"; an account's login behind an @, as "@ci-bot"; empty: whoever
}

// Is reports whether a check is one of those that are meant. Makers are told apart whatever the case of their letters.
func (n CheckName) Is(c Check) bool {
	return n.Name == c.Name && (n.By == "" || strings.EqualFold(n.By, c.By))
}

// String is how people read it: "build (github-actions)".
func (n CheckName) String() string {
	if n.By == "" {
		return n.Name
	}
	return n.Name + " (" + n.By + ")"
}

// checkOf is a CheckName with a maker, as it is written.
type checkOf struct {
	Name string `json:"name"`
	By   string `json:"by"`
}

// MarshalJSON writes a name alone as a text.
func (n CheckName) MarshalJSON() ([]byte, error) {
	if n.By == "" {
		return json.Marshal(n.Name)
	}
	return json.Marshal(checkOf(n))
}

// UnmarshalJSON reads either.
func (n *CheckName) UnmarshalJSON(data []byte) error {
	var of checkOf
	err := json.Unmarshal(data, &of.Name)
	if err != nil {
		err = json.Unmarshal(data, &of)
	}
	if err != nil {
		return fmt.Errorf("read which check is meant: %w", err)
	}
	*n = CheckName(of)
	return nil
}

// Required is which checks a forge itself asks for before anything gets onto a branch.
type Required struct {
	Checks []CheckName // none: it names none
	More   bool        // it asks for more than it names: whatever else is found must be well, too
	Unseen string      // why it cannot be told, in words; then nothing may be believed to be enough
}
