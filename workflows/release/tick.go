package release

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Tick records what time alone changed: a machine's vote ran out, a soak is over.
type Tick struct{}

// Needs says that only the clock may.
func (Tick) Needs() workflows.Need { return workflows.Machine }

// Lapsed happened: a vote ran out.
type Lapsed struct {
	Item string `json:"item"`
	From Source `json:"from"`
}

// Soaked happened: the stage has been open long enough.
type Soaked struct {
	Stage workflows.Stage `json:"stage"`
	Since time.Time       `json:"since"`
}

// Kind names the event.
func (Lapsed) Kind() string { return "release.lapsed" }

// Kind names the event.
func (Soaked) Kind() string { return "release.soaked" }

func (Tick) decide(r Release, f Facts) ([]workflows.Event, error) {
	var events []workflows.Event
	for _, v := range r.Votes {
		if !v.Lapsed && !v.Expires.IsZero() && !f.Now.Before(v.Expires) {
			events = append(events, Lapsed{v.Item, v.Machine})
		}
	}
	if g, ok := r.Next(); ok && !g.Opens() && !r.Soaked.Equal(r.Soaking) && r.soak() > 0 && !f.Now.Before(r.Soaking.Add(r.soak())) {
		events = append(events, Soaked{g.Stage, r.Soaking})
	}
	if !r.Cancelled {
		events = append(events, r.ended(f.Book, f.Now)...)
	}
	return events, nil
}

// soakWake comes back when the soak of the stage where the release stands is over.
func soakWake(r Release, _ workflows.Header) []workflows.Effect {
	g, ok := r.Next()
	soak := r.soak()
	if !ok || g.Opens() || soak == 0 {
		return nil
	}
	return []workflows.Effect{{Kind: workflows.Wake, What: "tick", At: r.Soaking.Add(soak), To: workflows.To{Release: r.ID}}}
}

// evolve keeps the vote, so that the item can say that it ran out.
func (e Lapsed) evolve(r Release, h workflows.Header) Release {
	for i, v := range r.Votes {
		if v.Item == e.Item && v.Machine == e.From && !v.Expires.IsZero() && !v.Expires.After(h.At) {
			r.Votes[i].Lapsed = true
		}
	}
	r.Revisions[e.Item]++
	return r
}

func (e Lapsed) tell(Release, workflows.Header) []workflows.Effect { return nil }

func (e Soaked) evolve(r Release, _ workflows.Header) Release {
	r.Soaked = e.Since
	return r
}

func (e Soaked) tell(Release, workflows.Header) []workflows.Effect { return nil }
