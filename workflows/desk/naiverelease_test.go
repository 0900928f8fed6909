package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows/ledger"
)

// happened writes an event of a release into the notebook.
func (w *world) happened(r *told, rec ledger.Record, e eventTold) {
	switch rec.Kind {
	case "release.opened", "release.candidate_set":
		if e.Candidate != nil {
			e.Candidate.base = w.base(r.id)
			r.cand = e.Candidate
		}
		if rec.Kind == "release.candidate_set" {
			r.soaksFrom(rec.At)
		}
		if e.After != nil {
			r.after = *e.After
		}
		if e.Cutoff != nil {
			r.cutoff = *e.Cutoff
		}
	case "release.changed":
		w.changed(r, e)
	case "release.bound":
		r.places = append(r.places, e.Place)
	case "release.signed":
		r.vote(rec, e.Vote)
	case "release.withdrawn":
		r.votes = slices.DeleteFunc(r.votes, func(v voteTold) bool { // a source takes all of its votes back, on whose word ever
			return v.Item == e.Item && v.Machine == e.From && (e.From != "" || v.By == e.By)
		})
		r.unplan(e.Item)
	case "release.passed":
		r.pass(w, rec, e)
	case "release.held":
		r.held, r.heldAt = true, rec.At
		r.announce("held", rec)
	case "release.resumed":
		r.held = false
	case "release.cancelled":
		r.cancelled, r.held = true, false
		r.announce("cancelled", rec)
	case "release.rolled_back":
		r.back(rec, e)
	default:
		w.arranged(r, rec, e)
	}
}

func (w *world) changed(r *told, e eventTold) {
	if e.After != nil {
		r.after = *e.After
	}
	if e.Manager != "" {
		r.manager = e.Manager
	}
	if e.Cutoff != nil {
		r.cutoff = *e.Cutoff
	}
}

// arranged writes down what was arranged beside the votes.
func (w *world) arranged(r *told, rec ledger.Record, e eventTold) {
	switch rec.Kind {
	case "release.waived":
		item, _ := r.item(e.Item)
		e.Waiver.at, e.Waiver.asks = rec.At, item.asks()
		if e.Waiver.first = rec.At; len(e.Waiver.Given) > 1 {
			e.Waiver.first = r.waivers[e.Item].first
		}
		r.waivers[e.Item] = e.Waiver
	case "release.planned":
		r.plan(e)
	case "release.item_added":
		item := eventItem(rec)
		r.put(e.Gate, item)
		r.adders[e.Gate+"/"+item.Key] = e.By
	case "release.item_dropped":
		r.take(e.Item)
		r.forget(e.Item)
	case "release.item_moved":
		r.move(e.Item, e.Gate)
	case "release.asked":
		c := r.care[e.Item]
		c.askedOf, c.asked, c.askedAt = true, e.Asking.Who, rec.At
		r.care[e.Item] = c
	case "release.assigned":
		c := careTold{owner: e.Owner, ownedAt: rec.At, due: e.Due}
		if e.Owner == r.manager && e.Due.IsZero() {
			c = careTold{}
		}
		r.care[e.Item] = c
	case "release.glass_broken":
		var g glassTold
		_ = json.Unmarshal(e.Glass, &g)
		r.glass = append(r.glass, g)
		gate, _, _ := strings.Cut(g.Review, "/")
		r.put(gate, eventItem(rec))
	case "release.risk_set":
		r.weigh(e)
	case "release.adopted":
		r.regate(e.Gates)
	}
}

// vote takes the place of the last one of the same account through the same source.
func (r *told) vote(rec ledger.Record, v voteTold) {
	item, _ := r.item(v.Item)
	v.seq, v.over, v.asks, v.At = uint64(rec.Seq), r.cand, item.asks(), rec.At
	r.votes = append(slices.DeleteFunc(r.votes, func(o voteTold) bool {
		return o.Item == v.Item && o.Machine == v.Machine && o.By == v.By
	}), v)
	if v.By != "" && v.Value != "plan" {
		r.unplan(v.Item)
	}
	if c := r.care[v.Item]; v.Value == "needs-work" { // whoever was asked has answered
		c.askedOf, c.asked, c.askedAt = false, "", time.Time{}
		r.care[v.Item] = c
	}
}

// plan: what is put off returns. The votes of others rested on another plan.
func (r *told) plan(e eventTold) {
	if was, ok := r.plans[e.Item]; ok && was != e.Plan {
		last := -1
		for i, v := range r.votes {
			if v.Item == e.Item && v.Value == "plan" {
				last = i
			}
		}
		var kept []voteTold
		for i, v := range r.votes {
			if v.Item != e.Item || v.Value != "plan" || i == last {
				kept = append(kept, v)
			}
		}
		r.votes = kept
	}
	r.plans[e.Item] = e.Plan
	if line, ok := r.item(e.Plan.Line); !ok || line.asks() != e.Line.asks() {
		r.forget(e.Plan.Line)
	}
	r.take(e.Plan.Line)
	r.put(e.Gate, e.Line)
	c := r.care[e.Plan.Line]
	c.owner, c.due = e.Plan.Owner, e.Plan.Due
	r.care[e.Plan.Line] = c
}

