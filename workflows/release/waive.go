package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Waive lets a gate pass without an item, until a date; somebody owes it. The item "soak" is the time a stage must stay
// open.
type Waive struct {
	Item  string // as typed
	Owner workflows.PersonID
	Until time.Time
	Why   string
}

// Needs says who may: a release manager; at high risk two must.
func (Waive) Needs() workflows.Need { return workflows.Manager }

// Waived happened: a release manager let an item wait, or agreed that it may. It carries the waiver as it stands then.
type Waived struct {
	Item   string `json:"item"`
	Waiver Waiver `json:"waiver"`
}

// WaiverEnded happened: its date came.
type WaiverEnded struct {
	Item string `json:"item"`
	Paid bool   `json:"paid,omitempty"` // the item held by then
}

// Kind names the event.
func (Waived) Kind() string { return "release.waived" }

// Kind names the event.
func (WaiverEnded) Kind() string { return "release.waiver_ended" }

func (w Waive) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	full, err := w.about(r, f)
	if err != nil {
		return nil, err
	}
	again := f.line("item waive", full, "@owner --until friday -- why")
	switch {
	case w.Why == "":
		return nil, workflows.Refuse(workflows.NeedsReason, "say why it may wait: it stays on record").Type(again)
	case w.Until.IsZero() || !w.Until.After(f.Now):
		return nil, workflows.Refuse(workflows.Invalid, "a waiver ends at a date that is still to come").In("until").Type(again)
	}
	owner, err := f.member(w.Owner, again)
	if err != nil {
		return nil, err
	}
	h, why := r.holds(f.Book.For(r.Risk), f.Actor.Person, workflows.ReleaseManager, f.Now)
	if why != "" { // who may wish it by the book of every day need not be one whose word counts here
		return nil, workflows.Refuse(why, fmt.Sprintf("at risk %s %s is no release manager: a waiver on that word would not count", r.Risk, f.Actor.At())).
			By(policy.Names(r.holders(f.Book.For(r.Risk), workflows.ReleaseManager, f.Now))...).Type(f.line("item show", full))
	}
	given := Given{By: f.Actor.Person, For: h.For, Manager: f.Book.Canon(f.Actor.Person) == f.Book.Canon(r.Manager), At: f.Now}
	next := Waiver{Owner: owner, Until: w.Until, Why: w.Why, Given: []Given{given}}
	if was := r.Care[full].Waiver; was != nil && was.Owner == owner && asTyped(was.Until) == asTyped(w.Until) && !was.Lapsed {
		mine := func(g Given) bool { return f.Book.Canon(g.By) == f.Book.Canon(given.By) }
		if slices.ContainsFunc(was.Given, mine) {
			return nil, w.already(r, f, full, was)
		}
		next.Given, next.Why, next.Until = append(slices.Clone(was.Given), given), was.Why, was.Until
	}
	return []workflows.Event{Waived{Item: full, Waiver: next}}, nil
}

// asTyped is a date as it was written: two managers in two zones who write the same date mean the same waiver.
func asTyped(t time.Time) string { return t.Format("2006-01-02 15:04") }

// written is a date as people wrote it: with its time of day only where it has one.
func written(t time.Time) string {
	if h, m, _ := t.Clock(); h == 0 && m == 0 {
		return t.Format(time.DateOnly)
	}
	return asTyped(t)
}

// quoted is a date as a line takes it.
func quoted(t time.Time) string {
	if s := written(t); strings.Contains(s, " ") {
		return `"` + s + `"`
	}
	return written(t)
}

// already refuses a second word of the same manager.
func (w Waive) already(r Release, f Facts, full string, was *Waiver) *workflows.Refusal {
	ref := workflows.Refuse(workflows.Unchanged, fmt.Sprintf("you waived %s already, until %s", full, written(was.Until)))
	if was.InForce(r, f.Book, f.Now) {
		return ref.Type(f.line("item show", full))
	}
	ref.Why += fmt.Sprintf("; risk %s wants a second release manager to agree", r.Risk)
	return ref.By(policy.Names(others(r, f.Book, was, f.Now))...).
		Type(f.line("item waive", full, was.Owner.At(), "--until "+quoted(was.Until), "-- why"))
}

