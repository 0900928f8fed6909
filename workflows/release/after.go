package release

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Dependency is another release that must be as far first, as this one heard of it last.
type Dependency struct {
	ID        workflows.ReleaseID `json:"id"`
	Stage     workflows.Stage     `json:"stage"`
	Where     string              `json:"where"` // in a sentence: "before GA"
	Manager   workflows.PersonID  `json:"manager,omitempty"`
	Held      bool                `json:"held,omitempty"`
	Cancelled bool                `json:"cancelled,omitempty"`
}

// AsDependency is what others hear of a release.
func AsDependency(r Release) Dependency {
	return Dependency{ID: r.ID, Stage: r.Stage(), Where: r.Whereabouts(), Manager: r.Manager, Held: r.Held != nil, Cancelled: r.Cancelled}
}

// Other is another release that a wish names.
type Other struct {
	Dependency
	Waits  bool // it waits for the release that is decided about, itself or through others
	Waited int  // how many open releases wait for it
}

// The bounds of what waits for what: an act tells all that wait for a release, and reads all that it waits for.
const (
	maxAfter  = 10
	MaxWaited = 100
)

// lacks says why a gate into a stage must still wait for a release; nothing where it need not.
func (d Dependency) lacks(stage workflows.Stage) string {
	far := d.Stage == workflows.GA || d.Stage == workflows.Closed
	if stage == workflows.Preview {
		far = far || d.Stage == workflows.Preview || d.Stage == workflows.Between
	}
	switch {
	case d.Cancelled:
		return d.ID.Name() + " is cancelled: it will not come out"
	case d.Held:
		return d.ID.Name() + " is on hold (" + d.Where + ")"
	case far:
		return ""
	case stage == workflows.Preview:
		return fmt.Sprintf("%s is not in preview yet (%s)", d.ID.Name(), d.Where)
	}
	return fmt.Sprintf("%s is not out yet (%s)", d.ID.Name(), d.Where)
}

// waiting: a gate that opens to users opens after those of the releases that this one waits for.
func waiting(r Release, g Gate) []Blocker {
	var out []Blocker
	for _, d := range r.After {
		why := d.lacks(g.Stage)
		if !g.Opens() || why == "" {
			continue
		}
		b := Blocker{Reason: workflows.WaitsFor, Why: why, Who: []workflows.PersonID{d.Manager}}
		if d.Cancelled { // nobody there brings it out any more
			b.Who = []workflows.PersonID{r.Manager}
		}
		out = append(out, b)
	}
	return out
}

// dependencies are the releases that one is to wait for, of what was typed. Line is the line that typed them.
func dependencies(id workflows.ReleaseID, typed []string, f Facts, line string) ([]Dependency, error) {
	var out []Dependency
	for _, text := range typed {
		o := f.Named[text]
		no := func(reason workflows.Reason, why string) error {
			return workflows.Refuse(reason, why).Type("/release status "+string(o.ID), line)
		}
		switch {
		case o.ID == id:
			return nil, no(workflows.Cycle, "a release cannot wait for itself")
		case o.Waits:
			return nil, no(workflows.Cycle, fmt.Sprintf("%s waits for %s: neither would ever come", o.ID.Name(), id.Name()))
		case o.Cancelled:
			return nil, no(workflows.Over, fmt.Sprintf("%s is cancelled: nothing can wait for it", o.ID.Name()))
		case o.Waited >= MaxWaited:
			return nil, no(workflows.Invalid, fmt.Sprintf("%d releases wait for %s already", o.Waited, o.ID.Name()))
		}
		if !slices.ContainsFunc(out, func(d Dependency) bool { return d.ID == o.ID }) {
			out = append(out, o.Dependency)
		}
	}
	if len(out) > maxAfter {
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("a release waits for at most %d others", maxAfter)).Type(line)
	}
	return out, nil
}

// Heard is that a release which this one waits for stands elsewhere by now.
type Heard struct{ Of Dependency }

// Needs says that no person may: it follows from what became of the other release.
func (Heard) Needs() workflows.Need { return workflows.Machine }

// HeardOf happened: a release that this one waits for stands elsewhere.
type HeardOf struct {
	Of Dependency `json:"of"`
}

// Kind names the event.
func (HeardOf) Kind() string { return "release.heard" }

func (w Heard) decide(r Release, _ Facts) ([]workflows.Event, error) {
	i := r.after(w.Of.ID)
	if i < 0 || r.Cancelled || r.After[i] == w.Of {
		return nil, nil
	}
	return []workflows.Event{HeardOf(w)}, nil
}

func (r Release) after(id workflows.ReleaseID) int {
	return slices.IndexFunc(r.After, func(d Dependency) bool { return d.ID == id })
}

func (e HeardOf) evolve(r Release, _ workflows.Header) Release {
	if i := r.after(e.Of.ID); i >= 0 {
		r.After[i] = e.Of
	}
	return r
}

func (e HeardOf) tell(Release, workflows.Header) []workflows.Effect { return nil }

// Stands is how a release stands for those that wait for it, in a sentence: "before GA", "in GA", "on hold, before GA".
func (d Dependency) Stands() string {
	if d.Held {
		return "on hold, " + d.Where
	}
	return d.Where
}
