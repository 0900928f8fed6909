package notes

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// ToldCorrected is what is told in the thread of notes that were published and read otherwise now.
const ToldCorrected = "notes-corrected"

// maxWhy bounds a reason, in characters.
const maxWhy = 1000

// Correct brings an approved text to where other words of the same notes are: the posts are edited, and so is what was
// made outside.
type Correct struct{ Why string }

// Needs says who may.
func (Correct) Needs() workflows.Need { return workflows.Manager }

// Corrected says that published words were replaced.
type Corrected struct {
	Going
	Why   string             `json:"why"`
	Had   []Channel          `json:"had,omitempty"`   // where the other words were
	Added []workflows.Public `json:"added,omitempty"` // lines of the new text that the old one did not have
	Gone  []workflows.Public `json:"gone,omitempty"`  // and the other way round
}

// Kind names the event.
func (Corrected) Kind() string { return "notes.corrected" }

func (w Correct) decide(n Notes, f Facts) ([]workflows.Event, error) {
	why, no := workflows.Prose("the reason", w.Why, maxWhy)
	switch {
	case no != nil:
		return nil, no.By(f.Actor.At()).Type(f.line("notes correct", "-- WHY"))
	case why == "":
		return nil, workflows.Refuse(workflows.NeedsReason, "who read the old words learns why there are new ones").
			By(f.Actor.At()).Type(f.line("notes correct", "-- WHY"))
	case n.Out == nil:
		return nil, workflows.Refuse(NoNotes, f.Standing.Release.Name()+" has no published notes that could be corrected").
			By(string(workflows.ReleaseManager)).Type(f.line("notes publish"))
	case n.Text == n.Out.Text.String():
		return nil, workflows.Refuse(workflows.Unchanged, "the notes read as they are published: write first what is right, and have it approved").
			By(workflows.Makers()...).Type(f.line("notes edit"))
	}
	if err := n.publishable(f); err != nil {
		return nil, err
	}
	if n.Out.Commit != f.Candidate {
		return nil, workflows.Refuse(workflows.Changed, "the published notes are those of another candidate; for this one they are published, not corrected").
			By(string(workflows.ReleaseManager)).Type(f.line("notes publish"))
	}
	if err := f.open(); err != nil {
		return nil, err
	}
	going, err := n.missing(f, "")
	if err != nil {
		return nil, err
	}
	if n.Out.outlet(workflows.ActRelease) == nil { // what is not there is published, not corrected
		going.Release, going.Digests.Release = nil, ""
	}
	if n.Out.outlet(workflows.ActChangelog) == nil {
		going.Changelog, going.Digests.Changelog = nil, ""
	}
	for _, c := range n.Out.To { // also where the configuration names no channel any more: the old words are there
		if !slices.ContainsFunc(going.To, func(o Channel) bool { return o.Place == c.Place }) {
			going.To = append(going.To, c)
		}
	}
	e := Corrected{Going: going, Why: why, Had: n.Out.To}
	e.Added, e.Gone = lacking(n.Public, n.Out.Text), lacking(n.Out.Text, n.Public)
	return []workflows.Event{e}, nil
}

// lacking is the lines of a text, as they are read, that another does not have.
func lacking(a, b workflows.Public) []workflows.Public {
	left := map[workflows.Public]int{}
	for _, l := range workflows.Readable(b, "") {
		left[l]++
	}
	var out []workflows.Public
	for _, l := range workflows.Readable(a, "") {
		if left[l]--; left[l] < 0 && strings.TrimSpace(l.String()) != "" {
			out = append(out, l)
		}
	}
	return out
}

func (e Corrected) evolve(n Notes, h workflows.Header) Notes {
	n.Out = e.onto(n.Out, h)
	n.Out.Corrected, n.Planned = true, nil
	return n
}

func (e Corrected) effects(n Notes) []workflows.Effect {
	return append(e.posts(n.Release, e.Had), e.acts()...)
}
