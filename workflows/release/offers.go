package release

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// What follows tells forms and buttons what to offer to whom. The decisions say it again, and say why not.

// Ahead lists what people can still arrange: the items of the gates to come, the next one first, then what earlier ones let
// through and is owed.
func Ahead(r Release, b *policy.Book, now time.Time) []Status {
	if r.Over() {
		return nil
	}
	var out, owed []Status
	for n, g := range r.Gates {
		for _, s := range CheckGate(r, g, b, now).Items {
			switch {
			case n >= r.Passed:
				out = append(out, s)
			case r.Owes(s):
				owed = append(owed, s)
			}
		}
	}
	return append(out, owed...)
}

// MayAssign reports whether it is the asker's to say who makes an item true that does not hold.
func MayAssign(r Release, s Status, f Facts) bool {
	return !s.paid() && r.mayTend(s.Full(), s.Item, f) == nil
}

// MayAsk reports whether the asker may ask for the signature that an item lacks.
func MayAsk(r Release, s Status, f Facts) bool {
	makes := f.Book.Canon(r.OwnerOf(s.Full())) == f.Book.Canon(f.Actor.Person)
	return !s.paid() && (makes || r.mayTend(s.Full(), s.Item, f) == nil)
}

// MayPlan reports whether the asker may sign an item with a plan.
func MayPlan(r Release, s Status, f Facts) bool {
	return !s.paid() && s.Item.Origin != OfGlass && r.laterDone(s.Gate.Key()) != "" && r.MayVote(s.Item, f) && !Follows(r, s.Item, f)
}

// MayWaive reports whether the asker may let a gate pass without an item.
func MayWaive(r Release, s Status, f Facts) bool {
	_, why := r.holds(f.Book.For(r.Risk), f.Actor.Person, workflows.ReleaseManager, f.Now)
	return !s.paid() && s.Item.Origin != OfGlass && s.Reason != workflows.ItemBlocked && why == ""
}

// Soaking reports whether a release must still stay open for a time, which can be waived like an item.
func Soaking(r Release, b *policy.Book, now time.Time) bool {
	next, open := r.Next()
	return open && len(soaking(r, next, b, now)) > 0
}
