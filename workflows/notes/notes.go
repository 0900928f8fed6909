// Package notes is the room of release notes: a draft made from the commits, people's edits, approvals bound to the
// text word for word, and what was published. It is the only door from a text to public text: the fold of an approval.
//
// It reads no clock, does no I/O, and knows neither other rooms nor any chat platform.
package notes

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Room names the streams of this room: "notes/<release id>".
const Room = "notes"

// MaxText is how many characters notes may have.
const MaxText = 20_000

// The room's own reasons.
const (
	NoNotes     workflows.Reason = "no_notes"     // nothing was drafted or written
	NotApproved workflows.Reason = "not_approved" // the text as it stands is not approved
	IsOut       workflows.Reason = "published"    // other words are published
	NoTarget    workflows.Reason = "no_target"    // the notes do not go there
)

// Notes is the folded state of the notes of one release.
type Notes struct {
	Release   workflows.ReleaseID `json:"release"`
	Text      string              `json:"text,omitempty"` // Markdown, of the head and the entries; internal until approved
	Head      string              `json:"head,omitempty"` // the title, and what people wrote above the changes
	Entries   []Entry             `json:"entries,omitempty"`
	Revision  uint64              `json:"revision"` // how often the text changed
	Edited    bool                `json:"edited,omitempty"`
	Since     string              `json:"since,omitempty"`    // the commit where the draft's range begins
	SinceAs   string              `json:"since_as,omitempty"` // how people call that
	Commit    string              `json:"commit,omitempty"`   // the candidate up to which the text covers
	Internal  int                 `json:"internal,omitempty"` // changes of the range that users do not see
	Approvals []Approval          `json:"approvals,omitempty"`
	Public    workflows.Public    `json:"public,omitzero"`    // the text as it stands, once approved
	Changelog workflows.Public    `json:"changelog,omitzero"` // it as a section of a change log, approved with it
	Out       *Publication        `json:"out,omitempty"`      // what was published last
	Planned   *Plan               `json:"planned,omitempty"`  // what is to be published later
}

// Approval is one person's word for the text as it stands.
type Approval struct {
	By     workflows.PersonID `json:"by"`
	As     workflows.Role     `json:"as,omitempty"`
	At     time.Time          `json:"at"`
	Commit string             `json:"commit"`
	Digest string             `json:"digest"`
}

// Channel is a place where notes are published.
type Channel struct {
	Audience workflows.Audience `json:"audience,omitempty"` // empty: the release's own channel
	Place    workflows.Place    `json:"place"`
	Public   bool               `json:"public,omitempty"`
}

// Facts is what a decision needs beside the state.
type Facts struct {
	Now       time.Time
	Actor     workflows.Actor
	As        workflows.Role
	Basis     workflows.Basis // Revision is of the text
	Standing  workflows.Standing
	Note      string
	Selector  string    // how a typed line from there names the release: "" or "app@1.0.0"
	Title     string    // of the release
	Day       time.Time // of the change log's heading: when the release comes out, as far as anyone knows
	Candidate string    // its commit id
	Counts    bool      // whether the asker's approval, if there is one, still counts for the change log
	Found     workflows.Found
	Channels  []Channel // where notes go
	Outside   Outside   // and where beside them
	Manager   workflows.PersonID
	May       bool // whether whoever planned to publish them still may
}

// Approved reports whether the text as it stands is approved for the candidate it covers.
func (n Notes) Approved() bool {
	for _, a := range n.Approvals {
		if a.Commit == n.Commit {
			return true
		}
	}
	return false
}

// with is the state with another text, which ends what was said of the old one.
func (n Notes) with(text string) Notes {
	if text == n.Text {
		return n
	}
	n.Text, n.Approvals, n.Public, n.Changelog = text, nil, workflows.Public{}, workflows.Public{}
	n.Revision++
	return n
}

// current refuses what was pressed or filled in on a text that changed since.
func (n Notes) current(f Facts) error {
	if !f.Basis.Said || f.Basis.Revision == n.Revision {
		return nil
	}
	return workflows.Refuse(workflows.Changed, fmt.Sprintf("the notes of %s changed since: %s", f.Standing.Release.Name(), n.stands())).
		By(f.Actor.At()).Type(f.line("notes show"))
}

func (n Notes) stands() string {
	switch {
	case n.Text == "":
		return "there are none now"
	case n.Approved():
		return "the new text is approved"
	}
	return "the new text waits for approval"
}

// covers refuses what needs notes that cover the candidate as it is.
func (n Notes) covers(f Facts) error {
	switch {
	case n.Text == "":
		return workflows.Refuse(NoNotes, f.Standing.Release.Name()+" has no notes yet").
			By(workflows.Makers()...).Type(f.line("notes draft"))
	case f.Candidate == "":
		return noCandidate(f)
	case n.Commit == "":
		return workflows.Refuse(workflows.ItemStale, "these notes were written before there was a candidate; it is "+workflows.ShortID(f.Candidate)).
			By(workflows.Makers()...).Type(f.line("notes draft"))
	case n.Commit != f.Candidate:
		return workflows.Refuse(workflows.ItemStale, fmt.Sprintf("these notes cover up to %s, the candidate is %s",
			workflows.ShortID(n.Commit), workflows.ShortID(f.Candidate))).By(workflows.Makers()...).Type(f.line("notes draft"))
	}
	return nil
}

func noCandidate(f Facts) error {
	return workflows.Refuse(workflows.NoCandidate, f.Standing.Release.Name()+" has no candidate, so nobody can say what is in it").
		By(workflows.Makers()...).Type(f.line("candidate set", "HEAD"))
}

// line writes a line to type, naming the release only where it must be.
func (f Facts) line(verb string, words ...string) string {
	return workflows.Line(f.Selector, verb, words...)
}
