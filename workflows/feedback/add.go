package feedback

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Add says something about a release.
type Add struct{ Text, Link string }

// Needs says who may: whoever uses the thing.
func (Add) Needs() workflows.Need { return workflows.Anyone }

// Stranger says that somebody may say something whom nobody knows.
func (Add) Stranger() {}

// Heard happened: somebody said something.
type Heard struct {
	N       int             `json:"n"`
	Text    string          `json:"text"`
	Link    string          `json:"link,omitempty"`
	Outside bool            `json:"outside,omitempty"`
	Place   workflows.Place `json:"place,omitempty"`
	Stage   workflows.Stage `json:"stage"`
	Commit  string          `json:"commit,omitempty"`
}

// Kind names the event.
func (Heard) Kind() string { return "feedback.heard" }

func (a Add) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if f.Over {
		return nil, TooLate(f.Release)
	}
	a, no := a.tidy()
	if no != nil {
		return nil, no.Type(f.line("feedback add", "-- what happened, or what you wish"))
	}
	i := slices.IndexFunc(b.Entries, func(e Entry) bool {
		return e.Done == nil && f.same(e.By, f.Actor.Person) && e.Text == a.Text && e.Link == a.Link
	})
	if i >= 0 {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("you said so already: it is #%d", b.Entries[i].N)).Type(f.line("feedback list"))
	}
	if no := b.room(f); no != nil {
		return nil, no
	}
	return []workflows.Event{Heard{N: len(b.Entries) + 1, Text: a.Text, Link: a.Link, Outside: !f.Inside, Place: f.At, Stage: f.Stage, Commit: f.Commit}}, nil
}

// tidy holds what somebody says to what is taken.
func (a Add) tidy() (Add, *workflows.Refusal) {
	text, no := workflows.Prose("what you say", a.Text, MaxText)
	if no != nil {
		return a, no
	}
	if text == "" {
		return a, workflows.Refuse(workflows.NeedsReason, "say what happened, or what you wish")
	}
	link, no := workflows.Prose("the link", a.Link, MaxLink)
	if no != nil {
		return a, no
	}
	if u, err := url.Parse(link); link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(link, " \t\n")) {
		return a, workflows.Refuse(workflows.Invalid, workflows.Display(link, 80)+" is no address: write https://…")
	}
	return Add{text, link}, nil
}

// room refuses what comes on top of as much as is taken.
func (b Feedback) room(f Facts) *workflows.Refusal {
	open, outside, own := 0, 0, 0
	for _, e := range b.Entries {
		if e.Done != nil {
			continue
		}
		open++
		if e.Outside {
			outside++
		}
		if e.Outside && f.same(e.By, f.Actor.Person) {
			own++
		}
	}
	why := ""
	switch {
	case !f.Inside && own >= MaxAccount:
		why = fmt.Sprintf("%d things that you said about %s wait for an answer: no more are taken before some are settled", own, f.Release.Name())
	case open >= MaxOpen, !f.Inside && outside >= MaxOutside:
		why = fmt.Sprintf("%d things that were said about %s wait for an answer: no more are taken before some are settled", open, f.Release.Name())
	default:
		return nil
	}
	return workflows.Refuse(Full, why).By("anyone with a role").Type(f.line("feedback list"))
}

// same reports whether two ids are one person, as of now.
func (f Facts) same(a, b workflows.PersonID) bool { return f.Book.Canon(a) == f.Book.Canon(b) }

func (e Heard) evolve(b Feedback, h workflows.Header) Feedback {
	b.Entries = append(slices.Clone(b.Entries), Entry{N: e.N, Text: e.Text, Link: e.Link, By: h.By.Person, Account: h.By.Handle, Outside: e.Outside,
		At: h.At, Place: e.Place, Stage: e.Stage, Commit: e.Commit})
	return b
}

// What is heard is counted on the card; a line for each would bury the thread, and anyone could write there.
func (Heard) tell(id workflows.ReleaseID) []workflows.Effect { return []workflows.Effect{card(id)} }
