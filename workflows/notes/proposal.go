package notes

import (
	"regexp"
	"strconv"

	"github.com/readyroom/readyroom/workflows"
)

// ToldUnmerged is what is told to a release's manager of a change log that people did not let in.
const ToldUnmerged = "notes-unmerged"

// News takes in how the pull request for the change log stands, which people merge or close.
type News struct {
	Pull int // its number; filled in by the desk
}

// Answered says what people made of the pull request for the change log.
type Answered struct {
	Op   string              `json:"op"`
	Pull workflows.PullState `json:"pull"`
	Link string              `json:"link"`
	To   workflows.PersonID  `json:"to,omitempty"` // who hears that it was closed
}

// Kind names the event.
func (Answered) Kind() string { return "notes.answered" }

// Needs says that no person may.
func (News) Needs() workflows.Need { return workflows.Machine }

// AtForge says that the forge is asked, whatever a clone on this machine holds.
func (News) AtForge() bool { return true }

// Look asks how it stands.
func (w News) Look() workflows.Query { return workflows.Query{Pull: w.Pull} }

var pullLink = regexp.MustCompile(`/pull/([1-9][0-9]{0,8})$`)

// Proposed is the number of the pull request by which something was proposed; 0: none is there.
func (o *Outlet) Proposed() int {
	if o == nil || !o.Ask || o.Fate != workflows.Done {
		return 0
	}
	m := pullLink.FindStringSubmatch(o.Link)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

// Asked is the number of the pull request for the change log that may still be merged, and the repository that it is in. One
// that was closed may be opened again.
func (n Notes) Asked() (pull int, forge string) {
	o := n.Out.outlet(workflows.ActChangelog)
	if o.Proposed() == 0 || o.Pull == workflows.PullMerged {
		return 0, ""
	}
	return o.Proposed(), o.At
}

// decide takes it in where it is news. What nobody saw is none.
func (w News) decide(n Notes, f Facts) ([]workflows.Event, error) { //nolint:unparam // as all wishes are decided
	pull, _ := n.Asked()
	o, now := n.Out.outlet(workflows.ActChangelog), f.Found.Pull
	if pull == 0 || now == "" || now == o.Pull || o.Pull == "" && now == workflows.PullOpen {
		return nil, nil
	}
	e := Answered{Op: o.Op, Pull: now, Link: o.Link}
	if now == workflows.PullClosed {
		e.To = f.Manager
	}
	return []workflows.Event{e}, nil
}

func (e Answered) evolve(n Notes, _ workflows.Header) Notes {
	o := n.Out.outlet(workflows.ActChangelog)
	if o == nil || o.Op != e.Op {
		return n
	}
	out, now := *n.Out, *o
	now.Pull = e.Pull
	out.Outlets = n.Out.with(now)
	n.Out = &out
	return n
}

func (e Answered) effects(Notes) []workflows.Effect {
	if e.To == "" {
		return nil
	}
	return []workflows.Effect{{Kind: workflows.Tell, What: ToldUnmerged, To: workflows.To{Person: e.To}}}
}

// KeyAsked finds the notes of a product's releases whose pull request may still be merged.
func KeyAsked(p workflows.Product) string { return Room + "/asked/" + string(p) }
