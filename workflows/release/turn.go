package release

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// holds says how a person holds a role in this release: by the book, or as the one who manages it.
func (r Release) holds(b *policy.Book, id workflows.PersonID, role workflows.Role, now time.Time) (policy.Holding, workflows.Reason) {
	h, why := b.Holds(id, role, now)
	if why != "" && r.leads(b, id, role, now) {
		return policy.Holding{Role: role}, ""
	}
	return h, why
}

// leads: whoever manages a release is release manager of it, as long as they hold any role at all.
func (r Release) leads(b *policy.Book, id workflows.PersonID, role workflows.Role, now time.Time) bool {
	return role == workflows.ReleaseManager && r.Manager != "" && b.Canon(id) == b.Canon(r.Manager) && len(b.RolesOf(id, now)) > 0
}

// holders lists who holds a role in this release, by id.
func (r Release) holders(b *policy.Book, role workflows.Role, now time.Time) []workflows.PersonID {
	out := b.Holders(role, now)
	if id := b.Canon(r.Manager); !slices.Contains(out, id) && r.leads(b, id, role, now) {
		out = append(out, id)
		slices.Sort(out)
	}
	return out
}

// helpers are those whose vote on an item would help: holders of its role whose word would count. Where nobody who is
// there can, it waits for who is away.
func (r Release) helpers(b *policy.Book, s Status, now time.Time, helps func(workflows.PersonID) bool) []workflows.PersonID {
	idle := func(id workflows.PersonID) bool {
		return !helps(id) || !r.judges(b, s.Item, id) || r.ownGlass(Vote{Item: s.Full(), By: id}, b, now)
	}
	if who := slices.DeleteFunc(r.holders(b, s.Item.Role, now), idle); len(who) > 0 {
		return who
	}
	return slices.DeleteFunc(r.holders(b.AllBack(), s.Item.Role, now), idle)
}

func unheard(voters []workflows.PersonID) func(workflows.PersonID) bool {
	return func(id workflows.PersonID) bool { return !slices.Contains(voters, id) }
}

// InCharge lists who is waited for where a release as a whole waits: whoever manages it, with the deputy who may while
// that one is away, and every release manager once that one holds no role any more.
func (r Release) InCharge(b *policy.Book, now time.Time) []workflows.PersonID {
	b = b.For(r.Risk)
	id := b.Canon(r.Manager)
	if !r.leads(b, id, workflows.ReleaseManager, now) {
		return r.holders(b, workflows.ReleaseManager, now)
	}
	a, away := b.IsAway(id, now)
	if deputy := b.Canon(a.Deputy); away && deputy != id && b.Allows(deputy, workflows.Manager, id, now) == "" {
		return []workflows.PersonID{id, deputy}
	}
	return []workflows.PersonID{id}
}

// standsBehind says why a voter no longer stands for the role in which they voted, or "". A deputy's word stands as long
// as the one they acted for holds the role, also after that one is back.
func (r Release) standsBehind(b *policy.Book, v Vote, role workflows.Role, now time.Time) workflows.Reason {
	if v.For == "" {
		_, why := r.holds(b, v.By, role, now)
		return why
	}
	if _, known := b.Person(v.By); !known {
		return workflows.NotAllowed
	}
	_, why := b.HoldsSelf(v.For, role, now)
	return why
}

// turn says what an open item waits for, whose turn that is, and since when. Clocks stand still while it is somebody
// else's.
func turn(r Release, s Status, b *policy.Book, now time.Time) Status {
	s = ownTurn(r, s, b, now)
	configured := Sources(b, r.ID.Product())
	switch {
	case s.Turn == ToSign && s.Item.From == CI && configured[CI]:
		return waitsForChecks(r, s)
	case s.Turn != ToSign || !follows(r, s.Item, configured):
	case s.Item.From == Briefing:
		s.Turn, s.Who = ToBrief, r.InCharge(b, now)
	case s.Item.From == Notes:
		s.Turn = ToApprove
	}
	return s
}

// ownTurn is turn before what follows from elsewhere is looked for there.
func ownTurn(r Release, s Status, b *policy.Book, now time.Time) Status {
	full := s.Full()
	care := r.Care[full]
	asked := care.Asked
	switch {
	case s.Reason == workflows.ItemBlocked:
		s.Turn, s.Who = ToUnblock, []workflows.PersonID{b.Canon(s.Votes[0].By)}
		if s.Votes[0].By == "" {
			s.Who = s.May
		}
		return s
	case s.Waiver != nil && s.Reason != workflows.ItemExpired:
		s.Turn, s.Who, s.Since = ToAgree, others(r, b, s.Waiver, now), s.Waiver.Given[len(s.Waiver.Given)-1].At
		return s
	case asked != nil && (s.Reason == workflows.ItemUnsigned || !asked.At.Before(s.Since)):
		s.Turn, s.Who = ToSign, s.May
		if asked.At.After(s.Since) { // what was asked before the gate was the next one waits since it is
			s.Since = asked.At
		}
		switch {
		case asked.Who != "" && slices.Contains(s.May, b.Canon(asked.Who)):
			s.Who = []workflows.PersonID{b.Canon(asked.Who)}
		case s.Reason == workflows.ItemNeedsWork && asked.Who == "" && s.Votes[0].By != "": // whoever sent it back looks again
			s.Who = []workflows.PersonID{b.Canon(s.Votes[0].By)}
		}
		return s
	case s.Reason == workflows.ItemNeedsWork:
		s.Turn, s.Who = ToRework, []workflows.PersonID{b.Canon(r.OwnerOf(full))}
		return s
	case care.Owner != "" && s.Reason == workflows.ItemUnsigned:
		s.Turn, s.Who = ToDo, []workflows.PersonID{b.Canon(care.Owner)}
		if care.Since.After(s.Since) {
			s.Since = care.Since
		}
		return s
	}
	s.Turn, s.Who = ToSign, s.May
	return s
}
