package release

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

const branches = "refs/heads/"

// Follow moves a candidate that follows a branch of the forge to where that branch stands.
type Follow struct {
	Branch string // which it follows, the release's paths and its candidate: filled in by the desk
	Paths  []string
	From   string
}

// Needs says that no person may.
func (Follow) Needs() workflows.Need { return workflows.Machine }

// Look asks what SetCandidate asks, of the branch and of nothing that is called alike, and whether the branch went on from
// where it was. Where none is followed, nothing is asked.
func (w Follow) Look() workflows.Query {
	if w.Branch == "" {
		return workflows.Query{}
	}
	q := SetCandidate{Ref: w.Branch, Watch: true, Paths: w.Paths}.Look()
	q.Past, q.Optional = w.From, true
	return q
}

// AtForge says that the forge is asked, whatever a clone on this machine holds.
func (Follow) AtForge() bool { return true }

// Watched happened: the candidate follows a branch from here on; empty: none any more.
type Watched struct {
	Branch string `json:"branch,omitempty"`
}

// BranchLost happened: the branch that the candidate follows is gone. The candidate stays.
type BranchLost struct {
	Branch string `json:"branch"`
	Why    string `json:"why,omitempty"`
}

// Kind names the event.
func (Watched) Kind() string { return "release.watched" }

// Kind names the event.
func (BranchLost) Kind() string { return "release.branch_lost" }

func (w Follow) decide(r Release, f Facts) ([]workflows.Event, error) {
	branch := r.Watching()
	if branch == "" || r.Over() {
		return nil, nil
	}
	lost := r.Candidate.Lost
	switch no := f.Found.Missing; {
	case no != nil && gone(no) && lost:
		return nil, nil
	case no != nil && gone(no):
		return []workflows.Event{BranchLost{branch, workflows.Display(no.Why, 200)}}, nil
	case no != nil:
		return nil, no
	case f.Found.Commit.ID == "":
		return nil, nil // nothing was asked
	case f.Found.Commit.ID == r.Candidate.Commit.ID && lost:
		return []workflows.Event{Watched{branch}}, nil
	case f.Found.Commit.ID == r.Candidate.Commit.ID:
		return nil, nil
	}
	f.Found.Commit.Ref = branch
	e := CandidateSet{Candidate: newCandidate(r, f, nil), From: r.Candidate.Commit.ID, Forced: f.Found.Apart}
	e.Candidate.Watch = branch
	return append([]workflows.Event{e}, r.raise(touched(f), nil, f)...), nil
}

// gone reports whether a source says that there is no such branch, and not only that it does not see it.
func gone(no *workflows.Refusal) bool {
	return no.Reason == workflows.UnknownRef || no.Reason == workflows.NoCommit
}

// Watching is the branch that the candidate follows; empty: none.
func (r Release) Watching() string {
	if r.Candidate == nil {
		return ""
	}
	return r.Candidate.Watch
}

// unwatch ends the following; r is a clone.
func (r Release) unwatch() Release { return r.watch("", false) }

func (r Release) watch(branch string, lost bool) Release {
	if r.Candidate != nil && (r.Candidate.Watch != branch || r.Candidate.Lost != lost) {
		c := *r.Candidate
		c.Watch, c.Lost = branch, lost
		r.Candidate = &c
	}
	return r
}

func (e Watched) evolve(r Release, _ workflows.Header) Release { return r.watch(e.Branch, false) }

func (e Watched) tell(Release, workflows.Header) []workflows.Effect { return nil }

func (e BranchLost) evolve(r Release, _ workflows.Header) Release { return r.watch(e.Branch, true) }

func (e BranchLost) tell(r Release, _ workflows.Header) []workflows.Effect {
	return []workflows.Effect{told("branch-lost", r.Manager)}
}

// branch is the name of the branch that a wish to watch means.
func (s SetCandidate) branch() string { return strings.TrimPrefix(s.Ref, branches) }

// watchable refuses to follow what is no branch at a forge, and what users have already.
func (s SetCandidate) watchable(r Release, f Facts) error {
	plain := f.line("candidate set", s.Ref)
	switch {
	case f.Forge.Repository == "":
		return workflows.Refuse(NotConfigured, fmt.Sprintf("--watch follows a branch as it is pushed, and the configuration names no shared repository of %s", r.ID.Product())).
			By("whoever edits readyroom.yaml").Type(fmt.Sprintf("products: %s: github: owner/name", r.ID.Product()), plain)
	case s.branch() == "HEAD":
		return workflows.Refuse(workflows.Invalid, "HEAD is no branch: --watch follows one by its name").In("ref").Type(f.line("candidate set", "main", "--watch"))
	case !r.Shipped.IsZero():
		return workflows.Refuse(workflows.Over, fmt.Sprintf("users have %s: what they have is not moved by a push", r.ID.Name())).Type(plain)
	}
	return nil
}
