package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// AddItem brings an item into a release's checklist: one of the catalogue, or one of its own in a gate. After the cut-off
// it is late: marked and counted.
type AddItem struct {
	Gate string         // "ga.ready"; empty: where an item of the catalogue usually stands
	Key  string         // of the catalogue, or of its own
	Role workflows.Role // of its own
	Text string         // of its own
}

// Needs says who may: anybody with a role. More to look at makes no release less safe.
func (AddItem) Needs() workflows.Need { return workflows.Holder }

// ItemAdded happened: a gate has an item more.
type ItemAdded struct {
	Gate string             `json:"gate"`
	Item Item               `json:"item"`
	By   workflows.PersonID `json:"by"`
}

// Kind names the event.
func (ItemAdded) Kind() string { return "release.item_added" }

func (w AddItem) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	item, gate, err := w.item(r, f)
	if err != nil {
		return nil, err
	}
	i := r.gate(gate)
	switch {
	case i < 0:
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s has no gate %s: there are %s", r.ID.Name(), workflows.Display(gate, 40), strings.Join(r.gateKeys(), ", "))).
			Type(w.again(r, f, item.Key))
	case i < r.Passed:
		return nil, r.behindIt(r.Gates[i], f)
	case hasItem(r.Gates[i].Items, item.Key):
		return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s/%s is there already", gate, item.Key)).Type(f.line("item show", gate+"/"+item.Key))
	case r.Count() >= MaxItems:
		return nil, tooManyItems(r, f)
	}
	if twin := r.looksLike(item.Key); twin != "" {
		return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s reads like %s: give it a name nobody confuses", item.Key, twin)).
			Type(f.line("item show", twin))
	}
	if err := r.signable(r.Gates[i], item, f); err != nil {
		return nil, err
	}
	item.Origin, item.Late = OfPerson, r.late(f.Now)
	return []workflows.Event{ItemAdded{Gate: gate, Item: item, By: f.Actor.Person}}, nil
}

// item is what is added, and to which gate.
func (w AddItem) item(r Release, f Facts) (Item, string, error) {
	listed, ok := Catalogue()[w.Key]
	if ok && w.Text == "" && w.Role == "" {
		gate := w.Gate
		for _, g := range r.Gates[r.Passed:] {
			if gate == "" && g.Half == Usual(w.Key) {
				gate = g.Key()
			}
		}
		if gate == "" {
			return Item{}, "", workflows.Refuse(workflows.GateClosed, fmt.Sprintf("%s usually stands in a definition of %s, and those are passed: name the gate", w.Key, Usual(w.Key))).
				Type(f.line("item add", r.gateKeys()[r.Passed], w.Key))
		}
		return listed, gate, nil
	}
	item, err := w.own(r, f, listed, ok)
	return item, w.Gate, err
}

// own is an item of this release alone. Where its key is one of the catalogue's, listed is what that asks.
func (w AddItem) own(r Release, f Facts, listed Item, taken bool) (Item, error) {
	example := f.line("item add", r.gateKeys()[r.Passed], "load-test --role sre -- it holds twice the peak")
	if w.Gate != "" && UnfitKey(w.Key) == "" {
		example = w.again(r, f, w.Key)
	}
	if no := w.unfit(f, example); no != nil {
		return Item{}, no
	}
	if taken { // it would be taken for what the catalogue, and a risk, mean by it
		return Item{}, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is an item of the catalogue, signed by %s: give yours another name, or take that one as it is", w.Key, listed.Role)).
			Type(f.line("item add", w.Gate, w.Key))
	}
	text, refusal := workflows.Prose("what must be true", w.Text, MaxItemText)
	if refusal != nil {
		return Item{}, refusal.Type(example)
	}
	role := w.Role
	if roles := f.Book.AllRoles(); role != "" && !slices.Contains(roles, role) {
		return Item{}, unknownRole(role, roles).Type(w.again(r, f, w.Key))
	}
	if role == "" {
		if held := f.Book.RolesOf(f.Actor.Person, f.Now); len(held) > 0 {
			role = held[0].Role
		}
	}
	return Item{Key: w.Key, Text: text, Role: role, Lead: soon}, nil
}

