// Package people is the room of what is known of persons beside the configuration: accounts that were linked to them,
// codes by which they link one themselves, absences with a deputy, and who claimed an installation that names no owner.
// What all this grants is policy's business.
//
// It reads no clock, does no I/O, throws no dice, and knows neither other rooms nor any chat platform beyond how its
// handles look.
package people

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Room names the streams of this room: "people/<person>", and Claims.
const Room = "people"

// Claims is the stream of who claimed the installation. No person's id begins so.
const Claims workflows.Stream = Room + "/_claims"

// State is what was recorded of one person; of Claims, who claimed the installation last.
type State struct {
	Person   workflows.PersonID `json:"person,omitempty"`
	Accounts []workflows.Handle `json:"accounts,omitempty"` // linked to them, the first link first
	Code     OneTime            `json:"code,omitzero"`
	Until    time.Time          `json:"until,omitzero"` // away until then
	Deputy   workflows.PersonID `json:"deputy,omitempty"`
	Owner    Claimant           `json:"owner,omitzero"` // of Claims alone
}

// OneTime is a code that is good for one link: its digest, never itself.
type OneTime struct {
	Sum   string    `json:"sum,omitempty"`
	Until time.Time `json:"until,omitzero"`
}

// Claimant is who claimed the installation, by the account they did it with.
type Claimant struct {
	Person workflows.PersonID `json:"person,omitempty"`
	Handle workflows.Handle   `json:"handle,omitempty"`
}

// Facts is what a decision needs beside the state: what the configuration, the rosters and this room's other streams say
// of those whom the wish names.
type Facts struct {
	Now    time.Time
	Zone   *time.Location
	Actor  workflows.Actor // its person is empty where nobody knows the handle
	Self   Claimant        // who a claim makes the owner
	Person Named           // whom the wish names
	Bearer Bearer          // whose the account is that the wish names, or types by
	Deputy Named
	Owned  bool   // somebody owns the installation
	Sum    string // of the code that would be handed out; empty: none can be made here
	Owner  string // of the code in the host's log; empty: there is none
}

// Named is a person whom somebody named.
type Named struct {
	Known   bool
	Member  bool      // holds a role or belongs to an audience
	Away    time.Time // until when; zero: not
	Nearest []string  // names that were meant, perhaps
	Join    string    // what makes somebody known
}

// Bearer is whose an account is.
type Bearer struct {
	Person     workflows.PersonID // empty: nobody's
	Configured bool               // by the configuration
	Linked     bool               // by a link; neither: it makes a person of its own, called after the account
}

// Wish is what can be wished of this room. Each verb's file holds its wish, decision, events and their folds.
type Wish interface {
	workflows.Intent
	decide(State, Facts) ([]workflows.Event, error)
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(State) State
	tell() []workflows.Effect
}

// StreamOf is the stream of a person.
func StreamOf(id workflows.PersonID) workflows.Stream { return workflows.StreamOf(Room, string(id)) }

// Decide says what follows from a wish, or refuses. It never changes s.
func Decide(s State, w Wish, f Facts) ([]workflows.Event, error) { return w.decide(s, f) }

// Evolve folds one recorded event. It cannot fail, never changes s, and ignores what is not this room's.
func Evolve(s State, e workflows.Recorded) State {
	if ev, ok := e.Event.(event); ok {
		s.Accounts = slices.Clone(s.Accounts)
		return ev.evolve(s)
	}
	return s
}

// Tell says who hears of an event: those whom it concerns, by direct message.
func Tell(_ State, e workflows.Recorded) []workflows.Effect {
	if ev, ok := e.Event.(event); ok {
		return ev.tell()
	}
	return nil
}

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event {
	return []workflows.Event{Linked{}, Unlinked{}, Coded{}, Owned{}, Left{}, Returned{}}
}

// Summary is the state itself. It is found under the room's name, so that one scan gives all that policy needs, under
// each linked account, and under the code that is out.
func Summary(s State) workflows.Summary {
	keys := []string{Room}
	for _, h := range s.Accounts {
		keys = append(keys, KeyAccount(h))
	}
	if s.Code.Sum != "" {
		keys = append(keys, KeyCode(s.Code.Sum))
	}
	return workflows.Summary{Keys: keys, Data: s}
}

// KeyAccount is the key under which the person is found to whom an account is linked. An account may be any text, so
// that its digest stands for it.
func KeyAccount(h workflows.Handle) string { return Room + "/account/" + workflows.Digest(string(h)) }

// KeyCode is the key under which the person is found whose code has this sum.
func KeyCode(sum string) string { return Room + "/code/" + sum }

// dm tells one person something by direct message.
func dm(to workflows.PersonID, what string) []workflows.Effect {
	if to == "" {
		return nil
	}
	return []workflows.Effect{{Kind: workflows.Tell, What: what, To: workflows.To{Person: to}}}
}

// unknown refuses a person whom nobody knows.
func unknown(id workflows.PersonID, n Named) *workflows.Refusal {
	ref := workflows.Refuse(workflows.UnknownPerson, "nobody here is @"+workflows.Display(string(id), 40))
	for _, name := range n.Nearest {
		ref.Type("@" + name)
	}
	return ref.Type(n.Join)
}
