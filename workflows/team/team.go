// Package team is the room of rosters: who belongs to a group of a chat platform, as the platform said it, and when.
// It says how old a roster is; what an old one still grants is policy's business.
//
// It reads no clock, does no I/O, and knows neither other rooms nor any chat platform.
package team

import (
	"regexp"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Room names the streams of this room: "team/<platform>.<group>".
const Room = "team"

// Roster is the members of one group as a platform said them: as a wish what just arrived, as a state what was last
// recorded.
type Roster struct {
	Platform string    `json:"platform"` // "slack"
	Group    string    `json:"group"`    // the platform's own id of it: "T1/S1"
	Members  []Member  `json:"members,omitempty"`
	AsOf     time.Time `json:"as_of,omitzero"` // when the platform said it
}

// Member is one account in a group.
type Member struct {
	Handle workflows.Handle `json:"handle"`
	Name   string           `json:"name,omitempty"` // for display only: names change and can be anything
}

// Age is how long ago the platform said it; the second result is false when it never did.
func (r Roster) Age(now time.Time) (time.Duration, bool) {
	return max(0, now.Sub(r.AsOf)), !r.AsOf.IsZero()
}

// Fresh reports whether the roster arrived, and is at most maxAge old.
func (r Roster) Fresh(now time.Time, maxAge time.Duration) bool {
	age, arrived := r.Age(now)
	return arrived && age <= maxAge
}

// Facts is what a decision needs beside the state.
type Facts struct {
	Now      time.Time
	Actor    workflows.Actor
	As       workflows.Role
	Basis    workflows.Basis
	Standing workflows.Standing
	Note     string
}

// Wish is what can be wished of a roster.
type Wish interface {
	workflows.Intent
	stream() workflows.Stream
	decide(Roster, Facts) ([]workflows.Event, error)
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(Roster) Roster
}

// StreamOf is the stream that a wish belongs to.
func StreamOf(w Wish) workflows.Stream { return w.stream() }

// Decide says what follows from a wish, or refuses. It never changes r. No event and no refusal: there is nothing new.
func Decide(r Roster, w Wish, f Facts) ([]workflows.Event, error) { return w.decide(r, f) }

// Evolve folds one recorded event. It cannot fail, never changes r, and ignores what is not this room's.
func Evolve(r Roster, e workflows.Recorded) Roster {
	if ev, ok := e.Event.(event); ok {
		return ev.evolve(r)
	}
	return r
}

// Tell says who hears of an event: nobody, a roster shows in what people may do.
func Tell(Roster, workflows.Recorded) []workflows.Effect { return nil }

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event { return []workflows.Event{Arrived{}} }

// Summary is the roster itself, found under the room's name: one scan gives all that policy needs.
func Summary(r Roster) workflows.Summary {
	return workflows.Summary{Keys: []string{Room}, Data: r}
}

var (
	platformShape = regexp.MustCompile(`^[a-z0-9]+$`)
	groupShape    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
)

// streamID is "<platform>.<group>" where that is a fit id, and else a digest in place of the group; its "_" keeps the
// two apart.
func streamID(platform, group string) string {
	if platformShape.MatchString(platform) && groupShape.MatchString(group) {
		return platform + "." + group
	}
	return "_." + workflows.Digest(platform + "\x00" + group)[:32]
}
