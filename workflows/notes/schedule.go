package notes

import (
	"errors"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// ToldMissed is what is told to whoever wanted notes published at a time that came in vain.
const ToldMissed = "notes-missed"

// WakePublish is the wake-up at which notes are published.
const WakePublish = "publish"

// Plan is a text that is to be published later: this one, for this candidate, and no other.
type Plan struct {
	At     time.Time          `json:"at"`
	Only   Target             `json:"only,omitempty"`
	Digest string             `json:"digest"`
	Commit string             `json:"commit"`
	By     workflows.PersonID `json:"by"`
}

// Scheduled says that the notes are to be published later.
type Scheduled struct {
	Plan
	To          []Channel `json:"to"` // where it would go if it were now
	Outlets     []Outlet  `json:"outlets,omitempty"`
	Unversioned bool      `json:"unversioned,omitempty"`
}

// Unscheduled says that they are not to be any more.
type Unscheduled struct {
	Was  time.Time `json:"was"`
	Done bool      `json:"done,omitempty"` // all of it was published before its time
}

// Missed says that the time came, and they could not be published.
type Missed struct {
	Was  time.Time          `json:"was"`
	By   workflows.PersonID `json:"by"` // who hears of it
	Why  string             `json:"why"`
	Next []string           `json:"next,omitempty"` // lines to type
}

// PublishDue says that the time may have come.
type PublishDue struct{}

// Needs says that only the clock may.
func (PublishDue) Needs() workflows.Need { return workflows.Machine }

// Kind names the event.
func (Scheduled) Kind() string { return "notes.scheduled" }

// Kind names the event.
func (Unscheduled) Kind() string { return "notes.unscheduled" }

// Kind names the event.
func (Missed) Kind() string { return "notes.missed" }

// scheduled decides to publish later. Whether users can have what the notes tell of is asked when the time has come.
func (n Notes) scheduled(w Publish, f Facts) ([]workflows.Event, error) {
	if !w.At.After(f.Now) {
		return nil, workflows.Refuse(workflows.Invalid, "that time is over").In("at").By(f.Actor.At()).Type(f.line("notes publish", `--at "2026-12-01 17:00"`))
	}
	going, err := n.going(f, w.Only)
	if err != nil {
		return nil, err
	}
	plan := Plan{At: w.At, Only: w.Only, Digest: going.Digest, Commit: going.Commit, By: f.Actor.Person}
	if n.Planned != nil && n.Planned.At.Equal(plan.At) && n.Planned.Only == plan.Only && n.Planned.Digest == plan.Digest && n.Planned.Commit == plan.Commit {
		return nil, workflows.Refuse(workflows.Unchanged, "they are to be published then already").By(f.Actor.At()).Type(f.line("notes show"))
	}
	return []workflows.Event{Scheduled{Plan: plan, To: going.To, Outlets: going.Outlets(), Unversioned: going.Unversioned}}, nil
}

func (n Notes) unscheduled(f Facts) ([]workflows.Event, error) {
	if n.Planned == nil {
		return nil, workflows.Refuse(workflows.Unchanged, "the notes of "+f.Standing.Release.Name()+" are not to be published at any time").
			By(f.Actor.At()).Type(f.line("notes show"))
	}
	return []workflows.Event{Unscheduled{Was: n.Planned.At}}, nil
}

// decide publishes what was meant to be, if it still is what it was and may go out. A wake-up of a former plan finds none,
// or one that is not due.
func (PublishDue) decide(n Notes, f Facts) ([]workflows.Event, error) {
	p := n.Planned
	if p == nil || f.Now.Before(p.At) {
		return nil, nil
	}
	events, err := n.due(*p, f)
	var no *workflows.Refusal
	switch {
	case errors.As(err, &no) && no.Reason == workflows.Unchanged:
		return []workflows.Event{Unscheduled{Was: p.At, Done: true}}, nil
	case errors.As(err, &no):
		return []workflows.Event{Missed{Was: p.At, By: p.By, Why: no.Why, Next: no.Next}}, nil
	}
	return events, err
}

// due decides as if whoever planned it asked now.
func (n Notes) due(p Plan, f Facts) ([]workflows.Event, error) {
	f.Basis = workflows.Basis{}
	switch {
	case !f.May:
		return nil, workflows.Refuse(workflows.NotAllowed, p.By.At()+", who wanted it, may not publish these notes any more").
			By(string(workflows.ReleaseManager)).Type(f.line("notes publish"))
	case f.Candidate != p.Commit:
		return nil, workflows.Refuse(workflows.Changed, "the candidate is another one since: "+workflows.ShortID(p.Commit)+" then, "+workflows.ShortID(f.Candidate)+" now").
			Type(f.line("notes draft"))
	case workflows.Digest(n.Text) != p.Digest:
		return nil, workflows.Refuse(workflows.Changed, "the text is another one since").Type(f.line("notes show"), f.line("notes publish"))
	}
	events, err := Publish{Only: p.Only}.decide(n, f)
	if err != nil {
		return nil, err
	}
	e := events[0].(Published)
	e.For = p.By
	return []workflows.Event{e}, nil
}

func (e Scheduled) evolve(n Notes, _ workflows.Header) Notes {
	plan := e.Plan
	n.Planned = &plan
	return n
}

func (e Unscheduled) evolve(n Notes, _ workflows.Header) Notes {
	n.Planned = nil
	return n
}

func (e Missed) evolve(n Notes, _ workflows.Header) Notes {
	n.Planned = nil
	return n
}

func (e Scheduled) effects(n Notes) []workflows.Effect {
	return []workflows.Effect{{Kind: workflows.Wake, What: WakePublish, At: e.At, To: workflows.To{Release: n.Release}}}
}

func (e Missed) effects(Notes) []workflows.Effect {
	return []workflows.Effect{{Kind: workflows.Tell, What: ToldMissed, To: workflows.To{Person: e.By}}}
}
