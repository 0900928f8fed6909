package release

import (
	"fmt"
	"slices"
	"strings"
)

// Placed is an item in its gate.
type Placed struct {
	Gate string // its key
	Item Item
}

// Full names the item in full.
func (p Placed) Full() string { return p.Gate + "/" + p.Item.Key }

// Altered is an item that asks for something else than it did.
type Altered struct {
	Gate    string
	Was, Is Item
}

// Moved is an item that changes its gate.
type Moved struct {
	From string // the gate's key
	To   Placed
}

// Diff is what a template as it stands now would change in a release.
type Diff struct {
	Add    []Placed
	Drop   []Placed
	Move   []Moved
	Change []Altered
}

// Empty reports that nothing would change.
func (d Diff) Empty() bool { return len(d.Add)+len(d.Drop)+len(d.Move)+len(d.Change) == 0 }

// String reads "+ ga.ready/runbook, − ga.done/cli-api, leftovers: ga.done → ga.ready, changed ga.ready/tests (role
// engineering → qa)".
func (d Diff) String() string {
	var parts []string
	for _, p := range d.Add {
		parts = append(parts, "+ "+p.Full())
	}
	for _, p := range d.Drop {
		parts = append(parts, "− "+p.Full())
	}
	for _, m := range d.Move {
		parts = append(parts, fmt.Sprintf("%s: %s → %s", m.To.Item.Key, m.From, m.To.Gate))
	}
	for _, c := range d.Change {
		parts = append(parts, fmt.Sprintf("changed %s/%s (%s)", c.Gate, c.Is.Key, c))
	}
	return strings.Join(parts, ", ")
}

// String says what of an item is another: "role engineering → qa, text".
func (c Altered) String() string {
	var parts []string
	for _, f := range []struct{ what, was, is string }{
		{"role", string(c.Was.Role), string(c.Is.Role)}, {"evidence", c.Was.Evidence, c.Is.Evidence},
		{"binds", string(c.Was.Binds), string(c.Is.Binds)}, {"follows from", string(c.Was.From), string(c.Is.From)},
		{"lead", fmt.Sprintf("%d d", c.Was.Lead), fmt.Sprintf("%d d", c.Is.Lead)},
		{"valid", fmt.Sprintf("%d d", c.Was.Valid), fmt.Sprintf("%d d", c.Is.Valid)},
	} {
		if f.was != f.is {
			parts = append(parts, fmt.Sprintf("%s %s → %s", f.what, orNothing(f.was), orNothing(f.is)))
		}
	}
	if c.Was.Text != c.Is.Text {
		parts = append(parts, "text")
	}
	return strings.Join(parts, ", ")
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// Difference says what adopting a template would change.
func Difference(r Release, t Template) Diff {
	return between(r.Gates[r.Passed:], Adopt(r, t)[r.Passed:])
}

// Between says what became of a release's items from one state to a later one.
func Between(before, after Release) Diff { return between(before.Gates, after.Gates) }

func between(before, after []Gate) Diff {
	var d Diff
	was, is := ahead(before), ahead(after)
	for _, p := range is {
		switch i := slices.IndexFunc(was, p.same); {
		case i < 0:
			d.Add = append(d.Add, p)
		case plain(was[i].Item) != plain(p.Item):
			d.Change = append(d.Change, Altered{p.Gate, was[i].Item, p.Item})
		}
	}
	for _, p := range was {
		if !slices.ContainsFunc(is, p.same) {
			d.Drop = append(d.Drop, p)
		}
	}
	d.pair()
	return d
}

func (p Placed) same(q Placed) bool { return p.Full() == q.Full() }

// ahead lists the items of gates.
func ahead(gates []Gate) []Placed {
	var out []Placed
	for _, g := range gates {
		for _, i := range g.Items {
			out = append(out, Placed{g.Key(), i})
		}
	}
	return out
}

// plain is what an item asks for, whoever brought it and when.
func plain(i Item) Item {
	i.Origin, i.Late = OfTemplate, false
	return i
}

// pair makes a move of an item that is dropped in one gate and added in another.
func (d *Diff) pair() {
	d.Add = slices.DeleteFunc(d.Add, func(p Placed) bool {
		i := slices.IndexFunc(d.Drop, func(q Placed) bool { return q.Item.Key == p.Item.Key })
		if i < 0 {
			return false
		}
		d.Move = append(d.Move, Moved{d.Drop[i].Gate, p})
		if from := d.Drop[i].Item; plain(from) != plain(p.Item) {
			d.Change = append(d.Change, Altered{p.Gate, from, p.Item})
		}
		d.Drop = slices.Delete(d.Drop, i, i+1)
		return true
	})
}
