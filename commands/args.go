package commands

import (
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Args is what one line says, checked against the declaration of its command.
//
// Line is how it would be typed, without /release: parsed again, and not as a press, it gives the same Args but for
// the basis, at any later time because its dates are absolute. A form's long text may make it longer than a line may be.
type Args struct {
	On     workflows.Selectors // as typed: the release selector, and the flag where a positional parameter is one
	Note   string              // what followed the dashes
	Dry    bool                // --dry-run
	As     workflows.Role      // --as
	Public bool                // --public
	Basis  workflows.Basis     // of a press
	Line   string              // the canonical line, see below
	values map[string]value
}

// value is one parameter in the form its kind gives it.
type value struct {
	text  string // canonical
	items []string
	date  moment
	dated bool
}

// Has reports whether a parameter was given.
func (a Args) Has(name string) bool {
	_, ok := a.values[name]
	return ok
}

// Text is a parameter's canonical text: a choice as declared, a person with the @, a date in full, a switch "true".
// It is empty for one that was not given.
func (a Args) Text(name string) string { return a.values[name].text }

// Person is who a parameter names; empty for one that was not given.
func (a Args) Person(name string) workflows.PersonID {
	return workflows.PersonID(strings.TrimPrefix(a.Text(name), "@"))
}

// Items is a parameter's list.
func (a Args) Items(name string) []string { return slices.Clone(a.values[name].items) }

// Date is a parameter's date in the asker's zone; a whole day is its first instant. It reports false for one that was
// not given or says a word instead, such as never.
func (a Args) Date(name string) (time.Time, bool) {
	v := a.values[name]
	return v.date.at, v.dated
}
