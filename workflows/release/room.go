package release

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Facts is what a decision needs beside the release's own state. The desk gathers them.
type Facts struct {
	Now       time.Time
	Zone      *time.Location // of the asker
	Actor     workflows.Actor
	As        workflows.Role // --as
	Basis     workflows.Basis
	At        workflows.Place // where it was asked
	Selector  string          // how a typed line from there names this release: "" or "app@1.0.0"
	Book      *policy.Book
	Templates map[string]Template
	Raise     []Raise                                             // what raises the risk
	Default   string                                              // the template `new` takes
	Found     workflows.Found                                     // of the wish's Query
	Base      string                                              // commit of the product's last candidate in GA; empty: none
	Number    uint64                                              // for a new release
	Bound     workflows.ReleaseID                                 // the open release this place is bound to
	Twin      workflows.ReleaseID                                 // an open release that reads alike
	Sources   map[Source]bool                                     // which sources of derived items are configured
	Bind      workflows.Place                                     // the channel that a new release binds; empty: none is free
	Flags     map[workflows.FlagKey]map[workflows.Environment]int // of this release, as they are: percent
	Users     workflows.Environment                               // where users are
	Checks    []workflows.CheckName                               // the product's that must be well; nil: those its repository requires, else all there are
	Named     map[string]Other                                    // the other releases that the wish names, as typed
	Envs      []workflows.Environment                             // the product's, in order; users are in the last
	Forge     Forge                                               // how the bot deploys
	Sites     map[workflows.Environment]Site                      // what the record says of the environments that the bot deploys to
	Lead      workflows.PersonID                                  // who manages a release that nobody opened by hand
	Silent    workflows.Silence                                   // nobody could look at the forge lately: for showing alone
}

// Wish is what can be wished of a release. Each verb's file holds its wish, decision, events and their folds.
type Wish interface {
	workflows.Intent
	decide(Release, Facts) ([]workflows.Event, error)
}

// opening is what can be wished of a release that is not there yet.
type opening interface{ opens() }

// quiet is implemented by events that may only be seen on the card.
type quiet interface{ quiet() bool }

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(Release, workflows.Header) Release
	tell(Release, workflows.Header) []workflows.Effect
}

// Decide says what follows from a wish, or refuses. It never changes r.
func Decide(r Release, w Wish, f Facts) ([]workflows.Event, error) {
	if _, opens := w.(opening); !opens && !r.Exists() {
		return nil, workflows.Refuse(workflows.UnknownRelease, "there is no such release").Type("/release list")
	}
	return w.decide(r, f)
}

// Evolve folds one recorded event. It cannot fail and leaves r as it was.
func Evolve(r Release, e workflows.Recorded) Release {
	if ev, ok := e.Event.(event); ok {
		return ev.evolve(r.clone(), e.Header)
	}
	return r
}

// Tell says who is told of one recorded event; r is the state after it.
func Tell(r Release, e workflows.Recorded) []workflows.Effect {
	ev, ok := e.Event.(event)
	if !ok {
		return nil
	}
	card := workflows.Effect{Kind: workflows.Tell, What: "card", Slot: "card", To: workflows.To{Release: r.ID}}
	if q, ok := ev.(quiet); ok && q.quiet() {
		return append([]workflows.Effect{card}, ev.tell(r, e.Header)...)
	}
	history := workflows.Effect{Kind: workflows.Tell, What: "history", In: "card", To: workflows.To{Release: r.ID}}
	return append([]workflows.Effect{card, history}, ev.tell(r, e.Header)...)
}

// Events gives a zero value of every event of this room: what stored records are decoded into.
func Events() []workflows.Event {
	return []workflows.Event{Opened{}, Changed{}, Bound{}, Cancelled{}, Signed{}, Withdrawn{}, CandidateSet{},
		Passed{}, Held{}, Resumed{}, RolledBack{}, Lapsed{}, Soaked{}, Asked{}, Assigned{}, Planned{}, Waived{}, WaiverEnded{},
		ItemAdded{}, ItemDropped{}, ItemMoved{}, GlassBroken{}, RiskSet{}, Adopted{}, ScopeAdded{}, ScopeDropped{}, HeardOf{},
		DeployBegun{}, Deployed{}, Checked{}, Watched{}, BranchLost{}}
}

// post is an effect that is posted anew in the release's channels.
func post(r Release, what string) workflows.Effect {
	return workflows.Effect{Kind: workflows.Tell, What: what, To: workflows.To{Release: r.ID}}
}

// line writes a line to type, naming the release only where it must be.
func (f Facts) line(verb string, words ...string) string {
	return workflows.Line(f.Selector, verb, words...)
}

// day writes a date as the asker reads it.
func (f Facts) day(t time.Time) string { return t.In(f.Zone).Format("2006-01-02 15:04") }

func over(r Release) *workflows.Refusal {
	how := "closed"
	if r.Cancelled {
		how = "cancelled"
	}
	return workflows.Refuse(workflows.Over, fmt.Sprintf("%s is %s since %s", r.ID.Name(), how, r.Ended.Format(time.DateOnly))).
		Type("/release list", "/release new "+string(r.ID.Product())+"@…")
}
