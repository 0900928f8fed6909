// Package flag owns the feature flags: their definitions per environment, how far each may be opened, their life, and
// their evaluation.
//
// A flag belongs to a release and obeys its gates, but all it knows of that release is its Standing, a fact handed in.
// The package reads no clock, does no I/O, and knows neither other rooms nor storage nor any chat platform.
package flag

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Room is the room's part of a stream: "flag/invoices".
const Room = "flag"

// UnknownFlag and UnknownEnvironment are the room's own reasons.
const (
	UnknownFlag        workflows.Reason = "unknown_flag"
	UnknownEnvironment workflows.Reason = "unknown_environment"
)

// Life is how long a new flag lives when nobody says otherwise. A flag past its expiry is a leak to be cleaned up; it
// goes on evaluating as before, because switching users on a date nobody watches would be worse.
const Life = 90 * 24 * time.Hour

// Flag is the folded state of one stream.
type Flag struct {
	Key      workflows.FlagKey             `json:"key"`
	Release  workflows.ReleaseID           `json:"release"`
	Owner    workflows.PersonID            `json:"owner,omitempty"` // who asked for it
	Why      string                        `json:"why,omitempty"`
	Created  time.Time                     `json:"created,omitzero"`
	Expires  time.Time                     `json:"expires,omitzero"`   // zero: never
	Percents map[workflows.Environment]int `json:"percents,omitempty"` // 1 to 100; an environment that is absent is off
	Users    workflows.Environment         `json:"users,omitempty"`    // the environment users are in, as of the last event
	Killed   *Stop                         `json:"killed,omitempty"`   // set from a kill until the next set
	Revision workflows.Revision            `json:"revision"`
}

// Stop says who killed a flag, when and why.
type Stop struct {
	By   workflows.Actor `json:"by"`
	At   time.Time       `json:"at"`
	Note string          `json:"note"`
}

// Exists reports whether the flag was created; the zero Flag is what the desk holds before that.
func (f Flag) Exists() bool { return f.Key != "" }

// Expired reports whether the flag has outlived its date.
func (f Flag) Expired(now time.Time) bool { return !f.Expires.IsZero() && !now.Before(f.Expires) }

// Stands says how far the flag is open, in one line: "production 50 %, staging 100 %", "off", "off (killed)".
func (f Flag) Stands() string {
	if f.Killed != nil {
		return "off (killed)"
	}
	var parts []string
	for _, env := range f.opened() {
		parts = append(parts, fmt.Sprintf("%s %d %%", env, f.Percents[env]))
	}
	return cmp.Or(strings.Join(parts, ", "), "off")
}

// opened lists the environments where the flag is not off: the users' own first, then by name.
func (f Flag) opened() []workflows.Environment {
	return slices.SortedFunc(maps.Keys(f.Percents), func(a, b workflows.Environment) int {
		if (a == f.Users) != (b == f.Users) {
			if a == f.Users {
				return -1
			}
			return 1
		}
		return cmp.Compare(a, b)
	})
}

// with is f with one percentage changed; the map is a new one, and holds no zeros so that equal flags are equal.
func (f Flag) with(env workflows.Environment, percent int) Flag {
	percents := maps.Clone(f.Percents)
	if percents == nil {
		percents = map[workflows.Environment]int{}
	}
	percents[env] = percent
	if percent == 0 {
		delete(percents, env)
	}
	if len(percents) == 0 {
		percents = nil
	}
	f.Percents = percents
	return f
}

// Summary is the row that lists and selectors read. It is the flag itself: one scan of the key "flag" is all that
// Compile needs.
func Summary(f Flag) workflows.Summary {
	return workflows.Summary{Keys: []string{Room, KeyOf(f.Release)}, Data: f}
}

// KeyOf is the index key under which the flags of a release are found.
func KeyOf(id workflows.ReleaseID) string { return Room + "/of/" + string(id) }
