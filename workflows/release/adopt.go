package release

import "slices"

// Adopt gives the gates of a release that takes over a template as it stands now, at the release's risk. Gates that were
// passed stay as they are, and so does what somebody added to the others. What the template has moved to a gate that
// is passed, and which was not asked there, is still asked where it was: an item is never lost on the way. What the risk
// asks for in a gate stays there, wherever somebody moved its namesake.
func Adopt(r Release, t Template) []Gate {
	passed := r.Gates[:r.Passed]
	out := slices.Clone(passed)
	last := -1
	if len(passed) > 0 {
		last = passed[len(passed)-1].place()
	}
	wanted := t.At(r.Risk)
	for _, empty := range every {
		if empty.place() <= last {
			continue
		}
		var g Gate
		var there bool
		g, there = gateAt(wanted, empty)
		if !there { // what the risk asks of such a gate it asks of one that only stays, too
			g.Items = AddedBy(r.Risk, g.Key())
		}
		g.Items = slices.DeleteFunc(slices.Clone(g.Items), func(i Item) bool { return r.movedAway(empty, i) && !r.required(empty.Key(), i) })
		kept := keeps(r, empty, wanted, last)
		if there || r.keepsStage(empty, wanted, last) {
			g.Items = join(g.Items, kept)
			out = append(out, g)
		}
	}
	return out
}

// gateAt finds a gate among others; without it, it is the empty one.
func gateAt(gates []Gate, like Gate) (Gate, bool) {
	for _, g := range gates {
		if g.Key() == like.Key() {
			return g, true
		}
	}
	return like, false
}

// keepsStage reports whether a gate stays that the template lacks: its stage was entered, or something in it stays.
func (r Release) keepsStage(g Gate, wanted []Gate, last int) bool {
	for _, x := range every {
		if _, there := gateAt(r.Gates, x); x.Stage == g.Stage && there && (x.place() <= last || len(keeps(r, x, wanted, last)) > 0) {
			return true
		}
	}
	return false
}

// keeps lists the items of a release's gate that stay whatever the template says.
func keeps(r Release, g Gate, wanted []Gate, last int) []Item {
	var out []Item
	own, _ := gateAt(r.Gates, g)
	for _, i := range own.Items {
		if i.byHand() || movedBack(r, i, wanted, last) {
			out = append(out, i)
		}
	}
	return out
}

func (i Item) byHand() bool {
	return i.Origin == OfMove || i.Origin == OfPerson || i.Origin == OfPlan || i.Origin == OfGlass
}

// movedAway reports whether the release manager moved an item out of a gate: it stays where it was moved to.
func (r Release) movedAway(from Gate, i Item) bool {
	own, _ := gateAt(r.Gates, from)
	return !hasItem(own.Items, i.Key) && slices.ContainsFunc(r.Gates, func(g Gate) bool {
		return slices.ContainsFunc(g.Items, func(x Item) bool { return x.Key == i.Key && x.Origin == OfMove })
	})
}

// movedBack reports whether a template asks an item in gates that are passed only, and no passed gate asked it.
func movedBack(r Release, i Item, wanted []Gate, last int) bool {
	behind := false
	for _, g := range wanted {
		if hasItem(g.Items, i.Key) {
			if g.place() > last {
				return false
			}
			behind = true
		}
	}
	return behind && !slices.ContainsFunc(r.Gates[:r.Passed], func(g Gate) bool { return hasItem(g.Items, i.Key) })
}

// join is a template's items, with those that stay in the place of their namesakes or at the end. What somebody added
// of their own makes way for a namesake of the template's: who signs that, and with what, is not for them to say.
func join(items, kept []Item) []Item {
	out := slices.Clone(items)
	for _, k := range kept {
		switch i := slices.IndexFunc(out, func(x Item) bool { return x.Key == k.Key }); {
		case i < 0:
			out = append(out, k)
		case k.Origin != OfPerson || plain(k) == plain(out[i]):
			out[i] = k
		}
	}
	return out
}
