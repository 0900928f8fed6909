package release

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Change is a team's template: another one, with less, otherwise placed, and with more, in this order.
type Change struct {
	Extends string      // a template's name; empty: DefaultTemplate
	Risk    policy.Risk // empty: the other's
	Drop    []string    // items, by key or in full: "cli-api", "ga.done/cli-api"
	Move    []Move
	Add     []Gate // only the items to add; a gate that the other lacks is made, with its stage
}

// Move places an item into another gate of its template.
type Move struct {
	Item string // by key or in full
	To   string // a gate's key
}

// MaxItems is how many items a template may ask for, before any risk adds to them: nobody signs more.
const MaxItems = 60

// Extend makes a template of another one. An error is of type Misfits, with everything that does not fit; base is never
// changed.
func Extend(base Template, name string, c Change) (Template, error) {
	t, wrong := extend(base, name, c)
	if len(wrong) > 0 {
		return Template{}, wrong
	}
	return t, nil
}

func extend(base Template, name string, c Change) (Template, Misfits) {
	e := extension{gates: make([]Gate, len(base.Gates))}
	for i, g := range base.Gates {
		e.gates[i] = Gate{g.Stage, g.Half, slices.Clone(g.Items)}
	}
	if c.Risk != "" && !slices.Contains(policy.Risks(), c.Risk) {
		e.wrong(PartRisk, "", string(c.Risk), shown(string(c.Risk))+" is no risk", "write low, normal or high")
	}
	e.drop(c.Drop)
	e.move(c.Move)
	e.add(c.Add)
	return Template{Name: name, Risk: cmp.Or(c.Risk, base.Risk), Gates: e.gates}, e.misfits
}

// extension is a template while it is being changed.
type extension struct {
	gates   []Gate
	dropped []string // in full
	misfits Misfits
}

func (e *extension) wrong(part Part, gate, word, why, next string) {
	e.misfits = append(e.misfits, Misfit{part, gate, word, why, next})
}

func shown(word string) string { return "«" + workflows.Display(word, 60) + "»" }

func (e *extension) drop(words []string) {
	for _, word := range words {
		g, i, ok := e.find(PartDrop, "", word)
		if !ok {
			continue
		}
		e.dropped = append(e.dropped, e.gates[g].Full(e.gates[g].Items[i]))
		e.gates[g].Items = slices.Delete(e.gates[g].Items, i, i+1)
	}
}

func (e *extension) move(moves []Move) {
	for _, m := range moves {
		from, i, ok := e.find(PartMove, m.To, m.Item)
		to, is := GateOf(m.To)
		if !is {
			e.noGate(PartMove, m.To, m.Item)
		}
		if !ok || !is {
			continue
		}
		item := e.gates[from].Items[i]
		if e.gates[from].Key() == to.Key() {
			continue // it stands there already
		}
		if hasItem(e.items(to.Key()), item.Key) {
			e.wrong(PartMove, m.To, m.Item, fmt.Sprintf("%s has an item %s already", to.Key(), item.Key), "drop one of them")
			continue
		}
		e.gates[from].Items = slices.Delete(e.gates[from].Items, i, i+1)
		e.put(to, item)
	}
}

func (e *extension) add(gates []Gate) {
	for _, g := range gates {
		to, ok := GateOf(g.Key())
		if !ok {
			e.noGate(PartAdd, g.Key(), g.Key())
			continue
		}
		for _, item := range g.Items {
			why, next := misfit(item)
			if why == "" && hasItem(e.items(to.Key()), item.Key) {
				why, next = fmt.Sprintf("%s has an item %s already", to.Key(), item.Key), "leave it out, or drop the other first"
			}
			if why == "" && e.count() == MaxItems {
				why, next = fmt.Sprintf("a template has %d items at the most", MaxItems), "drop some, or split the release"
			}
			if why != "" {
				e.wrong(PartAdd, to.Key(), item.Key, why, next)
				continue
			}
			item.Origin, item.Late = OfTemplate, false
			e.apart(to.Key(), item.Key)
			e.put(to, item)
		}
	}
}

// put adds an item to a gate. A gate that is not there yet comes with the other one of its stage, in the stages' order.
func (e *extension) put(to Gate, item Item) {
	for _, half := range []Half{Ready, Done} {
		key := Gate{Stage: to.Stage, Half: half}.Key()
		if !slices.ContainsFunc(e.gates, func(g Gate) bool { return g.Key() == key }) {
			e.gates = append(e.gates, Gate{Stage: to.Stage, Half: half})
		}
	}
	inOrder(e.gates)
	i := slices.IndexFunc(e.gates, func(g Gate) bool { return g.Key() == to.Key() })
	e.gates[i].Items = append(e.gates[i].Items, item)
}

func (e *extension) items(gate string) []Item {
	for _, g := range e.gates {
		if g.Key() == gate {
			return g.Items
		}
	}
	return nil
}

func (e *extension) count() (n int) {
	for _, g := range e.gates {
		n += len(g.Items)
	}
	return n
}

// find gives the place of the one item that a word names, by its key or in full.
func (e *extension) find(part Part, gate, word string) (g, i int, ok bool) {
	var found, keys []string
	for gi, x := range e.gates {
		for ii, item := range x.Items {
			keys = append(keys, item.Key)
			if whole(x, item, word) {
				found, g, i = append(found, x.Full(item)), gi, ii
			}
		}
	}
	switch {
	case len(found) == 1:
		return g, i, true
	case len(found) > 1:
		e.wrong(part, gate, word, fmt.Sprintf("%s is %s", shown(word), strings.Join(found, " and ")), "write which one")
	case slices.ContainsFunc(e.dropped, func(full string) bool { return full == word || strings.HasSuffix(full, "/"+word) }):
		e.wrong(part, gate, word, shown(word)+" is dropped here", "name it once")
	default:
		_, key, full := strings.Cut(word, "/")
		if !full {
			key = word
		}
		e.wrong(part, gate, word, "there is no item "+shown(word)+" in what is extended", e.near(key, keys))
	}
	return 0, 0, false
}

// near says which of the names may have been meant. Where much is wrong already, looking is spared: it takes long.
func (e *extension) near(word string, names []string) string {
	if len(e.misfits) < 10 {
		return nearest(word, names)
	}
	return ""
}

func nearest(word string, names []string) string {
	if near := workflows.Nearest(word, names, 3); len(near) > 0 {
		return "nearest: " + strings.Join(near, ", ")
	}
	return ""
}

func (e *extension) noGate(part Part, gate, word string) {
	e.wrong(part, gate, word, shown(gate)+" is no gate", "write "+strings.Join(GateKeys(), ", ")+" (one of them)")
}

// apart refuses an item that reads like another one and is not the same: people type them.
func (e *extension) apart(gate, key string) {
	fold := workflows.ReleaseID(key).LookAlike()
	for _, g := range e.gates {
		for _, other := range g.Items {
			if other.Key != key && workflows.ReleaseID(other.Key).LookAlike() == fold {
				e.wrong(PartAdd, gate, key, shown(key)+" looks like "+other.Key, "choose another key")
				return
			}
		}
	}
}
