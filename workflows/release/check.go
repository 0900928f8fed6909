package release

import (
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
	ToBrief   Turn = "brief"   // the manager, who sends the briefing from which it follows
	ToApprove Turn = "approve" // whoever holds its role, through the notes from which it follows
	ToCheck   Turn = "check"   // the machines' checks from which it follows; whoever signs it, where one went wrong
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
