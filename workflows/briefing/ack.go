package briefing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Ack says that the asker read the text in force.
type Ack struct{}

// Needs says who may; only people of an audience it was sent to in the end.
func (Ack) Needs() workflows.Need { return workflows.Member }

// Acked says that a person read a text.
type Acked struct {
	Person   workflows.PersonID   `json:"person"`
	Digest   string               `json:"digest"`
	Revision uint64               `json:"revision"`
	Shown    []workflows.Audience `json:"shown,omitempty"` // where the text in force is, as of then: the live counters
}

// Kind names the event.
func (Acked) Kind() string { return "briefing.acked" }

func (Ack) decide(b Briefing, f Facts) ([]workflows.Event, error) {
	if b.Sent.Digest == "" {
		return nil, workflows.Refuse(NoBriefing, "no briefing of "+f.Standing.Release.Name()+" was sent yet").
			By(string(workflows.ReleaseManager)).Type(f.line("brief send"))
	}
	if b.Counter != nil {
		return nil, stale("the release was rolled back, and this no longer holds", f).
			By(string(workflows.ReleaseManager)).Type(f.line("brief send"))
	}
	sent, mine := b.reached(f)
	if len(mine) == 0 {
		return nil, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("the briefing went to %s; %s is in none of them", strings.Join(atEach(sent), ", "), f.Actor.At())).
			By(atEach(sent)...).Type(f.line("brief show"))
	}
	if f.Basis.Said && f.Basis.Revision != b.Sent.Revision {
		return nil, stale(b.whatChanged(), f).By(f.Actor.At()).Type(f.line("brief show"), f.line("brief ack"))
	}
	if b.acked(f.Actor.Person, b.Sent.Digest) {
		return nil, workflows.Refuse(workflows.Unchanged, "you acknowledged this text already").By(f.Actor.At()).Type(f.line("brief show"))
	}
	if len(b.inForce(mine)) == 0 {
		return nil, stale(b.whatChanged()+"; the new text was not sent to you yet", f).
			By(string(workflows.ReleaseManager)).Type(f.line("brief send"))
	}
	e := Acked{Person: f.Actor.Person, Digest: b.Sent.Digest, Revision: b.Sent.Revision, Shown: b.inForce(f.Audiences)}
	after := e.evolve(b, workflows.Header{})
	return append([]workflows.Event{e}, after.quota(f.Audiences, "people joined who have not read it")...), nil
}

// reached lists the audiences that were sent a text, and those of them that the asker belongs to now.
func (b Briefing) reached(f Facts) (sent []workflows.Audience, mine []Audience) {
	for _, s := range b.To {
		sent = append(sent, s.Audience)
	}
	for _, a := range f.Audiences {
		if slices.Contains(sent, a.Name) && !a.Public && slices.Contains(a.People, f.Actor.Person) {
			mine = append(mine, a)
		}
	}
	return sent, mine
}

func (b Briefing) whatChanged() string {
	if len(b.Changed) == 0 {
		return "it was sent anew"
	}
	return strings.Join(b.Changed, ", ")
}

func (e Acked) evolve(b Briefing, h workflows.Header) Briefing {
	b.Acks = append(slices.Clone(b.Acks), Acknowledgement{Person: e.Person, Digest: e.Digest, At: h.At})
	return b
}

func (e Acked) tell(Briefing) []workflows.Effect { return show(e.Shown) }
