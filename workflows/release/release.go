// Package release is the room of releases: stages, gates, items, votes, the candidate, holds and the way back. A
// decision is a pure function of the release's state, the wish and the facts the desk gathered; items and gates are
// derived from votes at each reading, never stored.
//
// It reads no clock and does no I/O.
package release

import (
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Room names the streams of this room: "release/<product>@<version>".
const Room = "release"

// Release is the folded state of one release.
type Release struct {
	ID       workflows.ReleaseID `json:"id"`
	Number   uint64              `json:"number"` // stands for the release in buttons
	Title    string              `json:"title,omitempty"`
	Why      string              `json:"why,omitempty"`
	Template string              `json:"template"`
	Revision string              `json:"revision"` // of the template
	Risk     policy.Risk         `json:"risk"`
	RiskWhy  string              `json:"risk_why,omitempty"`
	Paths    []string            `json:"paths,omitempty"` // of a feature; none: the whole tree
	Gates    []Gate              `json:"gates"`
	Passed   int                 `json:"passed"`          // how many gates are behind it
	Entered  time.Time           `json:"entered"`         // when it came to the stage where it stands
	Soaking  time.Time           `json:"soaking"`         // since when the soak counts: entered, or the candidate moved later
	Soaked   time.Time           `json:"soaked,omitzero"` // the Soaking whose end is on record
	Manager  workflows.PersonID  `json:"manager"`
	Created  time.Time           `json:"created"`
	Target   time.Time           `json:"target,omitzero"`
	Places   []workflows.Place   `json:"places,omitempty"` // the channels bound to it
	Cutoff   time.Time           `json:"cutoff,omitzero"`  // when the scope is settled; what comes later is late
	Scope    []Entry             `json:"scope,omitempty"`  // what it is meant to bring
	Scoped   int                 `json:"scoped,omitempty"` // the last number that an entry was given
	After    []Dependency        `json:"after,omitempty"`  // the releases that it waits for

	Candidate *Candidate                    `json:"candidate,omitempty"`
	Checks    *Checks                       `json:"checks,omitempty"`     // how those of a commit stood when there was news of them last
	Without   string                        `json:"without,omitempty"`    // while there is no candidate: why
	Votes     []Vote                        `json:"votes,omitempty"`      // standing, in the order they were cast
	Revisions map[string]uint64             `json:"revisions,omitempty"`  // of items, by full name: what a signer would want to know of
	Openings  []Opening                     `json:"openings,omitempty"`   // the gates that let users in, as they were passed
	Shipped   time.Time                     `json:"shipped,omitzero"`     // when GA was opened
	ShippedAs workflows.Seq                 `json:"shipped_as,omitempty"` // the event that opened GA: its place in the order of all
	Care      map[string]Care               `json:"care,omitempty"`       // of items, by full name
	Adders    map[string]workflows.PersonID `json:"adders,omitempty"`     // who added an item to this release, by full name
	Gone      map[string]Item               `json:"gone,omitempty"`       // items asked no more on which votes or a waiver stand, by full name
	Glass     []Glass                       `json:"glass,omitempty"`      // the gates that were passed by breaking the glass
	Owing     []string                      `json:"owing,omitempty"`      // items that passed gates let through without, by full name
	Soak      time.Duration                 `json:"soak,omitempty"`       // of this stage, where a higher risk asked for more before
	Raised    []string                      `json:"raised,omitempty"`     // what raised the risk, by the rule and what matched it
	Calmed    []string                      `json:"calmed,omitempty"`     // what may no longer raise the risk: the manager lowered it knowing that
	Deploys   []Deploying                   `json:"deploys,omitempty"`    // in the order in which they were begun, as far as they are remembered
	Deployed  uint64                        `json:"deployed,omitempty"`   // the last number that one was given
	Held      *Hold                         `json:"held,omitempty"`
	Cancelled bool                          `json:"cancelled,omitempty"`
	Ended     time.Time                     `json:"ended,omitzero"`
	Tally     Tally                         `json:"tally"`
}

// Hold is why a release may not go on.
type Hold struct {
	By     workflows.PersonID `json:"by"`
	Why    string             `json:"why"`
	At     time.Time          `json:"at"`
	Manual bool               `json:"manual"` // typed, not a rollback's
}

// Opening is a gate that let users in, with what must be restored to take it back.
type Opening struct {
	Gate   int                                                 `json:"gate"`
	At     time.Time                                           `json:"at"`
	Commit string                                              `json:"commit,omitempty"`
	Flags  map[workflows.FlagKey]map[workflows.Environment]int `json:"flags,omitempty"` // percent, as they were
}

// Tally counts what the record of a release shows at its end.
type Tally struct {
	Votes  int                  `json:"votes"`
	Stale  int                  `json:"stale"`            // how many went stale at some time
	Late   int                  `json:"late,omitempty"`   // what came after the cut-off
	Waived int                  `json:"waived,omitempty"` // waivers that were in force
	Glass  int                  `json:"glass,omitempty"`  // gates passed by breaking the glass
	Voters []workflows.PersonID `json:"voters,omitempty"`
}

// Exists reports whether there is such a release.
func (r Release) Exists() bool { return r.ID != "" }

// Over reports whether nothing more can happen but a rollback.
func (r Release) Over() bool { return r.Cancelled || (r.Exists() && r.Passed == len(r.Gates)) }

// Overdue reports whether a target has passed. A target without a time of day is met until its day is over.
func Overdue(target, now time.Time) bool { return workflows.Overdue(target, now) }

// Next is the gate before which the release stands; none when it is over.
func (r Release) Next() (Gate, bool) {
	if !r.Exists() || r.Over() {
		return Gate{}, false
	}
	return r.Gates[r.Passed], true
}

// Stage is where the release stands.
func (r Release) Stage() workflows.Stage {
	if r.Passed == 0 {
		return workflows.Before
	}
	last := r.Gates[r.Passed-1]
	switch {
	case last.Opens():
		return last.Stage
	case r.Passed == len(r.Gates):
		return workflows.Closed
	}
	return workflows.Between
}

// Where is how people read where it stands: "before GA", "tech preview", "closed".
func (r Release) Where() string {
	next, open := r.Next()
	switch {
	case r.Cancelled:
		return "cancelled"
	case open && next.Opens():
		return next.Title()
	}
	return r.Stage().Title()
}

// Whereabouts is Where as it stands in a sentence: "before GA", "in tech preview", "in GA", "closed".
func (r Release) Whereabouts() string {
	if s := r.Stage(); !r.Cancelled && (s == workflows.Preview || s == workflows.GA) {
		return "in " + s.Title()
	}
	return r.Where()
}

// Standing is what the flags of the release must know.
func (r Release) Standing() workflows.Standing {
	s := workflows.Standing{Release: r.ID, Number: r.Number, Stage: r.Stage(), Where: r.ID.Name() + " is " + r.Whereabouts()}
	switch {
	case r.Held != nil:
		s.Reach, s.Where = workflows.ReachSmaller, r.ID.Name()+" is on hold"
	case r.Cancelled:
		s.Reach = workflows.ReachSmaller
	case s.Stage == workflows.Before:
		s.Reach = workflows.ReachNobody
	case s.Stage == workflows.Preview, s.Stage == workflows.Between:
		s.Reach = workflows.ReachSome
	default:
		s.Reach = workflows.ReachEveryone
	}
	return s
}

// clone copies what folds change, so that a state once given out never changes.
func (r Release) clone() Release {
	r.Gates = slices.Clone(r.Gates)
	r.Places = slices.Clone(r.Places)
	r.Scope = slices.Clone(r.Scope)
	r.After = slices.Clone(r.After)
	r.Votes = slices.Clone(r.Votes)
	r.Openings = slices.Clone(r.Openings)
	r.Glass = slices.Clone(r.Glass)
	r.Owing = slices.Clone(r.Owing)
	r.Deploys = slices.Clone(r.Deploys)
	r.Raised, r.Calmed = slices.Clone(r.Raised), slices.Clone(r.Calmed)
	r.Care = maps.Clone(r.Care)
	r.Adders = maps.Clone(r.Adders)
	r.Gone = maps.Clone(r.Gone)
	r.Tally.Voters = slices.Clone(r.Tally.Voters)
	revisions := make(map[string]uint64, len(r.Revisions))
	for k, v := range r.Revisions {
		revisions[k] = v
	}
	r.Revisions = revisions
	return r
}
