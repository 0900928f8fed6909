package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// BreakGlass passes the next gate although it does not hold: for the night when waiting does more harm. It is counted,
// told to the owners, and reviewed by somebody else before the next definition of done.
type BreakGlass struct {
	Stage workflows.Stage // empty, or the stage the asker believes comes next
	Why   string
}

// Needs says who may: an owner.
func (BreakGlass) Needs() workflows.Need { return workflows.Owner }

// Glass is a gate that was passed by breaking the glass.
type Glass struct {
	Gate   string             `json:"gate"`
	By     workflows.PersonID `json:"by"`
	Why    string             `json:"why"`
	At     time.Time          `json:"at"`
	Open   []string           `json:"open,omitempty"` // the items that did not hold, by full name
	Whole  []string           `json:"whole,omitempty"`
	Review string             `json:"review"` // the full name of the item in which it is reviewed
}

// GlassBroken happened: the gate that is passed next in the same act did not hold.
type GlassBroken struct {
	Glass Glass                `json:"glass"`
	Item  Item                 `json:"item"` // the review
	Tells []workflows.PersonID `json:"tells,omitempty"`
}

// Kind names the event.
func (GlassBroken) Kind() string { return "release.glass_broken" }

// rests: it looks whatever else is lacking, so that the record says over what the glass was broken.
func (w BreakGlass) rests(r Release, f Facts) (resting, bool) {
	g, err := Advance{Stage: w.Stage}.next(r, f)
	return resting{gate: g, all: true}, err == nil
}

func (w BreakGlass) decide(r Release, f Facts) ([]workflows.Event, error) {
	a := Advance{Stage: w.Stage, Note: w.Why}
	g, err := a.next(r, f)
	if err != nil {
		return nil, err
	}
	sight := Sighted(r, w, f)
	blind := sight.blind(f)
	if r, err = r.shown(sight, f); err != nil {
		return nil, err
	}
	again := f.line("advance", "--break-glass -- why")
	v := Check(r, f.Book, f.Now)
	later := r.laterDone(g.Key())
	switch {
	case w.Why == "":
		return nil, workflows.Refuse(workflows.NeedsReason, "say why it cannot wait: it is reviewed later").Type(again)
	case v.Go && blind == nil:
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("«%s» holds: no glass need be broken", g.Title())).Type(f.line("advance"))
	case later == "":
		return nil, workflows.Refuse(workflows.GateClosed, "nothing behind this gate is urgent: closing can wait until it holds").Type(f.line("check"))
	}
	review := Item{Key: r.free(later, "review-glass", ""), Role: workflows.ReleaseManager, Lead: soon, Origin: OfGlass,
		Text: fmt.Sprintf("why «%s» was passed without what it asks for was looked at, and what follows from that", g.Title())}
	glass := Glass{Gate: g.Key(), By: f.Actor.Person, Why: w.Why, At: f.Now, Review: later + "/" + review.Key}
	for _, s := range v.Open() {
		glass.Open = append(glass.Open, s.Full())
	}
	for _, b := range v.Whole {
		glass.Whole = append(glass.Whole, b.Why)
	}
	passed := a.passed(r, g, v, f)
	passed.Glass = true
	if passed.Seen = sight.Items; blind != nil { // what was not seen is owed, should it turn out not to be so
		glass.Whole = append(glass.Whole, fmt.Sprintf("nobody could see how %s stands (%s)", sight.items(g), blind.Reason))
		passed.Seen = nil
		for _, full := range sight.Items {
			if !slices.Contains(passed.Owing, full) {
				passed.Owing = append(passed.Owing, full)
			}
		}
	}
	return []workflows.Event{GlassBroken{Glass: glass, Item: review, Tells: slices.Clone(f.Book.Owners)}, passed}, nil
}

// brokenBy is who broke the glass that an item reviews; empty: it reviews none.
func (r Release) brokenBy(full string) workflows.PersonID {
	for _, g := range r.Glass {
		if g.Review == full {
			return g.By
		}
	}
	return ""
}

// Unreviewed lists the broken glasses whose review does not hold yet.
func (r Release) Unreviewed(b *policy.Book, now time.Time) []Glass {
	return slices.DeleteFunc(slices.Clone(r.Glass), func(g Glass) bool {
		gate, item, ok := r.find(g.Review)
		passed := ok && r.gate(gate.Key()) < r.Passed && !r.owed(g.Review)
		return passed || ok && judge(r, gate, item, b, now).paid()
	})
}

func (e GlassBroken) evolve(r Release, _ workflows.Header) Release {
	r.Glass = append(r.Glass, e.Glass)
	r.Tally.Glass++
	gate, _, _ := strings.Cut(e.Glass.Review, "/")
	return r.put(gate, e.Item)
}

func (e GlassBroken) tell(Release, workflows.Header) []workflows.Effect {
	var out []workflows.Effect
	for _, id := range e.Tells {
		out = append(out, told("glass-broken", id))
	}
	return out
}
