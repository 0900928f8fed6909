package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Ask asks for a signature: of one person, or of whoever holds the item's role. From then on it is their turn.
type Ask struct {
	Item string // as typed
	Who  workflows.PersonID
	Link string // what they should look at
	Note string
}

// Assign makes somebody the owner of an item: who makes it true.
type Assign struct {
	Item  string
	Owner workflows.PersonID
	Due   time.Time
}

// Needs says who may: a holder of the item's role, the release manager, or whose it is to make it true, who need not hold
// any role.
func (Ask) Needs() workflows.Need { return workflows.Member }

// Needs says who may: any member, of whom the item decides: a holder of its role, the release manager.
func (Assign) Needs() workflows.Need { return workflows.Member }

// Asked happened: somebody's signature is waited for.
type Asked struct {
	Item   string `json:"item"`
	Asking Asking `json:"asking"`
}

// Assigned happened: an item has another owner.
type Assigned struct {
	Item  string             `json:"item"`
	Owner workflows.PersonID `json:"owner"`
	Due   time.Time          `json:"due,omitzero"`
}

// Kind names the event.
func (Asked) Kind() string { return "release.asked" }

// Kind names the event.
func (Assigned) Kind() string { return "release.assigned" }

func (w Ask) decide(r Release, f Facts) ([]workflows.Event, error) {
	g, item, err := r.ahead(w.Item, f, "item ask")
	if err != nil {
		return nil, err
	}
	full := g.Full(item)
	if f.Book.Canon(r.OwnerOf(full)) != f.Book.Canon(f.Actor.Person) { // who made it true hands it on
		if err := r.mayTend(full, item, f); err != nil {
			return nil, err
		}
	}
	b := f.Book.For(r.Risk)
	stands := judge(r, g, item, f.Book, f.Now)
	if stands.paid() {
		return nil, workflows.Refuse(workflows.Unchanged, full+" holds: nobody's signature is missing").Type(f.line("item show", full))
	}
	if _, known := f.Book.Person(w.Who); w.Who != "" && !known {
		return nil, workflows.Refuse(workflows.UnknownPerson, "nobody here is "+workflows.Display(w.Who.At(), 40)).
			By(policy.Names(r.holders(b, item.Role, f.Now))...).Type(f.line("item ask", full))
	}
	if w.Who != "" {
		if _, why := r.holds(b, w.Who, item.Role, f.Now); why != "" {
			return nil, workflows.Refuse(why, fmt.Sprintf("%s is signed by %s, which %s does not hold", full, item.Role, w.Who.At())).
				By(policy.Names(r.holders(b, item.Role, f.Now))...).Type(f.line("item ask", full))
		}
	}
	switch a, away := b.IsAway(w.Who, f.Now); {
	case w.Who == "":
		w.Who = stands.sentBackBy(b, f.Now)
	case away && slices.Contains(stands.May, b.Canon(a.Deputy)): // who is away answers through their deputy
		w.Who = a.Deputy
	}
	a := Asking{By: f.Actor.Person, Who: b.Canon(w.Who), Link: w.Link, Note: w.Note, At: f.Now}
	if was := r.Care[full].Asked; was != nil && was.Who == a.Who && was.Link == a.Link && was.Note == a.Note && !r.answeredSince(full, was.At) {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s was asked on %s", askedWhom(a, item), f.day(was.At))).Type(f.line("item show", full))
	}
	return []workflows.Event{Asked{Item: full, Asking: a}}, nil
}

// sentBackBy is who said that an item needs work, and so whether it still does: empty when nobody did, or is away.
func (s Status) sentBackBy(b *policy.Book, now time.Time) workflows.PersonID {
	if s.Reason != workflows.ItemNeedsWork {
		return ""
	}
	by := s.Votes[0].By
	if _, away := b.IsAway(by, now); away {
		return ""
	}
	return by
}

// answeredSince reports whether somebody voted on an item after a moment.
func (r Release) answeredSince(full string, at time.Time) bool {
	return slices.ContainsFunc(r.votesOn(full), func(v Vote) bool { return v.At.After(at) })
}

// askedWhom is how people read whom an asking means.
func askedWhom(a Asking, i Item) string {
	if a.Who == "" {
		return string(i.Role)
	}
	return a.Who.At()
}

