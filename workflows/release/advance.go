package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Advance passes the next gate, if all holds.
type Advance struct {
	Stage workflows.Stage // empty, or the stage the asker believes comes next
	Note  string
}

// Needs says who may at risk low and normal.
func (Advance) Needs() workflows.Need { return workflows.Maker }

// Passed happened: a gate is behind the release.
type Passed struct {
	Gate   string                                              `json:"gate"`
	From   string                                              `json:"from"` // as people read it: "before GA"
	To     workflows.Stage                                     `json:"to"`
	Commit string                                              `json:"commit,omitempty"`
	Voters []workflows.PersonID                                `json:"voters"`
	Flags  map[workflows.FlagKey]map[workflows.Environment]int `json:"flags,omitempty"` // as they were: the way back
	Note   string                                              `json:"note,omitempty"`
	Glass  bool                                                `json:"glass,omitempty"` // although it did not hold
	Owing  []string                                            `json:"owing,omitempty"` // the items that it was passed without, by full name
	Seen   []string                                            `json:"seen,omitempty"`  // the items whose machines were asked at that moment, by full name
}

// Kind names the event.
func (Passed) Kind() string { return "release.passed" }

// rests: it looks only where nothing else is in its way.
func (a Advance) rests(r Release, f Facts) (resting, bool) {
	g, err := a.next(r, f)
	return resting{gate: g}, err == nil
}

func (a Advance) decide(r Release, f Facts) ([]workflows.Event, error) {
	g, err := a.next(r, f)
	if err != nil {
		return nil, err
	}
	sight := Sighted(r, a, f)
	if r, err = r.shown(sight, f); err != nil {
		return nil, err
	}
	if _, why := r.holds(f.Book.For(r.Risk), f.Actor.Person, workflows.ReleaseManager, f.Now); r.Risk.Tier().Managed && why != "" {
		return nil, workflows.Refuse(why, fmt.Sprintf("at risk %s only a release manager passes a gate", r.Risk)).
			By(f.Book.Who(workflows.Manager, r.Manager, f.Now)...).Type(f.line("check"))
	}
	v := Check(r, f.Book, f.Now)
	if !v.Go {
		return nil, notReady(r, v, f)
	}
	if sight.blind(f) != nil {
		return nil, sight.unseen(r, g, f, f.line("advance"))
	}
	passed := a.passed(r, g, v, f)
	passed.Seen = sight.Items
	return []workflows.Event{passed}, nil
}

// next is the gate that would be passed, if there is one that may be.
func (a Advance) next(r Release, f Facts) (Gate, error) {
	g, open := r.Next()
	switch {
	case !open:
		return g, over(r)
	case f.Basis.Said && f.Basis != r.AdvanceBasis():
		return g, workflows.Refuse(workflows.Changed, fmt.Sprintf("%s is %s by now", r.ID.Name(), r.Whereabouts())).Type(f.line("status"))
	case r.Held != nil:
		return g, onHold(r, f)
	case a.Stage != "" && a.Stage != g.Stage && (a.Stage != workflows.Closed || g.Opens()):
		return g, workflows.Refuse(workflows.GateClosed, fmt.Sprintf("%s is %s: the next gate is «%s»", r.ID.Name(), r.Whereabouts(), g.Title())).
			Type(f.line("check"))
	}
	return g, nil
}

// passed is what passing the gate is recorded as.
func (a Advance) passed(r Release, g Gate, v Verdict, f Facts) Passed {
	next := r
	next.Passed++
	e := Passed{Gate: g.Key(), From: r.Where(), To: next.Stage(), Voters: v.Voters, Note: a.Note}
	if r.Candidate != nil {
		e.Commit = r.Candidate.Commit.ID
	}
	if g.Opens() {
		e.Flags = f.Flags
	}
	for _, s := range v.Items {
		if !s.paid() {
			e.Owing = append(e.Owing, s.Full())
		}
	}
	return e
}

// AdvanceBasis is what the button that passes the next gate is drawn at.
func (r Release) AdvanceBasis() workflows.Basis {
	return workflows.Basis{Candidate: r.candidateMark(), Revision: uint64(r.Passed), Said: true}
}

func onHold(r Release, f Facts) *workflows.Refusal {
	return workflows.Refuse(workflows.OnHold, fmt.Sprintf("%s put it on hold: %s", r.Held.By.At(), r.Held.Why)).
		By(f.Book.Who(workflows.Manager, r.Manager, f.Now)...).Type(f.line("resume"))
}

