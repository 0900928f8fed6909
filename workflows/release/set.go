package release

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Set changes what a release says of itself.
type Set struct {
	Target    *time.Time
	Cutoff    *time.Time // zero: none any more
	After     *[]string  // the releases that it waits for, as selectors; empty: none any more
	Title     *string
	Manager   workflows.PersonID
	Risk      policy.Risk
	Template  string // take it over as it stands now
	Here      bool   // bind the channel it was asked in
	Cancelled bool
	Note      string
}

// Needs says who may.
func (Set) Needs() workflows.Need { return workflows.Manager }

// Changed happened: something that a release says of itself is another. Absent members stayed.
type Changed struct {
	Target  *time.Time         `json:"target,omitempty"`
	Title   *string            `json:"title,omitempty"`
	Cutoff  *time.Time         `json:"cutoff,omitempty"` // zero: there is none any more
	After   *[]Dependency      `json:"after,omitempty"`
	Manager workflows.PersonID `json:"manager,omitempty"`
	Note    string             `json:"note,omitempty"`
}

// Cancelled happened: the release will not go out.
type Cancelled struct {
	Why string `json:"why"`
}

// Kind names the event.
func (Changed) Kind() string { return "release.changed" }

// Kind names the event.
func (Cancelled) Kind() string { return "release.cancelled" }

func (s Set) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	if s.Cancelled {
		return s.cancel(r, f)
	}
	if s.Target != nil && Overdue(*s.Target, f.Now) {
		return nil, past(*s.Target, f.line("set", "--target friday"))
	}
	events, err := s.says(r, f)
	if err != nil {
		return nil, err
	}
	if s.Template != "" {
		more, err := r.adopt(s.Template, f)
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
		for _, e := range more {
			r = e.(event).evolve(r.clone(), workflows.Header{At: f.Now})
		}
	}
	if s.Risk != "" {
		more, err := r.setRisk(s.Risk, s.Note, f)
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	switch {
	case len(events) > 0:
		return events, nil
	case s.empty():
		return nil, workflows.Refuse(workflows.Invalid, "say what to set").
			Type(f.line("set", "--target friday"), f.line("set", "--title …"), f.line("set", "--here"))
	}
	return nil, workflows.Refuse(workflows.Unchanged, "it is so already").Type(f.line("status"))
}

// says is what becomes another of all that a release says of itself, and the channel that it is given.
func (s Set) says(r Release, f Facts) (events []workflows.Event, err error) {
	if s.Here {
		if err := bindable(r, f); err != nil {
			return nil, err
		}
		if !slices.Contains(r.Places, f.At) {
			events = append(events, Bound{f.At})
		}
	}
	c, err := s.order(r, f)
	if err != nil {
		return nil, err
	}
	if s.Target != nil && !s.Target.Equal(r.Target) {
		c.Target = s.Target
	}
	if s.Title != nil && *s.Title != r.Title {
		if no := tooLong(*s.Title); no != nil {
			return nil, no.By(f.Actor.At()).Type(f.line("set", "--title …"))
		}
		c.Title = s.Title
	}
	if s.Manager != "" {
		if c.Manager, err = s.hand(r, f); err != nil {
			return nil, err
		}
	}
	if c.Target != nil || c.Title != nil || c.Cutoff != nil || c.After != nil || c.Manager != "" {
		events = append(events, c)
	}
	return events, nil
}

// tooLong refuses a title that no heading and no list has room for.
func tooLong(title string) *workflows.Refusal {
	n := utf8.RuneCountInString(title)
	if n <= maxTitle {
		return nil
	}
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("a title has at most %d characters, this one has %d", maxTitle, n)).In("title")
}

// empty: nothing is to be set.
func (s Set) empty() bool {
	s.Note = ""
	return s == Set{}
}

// hand gives the release to another manager: one of the team, who holds a role.
func (s Set) hand(r Release, f Facts) (workflows.PersonID, error) {
	again := f.line("set", "--manager @…")
	next, err := f.member(s.Manager, again)
	switch {
	case err != nil:
		return "", err
	case next == f.Book.Canon(r.Manager):
		return "", nil
	case len(f.Book.RolesOf(next, f.Now)) == 0:
		return "", workflows.Refuse(workflows.NotAllowed, next.At()+" holds no role: whoever manages a release holds one").Type(again)
	}
	return next, nil
}

func (s Set) cancel(r Release, f Facts) ([]workflows.Event, error) {
	if s.Note == "" {
		return nil, workflows.Refuse(workflows.NeedsReason, "say why it is cancelled").Type(f.line("set", "--cancelled -- why"))
	}
	if r.Stage() != workflows.Before {
		return nil, workflows.Refuse(workflows.GateClosed, fmt.Sprintf("users have it, it is %s: roll back first", r.Whereabouts())).
			Type(f.line("rollback start", "-- why"))
	}
	return []workflows.Event{Cancelled{s.Note}}, nil
}

func bindable(r Release, f Facts) error {
	switch {
	case f.At.IsDirect():
		return workflows.Refuse(workflows.Invalid, "direct messages belong to nobody's release").
			By("whoever types " + f.line("set", "--here") + " in its channel").Type(f.line("status"))
	case f.Bound != "" && f.Bound != r.ID:
		return workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is the channel of %s until that is closed", f.At.Channel(), f.Bound.Name())).
			Type("/release status " + string(f.Bound))
	}
	return nil
}

func (e Changed) evolve(r Release, _ workflows.Header) Release {
	if e.Target != nil {
		r.Target = *e.Target
	}
	if e.Title != nil {
		r.Title = *e.Title
	}
	if e.Manager != "" {
		r.Manager = e.Manager
	}
	if e.Cutoff != nil {
		r.Cutoff = *e.Cutoff
	}
	if e.After != nil {
		r.After = slices.Clone(*e.After)
	}
	return r
}

func (e Changed) tell(Release, workflows.Header) []workflows.Effect {
	if e.Manager == "" {
		return nil
	}
	return []workflows.Effect{told("manages", e.Manager)}
}

func (e Cancelled) evolve(r Release, h workflows.Header) Release {
	r.Cancelled, r.Ended, r.Held = true, h.At, nil
	return r.unwatch()
}

func (e Cancelled) tell(r Release, _ workflows.Header) []workflows.Effect {
	return append([]workflows.Effect{post(r, "cancelled")}, askers(r)...)
}