// unfit refuses what is no item of one's own: without a gate, a text, or a name that can be typed.
func (w AddItem) unfit(f Facts, example string) *workflows.Refusal {
	_, isGate := GateOf(w.Key)
	if isGate && w.Gate == "" && w.Text != "" {
		example = w.named(f)
	}
	switch {
	case w.Gate == "" && isGate:
		return workflows.Refuse(workflows.Invalid, "after the gate comes the item's name: one of the catalogue, or one of your own with what must be true after --").Type(example)
	case w.Gate == "" || w.Text == "":
		ref := workflows.Refuse(workflows.UnknownItem, fmt.Sprintf("the catalogue has no %s; an item of your own names its gate and, after --, what must be true", workflows.Display(w.Key, 40)))
		ref.Nearest = workflows.Nearest(w.Key, slices.Sorted(maps.Keys(Catalogue())), 3)
		if len(ref.Nearest) > 0 {
			ref.Why = ""
			ref.Type(f.line("item add", ref.Nearest[0]))
		}
		return ref.Type(example)
	case UnfitKey(w.Key) != "":
		return workflows.Refuse(workflows.Invalid, workflows.Display(w.Key, 40)+" "+UnfitKey(w.Key)).Type(example)
	}
	return nil
}

// again is the line that adds what was meant, where it can be.
func (w AddItem) again(r Release, f Facts, key string) string {
	gate := w.Gate
	if r.gate(gate) < r.Passed {
		gate = r.gateKeys()[r.Passed]
	}
	if _, listed := Catalogued(key); listed {
		return f.line("item add", gate, key)
	}
	return f.line("item add", gate, key, "-- what must be true")
}

// named is the line once more with a name for the item, where only the gate was given: the beginning of its own words.
func (w AddItem) named(f Facts) string {
	words := strings.FieldsFunc(strings.ToLower(w.Text), func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	key := strings.Join(words[:min(3, len(words))], "-")
	if len(key) > 24 || UnfitKey(key) != "" {
		key = "its-name"
	}
	args := []string{w.Key, key}
	if w.Role != "" {
		args = append(args, "--role "+string(w.Role))
	}
	return f.line("item add", append(args, "-- "+workflows.Display(w.Text, MaxItemText))...)
}

func unknownRole(role workflows.Role, roles []workflows.Role) *workflows.Refusal {
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	ref := workflows.Refuse(workflows.Invalid, fmt.Sprintf("nobody knows the role %s: there are %s", workflows.Display(string(role), 40), strings.Join(names, ", ")))
	ref.Nearest = workflows.Nearest(string(role), names, 3)
	return ref
}

// looksLike is the full name of an item, in any gate, that is easily read for another key.
func (r Release) looksLike(key string) string {
	fold := func(s string) string { return workflows.ReleaseID(s).LookAlike() }
	for _, g := range r.Gates {
		for _, i := range g.Items {
			if i.Key != key && fold(i.Key) == fold(key) {
				return g.Full(i)
			}
		}
	}
	return ""
}

// signable refuses an item that nobody known could ever make hold in a gate.
func (r Release) signable(g Gate, item Item, f Facts) error {
	g.Items = []Item{item}
	for _, l := range Unsatisfiable([]Gate{g}, r.Risk, f.Book, f.Now, f.Sources) {
		if l.Role != "" && len(r.holders(f.Book.For(r.Risk), item.Role, f.Now)) < max(1, r.eachIn(g)) {
			return workflows.Refuse(workflows.Unsatisfiable, fmt.Sprintf("%s: %s", l.name(), l.Why)).By("whoever edits readyroom.yaml").Type(l.Mend)
		}
	}
	return nil
}

// eachIn is of how many people each item of a gate holds votes.
func (r Release) eachIn(g Gate) int {
	if g.Opens() {
		return r.Risk.Tier().Each
	}
	return 1
}

func tooManyItems(r Release, f Facts) *workflows.Refusal {
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s has %d items, and nobody reads more", r.ID.Name(), r.Count())).Type(f.line("item list"))
}

func (r Release) gateKeys() []string {
	var out []string
	for _, g := range r.Gates {
		out = append(out, g.Key())
	}
	return out
}

func (e ItemAdded) evolve(r Release, _ workflows.Header) Release {
	if e.Item.Late {
		r.Tally.Late++
	}
	full := e.Gate + "/" + e.Item.Key
	r = r.comes(full, e.Item)
	if r.Adders == nil {
		r.Adders = map[string]workflows.PersonID{}
	}
	r.Adders[full] = e.By
	return r.put(e.Gate, e.Item)
}

func (e ItemAdded) tell(Release, workflows.Header) []workflows.Effect { return nil }
