package notes

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Publish posts the approved text in every channel that does not have it yet.
type Publish struct{}

// Needs says who may.
func (Publish) Needs() workflows.Need { return workflows.Manager }

// Published says where the approved text went.
type Published struct {
	Text   workflows.Public `json:"text"`
	Digest string           `json:"digest"`
	To     []Channel        `json:"to"`
}

// Kind names the event.
func (Published) Kind() string { return "notes.published" }

// Post is the Data of a delivery: all that is shown, decided when it was published and never drawn again.
type Post struct {
	Release workflows.ReleaseID `json:"release"`
	Text    workflows.Public    `json:"text"`
	Digest  string              `json:"digest"`
}

func (Publish) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if err := n.covers(f); err != nil {
		return nil, err
	}
	if err := n.current(f); err != nil {
		return nil, err
	}
	if !n.Approved() || n.Public.String() != n.Text {
		return nil, workflows.Refuse(NotApproved, "nobody approved this text for "+workflows.ShortID(f.Candidate)).
			By(string(workflows.Engineering)).Type(f.line("notes approve"))
	}
	if err := f.open(); err != nil {
		return nil, err
	}
	channels := distinct(f.Channels)
	if len(channels) == 0 {
		return nil, workflows.Refuse(workflows.NoAudience, "readyroom.yaml names no public audience with a channel").
			By("whoever edits readyroom.yaml").Type(`audiences: {news: {channel: "#news", public: true}}`)
	}
	digest := workflows.Digest(n.Text)
	missing := slices.DeleteFunc(channels, func(c Channel) bool { return n.has(digest, c.Place) })
	if len(missing) == 0 {
		return nil, workflows.Refuse(workflows.Unchanged, "these notes are published, word for word, in every channel").
			By(f.Actor.At()).Type(f.line("notes show"))
	}
	return []workflows.Event{Published{Text: n.Public, Digest: digest, To: missing}}, nil
}

// open refuses while users cannot have what the notes tell them of.
func (f Facts) open() error {
	s := f.Standing
	switch {
	case s.Reach == workflows.ReachSmaller:
		return workflows.Refuse(workflows.OnHold, s.Where+": notes would tell users of what may be taken back").
			By(string(workflows.ReleaseManager)).Type(f.line("resume"))
	case s.Stage == workflows.Preview, s.Stage == workflows.GA, s.Stage == workflows.Closed:
		return nil
	}
	return workflows.Refuse(workflows.GateClosed, fmt.Sprintf("%s: notes tell users what they can have", s.Where)).
		By(string(workflows.ReleaseManager)).Type(f.line("check"))
}

// has reports whether a place shows the text already.
func (n Notes) has(digest string, at workflows.Place) bool {
	return n.Out != nil && n.Out.Digest == digest &&
		slices.ContainsFunc(n.Out.To, func(c Channel) bool { return c.Place == at })
}

// distinct leaves out channels that are nowhere, and all but the first in one place.
func distinct(channels []Channel) []Channel {
	var out []Channel
	for _, c := range channels {
		if c.Place != "" && !slices.ContainsFunc(out, func(o Channel) bool { return o.Place == c.Place }) {
			out = append(out, c)
		}
	}
	return out
}

func (e Published) evolve(n Notes, h workflows.Header) Notes {
	out := Publication{Text: e.Text, Digest: e.Digest, At: h.At}
	if n.Out != nil && n.Out.Digest == e.Digest {
		out.To = slices.Clone(n.Out.To)
	}
	out.To = append(out.To, e.To...)
	n.Out = &out
	return n
}

func (e Published) posts(id workflows.ReleaseID) []workflows.Effect {
	data, err := json.Marshal(Post{Release: id, Text: e.Text, Digest: e.Digest})
	if err != nil {
		panic(err) // strings always marshal
	}
	var out []workflows.Effect
	for _, c := range e.To {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: "notes", To: workflows.To{Place: c.Place}, Data: data})
	}
	return out
}
