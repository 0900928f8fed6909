package todo

import (
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// person is somebody who asks what of a release waits for them.
type person struct {
	id   workflows.PersonID
	r    release.Release
	b    *policy.Book
	week calendar.Week
	now  time.Time
}

func (p person) entry(k Kind, since time.Time, line string, items ...string) Entry {
	return Entry{Release: p.r.ID, Kind: k, Items: items, Since: since, Target: p.r.Target, Line: line}
}

// manages reports whether what waits for the release manager waits for this person.
func (p person) manages() bool { return slices.Contains(p.r.InCharge(p.b, p.now), p.id) }

func (p person) inRelease() []Entry {
	switch {
	case p.r.Over():
		return nil
	case p.r.Held != nil && !p.manages():
		return p.arriving()
	case p.r.Held != nil:
		return append(p.arriving(), p.entry(Resume, p.r.Held.At, "resume "+string(p.r.ID)))
	}
	out := append(p.arriving(), p.owed()...)
	switch v := release.Check(p.r, p.b, p.now); {
	case !v.Go:
		out = append(out, p.inGate(v)...)
		out = append(out, p.overdue(v)...)
	case p.manages():
		out = append(out, p.entry(Advance, p.r.Entered, "advance "+string(p.r.ID)))
	}
	return append(out, p.ahead()...)
}

// arriving is what does not arrive where it should: for the manager, and whoever sent it there.
func (p person) arriving() []Entry {
	var out []Entry
	for _, d := range p.r.Slow(p.now) {
		if p.manages() || p.b.Canon(d.By) == p.id {
			out = append(out, p.entry(Arrive, d.At, "candidate where "+string(p.r.ID), string(d.Env)))
		}
	}
	return out
}

// owed is what was waived for now and must be made good by this person.
func (p person) owed() []Entry {
	var out []Entry
	for i, g := range p.r.Gates {
		for _, s := range release.CheckGate(p.r, g, p.b, p.now).Items {
			if i < p.r.Passed && !p.r.Owes(s) { // it held when its gate was passed
				continue
			}
			if w := s.Waiver; w != nil && p.b.Canon(w.Owner) == p.id && !p.r.Settled(s) {
				e := p.entry(Owe, w.Given[0].At, "item show "+string(p.r.ID)+" "+s.Full(), s.Item.Key)
				e.Due = w.Until
				out = append(out, e)
			}
		}
	}
	return out
}

// inGate is what waits for a person in the next gate: what they may sign in one entry, all else one by one.
func (p person) inGate(v release.Verdict) []Entry {
	var out []Entry
	sign, point := p.entry(Sign, time.Time{}, ""), p.entry(Make, time.Time{}, "")
	for _, s := range v.Open() {
		switch {
		case p.pointless(s) && p.points(s):
			point.join(s)
		case p.pointless(s), !slices.Contains(s.Who, p.id):
		case s.Turn == release.ToSign:
			sign.join(s)
		default:
			out = append(out, p.single(s))
		}
	}
	if len(point.Items) > 0 {
		point.Line = "candidate set " + string(p.r.ID) + " REF"
		out = append(out, point)
	}
	if len(sign.Items) > 0 {
		sign.Line = "sign " + string(p.r.ID) + " " + strings.Join(sign.Items, ",")
		out = append(out, sign)
	}
	return out
}

// join adds an item to an entry, which waits since the first of them did.
func (e *Entry) join(s release.Status) {
	e.Items = append(e.Items, s.Item.Key)
	if e.Since.IsZero() || s.Since.Before(e.Since) {
		e.Since, e.Lead = s.Since, s.Item.Lead
	}
}

// overdue is what waits for others longer than it is meant to, in one entry: the manager asks them, or helps.
func (p person) overdue(v release.Verdict) []Entry {
	late := p.entry(Chase, time.Time{}, "check "+string(p.r.ID))
	for _, s := range v.Open() {
		if !slices.Contains(s.Who, p.id) && s.Item.Lead > 0 && p.week.WorkingDays(s.Since, p.now) > s.Item.Lead {
			late.join(s)
		}
	}
	if len(late.Items) == 0 || !p.manages() {
		return nil
	}
	return []Entry{late}
}

// pointless reports whether nobody can sign an item yet: it vouches for a commit, and none is named.
func (p person) pointless(s release.Status) bool {
	return (s.Turn == release.ToSign || s.Turn == release.ToApprove) && s.Item.Binds != release.Unbound && p.r.Candidate == nil
}

// points reports whether it is this person's to name the commit: the manager's, and the signers' who may.
func (p person) points(s release.Status) bool {
	may := p.b.For(p.r.Risk).Allows(p.id, workflows.Maker, p.r.Manager, p.now) == ""
	return may && (p.manages() || slices.Contains(s.Who, p.id))
}

// ahead is what was assigned to a person, or asked of them by name, in later gates.
func (p person) ahead() []Entry {
	var out []Entry
	for _, g := range p.r.Gates[min(p.r.Passed+1, len(p.r.Gates)):] {
		for _, s := range release.CheckGate(p.r, g, p.b, p.now).Open() {
			c := p.r.Care[s.Full()]
			named := p.b.Canon(c.Owner) == p.id || c.Asked != nil && p.b.Canon(c.Asked.Who) == p.id
			if slices.Contains(s.Who, p.id) && named && !p.pointless(s) {
				out = append(out, p.single(s))
			}
		}
	}
	return out
}

// single is the entry of one item, with the line that hands it on.
func (p person) single(s release.Status) Entry {
	full, id := s.Full(), string(p.r.ID)
	kind, line := Sign, "sign "+id+" "+full
	switch s.Turn {
	case release.ToRework:
		kind, line = Rework, "item show "+id+" "+full
	case release.ToUnblock:
		kind, line = Unblock, "sign "+id+" "+full+" withdraw"
	case release.ToDo:
		kind, line = Make, "item ask "+id+" "+full
	case release.ToCheck:
		kind, line = Rework, "item show "+id+" "+full
	case release.ToBrief:
		return p.entry(Brief, s.Since, "brief send "+id)
	case release.ToApprove:
		return p.entry(Approve, s.Since, "notes approve "+id)
	case release.ToAgree:
		kind, line = Agree, "item show "+id+" "+full
	}
	e := p.entry(kind, s.Since, line, s.Item.Key)
	e.Lead, e.Due = s.Item.Lead, p.r.Care[full].Due
	return e
}