// unplan: what nobody puts off any more returns no more, unless its gate is behind.
func (r *told) unplan(full string) {
	p, ok := r.plans[full]
	if !ok || slices.ContainsFunc(r.votes, func(v voteTold) bool { return v.Item == full && v.Value == "plan" }) {
		return
	}
	delete(r.plans, full)
	if gate, _, _ := strings.Cut(p.Line, "/"); r.gate(gate) >= r.passed {
		r.take(p.Line)
		r.forget(p.Line)
	}
}

func (r *told) pass(w *world, rec ledger.Record, e eventTold) {
	x := w.under(rec.Policy, rec.At)
	g := r.gates[r.passed]
	for _, i := range g.Items { // what it let through without is owed
		if s := x.byVotes(r, g, i); s.state == "open" {
			r.owing = append(r.owing, g.key()+"/"+i.Key)
		}
	}
	if g.Half == "ready" {
		r.openings = append(r.openings, r.passed)
	}
	r.passed++
	r.enter(rec.At)
	if g.Stage == "ga" && g.Half == "ready" {
		r.shipped, r.shippedAs, r.out = rec.At, uint64(rec.Seq), e.Commit
	}
	r.announce("passed", rec)
}

func (r *told) back(rec ledger.Record, e eventTold) {
	r.passed, r.held, r.heldAt = e.Passed, true, rec.At
	if e.Gates != nil {
		r.regate(e.Gates)
	}
	r.enter(rec.At)
	r.shipped, r.out = time.Time{}, ""
	r.openings = slices.DeleteFunc(r.openings, func(g int) bool { return g >= e.Passed })
	r.owing = slices.DeleteFunc(r.owing, func(full string) bool {
		gate, _, _ := strings.Cut(full, "/")
		return r.gate(gate) >= e.Passed
	})
	r.announce("rolled-back", rec)
}

func (r *told) enter(at time.Time) {
	r.entered, r.soak = at, 0
	r.soaksFrom(at)
}

// soaksFrom begins a soak; what was said of the one before is about that one.
func (r *told) soaksFrom(at time.Time) {
	r.since = at
	for full := range r.waivers {
		if strings.HasSuffix(full, "/soak") {
			delete(r.waivers, full)
		}
	}
}

// weigh: less care shortens no soak that runs.
func (r *told) weigh(e eventTold) {
	if r.passed < len(r.gates) && r.gates[r.passed].Half == "done" {
		r.soak = max(r.soak, soakOf[r.risk])
	}
	if e.Rule != "" {
		r.raised = append(r.raised, e.Rule)
	}
	if care(e.To) < care(r.risk) {
		r.calmed, r.raised = append(r.calmed, r.raised...), nil
	}
	r.risk = e.To
	r.regate(e.Gates)
}

// regate exchanges the checklists. Whatever was said to another question than is asked now, is gone; what was said to one
// that nobody asks at the moment, waits.
func (r *told) regate(gates []gateTold) {
	r.gates = gates
	r.votes = slices.DeleteFunc(r.votes, func(v voteTold) bool {
		i, ok := r.item(v.Item)
		return ok && i.asks() != v.asks
	})
	for full, w := range r.waivers {
		if i, ok := r.item(full); ok && i.asks() != w.asks {
			delete(r.waivers, full)
		}
	}
}

// gate is the place of a gate; -1: there is none.
func (r *told) gate(key string) int {
	return slices.IndexFunc(r.gates, func(g gateTold) bool { return g.key() == key })
}

func (r *told) item(full string) (itemTold, bool) {
	for _, g := range r.gates {
		for _, i := range g.Items {
			if g.key()+"/"+i.Key == full {
				return i, true
			}
		}
	}
	return itemTold{}, false
}

func (r *told) put(gate string, i itemTold) {
	if at := r.gate(gate); at >= 0 {
		gates := slices.Clone(r.gates)
		gates[at].Items = append(slices.Clone(gates[at].Items), i)
		r.gates = gates
	}
	full := gate + "/" + i.Key
	r.votes = slices.DeleteFunc(r.votes, func(v voteTold) bool { return v.Item == full && v.asks != i.asks() })
	if r.waivers[full].asks != i.asks() {
		delete(r.waivers, full)
	}
}

func (r *told) take(full string) {
	gates := slices.Clone(r.gates)
	for at, g := range gates {
		gates[at].Items = slices.DeleteFunc(slices.Clone(g.Items), func(i itemTold) bool { return g.key()+"/"+i.Key == full })
	}
	r.gates = gates
}

// forget strikes out all that was said of an item.
func (r *told) forget(full string) {
	r.votes = slices.DeleteFunc(r.votes, func(v voteTold) bool { return v.Item == full })
	delete(r.waivers, full)
	delete(r.plans, full)
	delete(r.adders, full)
	delete(r.care, full)
}

// move takes an item to another gate with all that was said of it.
func (r *told) move(full, gate string) {
	i, _ := r.item(full)
	to := gate + "/" + i.Key
	r.forget(to)
	r.take(full)
	if i.Origin == "" {
		i.Origin = "moved"
	}
	r.put(gate, i)
	for n, v := range r.votes {
		if v.Item == full {
			r.votes[n].Item = to
		}
	}
	if w, ok := r.waivers[full]; ok {
		r.waivers[to] = w
	}
	if by, ok := r.adders[full]; ok {
		r.adders[to] = by
	}
	if c, ok := r.care[full]; ok {
		r.care[to] = c
	}
	delete(r.waivers, full)
	delete(r.adders, full)
	delete(r.care, full)
}
