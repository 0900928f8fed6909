package notes

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Publish brings the approved text to where it is not yet: the channels, and where the product's repository is shared its
// release there and its change log.
type Publish struct {
	At    time.Time // when; zero: now
	Never bool      // what was to be published later is not
	Only  Target    // empty: all there are
}

// Needs says who may.
func (Publish) Needs() workflows.Need { return workflows.Manager }

// Published says where the approved text went.
type Published struct {
	Going
	For workflows.PersonID `json:"for,omitempty"` // who said, some time before, that it should be published now
}

// Kind names the event.
func (Published) Kind() string { return "notes.published" }

func (w Publish) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if w.Never {
		return n.unscheduled(f)
	}
	if err := n.publishable(f); err != nil {
		return nil, err
	}
	if n.Out != nil && n.Out.Commit == f.Candidate && n.Out.Digest != workflows.Digest(n.Text) {
		return nil, workflows.Refuse(IsOut, "other words of these notes are published already: what replaces them is a correction, and says why").
			By(f.Actor.At()).Type(f.line("notes correct", "-- WHY"))
	}
	if !w.At.IsZero() {
		return n.scheduled(w, f)
	}
	if err := f.open(); err != nil {
		return nil, err
	}
	going, err := n.going(f, w.Only)
	if err != nil {
		return nil, err
	}
	return []workflows.Event{Published{Going: going}}, nil
}

// publishable refuses a text that nobody approved for the candidate, word for word.
func (n Notes) publishable(f Facts) error {
	if err := n.covers(f); err != nil {
		return err
	}
	if err := n.current(f); err != nil {
		return err
	}
	if !n.Approved() || n.Public.String() != n.Text {
		return workflows.Refuse(NotApproved, "nobody approved this text for "+workflows.ShortID(f.Candidate)).
			By(string(workflows.Engineering)).Type(f.line("notes approve"))
	}
	return nil
}

// open refuses while users cannot have what the notes tell them of.
func (f Facts) open() error {
	s := f.Standing
	switch {
	case s.Reach == workflows.ReachSmaller:
		return workflows.Refuse(workflows.OnHold, s.Where+": notes would tell users of what may be taken back").
			By(string(workflows.ReleaseManager)).Type(f.line("resume"))
	case s.Stage == workflows.Preview, s.Stage == workflows.GA, s.Stage == workflows.Closed:
		return nil
	}
	return workflows.Refuse(workflows.GateClosed, fmt.Sprintf("%s: notes tell users what they can have", s.Where)).
		By(string(workflows.ReleaseManager)).Type(f.line("check"))
}

func (e Published) evolve(n Notes, h workflows.Header) Notes {
	n.Out = e.onto(n.Out, h)
	if e.For != "" || e.Whole {
		n.Planned = nil
	}
	return n
}

func (e Published) effects(n Notes) []workflows.Effect {
	return append(e.posts(n.Release, nil), e.acts()...)
}
