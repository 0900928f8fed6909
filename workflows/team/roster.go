package team

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// refresh is how much newer an unchanged roster must be to be recorded again, so that polling does not fill the ledger.
const refresh = time.Hour

// maxName is how many characters of a name are kept.
const maxName = 80

// Arrived says what a platform said of a group. The members are sorted by handle, each once.
type Arrived struct {
	Platform string    `json:"platform"`
	Group    string    `json:"group"`
	Members  []Member  `json:"members,omitempty"`
	AsOf     time.Time `json:"as_of"`
}

// Kind names the event.
func (Arrived) Kind() string { return "team.arrived" }

// Needs says who may: only a platform's listener brings rosters.
func (Roster) Needs() workflows.Need { return workflows.Machine }

func (r Roster) stream() workflows.Stream {
	return workflows.StreamOf(Room, streamID(r.Platform, r.Group))
}

// decide takes r as what arrived. A clock that runs ahead must not make a roster stay fresh for longer, so AsOf is
// never later than now.
func (r Roster) decide(known Roster, f Facts) ([]workflows.Event, error) {
	if r.AsOf.After(f.Now) {
		r.AsOf = f.Now
	}
	members, err := r.tidy()
	switch {
	case err != nil:
		return nil, err
	case r.AsOf.IsZero():
		return nil, workflows.Refuse(workflows.Invalid, "a roster must say as of when it is")
	case r.AsOf.Before(known.AsOf):
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("a newer roster of %s/%s is known, as of %s",
			r.Platform, workflows.Display(r.Group, 80), known.AsOf.UTC().Format(time.RFC3339)))
	case !known.AsOf.IsZero() && slices.Equal(members, known.Members) && r.AsOf.Sub(known.AsOf) <= refresh:
		return nil, nil
	}
	return []workflows.Event{Arrived{Platform: r.Platform, Group: r.Group, Members: members, AsOf: r.AsOf}}, nil
}

// tidy gives the members in the one order in which equal rosters are equal.
func (r Roster) tidy() ([]Member, error) {
	if !platformShape.MatchString(r.Platform) || r.Group == "" {
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("a roster must name its platform and group, not %q and %q", r.Platform, r.Group))
	}
	var out []Member
	for _, m := range r.Members {
		if m.Handle.Platform() != r.Platform || m.Handle.Name() == "" {
			return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%q is no handle of %s", string(m.Handle), r.Platform))
		}
		out = append(out, Member{Handle: m.Handle, Name: workflows.Display(m.Name, maxName)})
	}
	byHandle := func(a, b Member) int { return cmp.Compare(a.Handle, b.Handle) }
	slices.SortStableFunc(out, byHandle)
	return slices.CompactFunc(out, func(a, b Member) bool { return a.Handle == b.Handle }), nil
}

func (e Arrived) evolve(Roster) Roster {
	return Roster{Platform: e.Platform, Group: e.Group, Members: slices.Clone(e.Members), AsOf: e.AsOf}
}
