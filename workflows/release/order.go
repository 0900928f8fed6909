package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// What comes when: the cut-off before the target, and this release after others.

// order weighs the cut-off of a new release, and finds those that it waits for.
func (n New) order(f Facts) ([]Dependency, error) {
	line := "/release new " + string(n.ID)
	if err := cutoff(n.Cutoff, n.Target, f, line); err != nil {
		return nil, err
	}
	return dependencies(n.ID, n.After, f, line)
}

// Names is the releases that it waits for.
func (s Set) Names() []string {
	if s.After == nil {
		return nil
	}
	return *s.After
}

// order begins a change with what it says of the cut-off and of the releases to wait for.
func (s Set) order(r Release, f Facts) (Changed, error) {
	c := Changed{Note: s.Note}
	target, until := r.Target, r.Cutoff
	if s.Target != nil {
		target = *s.Target
	}
	if s.Cutoff != nil {
		until = *s.Cutoff
		if err := cutoff(until, target, f, f.line("set")); err != nil {
			return c, err
		}
		if !until.Equal(r.Cutoff) {
			c.Cutoff = s.Cutoff
		}
	} else if s.Target != nil && after(until, target) {
		return c, tooLate(until, target, f.line("set", "--target", date(target), "--cutoff …"))
	}
	if s.After == nil {
		return c, nil
	}
	deps, err := dependencies(r.ID, *s.After, f, f.line("set", "--after none"))
	if err != nil {
		return c, err
	}
	if !slices.Equal(deps, r.After) {
		if deps == nil {
			deps = []Dependency{} // said: none
		}
		c.After = &deps
	}
	return c, nil
}

// cutoff refuses a cut-off that is past, or that comes after the target.
func cutoff(until, target time.Time, f Facts, line string) error {
	if Overdue(until, f.Now) {
		return workflows.Refuse(workflows.Invalid, "the cut-off "+date(until)+" is past").In("cutoff").Type(line + " --cutoff friday")
	}
	if after(until, target) {
		return tooLate(until, target, line+" --cutoff …")
	}
	return nil
}

func tooLate(until, target time.Time, line string) error {
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("the cut-off %s is after the target %s: nothing would ever be late", date(until), date(target))).Type(line)
}

// after reports whether a cut-off comes after a target; a target without a time of day is its whole day.
func after(until, target time.Time) bool {
	if until.IsZero() || target.IsZero() {
		return false
	}
	if h, m, s := target.Clock(); h == 0 && m == 0 && s == 0 {
		return !until.Before(target.AddDate(0, 0, 1))
	}
	return until.After(target)
}
