package release

import (
	"cmp"
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
	Commit   string               `json:"commit"`
	State    workflows.CheckState `json:"state"`
	Name     string               `json:"name,omitempty"`     // of the check that stands worst; once all passed, of all, with their makers
	By       string               `json:"by,omitempty"`       // who made that check; of one that is missing, who has to
	Said     string               `json:"said,omitempty"`     // the forge's word, where it is unknown; of one that is missing, who reports under its name
	Link     string               `json:"link,omitempty"`     // to that check; once all passed, to the first that has one
	More     int                  `json:"more,omitempty"`     // how many failed beside the one that is named
	Required bool                 `json:"required,omitempty"` // the repository's own rules say which must be well
}

// Words says it in a few words, without the link: "build (github-actions) failed".
func (c Checks) Words() string {
	name, asked := workflows.CheckName{Name: c.Name, By: c.By}.String(), ""
	if c.Required {
		asked = ", which the repository requires"
	}
	switch {
	case c.State == workflows.CheckPassed:
		return name + " passed" + asked
	case c.State == workflows.CheckFailed:
		if c.More > 0 {
			return fmt.Sprintf("%s and %d more failed", name, c.More)
		}
		return name + " failed"
	case c.State == workflows.CheckRunning:
		return name + " is running"
	case c.State == CheckMissing && c.Name == "":
		return "no check has reported"
	case c.State == CheckMissing && c.Said != "":
		return fmt.Sprintf("%s is reported by %s, not by %s%s", c.Name, c.Said, c.By, asked)
	case c.State == CheckMissing && c.Required:
		return name + asked + ", has not reported"
	case c.State == CheckMissing:
		return name + " has not reported"
	case c.Name == "":
		return "nobody can tell which checks the repository requires: " + c.Said
	}
	return fmt.Sprintf("%s says “%s”, which is not known to be well", name, c.Said)
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
	now := standing(f.Checks, f.Found)
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

// standing is how checks stand together: those that the configuration names; where it names none, those that the repository
// requires; where that names none, or asks for more than it names, all that were found.
func standing(named []workflows.CheckName, found workflows.Found) Checks {
	wanted, rules := named, found.Required
	switch {
	case named != nil:
		rules = &workflows.Required{}
	case rules == nil:
		rules = &workflows.Required{Unseen: "nobody asked"}
	}
	if rules.Unseen != "" {
		return Checks{State: workflows.CheckUnknown, Said: workflows.Display(rules.Unseen, maxSaid), Required: true}
	}
	required := len(rules.Checks) > 0
	if required {
		wanted = rules.Checks
	}
	all := found.Checks
	if wanted != nil {
		all = meant(wanted, found.Checks)
	}
	for _, c := range found.Checks {
		if rules.More && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	idle := func(c workflows.Check) bool { return c.State == workflows.CheckPassed && c.Idle }
	if !slices.ContainsFunc(all, func(c workflows.Check) bool { return !idle(c) }) { // none, or none that looked at anything
		return Checks{State: CheckMissing, Required: required}
	}
	out := together(all)
	out.Required = required && (!rules.More || out.State == CheckMissing)
	return out
}

// meant are the checks that are wanted: of a name without a maker whoever's, and of one of which nothing is heard that.
func meant(wanted []workflows.CheckName, found []workflows.Check) (all []workflows.Check) {
	for _, n := range wanted {
		heard, others := false, []string{}
		for _, c := range found {
			switch {
			case n.Is(c) && slices.Contains(all, c): // two that are wanted may mean the same
				heard = true
			case n.Is(c):
				heard, all = true, append(all, c)
			case c.Name == n.Name:
				others = append(others, cmp.Or(c.By, "somebody unknown"))
			}
		}
		if !heard {
			all = append(all, workflows.Check{Name: n.Name, By: n.By, State: CheckMissing, Said: strings.Join(others, " and ")})
		}
	}
	return all
}

// together is how checks stand, of which there is one at least: as the worst of them does.
func together(all []workflows.Check) Checks {
	first, failed := all[0], 0
	for _, c := range all {
		if c.State == workflows.CheckFailed {
			failed++
		}
		if rank(c.State) < rank(first.State) {
			first = c
		}
	}
	if first.State == workflows.CheckPassed {
		return passed(all)
	}
	out := Checks{State: first.State, Name: workflows.Display(first.Name, maxCheck), By: workflows.Display(first.By, maxCheck),
		Said: workflows.Display(first.Said, maxCheck), Link: first.Link, More: max(failed-1, 0)}
	if rank(first.State) == rank(workflows.CheckUnknown) { // also what is no state at all
		out.State = workflows.CheckUnknown
	}
	return out
}

// How much is kept of a check's name, and of why nobody can tell which are required, in characters.
const (
	maxCheck = 100
	maxSaid  = 200
)

func rank(s workflows.CheckState) int {
	if i := slices.Index(worst, s); i >= 0 {
		return i
	}
	return rank(workflows.CheckUnknown)
}

// passed names the checks that passed, the first few of them, with who made them: "build, test (github-actions)".
func passed(all []workflows.Check) Checks {
	const few = 5
	out := Checks{State: workflows.CheckPassed}
	var makers []string
	names := map[string][]string{}
	for i, c := range all {
		if out.Link == "" {
			out.Link = c.Link
		}
		if i >= few {
			continue
		}
		if names[c.By] == nil {
			makers = append(makers, c.By)
		}
		names[c.By] = append(names[c.By], workflows.Display(c.Name, maxCheck))
	}
	var parts []string
	for _, by := range makers {
		parts = append(parts, workflows.CheckName{Name: strings.Join(names[by], ", "), By: workflows.Display(by, maxCheck)}.String())
	}
	out.Name = strings.Join(parts, "; ")
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