// others are the release managers who could still agree to a waiver.
func others(r Release, b *policy.Book, w *Waiver, now time.Time) []workflows.PersonID {
	out := r.holders(b.For(r.Risk), workflows.ReleaseManager, now)
	given := w.behind(r, b, now)
	return slices.DeleteFunc(out, func(id workflows.PersonID) bool { return slices.Contains(given, b.Canon(id)) })
}

// about finds what is waived: an item that does not hold, or the soak of the stage.
func (w Waive) about(r Release, f Facts) (string, error) {
	if next, _ := r.Next(); w.Item == SoakKey || w.Item == next.Key()+"/"+SoakKey {
		if len(soaking(r, next, f.Book, f.Now)) == 0 {
			return "", workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s waits for no time to pass", r.ID.Name())).Type(f.line("check"))
		}
		return next.Key() + "/" + SoakKey, nil
	}
	g, item, err := r.Select(w.Item, f, "item waive")
	if err != nil {
		return "", err
	}
	full := g.Full(item)
	s := judge(r, g, item, f.Book, f.Now)
	switch {
	case r.gate(g.Key()) < r.Passed && !r.owed(full):
		return "", r.behindIt(g, f)
	case item.Origin == OfGlass:
		return "", workflows.Refuse(workflows.NotAllowed, "the review of a broken glass is not waived").Type(f.line("item show", full))
	case s.paid():
		return "", workflows.Refuse(workflows.Unchanged, full+" holds: there is nothing to waive").Type(f.line("item show", full))
	case s.Reason == workflows.ItemBlocked:
		return "", workflows.Refuse(workflows.ItemBlocked, fmt.Sprintf("%s blocked %s: a block is not waived, its voter withdraws it", s.Votes[0].By.At(), full)).
			By(policy.Names(s.Who)...).Type(f.line("item show", full))
	}
	return full, nil
}

func (e Waived) evolve(r Release, _ workflows.Header) Release {
	w := e.Waiver
	if len(w.Given) == r.Risk.Tier().Waivers {
		r.Tally.Waived++
	}
	r.Revisions[e.Item]++
	return r.arrange(e.Item, func(c *Care) { c.Waiver = &w })
}

func (e Waived) tell(r Release, _ workflows.Header) []workflows.Effect {
	wake := workflows.Effect{Kind: workflows.Wake, What: "tick", At: e.Waiver.Until, To: workflows.To{Release: r.ID}}
	if len(e.Waiver.Given) < r.Risk.Tier().Waivers {
		return []workflows.Effect{wake} // less care may yet put it in force
	}
	if IsSoak(e.Item) {
		return []workflows.Effect{wake}
	}
	return []workflows.Effect{told("waived", e.Waiver.Owner), wake}
}

// IsSoak reports whether a full name is that of a gate's soak.
func IsSoak(full string) bool { return strings.HasSuffix(full, "/"+SoakKey) }

func (e WaiverEnded) evolve(r Release, _ workflows.Header) Release {
	r.Revisions[e.Item]++
	return r.arrange(e.Item, func(c *Care) {
		if c.Waiver != nil {
			w := *c.Waiver
			w.Lapsed = true
			c.Waiver = &w
		}
	})
}

func (e WaiverEnded) tell(r Release, _ workflows.Header) []workflows.Effect {
	w := r.Care[e.Item].Waiver
	if e.Paid || w == nil || len(w.Given) < r.Risk.Tier().Waivers || IsSoak(e.Item) {
		return nil
	}
	return []workflows.Effect{told("owed", w.Owner)}
}

// ended are the waivers whose date came since it was last looked.
func (r Release) ended(b *policy.Book, now time.Time) []workflows.Event {
	var out []workflows.Event
	for _, full := range r.arranged() {
		w := r.Care[full].Waiver
		if w == nil || w.Lapsed || now.Before(w.Until) {
			continue
		}
		g, item, ok := r.find(full)
		out = append(out, WaiverEnded{Item: full, Paid: !ok || judge(r, g, item, b, now).paid()}) // what is asked no more is not owed
	}
	return out
}

// arranged are the full names of the items about which something is arranged, in order.
func (r Release) arranged() []string {
	out := make([]string, 0, len(r.Care))
	for full := range r.Care {
		out = append(out, full)
	}
	slices.Sort(out)
	return out
}
