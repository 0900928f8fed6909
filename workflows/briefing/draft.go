package briefing

import (
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// MaxField is how many characters a field may have.
const MaxField = 4000

// Draft writes the whole briefing.
type Draft struct{ Fields Fields }

// Needs says who may.
func (Draft) Needs() workflows.Need { return workflows.Maker }

// Drafted says that somebody wrote the briefing.
type Drafted struct {
	Fields Fields `json:"fields"`
	Digest string `json:"digest"`
}

// Kind names the event.
func (Drafted) Kind() string { return "briefing.drafted" }

func (d Draft) decide(b Briefing, f Facts) ([]workflows.Event, error) {
	if f.Basis.Said && f.Basis.Revision != b.Draft.Revision {
		return nil, stale("somebody else wrote it meanwhile", f).By(f.Actor.At()).Type(f.line("brief draft"))
	}
	fields := d.Fields
	for _, x := range fields.list() {
		text, no := workflows.Prose(x.title, *x.text, MaxField)
		if no != nil {
			return nil, no.By(f.Actor.At()).Type(f.line("brief draft"))
		}
		*x.text = text
	}
	switch {
	case fields.Changes == "":
		return nil, workflows.Refuse(workflows.Invalid, "what changes: a briefing must say it").By(f.Actor.At()).Type(f.line("brief draft"))
	case fields.Help == "":
		return nil, workflows.Refuse(workflows.Invalid, "how to help a user: a briefing must say it").By(f.Actor.At()).Type(f.line("brief draft"))
	case strings.Contains(fields.Line, "\n"):
		return nil, workflows.Refuse(workflows.Invalid, "the line for stakeholders: it is one line").By(f.Actor.At()).Type(f.line("brief draft"))
	}
	e := Drafted{Fields: fields, Digest: fields.digest()}
	if e.Digest == b.Draft.Digest {
		return nil, workflows.Refuse(workflows.Unchanged, "the briefing reads so already").By(f.Actor.At()).Type(f.line("brief send"))
	}
	return []workflows.Event{e}, nil
}

func (e Drafted) evolve(b Briefing, _ workflows.Header) Briefing {
	b.Draft = Text{Fields: e.Fields, Digest: e.Digest, Revision: b.Draft.Revision + 1}
	return b
}

func (Drafted) tell(Briefing) []workflows.Effect { return nil }
