package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Lack is a rule that the people known can never fulfil.
type Lack struct {
	Where []string       // items in full, all of which lack the same; or a gate's key: the gate as a whole
	Role  workflows.Role // which signs the items; empty for a gate
	Why   string
	Mend  string // what to write into the configuration
}

// String reads "ga.ready/compliance: nobody holds compliance; write roles: compliance: […]".
func (l Lack) String() string { return l.said() + "; write " + l.Mend }

func (l Lack) said() string { return l.name() + ": " + l.Why }

func (l Lack) name() string {
	const few = 3
	where := l.Where
	if more := len(where) - few; more > 0 {
		where = append(slices.Clone(where[:few]), fmt.Sprintf("%d more", more))
	}
	return strings.Join(where, ", ")
}

// Sources says which sources of derived items are configured for a product. Without an audience that can be briefed, being briefed is
// signed by hand.
func Sources(b *policy.Book, p workflows.Product) map[Source]bool {
	return map[Source]bool{Notes: true, CI: b.Checked[p], Deployment: b.Deployed[p],
		Briefing: slices.ContainsFunc(b.Audiences, func(a policy.Audience) bool { return !a.Public && len(a.People) > 0 })}
}

// Unsatisfiable lists what gates ask for, at a risk, that nobody known can ever give: they would stay shut for ever. The
// members of a chat group come and go, so a role that has one is taken for held by enough; and who is away comes back.
// What follows from a source that is configured (by) needs nobody, but for notes, which are approved on a person's word.
func Unsatisfiable(gates []Gate, risk policy.Risk, b *policy.Book, now time.Time, by map[Source]bool) []Lack {
	c := census{b.For(risk).AllBack(), risk, risk.Tier(), now}
	var out []Lack
	for _, g := range gates {
		var signers []workflows.PersonID
		many, short := false, false
		for _, item := range g.Items {
			if by[item.From] && item.From != Notes {
				continue
			}
			people, grouped := c.holders(item)
			signers, many = append(signers, people...), many || grouped
			if l := c.lack(g, item, people); l.Why != "" && !grouped {
				out, short = merged(out, l), true
			}
		}
		if n := distinct(signers); g.Opens() && !many && !short && n < c.tier.People {
			out = append(out, Lack{Where: []string{g.Key()}, Why: fmt.Sprintf("its votes can be of %s, and risk %s wants %d different people", persons(n), risk, c.tier.People),
				Mend: "another person under people: and in one of the roles that sign there"})
		}
	}
	return out
}

// merged adds a lack to others: to the one that says the same of other items, if there is such a one.
func merged(all []Lack, l Lack) []Lack {
	for i, other := range all {
		if other.Role == l.Role && other.Why == l.Why {
			all[i].Where = append(other.Where, l.Where...)
			if len(l.Mend) > len(other.Mend) { // it asks for more people
				all[i].Mend = l.Mend
			}
			return all
		}
	}
	return append(all, l)
}

// census counts who could sign.
type census struct {
	book *policy.Book
	risk policy.Risk
	tier policy.Tier
	now  time.Time
}

// holders are those whose votes on an item would count; grouped, where a chat group may bring further ones.
func (c census) holders(item Item) (people []workflows.PersonID, grouped bool) {
	for _, role := range []workflows.Role{item.Role, workflows.EveryRole} {
		grouped = grouped || len(c.book.Roles[role].Groups) > 0
	}
	for _, id := range c.book.Holders(item.Role, c.now) {
		if id = c.book.Canon(id); !c.bound(item) || c.book.CodeKnown(id) {
			people = append(people, id)
		}
	}
	slices.Sort(people)
	return slices.Compact(people), grouped
}

// bound reports whether a vote on an item counts only of those whose code is known.
func (c census) bound(item Item) bool { return c.tier.AuthorOut && item.Binds != Unbound }

// lack says what an item lacks; nothing where its holders are enough.
func (c census) lack(g Gate, item Item, people []workflows.PersonID) Lack {
	each := 1
	if g.Opens() {
		each = max(each, c.tier.Each)
	}
	if len(people) >= each {
		return Lack{}
	}
	l := Lack{Where: []string{g.Full(item)}, Role: item.Role}
	all := c.book.Holders(item.Role, c.now)
	switch {
	case len(all) == 0:
		l.Why, l.Mend = fmt.Sprintf("nobody holds %s", item.Role), fmt.Sprintf("roles: %s: [%s]", item.Role, strings.Repeat("…, ", each-1)+"…")
		if c.tier.OwnersOut {
			l.Why += fmt.Sprintf(", and at risk %s owners do not stand in", c.risk)
		}
	case distinct(all) >= each: // but too few of them can be judged
		l.Why = fmt.Sprintf("it vouches for code, and of those who sign it (%s) %s", item.Role, codes(len(people), each))
		l.Mend = fmt.Sprintf("code: [address], or code: none, for %s", strings.Join(policy.Names(all), ", "))
	default:
		l.Why = fmt.Sprintf("risk %s wants votes of %d different people on it, and %s holds %s", c.risk, each, strings.Join(policy.Names(all), ", "), item.Role)
		l.Mend = fmt.Sprintf("roles: %s: with another person", item.Role)
	}
	return l
}

func codes(known, each int) string {
	if each == 1 {
		return "nobody's address is known"
	}
	return fmt.Sprintf("the addresses of %d are known, %d are wanted", known, each)
}

func distinct(ids []workflows.PersonID) int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return len(slices.Compact(ids))
}

func persons(n int) string {
	switch n {
	case 0:
		return "nobody"
	case 1:
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// satisfiable refuses a release whose gates would stay shut for ever, whoever of the people known signs.
func (n New) satisfiable(t Template, risk policy.Risk, f Facts) error {
	lacks := Unsatisfiable(t.At(risk), risk, f.Book, f.Now, f.Sources)
	if len(lacks) == 0 {
		return nil
	}
	const few = 3
	var why, mend []string
	for i, l := range lacks {
		if i < few {
			why = append(why, l.said())
		}
		if !slices.Contains(mend, l.Mend) && len(mend) < few {
			mend = append(mend, l.Mend)
		}
	}
	if len(lacks) > few {
		why = append(why, fmt.Sprintf("and %d more → readyroom lint", len(lacks)-few))
	}
	return workflows.Refuse(workflows.Unsatisfiable, fmt.Sprintf("%s at risk %s can never be fulfilled by the people known: %s", t.Name, risk, strings.Join(why, "; "))).
		By("whoever edits readyroom.yaml").Type(append(mend, n.lower(t, risk, f)...)...)
}

// lower is the line that opens the release at the next lower risk that can be fulfilled; none where there is none such.
func (n New) lower(t Template, risk policy.Risk, f Facts) []string {
	risks := policy.Risks()
	for _, less := range slices.Backward(risks) {
		if !risk.Above(less) || len(Unsatisfiable(t.At(less), less, f.Book, f.Now, f.Sources)) > 0 {
			continue
		}
		line := fmt.Sprintf("/release new %s --template %s --risk %s", n.ID, t.Name, less)
		if t.Risk.Above(less) {
			line += " --why …"
		}
		return []string{line}
	}
	return nil
}
