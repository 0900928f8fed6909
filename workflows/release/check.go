package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// State is how an item stands.
type State string

// The states of an item.
const (
	Holds         State = "ok"
	NotApplicable State = "na"
	Open          State = "open"
)

// Status is how one item stands, and whose turn it is.
type Status struct {
	Gate   Gate
	Item   Item
	State  State
	Reason workflows.Reason // why it is open
	Why    string           // in words, where the reason alone does not say it
	Votes  []Vote           // those that count, or for an open item those that spoke
	Who    []workflows.PersonID
	Since  time.Time // since when it waits for them
}

// Full names the item.
func (s Status) Full() string { return s.Gate.Full(s.Item) }

// Verdict is how a gate stands.
type Verdict struct {
	Gate   Gate
	Go     bool
	Items  []Status
	Whole  []Blocker // what the gate as a whole lacks
	Voters []workflows.PersonID
}

// Blocker is something that a gate as a whole lacks.
type Blocker struct {
	Reason workflows.Reason
	Why    string
	Who    []workflows.PersonID
	Until  time.Time // when time alone removes it
}

// Open lists the items that do not hold.
func (v Verdict) Open() []Status {
	var out []Status
	for _, s := range v.Items {
		if s.State == Open {
			out = append(out, s)
		}
	}
	return out
}

// Done counts the items that hold.
func (v Verdict) Done() int { return len(v.Items) - len(v.Open()) }

// Check judges the next gate as the book says at this time.
func Check(r Release, b *policy.Book, now time.Time) Verdict {
	g, ok := r.Next()
	if !ok {
		return Verdict{}
	}
	return CheckGate(r, g, b, now)
}

// CheckGate judges one gate: authority is weighed now, not when a vote was cast.
func CheckGate(r Release, g Gate, b *policy.Book, now time.Time) Verdict {
	v := Verdict{Gate: g}
	voters := map[workflows.PersonID]bool{}
	for _, item := range g.Items {
		s := judge(r, g, item, b, now)
		v.Items = append(v.Items, s)
		for _, vote := range s.Votes {
			if s.State != Open && vote.By != "" {
				voters[vote.By] = true
			}
		}
	}
	for id := range voters {
		v.Voters = append(v.Voters, id)
	}
	slices.Sort(v.Voters)
	v.Whole = append(tooFew(r, v, b, now), soaking(r, g, now)...)
	v.Go = len(v.Open()) == 0 && len(v.Whole) == 0
	return v
}

// tooFew: a gate that opens to users holds votes of several people, as the tier says.
func tooFew(r Release, v Verdict, b *policy.Book, now time.Time) []Blocker {
	need := r.Risk.Tier().People
	if !v.Gate.Opens() || len(v.Voters) >= need || len(v.Open()) > 0 {
		return nil
	}
	var who []workflows.PersonID
	for _, s := range v.Items {
		for _, id := range b.Holders(s.Item.Role, now) {
			if !slices.Contains(v.Voters, id) {
				who = append(who, id)
			}
		}
	}
	slices.Sort(who)
	return []Blocker{{Reason: workflows.ItemQuorum, Who: slices.Compact(who),
		Why: fmt.Sprintf("votes of %d person, %d different people are needed at risk %s", len(v.Voters), need, r.Risk)}}
}

func soaking(r Release, g Gate, now time.Time) []Blocker {
	until := r.Soaking.Add(r.Risk.Tier().Soak)
	if next, _ := r.Next(); g.Opens() || next.Key() != g.Key() || !now.Before(until) {
		return nil
	}
	return []Blocker{{Reason: workflows.ItemSoak, Until: until,
		Why: fmt.Sprintf("%s must stay open for %s at risk %s", g.Stage.Title(), days(r.Risk.Tier().Soak), r.Risk)}}
}

func days(d time.Duration) string { return fmt.Sprintf("%d d", int(d.Hours())/24) }

// judge derives how an item stands from its votes.
func judge(r Release, g Gate, item Item, b *policy.Book, now time.Time) Status {
	s := Status{Gate: g, Item: item, State: Open, Reason: workflows.ItemUnsigned, Who: b.Holders(item.Role, now), Since: r.Entered}
	votes := r.votesOn(g.Full(item))
	if no, ok := objection(votes, item, b, now); ok {
		s.Votes, s.Since = []Vote{no}, no.At
		s.Reason = workflows.ItemBlocked
		s.Who = []workflows.PersonID{no.By}
		if no.Value == NeedsWork {
			s.Reason, s.Who = workflows.ItemNeedsWork, []workflows.PersonID{r.Manager}
		}
		if no.By == "" {
			s.Who = b.Holders(item.Role, now)
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
		voters = append(voters, v.By)
	}
	if len(voters) == 0 {
		return s
	}
	return settle(r, s, b, voters, machine, now)
}

// settle says whether the votes that count are enough, and keeps only those.
func settle(r Release, s Status, b *policy.Book, voters []workflows.PersonID, machine bool, now time.Time) Status {
	s.Votes = slices.DeleteFunc(s.Votes, func(v Vote) bool { return discounted(r, s.Item, v, b, now) != "" })
	if r.Risk.Tier().AuthorOut && s.Item.Binds != Unbound && !machine {
		if w, alone := b.AuthorAlone(voters, r.Candidate.Written); alone {
			s.Reason = workflows.ItemAuthorAlone
			s.Why = fmt.Sprintf("%s was written by its only voters", workflows.ShortID(w.Example))
			s.Who = slices.DeleteFunc(s.Who, func(id workflows.PersonID) bool {
				_, still := b.AuthorAlone(append(slices.Clone(voters), id), r.Candidate.Written)
				return still
			})
			return s
		}
	}
	s.State, s.Reason, s.Why, s.Who = Holds, "", "", nil
	if !slices.ContainsFunc(s.Votes, func(v Vote) bool { return v.Value == OK }) {
		s.State = NotApplicable
	}
	return s
}

// objection finds the vote that keeps an item open: a block stands until its voter takes it back; needs-work ends when
// another holder of the role says ok later.
func objection(votes []Vote, item Item, b *policy.Book, now time.Time) (Vote, bool) {
	speaks := func(v Vote) bool { // while its voter holds the role; a roster too old to tell keeps the gate shut
		_, why := b.Holds(v.By, item.Role, now)
		return v.By == "" || why != workflows.NotAllowed
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
			_, why := b.Holds(w.By, item.Role, now)
			return w.counts() && why == ""
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
	case !r.Fresh(v):
		return workflows.ItemStale
	case v.By == "":
		return ""
	}
	if _, why := b.Holds(v.By, item.Role, now); why != "" {
		return workflows.ItemUnauthorised
	}
	if r.Risk.Tier().AuthorOut && item.Binds != Unbound && !b.CodeKnown(v.By) {
		return workflows.ItemUnauthorised
	}
	return ""
}
