package people

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// longest is how long an absence may be: whoever is away for longer is not away but gone.
const longest = 366 * 24 * time.Hour

// Leave says that the asker is away until a time, and who signs for them meanwhile.
type Leave struct {
	Until  time.Time
	Deputy workflows.PersonID // empty: nobody
}

// Return ends the asker's absence before its time.
type Return struct{}

// Needs says who may, for themselves.
func (Leave) Needs() workflows.Need { return workflows.Member }

// Needs says who may, for themselves.
func (Return) Needs() workflows.Need { return workflows.Member }

// Left happened: somebody is away from now on.
type Left struct {
	Person workflows.PersonID `json:"person"`
	Until  time.Time          `json:"until"`
	Deputy workflows.PersonID `json:"deputy,omitempty"`
	Former workflows.PersonID `json:"former,omitempty"` // who stood in until now, and does no more
}

// Returned happened: somebody is back before the time they had said.
type Returned struct {
	Person workflows.PersonID `json:"person"`
	Deputy workflows.PersonID `json:"deputy,omitempty"` // who stood in
}

// Kind names the event.
func (Left) Kind() string { return "people.left" }

// Kind names the event.
func (Returned) Kind() string { return "people.returned" }

// IsAway reports whether the person is away at a time.
func (s State) IsAway(at time.Time) bool { return at.Before(s.Until) }

func (l Leave) decide(s State, f Facts) ([]workflows.Event, error) {
	const again = "/release remind away 2026-12-01 @deputy"
	switch until := l.Until.In(f.Zone).Format("2006-01-02 15:04"); {
	case !l.Until.After(f.Now):
		return nil, workflows.Refuse(workflows.Invalid, until+" is past: say the day on which you are back").In("until").Type(again)
	case l.Until.Sub(f.Now) > longest:
		return nil, workflows.Refuse(workflows.Invalid, until+" is more than a year ahead").In("until").By("an owner, who changes the roles").Type(again)
	}
	if err := l.deputy(f); err != nil {
		return nil, err
	}
	e := Left{Person: f.Actor.Person, Until: l.Until, Deputy: l.Deputy}
	if s.IsAway(f.Now) {
		if s.Until.Equal(l.Until) && s.Deputy == l.Deputy {
			return nil, workflows.Refuse(workflows.Unchanged, "you said so already").Type("/release remind away off")
		}
		if s.Deputy != l.Deputy {
			e.Former = s.Deputy
		}
	}
	return []workflows.Event{e}, nil
}

// deputy holds a deputy to what they must be: another one, known, of the team, and there.
func (l Leave) deputy(f Facts) error {
	const other = "/release remind away DATE @deputy"
	switch d := f.Deputy; {
	case l.Deputy == "":
		return nil
	case !d.Known:
		return unknown(l.Deputy, d)
	case l.Deputy == f.Actor.Person:
		return workflows.Refuse(workflows.Invalid, "nobody is their own deputy").Type(other)
	case !d.Member:
		return workflows.Refuse(workflows.NotAllowed, l.Deputy.At()+" has no role here and belongs to no audience, and cannot stand in for anybody").
			By("anyone with a role or in an audience").Type(other)
	case d.Away.After(f.Now):
		return workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is away until %s", l.Deputy.At(), d.Away.In(f.Zone).Format("2006-01-02 15:04"))).Type(other)
	}
	return nil
}

func (Return) decide(s State, f Facts) ([]workflows.Event, error) {
	if !s.IsAway(f.Now) {
		return nil, workflows.Refuse(workflows.Unchanged, "you are not away").Type("/release remind list")
	}
	return []workflows.Event{Returned{Person: f.Actor.Person, Deputy: s.Deputy}}, nil
}

func (e Left) evolve(s State) State {
	s.Person, s.Until, s.Deputy = e.Person, e.Until, e.Deputy
	return s
}

func (e Left) tell() []workflows.Effect {
	return append(dm(e.Deputy, ToldLeft), dm(e.Former, ToldReturned)...)
}

func (e Returned) evolve(s State) State {
	s.Person, s.Until, s.Deputy = e.Person, time.Time{}, ""
	return s
}

func (e Returned) tell() []workflows.Effect { return dm(e.Deputy, ToldReturned) }

// Undo is the line that takes a wish back which was carried out at a time; empty for those that are not taken back so.
func Undo(before State, w Wish, at time.Time) string {
	switch w := w.(type) {
	case Link:
		return linkLine("unlink", w.Person, w.Account)
	case Leave:
		if !before.IsAway(at) {
			return "remind away off"
		}
	}
	return ""
}
