package reading

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// broken is a glass that was broken, with its place in the ledger.
type broken struct {
	release.Glass
	ask string
	seq workflows.Seq
}

// glassBroken reads that an owner lets a gate pass that does not hold. Somebody reviews it by the next definition of done.
func (rd *Reading) glassBroken(h workflows.Header, f *followed, e release.GlassBroken) {
	book, ok := rd.policies[h.Policy]
	if ok && rd.owns(book, rd.canon(h.Policy, h.By.Person)) == no {
		rd.wrongf(h, "%s broke the glass and was no owner", h.By.At())
	}
	g := e.Glass
	later := f.doneAfter(g.Gate)
	_, there := f.items[g.Review]
	switch {
	case g.By != h.By.Person:
		rd.wrongf(h, "the glass was broken in the name of %s, and %s broke it", g.By.At(), h.By.At())
	case g.Why == "":
		rd.wrongf(h, "the glass was broken, and nobody said why")
	case later == "" || g.Review != later+"/"+e.Item.Key || there || e.Item.Origin != release.OfGlass:
		rd.wrongf(h, "the glass was broken at %s, and its review is no new item of the next definition of done", g.Gate)
	}
	gate, _ := split(g.Review)
	f.put(gate, e.Item)
	f.glass = append(f.glass, broken{g, h.Ask, h.Seq})
}

// doneAfter is the definition of done behind a gate; empty: there is none.
func (f *followed) doneAfter(gate string) string {
	for _, g := range f.gates[f.gate(gate)+1:] {
		if g.Half == release.Done {
			return g.Key()
		}
	}
	return ""
}

// broke is the broken glass that an item reviews; nil: it reviews none.
func (f *followed) broke(full string) *broken {
	for i := range f.glass {
		if f.glass[i].Review == full {
			return &f.glass[i]
		}
	}
	return nil
}

// brokenOver is the event in which the glass of a gate was broken over an item; 0: it was not.
func (f *followed) brokenOver(gate, full string) workflows.Seq {
	for _, g := range f.glass {
		if g.Gate == gate && slices.Contains(g.Open, full) {
			return g.seq
		}
	}
	return 0
}

// through reads that a gate was passed by breaking the glass: just before, in the same act, over everything that did not
// hold.
func (rd *Reading) through(h workflows.Header, f *followed, g release.Gate, e release.Passed) {
	n := len(f.glass)
	if n == 0 || f.glass[n-1].Gate != e.Gate || f.glass[n-1].ask != h.Ask || f.glass[n-1].seq+1 != h.Seq {
		rd.wrongf(h, "the gate %s was passed by breaking the glass, and none was broken for it just before", e.Gate)
		return
	}
	var voters []workflows.PersonID
	for _, item := range g.Items {
		why, by := rd.lacks(h, f, g, item)
		if full := g.Full(item); why != "" && !slices.Contains(f.glass[n-1].Open, full) {
			rd.wrongf(h, "the glass was broken at %s without a word of %s, which did not hold: %s", e.Gate, full, why)
		}
		voters = append(voters, by...)
	}
	rd.votersOf(h, e, voters)
}

// idle finds a glass that was broken for nothing: the gate was not passed in the same act.
func (rd *Reading) idle(h workflows.Header, f *followed, e workflows.Event) {
	p, passed := e.(release.Passed)
	n := len(f.glass)
	if n > 0 && f.glass[n-1].seq == f.last && (!passed || !p.Glass) {
		rd.wrongf(h, "the glass was broken (event %d), and the gate %s was not passed by that", f.glass[n-1].seq, f.glass[n-1].Gate)
	}
	f.last = h.Seq
}
