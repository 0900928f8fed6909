// Package briefing is the room of the internal briefing of a release: what staff must know before users ask them, who
// was sent it, who acknowledged which text, and the counter-briefing after a rollback. A briefing never becomes public.
//
// It reads no clock, does no I/O, and knows neither other rooms nor any chat platform.
package briefing

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Room names the streams of this room: "briefing/<release id>".
const Room = "briefing"

// The room's own reasons.
const (
	NoBriefing      workflows.Reason = "no_briefing"      // nothing was drafted, or nothing was sent
	UnknownAudience workflows.Reason = "unknown_audience" //
)

// Briefing is the folded state of the briefing of one release.
type Briefing struct {
	Release workflows.ReleaseID `json:"release"`
	Draft   Text                `json:"draft,omitzero"`    // as it would be sent
	Sent    Text                `json:"sent,omitzero"`     // as it was sent last
	Changed []string            `json:"changed,omitempty"` // titles of the fields in which Sent differs from what was sent before
	To      []Sending           `json:"to,omitempty"`
	Acks    []Acknowledgement   `json:"acks,omitempty"`    // of every text, in the order they came
	Met     string              `json:"met,omitempty"`     // digest of the text for which the quota is met
	Counter *Reversal           `json:"counter,omitempty"` // set from a rollback until it is sent anew
	Void    int                 `json:"void,omitempty"`    // how many of Acks a rollback undid
}

// Text is the fields as they were at a revision.
type Text struct {
	Fields   Fields `json:"fields"`
	Digest   string `json:"digest"`
	Revision uint64 `json:"revision"` // how often the text had changed
}

// Sending is one audience with the text it was sent last.
type Sending struct {
	Audience workflows.Audience `json:"audience"`
	Digest   string             `json:"digest"`
	At       time.Time          `json:"at"`
}

// Acknowledgement is one person's word that they read a text.
type Acknowledgement struct {
	Person workflows.PersonID `json:"person"`
	Digest string             `json:"digest"`
	At     time.Time          `json:"at"`
}

// Reversal is the last counter-briefing.
type Reversal struct {
	Stage workflows.Stage `json:"stage"` // where the release stands since
	Why   string          `json:"why,omitempty"`
	At    time.Time       `json:"at"`
}

// Facts is what a decision needs beside the state.
type Facts struct {
	Now       time.Time
	Actor     workflows.Actor
	As        workflows.Role
	Basis     workflows.Basis // Revision is of the text: of the draft for its form, of what was sent for an acknowledgement
	Standing  workflows.Standing
	Note      string
	Selector  string     // how a typed line from there names the release: "" or "app@1.0.0"
	Audiences []Audience // all there are, with their people as of now
}

// LastSent is when the text that is in force was sent last; zero: never.
func (b Briefing) LastSent() time.Time {
	var last time.Time
	for _, s := range b.To {
		if s.Digest == b.Sent.Digest && s.At.After(last) {
			last = s.At
		}
	}
	return last
}

// sentTo gives what an audience was sent.
func (b Briefing) sentTo(a workflows.Audience) (Sending, bool) {
	i := slices.IndexFunc(b.To, func(s Sending) bool { return s.Audience == a })
	if i < 0 {
		return Sending{}, false
	}
	return b.To[i], true
}

// inForce lists the audiences, of those given, whose last text is the one in force.
func (b Briefing) inForce(audiences []Audience) []workflows.Audience {
	var out []workflows.Audience
	for _, a := range audiences {
		if s, ok := b.sentTo(a.Name); ok && s.Digest == b.Sent.Digest && !a.Public {
			out = append(out, a.Name)
		}
	}
	return out
}

// acked reports whether a person acknowledged a text.
func (b Briefing) acked(p workflows.PersonID, digest string) bool {
	return slices.ContainsFunc(b.Acks[b.Void:], func(a Acknowledgement) bool { return a.Person == p && a.Digest == digest })
}

// line writes a line to type, naming the release only where it must be.
func (f Facts) line(verb string, words ...string) string {
	return workflows.Line(f.Selector, verb, words...)
}

// drafted refuses what needs a text.
func (b Briefing) drafted(f Facts) error {
	if b.Draft.Digest != "" {
		return nil
	}
	return workflows.Refuse(NoBriefing, f.Standing.Release.Name()+" has no briefing yet").By(workflows.Makers()...).Type(f.line("brief draft"))
}

// Fields is what a briefing says. Changes and Help are required: what staff cannot do without.
type Fields struct {
	Changes  string `json:"changes"`            // what changes
	Who      string `json:"who,omitempty"`      // who has it, which plans
	Help     string `json:"help"`               // how to help a user
	Problems string `json:"problems,omitempty"` // known problems and their solutions
	Contact  string `json:"contact,omitempty"`  // whom to ask
	Line     string `json:"line,omitempty"`     // one line for stakeholders
}

// field is one of the fields with its name for people.
type field struct {
	title string
	text  *string
}

func (f *Fields) list() []field {
	return []field{{"what changes", &f.Changes}, {"who has it", &f.Who}, {"how to help a user", &f.Help},
		{"known problems", &f.Problems}, {"whom to ask", &f.Contact}, {"the line for stakeholders", &f.Line}}
}

// diff names the fields in which two texts differ.
func (f Fields) diff(to Fields) []string {
	var out []string
	was := f.list()
	for i, now := range to.list() {
		if *was[i].text != *now.text {
			out = append(out, now.title)
		}
	}
	return out
}

func (f Fields) digest() string {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // strings always marshal
	}
	return workflows.Digest(string(b))
}

// atEach names audiences as people write them.
func atEach(audiences []workflows.Audience) []string {
	var out []string
	for _, a := range audiences {
		out = append(out, "@"+string(a))
	}
	return out
}

func stale(why string, f Facts) *workflows.Refusal {
	return workflows.Refuse(workflows.Changed, fmt.Sprintf("the briefing of %s changed since: %s", f.Standing.Release.Name(), why))
}
