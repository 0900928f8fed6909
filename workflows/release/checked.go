package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// CheckMissing is how a check stands that must be well, and of which nothing is heard.
const CheckMissing workflows.CheckState = "missing"

// Checks is how the machines' checks of a commit stand together: well only when all that must be are. What one of them
// says that nobody here understands is not well, nor is silence.
type Checks struct {
	Commit string               `json:"commit"`
	State  workflows.CheckState `json:"state"`
	Name   string               `json:"name,omitempty"` // of the check that stands worst; once all passed, of all
	Said   string               `json:"said,omitempty"` // the forge's word, where it is unknown
	Link   string               `json:"link,omitempty"` // to that check; once all passed, to the first that has one
}

// Words says it in a few words, without the link: "build failed".
func (c Checks) Words() string {
	switch {
	case c.State == workflows.CheckPassed:
		return c.Name + " passed"
	case c.State == workflows.CheckFailed:
		return c.Name + " failed"
	case c.State == workflows.CheckRunning:
		return c.Name + " is running"
	case c.State == CheckMissing && c.Name == "":
		return "no check has reported"
	case c.State == CheckMissing:
		return c.Name + " has not reported"
	}
	return fmt.Sprintf("%s says “%s”, which is not known to be well", c.Name, c.Said)
}

// same reports whether nobody would read anything new. Of what passed, the address is no news.
func (c Checks) same(d Checks) bool {
	if c.State == workflows.CheckPassed {
		c.Link, d.Link = "", ""
	}
	return c == d
}

// Checked happened: the checks of the candidate stand otherwise than they did.
type Checked struct {
	Checks Checks `json:"checks"`
}

// Kind names the event.
func (Checked) Kind() string { return "release.checked" }

// checked takes in how the candidate's checks stand: what takes its word from them is signed when all passed, and that is
// taken back once they do not.
func checked(r Release, f Facts) ([]workflows.Event, error) {
	if !f.Sources[CI] || r.Over() || r.Candidate == nil || f.Found.Commit.ID != r.Candidate.Commit.ID || !r.asks(CI) {
		return nil, nil
	}
	now := standing(f.Checks, f.Found.Checks)
	now.Commit = r.Candidate.Commit.ID
	var out []workflows.Event
	if r.Checks == nil || !r.Checks.same(now) {
		out = append(out, Checked{now})
	}
	votes, err := Vouch{Source: CI, OK: now.State == workflows.CheckPassed, Commit: now.Commit, Note: now.Words(), Link: now.Link}.decide(r, f)
	for _, e := range votes {
		if r.heeds(e) {
			out = append(out, e)
		}
	}
	return out, err
}

// asks reports whether any item takes its word from a source.
func (r Release) asks(s Source) bool {
	return slices.ContainsFunc(r.Gates, func(g Gate) bool {
		return slices.ContainsFunc(g.Items, func(i Item) bool { return i.From == s })
	})
}

// heeds reports whether a machine's word says what does not stand already: a vote where none counts, or that one does not
// any more which did. What is stale says nothing that could be taken back.
func (r Release) heeds(e workflows.Event) bool {
	stands := func(item string, s Source) bool {
		return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Item == item && v.Machine == s && v.counts() && r.Fresh(v) })
	}
	switch e := e.(type) {
	case Signed:
		return !stands(e.Vote.Item, e.Vote.Machine)
	case Withdrawn:
		return stands(e.Item, e.From)
	}
	return true
}

// worst is the order in which checks are spoken of.
var worst = []workflows.CheckState{workflows.CheckFailed, workflows.CheckUnknown, CheckMissing, workflows.CheckRunning, workflows.CheckPassed}

// standing is how checks stand together: those that are wanted by name, or else all that were found.
func standing(wanted []string, found []workflows.Check) Checks {
	all := found
	if wanted != nil {
		all = nil
		for _, name := range wanted {
			i := slices.IndexFunc(found, func(c workflows.Check) bool { return c.Name == name })
			if i < 0 {
				all = append(all, workflows.Check{Name: name, State: CheckMissing})
				continue
			}
			all = append(all, found[i])
		}
	}
	idle := func(c workflows.Check) bool { return c.State == workflows.CheckPassed && c.Idle }
	if !slices.ContainsFunc(all, func(c workflows.Check) bool { return !idle(c) }) { // none, or none that looked at anything
		return Checks{State: CheckMissing}
	}
	first := all[0]
	for _, c := range all[1:] {
		if rank(c.State) < rank(first.State) {
			first = c
		}
	}
	if first.State == workflows.CheckPassed {
		return passed(all)
	}
	out := Checks{State: first.State, Name: workflows.Display(first.Name, maxCheck), Said: workflows.Display(first.Said, maxCheck), Link: first.Link}
	if rank(first.State) == rank(workflows.CheckUnknown) { // also what is no state at all
		out.State = workflows.CheckUnknown
	}
	return out
}

// maxCheck is how much is kept of a check's name, in characters.
const maxCheck = 100

func rank(s workflows.CheckState) int {
	if i := slices.Index(worst, s); i >= 0 {
		return i
	}
	return rank(workflows.CheckUnknown)
}

// passed names the checks that passed, the first few of them.
func passed(all []workflows.Check) Checks {
	const few = 5
	out := Checks{State: workflows.CheckPassed}
	var names []string
	for _, c := range all {
		if len(names) < few {
			names = append(names, workflows.Display(c.Name, maxCheck))
		}
		if out.Link == "" {
			out.Link = c.Link
		}
	}
	out.Name = strings.Join(names, ", ")
	if more := len(all) - few; more > 0 {
		out.Name += fmt.Sprintf(" and %d more", more)
	}
	return out
}

func (e Checked) evolve(r Release, _ workflows.Header) Release {
	c := e.Checks
	r.Checks = &c
	return r
}

func (e Checked) tell(Release, workflows.Header) []workflows.Effect { return nil }

// quiet: what is still on its way changes a card, and is nothing to tell.
func (e Checked) quiet() bool {
	return e.Checks.State == workflows.CheckRunning || e.Checks.State == CheckMissing
}

// Checking is how the checks of the candidate stand, as far as anybody looked.
func (r Release) Checking() (Checks, bool) {
	if r.Checks == nil || r.Candidate == nil || r.Checks.Commit != r.Candidate.Commit.ID {
		return Checks{}, false
	}
	return *r.Checks, true
}

// wellChecked reports whether the checks of this very candidate were found well last. What a vote says of a commit that
// the candidate came back to is of another day. Of a release that was never looked at, the votes say it themselves.
func (r Release) wellChecked() bool {
	c, looked := r.Checking()
	return r.Checks == nil || looked && c.State == workflows.CheckPassed
}

// waitsForChecks says of an item that takes its word from checks which of them it waits for. Only what went wrong is
// anybody's turn: whoever signs the item has it mended, or at low risk signs by hand.
func waitsForChecks(r Release, s Status) Status {
	if r.Candidate == nil {
		return s
	}
	c, looked := r.Checking()
	s.Turn, s.Who = ToCheck, nil
	switch {
	case !looked:
		s.Why = "waits for CI: nobody has looked yet"
	case c.State == workflows.CheckPassed: // its word is not on the item yet
		s.Why = "waits for CI: " + c.Words() + ", the next look says so"
	default:
		s.Why = "waits for CI: " + c.Words()
		if c.Link != "" {
			s.Why += " → " + c.Link
		}
	}
	if looked && (c.State == workflows.CheckFailed || c.State == workflows.CheckUnknown) {
		s.Who = s.May
	}
	return s
}
