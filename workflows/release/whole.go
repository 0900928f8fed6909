package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Blocker is something that a gate as a whole lacks.
type Blocker struct {
	Reason workflows.Reason
	Why    string
	Who    []workflows.PersonID
	Until  time.Time // when time alone removes it
	Item   string    // that an earlier gate let through and that is owed, by full name
}

// tooFew: a gate that opens to users holds votes of several people, as the tier says.
func tooFew(r Release, v Verdict, b *policy.Book, now time.Time) []Blocker {
	need := r.Risk.Tier().People
	if !v.Gate.Opens() || len(v.Voters) >= need || len(v.Open()) > 0 {
		return nil
	}
	var who []workflows.PersonID
	for _, s := range v.Items {
		who = append(who, r.helpers(b, s, now, unheard(v.Voters))...)
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
