package release

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Value is what a vote says.
type Value string

// The values. Withdraw takes a vote back and is never stored.
const (
	OK        Value = "ok"
	NeedsWork Value = "needs-work"
	Block     Value = "block"
	NA        Value = "na"
	Withdraw  Value = "withdraw"
	ByPlan    Value = "plan" // ok, for it will be done later: see PlanItem
)

// Values lists what can be voted, in the order people are shown.
func Values() []Value { return []Value{OK, NeedsWork, Block, NA, Withdraw} }

// Vote is one standing vote on one item: a person's, or a machine's.
type Vote struct {
	Item     string             `json:"item"` // full name
	By       workflows.PersonID `json:"by,omitempty"`
	Machine  Source             `json:"machine,omitempty"` // the source that voted; with By set, on the word of that person
	As       workflows.Role     `json:"as,omitempty"`
	Owner    bool               `json:"owner,omitempty"` // as owner for the role
	For      workflows.PersonID `json:"for,omitempty"`   // as the deputy of somebody who was away
	Value    Value              `json:"value"`
	Digest   string             `json:"digest,omitempty"` // of what the item binds to, as the voter saw it
	Commit   string             `json:"commit,omitempty"` // the candidate then, for people
	At       time.Time          `json:"at"`
	Note     string             `json:"note,omitempty"`
	Evidence string             `json:"evidence,omitempty"`
	ByHand   bool               `json:"by_hand,omitempty"` // on a derived item, without its source
	Expires  time.Time          `json:"expires,omitzero"`
	Lapsed   bool               `json:"lapsed,omitempty"` // its expiry is on record
}

// counts reports whether the value vouches for the item.
func (v Vote) counts() bool { return v.Value == OK || v.Value == NA || v.Value == ByPlan }

// same reports whether a later vote takes the place of an earlier one: the same voter on the same item, through the same
// source.
func (v Vote) same(w Vote) bool { return v.Item == w.Item && v.Machine == w.Machine && v.By == w.By }

// Fresh reports whether what the vote vouched for is still what the candidate holds.
func (r Release) Fresh(v Vote) bool {
	_, item, ok := r.find(v.Item)
	return ok && (item.Binds == Unbound || (r.Candidate != nil && v.Digest == r.Candidate.digest(item.Binds)))
}

// Carried reports whether a vote holds although the candidate moved since.
func (r Release) Carried(v Vote) bool {
	_, item, ok := r.find(v.Item)
	return ok && item.Binds != Unbound && r.Candidate != nil && v.Commit != r.Candidate.Commit.ID && r.Fresh(v)
}

// votesOn lists the standing votes on an item, in the order they were cast.
func (r Release) votesOn(full string) []Vote {
	var out []Vote
	for _, v := range r.Votes {
		if v.Item == full {
			out = append(out, v)
		}
	}
	return out
}

// find looks an item up by its full name.
func (r Release) find(full string) (Gate, Item, bool) {
	for _, g := range r.Gates {
		for _, i := range g.Items {
			if g.Full(i) == full {
				return g, i, true
			}
		}
	}
	return Gate{}, Item{}, false
}