// ahead finds an item that is still to be signed.
func (r Release) ahead(word string, f Facts, verb string) (Gate, Item, error) {
	if r.Over() {
		return Gate{}, Item{}, over(r)
	}
	g, item, err := r.Select(word, f, verb)
	if err == nil && r.gate(g.Key()) < r.Passed && !r.owed(g.Full(item)) {
		err = r.behindIt(g, f)
	}
	return g, item, err
}

func (r Release) behindIt(g Gate, f Facts) *workflows.Refusal {
	return workflows.Refuse(workflows.Over, fmt.Sprintf("%s was passed; what was wrong with it is a reason to hold or to roll back", g.Title())).
		Type(f.line("hold", "-- why"), f.line("rollback plan"))
}

// mayTend: an item is the business of who holds its role, of whom it was given to, and of the release manager.
func (r Release) mayTend(full string, item Item, f Facts) error {
	b := f.Book.For(r.Risk)
	if b.Allows(f.Actor.Person, workflows.Manager, r.Manager, f.Now) == "" {
		return nil
	}
	_, why := r.holds(b, f.Actor.Person, item.Role, f.Now)
	if owner := r.Care[full].Owner; why == "" || owner != "" && b.Canon(owner) == b.Canon(f.Actor.Person) {
		return nil
	}
	return workflows.Refuse(why, fmt.Sprintf("%s belongs to %s, which %s does not hold", full, item.Role, f.Actor.At())).
		By(once(policy.Names(r.holders(b, item.Role, f.Now)), b.Who(workflows.Manager, r.Manager, f.Now))...).Type(f.line("item show", full))
}

// once joins names, each of which is said once.
func once(names ...[]string) []string {
	var out []string
	for _, n := range slices.Concat(names...) {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

func (w Assign) decide(r Release, f Facts) ([]workflows.Event, error) {
	g, item, err := r.ahead(w.Item, f, "item assign")
	if err != nil {
		return nil, err
	}
	full := g.Full(item)
	if err := r.mayTend(full, item, f); err != nil {
		return nil, err
	}
	owner, err := f.member(w.Owner, f.line("item assign", full, "@…"))
	if err != nil {
		return nil, err
	}
	if !w.Due.IsZero() && Overdue(w.Due, f.Now) {
		return nil, workflows.Refuse(workflows.Invalid, written(w.Due)+" is past").In("due").Type(f.line("item assign", full, owner.At(), "--due friday"))
	}
	if f.Book.Canon(r.OwnerOf(full)) == owner && r.Care[full].Due.Equal(w.Due) {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s is %s's already", full, owner.At())).Type(f.line("item show", full))
	}
	return []workflows.Event{Assigned{Item: full, Owner: owner, Due: w.Due}}, nil
}

// member holds a named person to be one of the team, and gives their one id.
func (f Facts) member(id workflows.PersonID, line string) (workflows.PersonID, error) {
	if _, known := f.Book.Person(id); !known {
		return "", workflows.Refuse(workflows.UnknownPerson, "nobody here is "+workflows.Display(id.At(), 40)).In("who").Type(line)
	}
	if !f.Book.IsMember(id, f.Now) {
		return "", workflows.Refuse(workflows.NotAllowed, id.At()+" has no role here and belongs to no audience").In("who").By("an owner").Type(line)
	}
	return f.Book.Canon(id), nil
}

func (e Asked) evolve(r Release, _ workflows.Header) Release {
	a := e.Asking
	return r.arrange(e.Item, func(c *Care) { c.Asked = &a })
}

func (e Asked) tell(Release, workflows.Header) []workflows.Effect {
	if e.Asking.Who == "" {
		return nil // whoever holds the role finds it in their to-do
	}
	return []workflows.Effect{told("asked", e.Asking.Who)}
}

func (e Assigned) evolve(r Release, h workflows.Header) Release {
	return r.arrange(e.Item, func(c *Care) {
		c.Owner, c.Due, c.Since, c.Asked = e.Owner, e.Due, h.At, nil
		if e.Owner == r.Manager && e.Due.IsZero() { // as it is without anybody's word
			c.Owner, c.Since = "", time.Time{}
		}
	})
}

func (e Assigned) tell(Release, workflows.Header) []workflows.Effect {
	return []workflows.Effect{told("assigned", e.Owner)}
}
