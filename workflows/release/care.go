package release

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Care is what people arranged about an item beside their votes on it.
type Care struct {
	Owner  workflows.PersonID `json:"owner,omitempty"` // who makes it true; empty: the release manager
	Due    time.Time          `json:"due,omitzero"`
	Since  time.Time          `json:"since,omitzero"` // when it was assigned
	Asked  *Asking            `json:"asked,omitempty"`
	Plan   *Planning          `json:"plan,omitempty"`
	Waiver *Waiver            `json:"waiver,omitempty"`
}

// Asking is a request to sign.
type Asking struct {
	By   workflows.PersonID `json:"by"`
	Who  workflows.PersonID `json:"who,omitempty"` // empty: whoever holds the role
	Link string             `json:"link,omitempty"`
	Note string             `json:"note,omitempty"`
	At   time.Time          `json:"at"`
}

// Planning is what is done about an item later: it is a line of a later definition of done until then.
type Planning struct {
	Owner workflows.PersonID `json:"owner"`
	Due   time.Time          `json:"due"`
	What  string             `json:"what"`
	Line  string             `json:"line"` // the full name of the item in which it returns
}

// Waiver lets a gate pass without an item, until a date. Somebody owes the item from then on.
type Waiver struct {
	Owner  workflows.PersonID `json:"owner"`
	Until  time.Time          `json:"until"`
	Why    string             `json:"why"`
	Given  []Given            `json:"given"`            // who agreed, in that order
	Lapsed bool               `json:"lapsed,omitempty"` // its end is on record
}

// Given is one release manager's agreement to a waiver.
type Given struct {
	By      workflows.PersonID `json:"by"`
	For     workflows.PersonID `json:"for,omitempty"`     // as the deputy of a release manager who was away
	Manager bool               `json:"manager,omitempty"` // as the manager of this release, not by the role
	At      time.Time          `json:"at"`
}

// OwnerOf is who makes an item true: whom it was assigned to, else the release manager.
func (r Release) OwnerOf(full string) workflows.PersonID {
	if c := r.Care[full]; c.Owner != "" {
		return c.Owner
	}
	return r.Manager
}

// arrange changes what is arranged about an item; r is a clone.
func (r Release) arrange(full string, change func(*Care)) Release {
	c := r.Care[full]
	change(&c)
	if r.Care == nil {
		r.Care = map[string]Care{}
	}
	if r.Care[full] = c; c == (Care{}) {
		delete(r.Care, full)
	}
	return r
}

// InForce reports whether a waiver lets its item pass at a time: it has not run out, and as many release managers as the
// risk asks for stand behind it. Whoever gave it must be release manager still, or, having managed this release then, at
// least hold some role.
func (w *Waiver) InForce(r Release, b *policy.Book, now time.Time) bool {
	return w != nil && now.Before(w.Until) && len(w.behind(r, b, now)) >= r.Risk.Tier().Waivers
}

// behind lists the people whose agreement to a waiver counts.
func (w *Waiver) behind(r Release, b *policy.Book, now time.Time) []workflows.PersonID {
	b = b.For(r.Risk)
	var out []workflows.PersonID
	for _, g := range w.Given {
		id := b.Canon(g.By)
		manages := r.standsBehind(b, Vote{By: g.By, For: g.For}, workflows.ReleaseManager, now) == ""
		if (manages || g.Manager && len(b.RolesOf(id, now)) > 0) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// Debt is an item of a gate that was passed without it: it is owed until somebody signs it.
type Debt struct {
	Gate   Gate
	Item   Item
	Waiver *Waiver // nil: the glass was broken over it
}

// Full names the item that is owed.
func (d Debt) Full() string { return d.Gate.Full(d.Item) }

// Debts lists what is owed of the gates that were passed, in their order.
func (r Release) Debts(b *policy.Book, now time.Time) []Debt {
	var out []Debt
	for _, g := range r.Gates[:r.Passed] {
		for _, item := range g.Items {
			if full := g.Full(item); r.owed(full) && !judge(r, g, item, b, now).paid() {
				out = append(out, Debt{Gate: g, Item: item, Waiver: r.Care[full].Waiver})
			}
		}
	}
	return out
}

// Settled reports whether an item holds by itself, so that its waiver no longer matters.
func (r Release) Settled(s Status) bool { return s.paid() }

// Owes reports whether an item of a passed gate, as it stands, is owed still.
func (r Release) Owes(s Status) bool { return r.owed(s.Full()) && !s.paid() }

// owed reports whether an item of a passed gate may still be signed: the gate let it through without. An item that held
// then is not owed, whatever became of it since.
func (r Release) owed(full string) bool { return slices.Contains(r.Owing, full) }

// BrokenOver reports whether the glass was broken over an item.
func (r Release) BrokenOver(full string) bool {
	return slices.ContainsFunc(r.Glass, func(g Glass) bool { return slices.Contains(g.Open, full) })
}
