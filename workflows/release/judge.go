package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// judge derives how an item stands from its votes, and from what was arranged about it.
func judge(r Release, g Gate, item Item, b *policy.Book, now time.Time) Status {
	b = b.For(r.Risk)
	s := byVotes(r, g, item, b, now)
	w := r.Care[g.Full(item)].Waiver
	switch {
	case s.State != Open:
		return s
	case w == nil || s.Reason == workflows.ItemBlocked:
	case w.InForce(r, b, now):
		s.State, s.Reason, s.Why, s.Votes, s.Waiver = IsWaived, "", "", nil, w
		return s
	case !now.Before(w.Until):
		s.Why = fmt.Sprintf("its waiver ran out on %s", w.Until.Format(time.DateOnly))
		if s.Reason != workflows.ItemNeedsWork { // that was said of it, and its owner's turn it is
			s.Reason, s.Waiver = workflows.ItemExpired, w
		}
	default:
		s.Waiver = w
		if s.Why != "" {
			s.Why += "; "
		}
		s.Why += fmt.Sprintf("a waiver until %s by %s waits for a further release manager", w.Until.Format(time.DateOnly),
			strings.Join(policy.Names(w.behind(r, b, now)), ", "))
	}
	return turn(r, s, b, now)
}

// byVotes derives how an item stands from its votes alone.
func byVotes(r Release, g Gate, item Item, b *policy.Book, now time.Time) Status {
	s := Status{Gate: g, Item: item, State: Open, Reason: workflows.ItemUnsigned, Since: r.Entered}
	s.May = r.helpers(b, s, now, unheard(nil))
	votes := lastWords(r.votesOn(g.Full(item)), b)
	if no, ok := objection(r, votes, item, b, now); ok {
		s.Votes, s.Since, s.Reason = []Vote{no}, no.At, workflows.ItemBlocked
		if no.Value == NeedsWork {
			s.Reason = workflows.ItemNeedsWork
		}
		return s
	}
	var voters []workflows.PersonID
	machine := false
	for _, v := range votes {
		why := discounted(r, item, v, b, now)
		switch {
		case !v.counts():
			continue
		case why != "":
			s.Reason, s.Since = why, v.At
			s.Votes = append(s.Votes, v)
			continue
		case v.By == "":
			machine = true
		}
		s.Votes = append(s.Votes, v)
		if id := b.Canon(v.By); id != "" && !slices.Contains(voters, id) {
			voters = append(voters, id)
		}
	}
	if len(voters) == 0 && !machine {
		return s
	}
	return settle(r, s, b, voters, machine, now)
}

// lastWords keeps the last vote of each human being through each source: an account that was linked since is not
// somebody else.
func lastWords(votes []Vote, b *policy.Book) []Vote {
	var out []Vote
	for i, v := range votes {
		again := func(w Vote) bool { return w.Machine == v.Machine && b.Canon(w.By) == b.Canon(v.By) }
		if !slices.ContainsFunc(votes[i+1:], again) {
			out = append(out, v)
		}
	}
	return out
}

// settle says whether the votes that count are enough, and keeps only those.
func settle(r Release, s Status, b *policy.Book, voters []workflows.PersonID, machine bool, now time.Time) Status {
	tier := r.Risk.Tier()
	s.Votes = slices.DeleteFunc(s.Votes, func(v Vote) bool { return discounted(r, s.Item, v, b, now) != "" })
	last := s.Votes[len(s.Votes)-1].At
	if s.Gate.Opens() && !machine && len(voters) < tier.Each {
		s.Reason, s.Since = workflows.ItemQuorum, last
		s.Why = fmt.Sprintf("%d of %d people", len(voters), tier.Each)
		s.May = r.helpers(b, s, now, unheard(voters))
		return s
	}
	if tier.AuthorOut && s.Item.Binds != Unbound && !machine {
		if w, alone := b.AuthorAlone(voters, r.Candidate.Written); alone {
			s.Reason = workflows.ItemAuthorAlone
			s.Why = fmt.Sprintf("%s was written by its only voters", workflows.ShortID(w.Example))
			s.May = r.helpers(b, s, now, func(id workflows.PersonID) bool {
				_, still := b.AuthorAlone(append(slices.Clone(voters), id), r.Candidate.Written)
				return !still
			})
			return s
		}
	}
	oks := func(v Vote) bool { return v.Value == OK } // what is done later is shown where it returns
	shown := func(v Vote) bool { return v.Evidence != "" }
	if tier.Evidence && s.Item.Evidence != "" && !machine && slices.ContainsFunc(s.Votes, oks) && !slices.ContainsFunc(s.Votes, shown) {
		s.Reason, s.Since, s.Why = workflows.ItemNoEvidence, last, "no vote has the "+s.Item.Evidence
		return s
	}
	s.Reason, s.Why = "", ""
	s.State = NotApplicable
	switch {
	case slices.ContainsFunc(s.Votes, func(v Vote) bool { return v.Value == ByPlan }):
		s.State = IsPlanned
	case slices.ContainsFunc(s.Votes, oks):
		s.State = Holds
	}
	return s
}

// objection finds the vote that keeps an item open: a block stands until its voter takes it back; needs-work ends when
// another holder of the role says ok later.
func objection(r Release, votes []Vote, item Item, b *policy.Book, now time.Time) (Vote, bool) {
	speaks := func(v Vote) bool { // while its voter holds the role; a roster too old to tell keeps the gate shut
		return v.By == "" || r.standsBehind(b, v, item.Role, now) != workflows.NotAllowed
	}
	for _, v := range votes {
		if v.Value == Block && speaks(v) {
			return v, true
		}
	}
	for i, v := range votes {
		if v.Value != NeedsWork || !speaks(v) {
			continue
		}
		answered := slices.ContainsFunc(votes[i+1:], func(w Vote) bool {
			return w.counts() && w.By != "" && r.standsBehind(b, w, item.Role, now) == ""
		})
		if !answered {
			return v, true
		}
	}
	return Vote{}, false
}

// discounted says why a vote does not count now, or "".
func discounted(r Release, item Item, v Vote, b *policy.Book, now time.Time) workflows.Reason {
	switch {
	case !v.Expires.IsZero() && !now.Before(v.Expires):
		return workflows.ItemExpired
	case !r.Fresh(v), v.Machine == CI && !r.wellChecked():
		return workflows.ItemStale
	case v.By == "":
		return ""
	case r.standsBehind(b, v, item.Role, now) != "":
		return workflows.ItemUnauthorised
	case !r.judges(b, item, v.By):
		return workflows.ItemUnauthorised
	case r.ownGlass(v, b, now):
		return workflows.ItemOwnGlass
	}
	return ""
}

// judges reports whether the author rule lets somebody's word on an item count: where it is asked, it must be known what
// they wrote.
func (r Release) judges(b *policy.Book, item Item, id workflows.PersonID) bool {
	return !r.Risk.Tier().AuthorOut || item.Binds == Unbound || b.CodeKnown(id)
}

// ownGlass: who broke the glass does not review it, where there is anybody else or the risk wants several people.
func (r Release) ownGlass(v Vote, b *policy.Book, now time.Time) bool {
	by := b.Canon(r.brokenBy(v.Item))
	if by == "" || by != b.Canon(v.By) {
		return false
	}
	other := func(id workflows.PersonID) bool { return b.Canon(id) != by }
	return r.Risk.Tier().People > 1 || slices.ContainsFunc(r.holders(b.For(r.Risk), workflows.ReleaseManager, now), other)
}
