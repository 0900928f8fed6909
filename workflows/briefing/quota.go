package briefing

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// DefaultQuota is the share, in percent, where an audience names none.
const DefaultQuota = 80

// Audience is a group of people who can be briefed, as it is now.
type Audience struct {
	Name   workflows.Audience
	People []workflows.PersonID
	Place  workflows.Place // empty: each by direct message
	Quota  int             // percent of its people who must acknowledge; 0: DefaultQuota
	Public bool            // never briefed
}

// needed is how many of so many people make the quota: rounded up, and never nobody.
func (a Audience) needed(people int) int {
	quota := a.Quota
	if quota <= 0 {
		quota = DefaultQuota
	}
	return (people*min(quota, 100) + 99) / 100
}

// AudienceProgress is how far an audience has read the text in force.
type AudienceProgress struct {
	Name     workflows.Audience   `json:"name"`
	Acked    int                  `json:"acked"`
	Of       int                  `json:"of"`
	Needed   int                  `json:"needed"`
	Met      bool                 `json:"met"`
	Outdated bool                 `json:"outdated,omitempty"` // it has an older text, or one that a rollback undid; nobody there can be asked to read the new one
	Missing  []workflows.PersonID `json:"missing,omitempty"`  // in the audience's order
}

// Progress says how far each audience that was sent a briefing has read it, with the people it has now: who joined
// late counts. An audience that is empty, gone or public by now is never met.
func Progress(b Briefing, audiences []Audience) []AudienceProgress {
	var out []AudienceProgress
	for _, s := range b.To {
		p := AudienceProgress{Name: s.Audience, Outdated: s.Digest != b.Sent.Digest || b.Counter != nil}
		i := slices.IndexFunc(audiences, func(a Audience) bool { return a.Name == s.Audience && !a.Public })
		if i >= 0 {
			p.count(b, audiences[i])
		}
		out = append(out, p)
	}
	return out
}

func (p *AudienceProgress) count(b Briefing, a Audience) {
	seen := map[workflows.PersonID]bool{}
	for _, id := range a.People {
		switch {
		case seen[id]:
			continue
		case b.acked(id, b.Sent.Digest):
			p.Acked++
		case !p.Outdated:
			p.Missing = append(p.Missing, id)
		}
		seen[id] = true
		p.Of++
	}
	p.Needed = a.needed(p.Of)
	p.Met = !p.Outdated && p.Of > 0 && p.Acked >= p.Needed
}

// Count is how many of an audience had read a text.
type Count struct {
	Audience workflows.Audience `json:"audience"`
	Acked    int                `json:"acked"`
	Of       int                `json:"of"`
}

// QuotaMet says that enough people of every audience acknowledged the text in force.
type QuotaMet struct {
	Digest string  `json:"digest"`
	Counts []Count `json:"counts"`
}

// QuotaLost says that this is no longer so.
type QuotaLost struct {
	Digest string `json:"digest"` // of the text for which it was met
	Why    string `json:"why"`
}

// Kind names the event.
func (QuotaMet) Kind() string { return "briefing.quota_met" }

// Kind names the event.
func (QuotaLost) Kind() string { return "briefing.quota_lost" }

// quota says what an act that led to b did to the quota.
func (b Briefing) quota(audiences []Audience, lost string) []workflows.Event {
	met := len(b.To) > 0
	var counts []Count
	for _, p := range Progress(b, audiences) {
		met = met && p.Met
		counts = append(counts, Count{Audience: p.Name, Acked: p.Acked, Of: p.Of})
	}
	switch {
	case met && b.Met != b.Sent.Digest:
		return []workflows.Event{QuotaMet{Digest: b.Sent.Digest, Counts: counts}}
	case !met && b.Met != "":
		return []workflows.Event{QuotaLost{Digest: b.Met, Why: lost}}
	}
	return nil
}

func (e QuotaMet) evolve(b Briefing, _ workflows.Header) Briefing {
	b.Met = e.Digest
	return b
}

func (QuotaLost) evolve(b Briefing, _ workflows.Header) Briefing {
	b.Met = ""
	return b
}

func (QuotaMet) tell(Briefing) []workflows.Effect  { return nil }
func (QuotaLost) tell(Briefing) []workflows.Effect { return nil }
