package notes

import "github.com/readyroom/readyroom/workflows"

// Edit replaces the whole text; what it does to each entry is read from it.
type Edit struct{ Text string }

// Needs says who may.
func (Edit) Needs() workflows.Need { return workflows.Maker }

// Edited says that somebody wrote the text.
type Edited struct {
	Text       string  `json:"text"`
	Head       string  `json:"head,omitempty"`
	Entries    []Entry `json:"entries,omitempty"`
	Commit     string  `json:"commit,omitempty"`     // the candidate of the moment, where no draft said what the notes cover
	Unapproved bool    `json:"unapproved,omitempty"` // it was approved, and is no longer
}

// Kind names the event.
func (Edited) Kind() string { return "notes.edited" }

func (e Edit) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if err := n.current(f); err != nil {
		return nil, err
	}
	text, no := workflows.Prose("the notes", e.Text, MaxText)
	switch {
	case no != nil:
		return nil, no.By(f.Actor.At()).Type(f.line("notes edit"))
	case text == "":
		return nil, workflows.Refuse(workflows.Invalid, "notes without a word tell users nothing").
			By(f.Actor.At()).Type(f.line("notes draft"))
	case text == n.Text:
		return nil, workflows.Refuse(workflows.Unchanged, "the notes read so already").By(f.Actor.At()).Type(f.line("notes approve"))
	}
	_, was := n.known()
	head, all, open := reread(was, text)
	if open > 0 {
		return nil, unclosed(open).By(f.Actor.At()).Type(f.line("notes edit"))
	}
	done := Edited{Text: text, Head: head, Entries: all, Unapproved: len(n.Approvals) > 0}
	if n.Commit == "" {
		done.Commit = f.Candidate
	}
	return []workflows.Event{done}, nil
}

func (e Edited) evolve(n Notes, _ workflows.Header) Notes {
	n = n.with(e.Text)
	n.Head, n.Entries, n.Edited = e.Head, e.Entries, true
	if n.Commit == "" {
		n.Commit = e.Commit
	}
	return n
}
