package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Set changes what a release says of itself.
type Set struct {
	Target    *time.Time
	Title     *string
	Here      bool // bind the channel it was asked in
	Cancelled bool
	Note      string
}

// Needs says who may.
func (Set) Needs() workflows.Need { return workflows.Manager }

// Changed happened: the target date or the title is another. Absent members stayed.
type Changed struct {
	Target *time.Time `json:"target,omitempty"`
	Title  *string    `json:"title,omitempty"`
	Note   string     `json:"note,omitempty"`
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
	var events []workflows.Event
	if s.Here {
		if err := bindable(r, f); err != nil {
			return nil, err
		}
		if !slices.Contains(r.Places, f.At) {
			events = append(events, Bound{f.At})
		}
	}
	c := Changed{Note: s.Note}
	if s.Target != nil && !s.Target.Equal(r.Target) {
		c.Target = s.Target
	}
	if s.Title != nil && *s.Title != r.Title {
		c.Title = s.Title
	}
	if c.Target != nil || c.Title != nil {
		events = append(events, c)
	}
	if len(events) == 0 {
		if s.Target == nil && s.Title == nil && !s.Here {
			return nil, workflows.Refuse(workflows.Invalid, "say what to set").
				Type(f.line("set", "--target friday"), f.line("set", "--title …"), f.line("set", "--here"))
		}
		return nil, workflows.Refuse(workflows.Unchanged, "it is so already").Type(f.line("status"))
	}
	return events, nil
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
		return workflows.Refuse(workflows.Invalid, "direct messages belong to nobody's release").Type("#channel " + f.line("set", "--here"))
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
	return r
}

func (e Changed) tell(Release, workflows.Header) []workflows.Effect { return nil }

func (e Cancelled) evolve(r Release, h workflows.Header) Release {
	r.Cancelled, r.Ended, r.Held = true, h.At, nil
	return r
}

func (e Cancelled) tell(r Release, _ workflows.Header) []workflows.Effect {
	return []workflows.Effect{post(r, "cancelled")}
}
