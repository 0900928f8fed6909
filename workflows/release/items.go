package release

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// put adds an item to a gate; r is a clone.
func (r Release) put(gate string, item Item) Release {
	for i, g := range r.Gates {
		if g.Key() == gate && !hasItem(g.Items, item.Key) {
			r.Gates[i].Items = append(slices.Clone(g.Items), item)
		}
	}
	return r
}

// take removes an item from its gate; r is a clone.
func (r Release) take(full string) Release {
	for i, g := range r.Gates {
		r.Gates[i].Items = slices.DeleteFunc(slices.Clone(g.Items), func(item Item) bool { return g.Full(item) == full })
	}
	return r
}

// regate exchanges the gates. A vote on an item whose definition is another now vouched for something else: it goes, and
// so does a waiver. So they do on an item that comes back as another; one that comes back as it was finds them again.
func (r Release) regate(gates []Gate) Release {
	was := map[string]Item{}
	for _, p := range ahead(r.Gates) {
		was[p.Full()] = p.Item
	}
	r.Gates = gates
	for _, p := range ahead(gates) {
		full := p.Full()
		if old, ok := was[full]; ok && !old.asks(p.Item) {
			r = r.unsay(full).unwaive(full)
		} else if !ok {
			r = r.comes(full, p.Item)
		}
		delete(was, full)
	}
	for full, item := range was {
		if len(r.votesOn(full)) > 0 || r.Care[full].Waiver != nil {
			if r.Gone == nil {
				r.Gone = map[string]Item{}
			}
			r.Gone[full] = item
		}
	}
	return r
}

// comes makes room for an item: what was said of another one of that name, and that it may wait, goes. r is a clone.
func (r Release) comes(full string, item Item) Release {
	old, gone := r.Gone[full]
	delete(r.Gone, full)
	if gone && old.asks(item) {
		return r
	}
	return r.unsay(full).unwaive(full)
}

// unwaive takes the waiver of an item away; r is a clone.
func (r Release) unwaive(full string) Release {
	if r.Care[full].Waiver == nil {
		return r
	}
	return r.arrange(full, func(c *Care) { c.Waiver = nil })
}

// unsay takes the votes on an item away; r is a clone.
func (r Release) unsay(full string) Release {
	r.Votes = slices.DeleteFunc(r.Votes, func(v Vote) bool {
		gone := v.Item == full
		if gone && v.counts() {
			r.Tally.Stale++
		}
		return gone
	})
	r.Revisions[full]++
	return r
}

// asks reports whether two items ask for the same: a vote on the one is a vote on the other.
func (i Item) asks(other Item) bool {
	return i.Key == other.Key && i.Text == other.Text && i.Role == other.Role && i.Binds == other.Binds && i.From == other.From
}

// Count is how many items the release has in all its gates.
func (r Release) Count() int {
	n := 0
	for _, g := range r.Gates {
		n += len(g.Items)
	}
	return n
}

// gate finds a gate by its key; -1: there is none.
func (r Release) gate(key string) int {
	return slices.IndexFunc(r.Gates, func(g Gate) bool { return g.Key() == key })
}

// forget takes away what was said and arranged of an item that is asked no more: what comes under its name is another.
// r is a clone.
func (r Release) forget(full string) Release {
	delete(r.Care, full)
	delete(r.Adders, full)
	delete(r.Gone, full)
	return r.unsay(full)
}

// required reports whether the risk asks for an item in a gate, whoever brought it: it stays there.
func (r Release) required(gate string, i Item) bool {
	return i.Origin == OfRisk || hasItem(AddedBy(r.Risk, gate), i.Key)
}

// laterDone is the key of the next definition of done behind a gate that is still to be passed; empty: there is none.
func (r Release) laterDone(gate string) string {
	for _, g := range r.Gates[min(max(r.gate(gate)+1, r.Passed), len(r.Gates)):] {
		if g.Half == Done {
			return g.Key()
		}
	}
	return ""
}

// free is a key for an item that returns in a gate under another name.
func (r Release) free(gate, key, suffix string) string {
	const longest = 32
	base := key[:min(len(key), longest-len(suffix)-2)]
	name := base + suffix
	i := r.gate(gate)
	for n := '2'; i >= 0 && hasItem(r.Gates[i].Items, name) && n <= '9'; n++ {
		name = base + suffix + string(n)
	}
	return name
}

// told is an effect in the direct messages of a person.
func told(what string, who workflows.PersonID) workflows.Effect {
	return workflows.Effect{Kind: workflows.Tell, What: what, To: workflows.To{Person: who}}
}
