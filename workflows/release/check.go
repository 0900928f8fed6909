package release

import (
	"fmt"
	"slices"
	"strings"
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
	IsPlanned     State = "planned" // it counts, and returns in a later definition of done
	IsWaived      State = "waived"  // until a date; it is owed
	Open          State = "open"
)

// Turn is what an open item waits for.
type Turn string

// The turns.
const (
	ToSign    Turn = "sign"    // a signature
	ToDo      Turn = "do"      // its owner makes it true
	ToRework  Turn = "rework"  // its owner, after needs-work
	ToUnblock Turn = "unblock" // whoever blocked it
	ToAgree   Turn = "agree"   // a further release manager, to its waiver
)

// Status is how one item stands, and whose turn it is.
type Status struct {
	Gate   Gate
	Item   Item
	State  State
	Reason workflows.Reason // why it is open
	Why    string           // in words, where the reason alone does not say it
	Votes  []Vote           // those that count, or for an open item those that spoke
	Turn   Turn             // what it waits for, while it is open
	Who    []workflows.PersonID
	Since  time.Time            // since when it waits for them
	May    []workflows.PersonID // whose vote would help, whoever's turn it is
	Waiver *Waiver              // of a waived item, and of one whose waiver is not enough
}

// Full names the item.
func (s Status) Full() string { return s.Gate.Full(s.Item) }

// paid reports whether the item itself holds, and not only a waiver of it.
func (s Status) paid() bool {
	return s.State == Holds || s.State == NotApplicable || s.State == IsPlanned
}

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
	Item   string    // that an earlier gate let through and that is owed, by full name
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
	b = b.For(r.Risk)
	v := Verdict{Gate: g}
	voters := map[workflows.PersonID]bool{}
	for _, item := range g.Items {
		s := judge(r, g, item, b, now)
		v.Items = append(v.Items, s)
		for _, vote := range s.Votes {
			if s.State != Open && vote.By != "" {
				voters[b.Canon(vote.By)] = true
			}
		}
	}
	for id := range voters {
		v.Voters = append(v.Voters, id)
	}
	slices.Sort(v.Voters)
	v.Whole = slices.Concat(tooFew(r, v, b, now), waiting(r, g), soaking(r, g, b, now), owing(r, g, b, now))
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
		for _, id := range r.holders(b, s.Item.Role, now) {
			if !slices.Contains(v.Voters, id) {
				who = append(who, id)
			}
		}
	}
	slices.Sort(who)
	return []Blocker{{Reason: workflows.ItemQuorum, Who: slices.Compact(who),
		Why: fmt.Sprintf("votes of %s, %d different people are needed at risk %s", persons(len(v.Voters)), need, r.Risk)}}
}

// soaking: a stage stays open for a while before it is closed; a waiver alone shortens that.
func soaking(r Release, g Gate, b *policy.Book, now time.Time) []Blocker {
	until := r.Soaking.Add(r.soak())
	if next, _ := r.Next(); g.Opens() || next.Key() != g.Key() || !now.Before(until) {
		return nil
	}
	if r.Care[g.Key()+"/"+SoakKey].Waiver.InForce(r, b, now) {
		return nil
	}
	return []Blocker{{Reason: workflows.ItemSoak, Until: until, Why: r.soakWhy(g)}}
}

// owing: what an earlier gate let through is owed. A waiver that ran out stops the next gate, and the last one is not
// passed while anything is owed that nobody waived.
func owing(r Release, g Gate, b *policy.Book, now time.Time) []Blocker {
	next, ok := r.Next()
	if !ok || next.Key() != g.Key() {
		return nil
	}
	var out []Blocker
	for _, d := range r.Debts(b, now) {
		who := r.holders(b, d.Item.Role, now)
		switch last := r.Passed == len(r.Gates)-1; {
		case d.Waiver == nil && last:
			out = append(out, Blocker{Reason: workflows.ItemOwed, Item: d.Full(), Who: who, Why: d.Full() + " is owed since the glass was broken"})
		case d.Waiver != nil && !d.Waiver.InForce(r, b, now):
			out = append(out, Blocker{Reason: workflows.ItemExpired, Item: d.Full(), Who: who,
				Why: fmt.Sprintf("the waiver of %s ran out on %s: %s owes it", d.Full(), d.Waiver.Until.Format(time.DateOnly), d.Waiver.Owner.At())})
		}
	}
	return out
}

func days(d time.Duration) string { return fmt.Sprintf("%d d", int(d.Hours())/24) }

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
	s := Status{Gate: g, Item: item, State: Open, Reason: workflows.ItemUnsigned, May: r.holders(b, item.Role, now), Since: r.Entered}
	s.May = slices.DeleteFunc(s.May, func(id workflows.PersonID) bool { return r.ownGlass(Vote{Item: g.Full(item), By: id}, b, now) })
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
		s.May = slices.DeleteFunc(s.May, func(id workflows.PersonID) bool { return slices.Contains(voters, id) })
		return s
	}
	if tier.AuthorOut && s.Item.Binds != Unbound && !machine {
		if w, alone := b.AuthorAlone(voters, r.Candidate.Written); alone {
			s.Reason = workflows.ItemAuthorAlone
			s.Why = fmt.Sprintf("%s was written by its only voters", workflows.ShortID(w.Example))
			s.May = slices.DeleteFunc(s.May, func(id workflows.PersonID) bool {
				_, still := b.AuthorAlone(append(slices.Clone(voters), id), r.Candidate.Written)
				return still
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
	case !r.Fresh(v):
		return workflows.ItemStale
	case v.By == "":
		return ""
	case r.standsBehind(b, v, item.Role, now) != "":
		return workflows.ItemUnauthorised
	case r.Risk.Tier().AuthorOut && item.Binds != Unbound && !b.CodeKnown(v.By):
		return workflows.ItemUnauthorised
	case r.ownGlass(v, b, now):
		return workflows.ItemOwnGlass
	}
	return ""
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
