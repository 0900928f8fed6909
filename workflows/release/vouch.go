package release

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Vouch is a machine's vote on every item that is derived from it.
type Vouch struct {
	Source  Source
	OK      bool               // false takes its vote back
	By      workflows.PersonID // on whose word: who approved the notes; empty: the machine's own
	Commit  string             // what it vouches for; empty: the candidate of the moment
	Note    string
	Link    string
	Expires time.Time // zero: does not
}

// Needs says that no person may.
func (Vouch) Needs() workflows.Need { return workflows.Machine }

func (w Vouch) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Cancelled || w.OK && r.Over() {
		return nil, nil // the word came too late to matter; one taken back does, as a closed release can be rolled back
	}
	var events []workflows.Event
	for i, g := range r.Gates {
		for _, item := range g.Items {
			late := w.OK && i < r.Passed && !r.owed(g.Full(item)) // what is owed is still to be had; what is taken back is taken back everywhere
			if item.From != w.Source || late {
				continue
			}
			if e, ok := w.one(r, f, g.Full(item), item); ok {
				events = append(events, e)
			}
		}
	}
	return events, nil
}

// Vouched reports whether a source's vote on the word of a person counts on every item that follows from it; true where
// none does.
func (r Release) Vouched(s Source, by workflows.PersonID) bool {
	for _, g := range r.Gates {
		for _, item := range g.Items {
			vouches := func(v Vote) bool { return v.Item == g.Full(item) && v.Machine == s && v.By == by && r.Fresh(v) }
			if item.From == s && !slices.ContainsFunc(r.Votes, vouches) {
				return false
			}
		}
	}
	return true
}

func (w Vouch) one(r Release, f Facts, full string, item Item) (workflows.Event, bool) {
	has := slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Item == full && v.Machine == w.Source })
	if !w.OK {
		return Withdrawn{Item: full, From: w.Source, Note: w.Note}, has
	}
	v := Vote{Item: full, Machine: w.Source, By: w.By, As: item.Role, Value: OK, At: f.Now, Note: w.Note, Evidence: w.Link, Expires: w.Expires}
	if w.By != "" {
		h, _ := f.Book.Holds(w.By, item.Role, f.Now)
		v.Owner = h.Owner
	}
	if r.Candidate != nil {
		v.Commit = r.Candidate.Commit.ID
		v.Digest = r.Candidate.digest(item.Binds)
	}
	if w.Commit != "" && w.Commit != v.Commit { // said of another commit: stale from the start, and shown so
		v.Commit, v.Digest = w.Commit, "other:"+w.Commit
	}
	return Signed{v}, item.Binds == Unbound || v.Commit != ""
}
