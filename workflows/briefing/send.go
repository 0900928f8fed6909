package briefing

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Send sends the draft to one audience, or to every audience that is not public.
type Send struct {
	Audience workflows.Audience // empty: every one
}

// Needs says who may.
func (Send) Needs() workflows.Need { return workflows.Manager }

// Sent says who was sent which text. Where it differs from the text in force before, acknowledgements begin anew.
type Sent struct {
	To       []workflows.Audience `json:"to"`
	Fields   Fields               `json:"fields"`
	Digest   string               `json:"digest"`
	Revision uint64               `json:"revision"`
	Changed  []string             `json:"changed,omitempty"` // titles of the fields that differ from the text in force before
	Gone     []workflows.Audience `json:"gone,omitempty"`    // had a text, and may not or cannot have one any more
}

// Kind names the event.
func (Sent) Kind() string { return "briefing.sent" }

func (s Send) decide(b Briefing, f Facts) ([]workflows.Event, error) {
	if err := b.drafted(f); err != nil {
		return nil, err
	}
	if f.Basis.Said && f.Basis.Revision != b.Draft.Revision {
		return nil, stale("read it again before it goes out", f).By(f.Actor.At()).Type(f.line("brief show"))
	}
	targets, err := s.targets(f)
	if err != nil {
		return nil, err
	}
	e := Sent{Fields: b.Draft.Fields, Digest: b.Draft.Digest, Revision: b.Draft.Revision, Changed: b.Changed, Gone: b.gone(f.Audiences)}
	for _, a := range targets {
		if was, ok := b.sentTo(a.Name); !ok || was.Digest != e.Digest || b.Counter != nil {
			e.To = append(e.To, a.Name)
		}
	}
	if len(e.To) == 0 {
		return nil, workflows.Refuse(workflows.Unchanged, "this text was sent there already").
			By(f.Actor.At()).Type(f.line("brief status"), f.line("brief draft"))
	}
	if b.Sent.Digest != e.Digest {
		e.Changed = nil
		if b.Sent.Digest != "" {
			e.Changed = b.Sent.Fields.diff(e.Fields)
		}
	}
	after := e.evolve(b, workflows.Header{})
	return append([]workflows.Event{e}, after.quota(f.Audiences, "the text in force changed, or who was sent it")...), nil
}

// targets resolves whom it goes to: never to a public audience, never to one without people.
func (s Send) targets(f Facts) ([]Audience, error) {
	var internal []Audience
	var known []string
	for _, a := range f.Audiences {
		if a.Name == s.Audience && a.Public {
			return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s is public, and a briefing is for staff", a.Name)).
				By(string(workflows.ReleaseManager)).Type(f.line("notes publish"))
		}
		if !a.Public {
			internal = append(internal, a)
			known = append(known, string(a.Name))
		}
	}
	if len(internal) == 0 {
		return nil, workflows.Refuse(workflows.NoAudience,
			`nobody is there to be briefed; add people to readyroom.yaml, such as audiences: {support: {people: [mia], channel: "#support"}}`).
			By("an owner").Type(f.line("brief show"))
	}
	if s.Audience != "" {
		i := slices.IndexFunc(internal, func(a Audience) bool { return a.Name == s.Audience })
		if i < 0 {
			return nil, unknown(s.Audience, known, f)
		}
		internal = internal[i : i+1]
	}
	for _, a := range internal {
		if len(a.People) == 0 {
			return nil, workflows.Refuse(workflows.NoAudience, fmt.Sprintf("%s has no people, so its quota can never be met; add them in readyroom.yaml under audiences", a.Name)).
				By("an owner").Type(f.line("brief send", "@GROUP"))
		}
	}
	return internal, nil
}

func unknown(typed workflows.Audience, known []string, f Facts) error {
	near := workflows.Nearest(string(typed), known, 3)
	ref := workflows.Refuse(UnknownAudience, fmt.Sprintf("no audience is called %s", workflows.Display(string(typed), 40))).By(f.Actor.At())
	ref.Nearest = near
	if len(near) == 0 {
		near = known
	}
	for _, n := range near[:min(len(near), 3)] {
		ref.Type(f.line("brief send", "@"+n))
	}
	return ref
}

// gone lists who was sent a text and is no audience for a briefing any more.
func (b Briefing) gone(audiences []Audience) []workflows.Audience {
	var out []workflows.Audience
	for _, s := range b.To {
		if !slices.ContainsFunc(audiences, func(a Audience) bool { return a.Name == s.Audience && !a.Public }) {
			out = append(out, s.Audience)
		}
	}
	return out
}

func (e Sent) evolve(b Briefing, h workflows.Header) Briefing {
	b.Sent = Text{Fields: e.Fields, Digest: e.Digest, Revision: e.Revision}
	b.Changed, b.Counter = e.Changed, nil
	replaced := func(s Sending) bool { return slices.Contains(e.To, s.Audience) || slices.Contains(e.Gone, s.Audience) }
	b.To = slices.DeleteFunc(slices.Clone(b.To), replaced)
	for _, a := range e.To {
		b.To = append(b.To, Sending{Audience: a, Digest: e.Digest, At: h.At})
	}
	return b
}

func (e Sent) tell(Briefing) []workflows.Effect { return show(e.To) }
