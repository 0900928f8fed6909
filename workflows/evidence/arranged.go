package evidence

import (
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Waiver is one release manager's word that an item may wait.
type Waiver struct {
	Act
	Owner  workflows.PersonID   `json:"owner"` // who owes it
	Until  time.Time            `json:"until"`
	Why    string               `json:"why"`
	Agreed []workflows.PersonID `json:"agreed,omitempty"` // who had said so before
	Over   *Act                 `json:"over,omitempty"`   // when its date had come
	Paid   bool                 `json:"paid,omitempty"`   // by then the item held
}

// Plan is what somebody does about an item later.
type Plan struct {
	Act
	Owner workflows.PersonID `json:"owner"`
	Due   time.Time          `json:"due"`
	What  string             `json:"what"`
	Line  string             `json:"line"` // the item in which it is looked at again
}

// Ask is a request to vote on an item, or that somebody makes it true.
type Ask struct {
	Act
	Who  workflows.PersonID `json:"who,omitempty"`  // of whom; empty: of whoever holds the role
	Owns bool               `json:"owns,omitempty"` // that they make it true
	Due  time.Time          `json:"due,omitzero"`
}

// Move is one change of an item's gate.
type Move struct {
	Act
	From string `json:"from"` // the gate's key
}

func asked(t *telling, h workflows.Header, e release.Asked) Facts {
	i := t.must(e.Item)
	i.Asked = append(i.Asked, Ask{Act: act(h), Who: e.Asking.Who})
	return Facts{"item": e.Item, "who": someone(e.Asking.Who), "link": e.Asking.Link, "why": e.Asking.Note}
}

func assigned(t *telling, h workflows.Header, e release.Assigned) Facts {
	i := t.must(e.Item)
	i.Asked = append(i.Asked, Ask{Act: act(h), Who: e.Owner, Owns: true, Due: e.Due})
	return Facts{"item": e.Item, "who": e.Owner.At(), "until": day(e.Due)}
}

func planned(t *telling, h workflows.Header, e release.Planned) Facts {
	i := t.must(e.Item)
	p := e.Plan
	i.Plans = append(i.Plans, Plan{Act: act(h), Owner: p.Owner, Due: p.Due, What: p.What, Line: p.Line})
	return Facts{"item": e.Item, "who": p.Owner.At(), "until": day(p.Due), "line": p.Line, "why": p.What}
}

func waived(t *telling, h workflows.Header, e release.Waived) Facts {
	w := Waiver{Act: act(h), Owner: e.Waiver.Owner, Until: e.Waiver.Until, Why: e.Waiver.Why}
	for _, g := range e.Waiver.Given[:max(len(e.Waiver.Given)-1, 0)] {
		w.Agreed = append(w.Agreed, g.By)
	}
	waivers := t.waivers(e.Item)
	*waivers = append(*waivers, w)
	f := Facts{"item": e.Item, "who": w.Owner.At(), "until": day(w.Until), "why": w.Why}
	if len(w.Agreed) > 0 {
		f["agreed"] = names(w.Agreed)
	}
	return f
}

func waiverEnded(t *telling, h workflows.Header, e release.WaiverEnded) Facts {
	waivers := *t.waivers(e.Item)
	if len(waivers) == 0 {
		panic("nobody waived " + e.Item)
	}
	over := act(h)
	last := &waivers[len(waivers)-1]
	last.Over, last.Paid = &over, e.Paid
	f := Facts{"item": e.Item}
	if !strings.HasSuffix(e.Item, "/"+release.SoakKey) { // time is owed by nobody
		f["who"] = last.Owner.At()
	}
	if e.Paid {
		f["paid"] = "yes"
	}
	return f
}

// waivers are those of an item, or of the time that the stage of a definition of done stays open.
func (t *telling) waivers(full string) *[]Waiver {
	if gate, key, _ := strings.Cut(full, "/"); key == release.SoakKey {
		return &t.mustGate(gate).Soak
	}
	return &t.must(full).Waivers
}

// final are the waivers as they stood in the end: each once, with everybody who agreed.
func final(waivers []Waiver) []Waiver {
	var out []Waiver
	for _, w := range waivers {
		if n := len(out); len(w.Agreed) > 0 && n > 0 {
			out = out[:n-1]
		}
		out = append(out, w)
	}
	return out
}

func itemAdded(_ *telling, _ workflows.Header, e release.ItemAdded) Facts {
	f := Facts{"item": e.Gate + "/" + e.Item.Key, "role": string(e.Item.Role), "why": e.Item.Text}
	if e.Item.Late {
		f["late"] = "yes"
	}
	return f
}

func itemDropped(_ *telling, _ workflows.Header, e release.ItemDropped) Facts {
	return Facts{"item": e.Item, "why": e.Why}
}

// itemMoved takes the item along with all that was said of it: it has another full name from here on.
func itemMoved(t *telling, h workflows.Header, e release.ItemMoved) Facts {
	from, key, _ := strings.Cut(e.Item, "/")
	item := *t.must(e.Item)
	to := t.mustGate(e.Gate)
	t.mustGate(from).remove(e.Item)
	item.Key = e.Gate + "/" + key
	item.Moved = append(item.Moved, Move{Act: act(h), From: from})
	to.Items = append(to.Items, item)
	for _, v := range t.votes {
		if v.raw.Item == e.Item {
			v.raw.Item = item.Key
		}
	}
	return Facts{"item": e.Item, "gate": to.Title}
}

// names writes people one after the other.
func names(ids []workflows.PersonID) string {
	var out []string
	for _, id := range ids {
		out = append(out, id.At())
	}
	return strings.Join(out, ", ")
}

// someone is a person, or nobody in particular.
func someone(id workflows.PersonID) string {
	if id == "" {
		return ""
	}
	return id.At()
}

// Overrides counts what was let through otherwise than the checklists say.
type Overrides struct {
	Waivers int `json:"waivers,omitempty"` // that let an item or a soak wait
	Glass   int `json:"glass,omitempty"`   // gates that were passed although they did not hold
	Late    int `json:"late,omitempty"`    // what came after the cut-off
	Lowered int `json:"lowered,omitempty"` // times that the risk was lowered
}

// String reads "2 waivers, 1 broken glass, 3 additions after the cut-off"; empty: nothing was overridden.
func (o Overrides) String() string {
	var out []string
	for _, c := range []struct {
		n         int
		one, many string
	}{{o.Waivers, "waiver", "waivers"}, {o.Glass, "broken glass", "broken glasses"},
		{o.Late, "addition after the cut-off", "additions after the cut-off"}, {o.Lowered, "lowered risk", "lowered risks"}} {
		if c.n > 0 {
			out = append(out, plural(c.n, c.one, c.many))
		}
	}
	return strings.Join(out, ", ")
}

// overridden sums it up, as the room counted; nil for nothing.
func (t *telling) overridden() *Overrides {
	tally := t.release.Tally
	o := Overrides{Waivers: tally.Waived, Glass: tally.Glass, Late: tally.Late, Lowered: len(t.Lowered())}
	if o == (Overrides{}) {
		return nil
	}
	return &o
}
