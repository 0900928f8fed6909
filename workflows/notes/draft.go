package notes

import (
	"cmp"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// window is how many commits a draft looks at, the newest first: what is older is only counted. It bounds the ids that
// the state remembers.
const window = 2000

// Draft makes the notes from the commits between From and the candidate. What people wrote since is kept, and only
// commits that were not seen yet are added to it.
type Draft struct {
	From string // a ref; empty: the product's last candidate in GA, else the nearest tag, else the beginning
}

// Needs says who may.
func (Draft) Needs() workflows.Need { return workflows.Maker }

// Look asks for the commits. The desk fills in the candidate as Ref, and the default of Since.
func (d Draft) Look() workflows.Query { return workflows.Query{Log: true, Since: d.From} }

// Drafting drafts the notes of a release that nobody opened by hand. Where there is nothing to draft, nothing follows.
type Drafting struct{ Draft }

// Needs says that no person may: people draft by Draft.
func (Drafting) Needs() workflows.Need { return workflows.Machine }

func (w Drafting) decide(n Notes, f Facts) ([]workflows.Event, error) {
	events, err := w.Draft.decide(n, f)
	if no := new(workflows.Refusal); errors.As(err, &no) {
		return nil, nil
	}
	return events, err
}

// Drafted says that the text was made, or continued, from commits.
type Drafted struct {
	Text       string   `json:"text"`
	Since      string   `json:"since,omitempty"`
	SinceAs    string   `json:"since_as,omitempty"`
	Commit     string   `json:"commit"`
	Seen       []string `json:"seen,omitempty"`
	Internal   int      `json:"internal,omitempty"`
	Added      int      `json:"added,omitempty"`      // lines that are new in the text
	Kept       bool     `json:"kept,omitempty"`       // people's own text was kept
	Unapproved bool     `json:"unapproved,omitempty"` // it was approved, and is no longer
}

// Kind names the event.
func (Drafted) Kind() string { return "notes.drafted" }

func (d Draft) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if f.Candidate == "" {
		return nil, noCandidate(f)
	}
	if at := f.Found.Commit.ID; at != "" && at != f.Candidate {
		return nil, workflows.Refuse(workflows.Changed, fmt.Sprintf("the commits were read up to %s, but the candidate is %s; ask again",
			workflows.ShortID(at), workflows.ShortID(f.Candidate))).By(f.Actor.At()).Type(f.line("notes draft"))
	}
	log := f.Found.Log[:min(len(f.Found.Log), window)]
	older := len(f.Found.Log) - len(log)
	e := Drafted{Since: f.Found.Since, SinceAs: f.Found.SinceAs, Commit: f.Candidate, Seen: ids(log), Kept: n.Edited,
		Internal: sift(log).internal}
	if n.Edited {
		e.Text, e.Added = sift(unseen(log, n.Seen)).continued(n.Text)
	} else {
		e.Text, e.Added = sift(log).composed(heading(f), older)
	}
	if utf8.RuneCountInString(e.Text) > MaxText {
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("there is no room left: the notes may have %d characters", MaxText)).
			By(f.Actor.At()).Type(f.line("notes edit"))
	}
	if e.Text == n.Text && e.Commit == n.Commit && e.Since == n.Since {
		return nil, workflows.Refuse(workflows.Unchanged, "the notes cover all that changed since "+cmp.Or(e.SinceAs, "the beginning")).
			By(f.Actor.At()).Type(f.line("notes show"))
	}
	e.Unapproved = len(n.Approvals) > 0 && e.Text != n.Text
	return []workflows.Event{e}, nil
}

func (e Drafted) evolve(n Notes, _ workflows.Header) Notes {
	n = n.with(e.Text)
	n.Since, n.SinceAs, n.Commit, n.Seen, n.Internal = e.Since, e.SinceAs, e.Commit, e.Seen, e.Internal
	return n
}

func heading(f Facts) string {
	h := "# " + plain(f.Standing.Release.Name())
	if f.Title != "" {
		h += ": " + plain(f.Title)
	}
	return h
}

func ids(log []workflows.Commit) []string {
	var out []string
	for _, c := range log {
		out = append(out, seenID(c))
	}
	return out
}

// seenID is enough of an id to know a commit again.
func seenID(c workflows.Commit) string { return c.ID[:min(len(c.ID), 16)] }

func unseen(log []workflows.Commit, seen []string) []workflows.Commit {
	known := map[string]bool{}
	for _, id := range seen {
		known[id] = true
	}
	var out []workflows.Commit
	for _, c := range log {
		if !known[seenID(c)] {
			out = append(out, c)
		}
	}
	return out
}
