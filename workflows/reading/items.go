package reading

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// split parts an item's full name into its gate and its key.
func split(full string) (gate, key string) {
	gate, key, _ = strings.Cut(full, "/")
	return gate, key
}

// gate is the place of a gate; -1: there is none of that name.
func (f *followed) gate(key string) int {
	return slices.IndexFunc(f.gates, func(g release.Gate) bool { return g.Key() == key })
}

// ahead reports whether a gate is still to be passed.
func (f *followed) ahead(gate string) bool { return f.gate(gate) >= f.passed }

// arrange takes gates as they are now.
func (f *followed) arrange(gates []release.Gate) {
	f.gates, f.items = gates, map[string]release.Item{}
	for _, g := range gates {
		for _, item := range g.Items {
			f.items[g.Full(item)] = item
		}
	}
	f.passed = min(f.passed, len(gates))
}

// put adds an item to a gate.
func (f *followed) put(gate string, item release.Item) {
	gates := slices.Clone(f.gates)
	if i := f.gate(gate); i >= 0 {
		gates[i].Items = append(slices.Clone(gates[i].Items), item)
	}
	f.arrange(gates)
}

// take removes an item.
func (f *followed) take(full string) {
	gate, key := split(full)
	gates := slices.Clone(f.gates)
	if i := f.gate(gate); i >= 0 {
		gates[i].Items = slices.DeleteFunc(slices.Clone(gates[i].Items), func(item release.Item) bool { return item.Key == key })
	}
	f.arrange(gates)
}

// forget lets go of what was arranged about an item.
func (f *followed) forget(full string) {
	delete(f.waivers, full)
	delete(f.plans, full)
	delete(f.adders, full)
	delete(f.owners, full)
}

func (rd *Reading) itemAdded(h workflows.Header, f *followed, e release.ItemAdded) {
	full := e.Gate + "/" + e.Item.Key
	_, there := f.items[full]
	switch {
	case !f.ahead(e.Gate):
		rd.wrongf(h, "%s was added, and there is no such gate still to be passed", full)
	case there:
		rd.wrongf(h, "%s was added, and was there already", full)
	case e.Item.Origin != release.OfPerson:
		rd.wrongf(h, "%s was added by %s in the name of something else (%q)", full, h.By.At(), e.Item.Origin)
	case e.By != h.By.Person:
		rd.wrongf(h, "%s was added in the name of %s, and %s added it", full, e.By.At(), h.By.At())
	case rd.anyRole(acting(h), e.By) == no:
		rd.wrongf(h, "%s added %s and held no role", e.By.At(), full)
	}
	if !there {
		f.put(e.Gate, e.Item)
		f.adders[full] = e.By
	}
}

func (rd *Reading) itemDropped(h workflows.Header, f *followed, e release.ItemDropped) {
	gate, _ := split(e.Item)
	by, added := f.adders[e.Item]
	m := acting(h)
	switch _, ok := f.items[e.Item]; {
	case !ok:
		rd.wrongf(h, "%q was dropped, and the release has no such item", e.Item)
	case !f.ahead(gate):
		rd.wrongf(h, "%s was dropped after its gate was passed", e.Item)
	case f.tiered(e.Item):
		rd.wrongf(h, "%s was dropped, and risk %s asks for it there", e.Item, f.risk)
	case !added:
		rd.wrongf(h, "%s was dropped, and nobody had added it to this release", e.Item)
	case slices.ContainsFunc(f.votes, func(v cast) bool { return v.Item == e.Item }):
		rd.wrongf(h, "%s was dropped, and had votes", e.Item)
	case rd.canon(m.policy, by) != rd.canon(m.policy, h.By.Person) && rd.manages(m, f, h.By.Person) == no:
		rd.wrongf(h, "%s dropped %s, which %s had added, and was no release manager of it", h.By.At(), e.Item, by.At())
	}
	f.take(e.Item)
	f.forget(e.Item)
}

// itemMoved: an item goes to another gate, and all that was said of it with it.
func (rd *Reading) itemMoved(h workflows.Header, f *followed, e release.ItemMoved) {
	rd.byManager(h, f, "moved "+e.Item)
	from, key := split(e.Item)
	to := e.Gate + "/" + key
	item, ok := f.items[e.Item]
	_, there := f.items[to]
	switch {
	case !ok:
		rd.wrongf(h, "%q was moved, and the release has no such item", e.Item)
		return
	case there:
		rd.wrongf(h, "%s was moved to %s, which has one of that name", e.Item, e.Gate)
		return
	case !f.ahead(from), !f.ahead(e.Gate):
		rd.wrongf(h, "%s was moved to %s, and not both gates are still to be passed", e.Item, e.Gate)
	case f.tiered(e.Item):
		rd.wrongf(h, "%s was moved to %s, and risk %s asks for it where it was", e.Item, e.Gate, f.risk)
	case item.Origin == release.OfPlan || f.broke(e.Item) != nil:
		rd.wrongf(h, "%s was moved to %s, and is owed where it was", e.Item, e.Gate)
	}
	f.take(e.Item)
	if item.Origin == release.OfTemplate {
		item.Origin = release.OfMove
	}
	f.put(e.Gate, item)
	for i := range f.votes {
		if f.votes[i].Item == e.Item {
			f.votes[i].Item = to
		}
	}
	w, waived := f.waivers[e.Item]
	as := f.waived[e.Item]
	p, planned := f.plans[e.Item]
	by, added := f.adders[e.Item]
	owner := f.owners[e.Item]
	f.forget(e.Item)
	f.owners[to] = owner
	if waived {
		f.waivers[to], f.waived[to] = w, as
	}
	if planned {
		f.plans[to] = p
	}
	if added {
		f.adders[to] = by
	}
}
