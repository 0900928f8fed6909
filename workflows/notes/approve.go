package notes

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Approve is a vote for the text as it stands and for its change log, word for word, and for the candidate they cover.
type Approve struct{}

// Needs says who may; the desk asks for the role engineering.
func (Approve) Needs() workflows.Need { return workflows.Holder }

// Approved says that somebody approved these very texts for publication.
type Approved struct {
	Text      string             `json:"text"`
	Digest    string             `json:"digest"` // of Text
	Changelog string             `json:"changelog,omitempty"`
	Commit    string             `json:"commit"`
	By        workflows.PersonID `json:"by"`
	As        workflows.Role     `json:"as,omitempty"`
	Note      string             `json:"note,omitempty"`
}

// Kind names the event.
func (Approved) Kind() string { return "notes.approved" }

func (Approve) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if err := n.covers(f); err != nil {
		return nil, err
	}
	if err := n.current(f); err != nil {
		return nil, err
	}
	if f.Counts && slices.ContainsFunc(n.Approvals, func(a Approval) bool { return a.By == f.Actor.Person && a.Commit == f.Candidate }) {
		return nil, workflows.Refuse(workflows.Unchanged, "you approved these notes already, word for word").
			By(f.Actor.At()).Type(f.line("notes publish"))
	}
	return []workflows.Event{Approved{Text: n.Text, Digest: workflows.Digest(n.Text), Changelog: n.changelog(f.Standing.Release, f.Day),
		Commit: f.Candidate, By: f.Actor.Person, As: f.As, Note: f.Note}}, nil
}

// evolve makes the texts public: the one place where people's approval opens that door.
func (e Approved) evolve(n Notes, h workflows.Header) Notes {
	n.Approvals = append(slices.Clone(n.Approvals), Approval{By: e.By, As: e.As, At: h.At, Commit: e.Commit, Digest: e.Digest})
	n.Public, n.Changelog = workflows.Approved(e.Text), workflows.Approved(e.Changelog)
	return n
}
