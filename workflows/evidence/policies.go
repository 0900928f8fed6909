package evidence

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

func wasRefused(t *telling, h workflows.Header, e ledger.Refused) Facts {
	t.Refused = append(t.Refused, Refusal{Act: act(h), As: h.As, Line: e.Line, Place: e.At, Reason: e.Reason, Why: e.Why})
	return Facts{"line": e.Line, "reason": string(e.Reason)}
}

func policyRecorded(t *telling, h workflows.Header, e ledger.Policy) Facts {
	p := t.policy(e.Hash)
	p.Recorded, p.Owners = h.Seq, e.Owners
	return Facts{"hash": e.Hash}
}

func tipAnchored(t *telling, h workflows.Header, e ledger.Anchored) Facts {
	a := Anchor{Act: act(h), Size: e.Size, Hash: e.Hash.String(), Kept: cmp.Or(string(e.Place), e.Tag)}
	t.Anchors = append(t.Anchors, a)
	return Facts{"size": fmt.Sprint(e.Size), "to": a.Kept}
}

// putBack is of the whole ledger; what was lost of this release, nobody can say any more.
func putBack(_ *telling, _ workflows.Header, e ledger.Restored) Facts {
	f := Facts{"size": fmt.Sprint(e.From.Size)}
	switch {
	case e.Untold:
		f["lost"] = "nobody knows how many"
	case e.Lost.Size > e.From.Size:
		f["lost"] = fmt.Sprint(e.Lost.Size - e.From.Size)
	}
	return f
}

// policy gives the report's line of a configuration, a new one at its first mention.
func (t *telling) policy(hash string) *Policy {
	p, ok := t.under[hash]
	if !ok {
		p = &Policy{Hash: hash}
		t.under[hash] = p
		t.Policies = append(t.Policies, *p) // its place; finish fills it in
	}
	return p
}

// decided notes under which configuration an event was decided, and what its people held at that moment.
func (t *telling) decided(e workflows.Recorded) {
	if e.Policy == "" || !isAct(e) {
		return
	}
	p := t.policy(e.Policy)
	p.Decided++
	book, recorded := t.book(e.Policy)
	if s, ok := e.Event.(release.Signed); ok && s.Vote.By != "" {
		if !recorded { // all there is to go by is the vote's own word
			p.acted(s.Vote.By, Held{Role: s.Vote.As, Owner: s.Vote.Owner, For: s.Vote.For})
			return
		}
		p.acted(s.Vote.By, roles(book, s.Vote.By, e.Header)...)
	}
	if e.By.Person != "" {
		p.acted(e.By.Person, roles(book, e.By.Person, e.Header)...)
	}
}

func roles(book *policy.Book, id workflows.PersonID, h workflows.Header) []Held {
	var out []Held
	for _, x := range book.RolesOf(id, h.At) {
		out = append(out, Held{Role: x.Role, Owner: x.Owner, For: x.For})
	}
	return out
}

func (p *Policy) acted(id workflows.PersonID, roles ...Held) {
	i := slices.IndexFunc(p.People, func(a Acting) bool { return a.Person == id })
	if i < 0 {
		p.People = append(p.People, Acting{Person: id})
		i = len(p.People) - 1
	}
	for _, r := range roles {
		if r.Role != "" && !slices.Contains(p.People[i].Roles, r) {
			p.People[i].Roles = append(p.People[i].Roles, r)
		}
	}
}

// book is the configuration of a hash as the ledger holds it, with the rosters as they had arrived; ok is false, and the
// book empty, where the bundle does not hold it.
func (t *telling) book(hash string) (*policy.Book, bool) {
	rec, ok := t.policies[hash]
	b := &policy.Book{Owners: rec.Owners, Groups: t.groups, Hash: hash,
		Roles: map[workflows.Role]policy.Members{}, People: map[workflows.PersonID]workflows.Person{}}
	for role, m := range rec.Roles {
		b.Roles[role] = policy.Members{People: m.People, Groups: m.Groups}
	}
	for id, c := range rec.People {
		person := workflows.Person{ID: id, NoCode: c.Code == ledger.CodeNone}
		if c.Code == ledger.CodeKnown {
			person.Code = []string{""} // that there is an address is on record, which one is not
		}
		b.People[id] = person
	}
	t.folk.join(b, rec.Accounts)
	return b, ok
}

// bookOfVotes believes every standing vote the role that it names, and whoever waived that they might.
func (t *telling) bookOfVotes() *policy.Book {
	b := &policy.Book{Roles: map[workflows.Role]policy.Members{}, People: map[workflows.PersonID]workflows.Person{}}
	believe := func(id workflows.PersonID, role workflows.Role) {
		m := b.Roles[role]
		m.People = append(m.People, id)
		b.Roles[role] = m
		b.People[id] = workflows.Person{ID: id, NoCode: true}
	}
	for _, v := range t.release.Votes {
		if v.By == "" {
			continue
		}
		b.People[v.By] = workflows.Person{ID: v.By, NoCode: true}
		believe(cmp.Or(v.For, v.By), v.As)
	}
	for _, c := range t.release.Care {
		if c.Waiver == nil {
			continue
		}
		for _, g := range c.Waiver.Given {
			believe(g.By, workflows.ReleaseManager)
		}
	}
	return b
}