// notReady is the refusal of a gate that does not hold, with every open item and what the asker can do about it.
func notReady(r Release, v Verdict, f Facts) *workflows.Refusal {
	ref := &workflows.Refusal{Head: "NO-GO", Reason: workflows.NotReady}
	open := v.Open()
	var mine []Status
	for _, s := range open {
		ref.Items = append(ref.Items, s.Line())
		if MaySign(r, s, f) {
			mine = append(mine, s)
		}
	}
	var why []string
	switch {
	case len(open) == 0:
	case len(mine) == len(open):
		why = append(why, fmt.Sprintf("%d open, you may sign all", len(open)))
	case len(mine) > 0:
		why = append(why, fmt.Sprintf("%d open, you may sign %s", len(open), names(mine)))
	default:
		why = append(why, fmt.Sprintf("%d open: %s", len(open), names(open)))
	}
	why = append(why, awaited(open)...)
	for _, b := range v.Whole {
		w := b.Why
		if !b.Until.IsZero() {
			w += ", until " + f.day(b.Until)
		}
		why = append(why, w)
		ref.Items = append(ref.Items, workflows.ItemLine{Key: v.Gate.Key(), State: string(Open), Reason: b.Reason, Who: policy.Names(b.Who)})
	}
	ref.Why = strings.Join(why, "; ")
	if len(mine) > 0 {
		ref.Type(f.line("sign", names(mine)))
	} else {
		ref.By(waitsFor(v)...)
	}
	for _, s := range r.debts(v, f) {
		if MaySign(r, s, f) {
			ref.Type(f.line("sign", s.Full()))
		}
	}
	for _, source := range []Source{Notes, Briefing} {
		if slices.ContainsFunc(slices.Concat(open, r.debts(v, f)), func(s Status) bool { return s.Item.From == source && Follows(r, s.Item, f) }) {
			ref.Type(f.line(leadsTo[source]))
		}
	}
	if r.Candidate == nil && slices.ContainsFunc(open, func(s Status) bool { return s.Item.Binds != Unbound }) {
		ref.Why += "; what is bound to a commit waits for a candidate"
		ref.Type(f.line("candidate set", "REF"))
	}
	if len(ref.Next) == 0 {
		ref.Type(f.line("check"))
	}
	return ref
}

// awaited says of what waits for machines which check that is, and where it is seen.
func awaited(open []Status) (why []string) {
	for _, s := range open {
		if s.Turn == ToCheck && s.Why != "" {
			why = append(why, s.Item.Key+" "+s.Why)
		}
	}
	return why
}

// debts are the items of passed gates that keep this one shut.
func (r Release) debts(v Verdict, f Facts) []Status {
	var out []Status
	for _, g := range r.Gates {
		for _, item := range g.Items {
			if slices.ContainsFunc(v.Whole, func(b Blocker) bool { return b.Item == g.Full(item) }) {
				out = append(out, judge(r, g, item, f.Book, f.Now))
			}
		}
	}
	return out
}

// MaySign reports whether a vote of the asker would help an open item: they hold its role, it does not follow from
// somewhere else, and the author rule lets their word count.
func MaySign(r Release, s Status, f Facts) bool {
	if s.Item.Binds != Unbound && r.Candidate == nil || !r.judges(f.Book, s.Item, f.Actor.Person) {
		return false
	}
	return slices.Contains(s.May, f.Book.Canon(f.Actor.Person)) && s.Reason != workflows.ItemBlocked && !Follows(r, s.Item, f)
}

// MayVote reports whether the asker holds the role of an item in this release.
func (r Release) MayVote(i Item, f Facts) bool {
	_, why := r.holds(f.Book.For(r.Risk), f.Actor.Person, i.Role, f.Now)
	return why == ""
}

// Follows reports whether an item is signed through its source alone: above low risk, where that source is configured.
func Follows(r Release, i Item, f Facts) bool {
	return follows(r, i, f.Sources)
}

func follows(r Release, i Item, configured map[Source]bool) bool {
	return i.From != ByHand && r.Risk != policy.Low && configured[i.From]
}

// waitsFor names everyone an open gate waits for.
func waitsFor(v Verdict) []string {
	var who []workflows.PersonID
	for _, s := range v.Open() {
		who = append(who, s.Who...)
	}
	for _, b := range v.Whole {
		who = append(who, b.Who...)
	}
	slices.Sort(who)
	return policy.Names(slices.Compact(who))
}

// Line is the status as answers and refusals report it.
func (s Status) Line() workflows.ItemLine {
	return workflows.ItemLine{Key: s.Full(), State: string(s.State), Reason: s.Reason, Who: policy.Names(s.Who)}
}

func (e Passed) evolve(r Release, h workflows.Header) Release {
	g := r.Gates[r.Passed]
	if g.Opens() {
		r.Openings = append(r.Openings, Opening{Gate: r.Passed, At: h.At, Commit: e.Commit, Flags: e.Flags})
	}
	r.Passed++
	r.Owing = append(r.Owing, e.Owing...)
	r = r.enter(h.At)
	if g.Opens() && g.Stage == workflows.GA {
		r.Shipped, r.ShippedAs = h.At, h.Seq
		r = r.unwatch() // what users have is moved by people
	}
	if r.Passed == len(r.Gates) {
		r.Ended = h.At
	}
	return r
}

func (e Passed) tell(r Release, h workflows.Header) []workflows.Effect {
	told := append(soakWake(r, h), workflows.Effect{Kind: workflows.Tell, What: "passed", To: workflows.To{Release: r.ID}})
	if e.To == workflows.Preview || e.To == workflows.GA {
		told = append(told, askers(r)...)
	}
	return told
}
