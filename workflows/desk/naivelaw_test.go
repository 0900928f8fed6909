package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// act is one event of a release with the moment before it.
type act struct {
	eye
	r   *told
	rec ledger.Record
	e   eventTold
	by  string // empty: a machine
}

func (a act) need(ok bool, format string, args ...any) {
	if !ok {
		a.wrongf(a.rec, format, args...)
	}
}

// lawful holds an event to what was so before it: who might, and whether it could be.
func (w *world) lawful(r *told, rec ledger.Record, e eventTold) {
	a := act{w.under(rec.Policy, rec.At), r, rec, e, string(rec.By.Person)}
	if r.must != "" {
		a.need(rec.Kind == "release.risk_set" && e.To == r.must && rec.Ask == r.last.Ask, "the risk had to be raised to %s first", r.must)
		r.must = ""
	}
	broke := r.last.Kind == "release.glass_broken"
	a.need(!broke || rec.Kind == "release.passed" && rec.Ask == r.last.Ask, "the glass was broken for nothing")
	planned := r.last.Kind == "release.signed" && r.votes[len(r.votes)-1].Value == "plan"
	a.need(!planned || rec.Kind == "release.planned" && rec.Ask == r.last.Ask, "a vote puts off what no plan brings back")
	if law := laws[rec.Kind]; law != nil {
		law(a)
	} else {
		w.wrongf(rec, "nobody thought of it")
	}
}

var laws = map[string]func(act){
	"release.opened":        act.opened,
	"release.bound":         func(a act) { a.need(a.manages(a.r, a.by), "%s is no release manager", a.by) },
	"release.candidate_set": func(a act) { a.need(a.makes(a.r, a.by), "%s makes no releases", a.by) },
	"release.signed":        act.signed,
	"release.withdrawn":     act.withdrawn,
	"release.passed":        act.passed,
	"release.held":          func(a act) { a.need(a.member(a.by), "%s is no member", a.by) },
	"release.resumed": func(a act) {
		undo := a.r.last.Kind == "release.held" && a.one(string(a.r.last.By.Person)) == a.one(a.by)
		a.need(a.manages(a.r, a.by) || undo, "%s is no release manager", a.by)
	},
	"release.rolled_back": func(a act) {
		a.need(a.makes(a.r, a.by) && len(a.r.openings) > 0 && a.e.Passed <= a.r.passed, "by %s, to %d of %d", a.by, a.e.Passed, a.r.passed)
		if a.e.Gates != nil {
			a.refitted(a.e.Passed)
		}
	},
	"release.cancelled": func(a act) { a.need(a.manages(a.r, a.by) && a.r.passed == 0, "by %s", a.by) },
	"release.changed":   act.changed,
	"release.heard":     act.machine,
	"release.lapsed":    act.machine,
	"release.soaked":    act.machine,
	"release.asked":     act.asked,
	"release.assigned": func(a act) {
		a.need(a.tends(a.e.Item) && a.member(a.e.Owner), "%s gives %s to %s", a.by, a.e.Item, a.e.Owner)
	},
	"release.planned":      act.planned,
	"release.waived":       act.waives,
	"release.waiver_ended": func(a act) { a.need(a.by == "" && !a.now.Before(a.r.waivers[a.e.Item].Until), "of %s", a.e.Item) },
	"release.item_added":   act.added,
	"release.item_dropped": act.dropped,
	"release.item_moved":   act.moved,
	"release.glass_broken": act.broken,
	"release.risk_set":     act.weighed,
	"release.adopted":      act.adopted,
	"release.scope_added":  act.scoped,
	"release.scope_dropped": func(a act) {
		a.need(a.makes(a.r, a.by) && (!a.late() || a.manages(a.r, a.by)), "by %s, late: %t", a.by, a.late())
	},
}

func (a act) machine() { a.need(a.by == "", "by %s", a.by) }

func (a act) opened() {
	may := false
	for _, role := range []string{"engineering", "sre", "release-manager"} {
		may = may || a.holds(a.by, role, "low")
	}
	a.need(may, "%s makes no releases", a.by)
	t := a.cfgs[a.rec.Policy].Templates
	var e struct{ Template string }
	_ = json.Unmarshal(a.rec.Data, &e)
	a.need(care(a.e.Risk) >= care(string(t[e.Template].Risk)) || a.e.Why != "", "it begins with less care than its template, and nobody says why")
}

func (a act) ahead(gate string) bool { return a.r.gate(gate) >= a.r.passed }

func gateOf(full string) string { gate, _, _ := strings.Cut(full, "/"); return gate }

// late: the cut-off is past. One without a time of day is the whole day.
func (a act) late() bool {
	c := a.r.cutoff
	if h, m, s := c.Clock(); !c.IsZero() && h+m+s == 0 {
		c = c.AddDate(0, 0, 1)
	}
	return !c.IsZero() && !a.now.Before(c)
}

func (a act) signed() {
	v := a.e.Vote
	item, there := a.r.item(v.Item)
	a.need(there && (a.ahead(gateOf(v.Item)) || slices.Contains(a.r.owing, v.Item)), "on %s, which nobody asks for", v.Item)
	if v.Machine != "" {
		a.need(a.by == "" && item.From == v.Machine, "of %s on %s by %s", v.Machine, v.Item, a.by)
		return
	}
	a.need(v.By == a.by, "%s votes as %s", a.by, v.By)
	if v.For != "" {
		gone, away := a.absent(v.For)
		a.need(away && a.one(gone.deputy) == a.one(a.by) && a.self(v.For, item.Role, a.r.risk, false), "%s votes on %s for %s", a.by, v.Item, v.For)
	} else {
		a.need(a.plays(a.r, a.by, item.Role), "%s is no %s", a.by, item.Role)
	}
	_, judged := a.authors(a.by)
	a.need(a.r.risk == "low" || item.Binds == "" || judged, "nobody knows what %s wrote", a.by)
	a.need(!v.vouches() || item.Binds == "" || a.r.cand != nil, "on no candidate")
	a.need(!v.vouches() || !a.ownGlass(a.r, v.Item, a.by), "%s reviews their own glass", a.by)
	a.need(v.Value == "ok" || v.Note(a.rec) != "", "%s says %s, and not why", a.by, v.Value)
	if item.Valid > 0 && v.vouches() {
		a.need(v.Expires.Equal(a.now.AddDate(0, 0, item.Valid)), "it lasts until %s", v.Expires)
	}
}

// Note is what a vote says beside its value.
func (voteTold) Note(rec ledger.Record) string {
	var e struct{ Vote struct{ Note string } }
	_ = json.Unmarshal(rec.Data, &e)
	return e.Vote.Note
}

func (a act) withdrawn() {
	item, _ := a.r.item(a.e.Item)
	if a.e.From != "" {
		a.need(a.by == "", "%s takes the word of %s back", a.by, a.e.From)
		return
	}
	a.need(a.one(a.e.By) == a.one(a.by) && a.plays(a.r, a.by, item.Role), "%s takes back what %s said of %s", a.by, a.e.By, a.e.Item)
}

func (a act) passed() {
	g := a.r.gates[a.r.passed]
	a.need(a.e.Gate == g.key() && !a.r.held && !a.r.cancelled, "%s, while %s is next; held: %t, cancelled: %t", a.e.Gate, g.key(), a.r.held, a.r.cancelled)
	if a.r.last.Kind == "release.glass_broken" {
		return
	}
	a.need(a.opens(a.r), "%s did not open", g.key())
	a.need(a.makes(a.r, a.by) && (a.r.risk != "high" || a.plays(a.r, a.by, "release-manager")), "%s may not at risk %s", a.by, a.r.risk)
	if commit := a.r.cand; commit != nil {
		a.need(a.e.Commit == commit.Commit.ID, "with %s", a.e.Commit)
	}
	var owed []string
	for _, i := range g.Items {
		if a.byVotes(a.r, g, i).state == "open" {
			owed = append(owed, g.key()+"/"+i.Key)
		}
	}
	a.need(slices.Equal(owed, a.e.Owing), "it says %v are owed, and %v are", a.e.Owing, owed)
}

func (a act) broken() {
	var e struct{ Glass glassTold }
	_ = json.Unmarshal(a.rec.Data, &e)
	g := a.r.gates[a.r.passed]
	var open []string
	for _, i := range g.Items {
		if a.how(a.r, g, i).state == "open" {
			open = append(open, g.key()+"/"+i.Key)
		}
	}
	review := a.r.gate(gateOf(e.Glass.Review))
	_, there := a.r.item(e.Glass.Review)
	a.need(a.owns(a.by) && e.Glass.By == a.by && e.Glass.Why != "", "by %s", a.by)
	a.need(e.Glass.Gate == g.key() && slices.Equal(e.Glass.Open, open) && !a.opens(a.r), "over %v, open are %v", e.Glass.Open, open)
	a.need(review > a.r.passed && a.r.gates[review].Half == "done" && !there && eventItem(a.rec).Origin == "glass", "reviewed as %s", e.Glass.Review)
}

func (a act) changed() {
	a.need(a.manages(a.r, a.by), "%s is no release manager", a.by)
	a.need(a.e.Manager == "" || a.anyRole(a.e.Manager, "low"), "%s has no role", a.e.Manager)
}

// tends: an item is the business of its role, of its owner, and of the release manager.
func (a act) tends(full string) bool {
	item, ok := a.r.item(full)
	owner := a.r.care[full].owner
	return ok && (a.manages(a.r, a.by) || a.plays(a.r, a.by, item.Role) || owner != "" && a.one(owner) == a.one(a.by))
}

func (a act) asked() {
	item, _ := a.r.item(a.e.Item)
	a.need(a.tends(a.e.Item), "%s asks for %s", a.by, a.e.Item)
	a.need(a.e.Asking.Who == "" || a.plays(a.r, a.e.Asking.Who, item.Role), "%s is no %s", a.e.Asking.Who, item.Role)
}

func (a act) planned() {
	last := a.r.votes[len(a.r.votes)-1]
	at, from := a.r.gate(a.e.Gate), a.r.gate(gateOf(a.e.Item))
	item, _ := a.r.item(a.e.Item)
	a.need(last.Item == a.e.Item && last.By == a.by && last.Value == "plan", "%s did not vote so", a.by)
	a.need(at > from && at >= a.r.passed && a.r.gates[at].Half == "done" && a.e.Plan.Line == a.e.Gate+"/"+a.e.Line.Key, "%s returns as %s", a.e.Item, a.e.Plan.Line)
	a.need(a.e.Line.Role == item.Role && a.e.Line.Origin == "plan" && a.e.Plan.What != "" && a.member(a.e.Plan.Owner), "it returns as %+v", a.e.Line)
	a.need(item.Origin != "glass" && a.e.Plan.Due.After(a.now.Add(-24*time.Hour)), "until %s", a.e.Plan.Due)
}

func (a act) waives() {
	w, was := a.e.Waiver, a.r.waivers[a.e.Item]
	last := w.Given[len(w.Given)-1]
	a.need(last.By == a.by && (last.For == "" && a.plays(a.r, a.by, "release-manager") || last.For != "" && a.holds(a.by, "release-manager", a.r.risk)), "%s is no release manager", a.by)
	a.need(last.Manager == (a.one(a.by) == a.one(a.r.manager)), "%s manages it: %t", a.by, last.Manager)
	a.need(w.Why != "" && w.Owner != "" && w.Until.After(a.now), "until %s, owed by %s: %s", w.Until, w.Owner, w.Why)
	if len(w.Given) > 1 {
		a.need(slices.Equal(w.Given[:len(w.Given)-1], was.Given) && w.Owner == was.Owner && w.Until.Equal(was.Until), "others agreed to another waiver")
	}
	for _, g := range w.Given[:len(w.Given)-1] {
		a.need(a.one(g.By) != a.one(a.by), "%s agrees twice", a.by)
	}
	if gate, soak := strings.CutSuffix(a.e.Item, "/soak"); soak {
		a.need(a.r.gate(gate) == a.r.passed && a.r.gates[a.r.passed].Half == "done", "no soak runs there")
		return
	}
	item, ok := a.r.item(a.e.Item)
	at := a.r.gate(gateOf(a.e.Item))
	a.need(ok && item.Origin != "glass", "of what cannot be waived")
	v := a.byVotes(a.r, a.r.gates[at], item)
	a.need(v.state == "open" && v.why != "block" && (at >= a.r.passed || slices.Contains(a.r.owing, a.e.Item)), "of what is %s %s", v.state, v.why)
}

func (a act) added() {
	item := eventItem(a.rec)
	_, there := a.r.item(a.e.Gate + "/" + item.Key)
	a.need(a.anyRole(a.by, a.r.risk) && a.e.By == a.by, "by %s", a.by)
	a.need(a.ahead(a.e.Gate) && !there && item.Origin == "person" && item.Late == a.late(), "%+v to %s", item, a.e.Gate)
}

// asksFor says whether the risk itself wants an item where it stands.
func (a act) asksFor(full string) bool {
	gate, key, _ := strings.Cut(full, "/")
	return slices.Contains(strings.Fields(addedBy[a.r.risk][gate]), key)
}

func (a act) dropped() {
	by, added := a.r.adders[a.e.Item]
	said := slices.ContainsFunc(a.r.votes, func(v voteTold) bool { return v.Item == a.e.Item })
	a.need(added && (a.one(by) == a.one(a.by) || a.manages(a.r, a.by)), "%s drops what %s added", a.by, by)
	a.need(!said && a.ahead(gateOf(a.e.Item)) && !a.asksFor(a.e.Item), "of %s", a.e.Item)
}

func (a act) moved() {
	item, ok := a.r.item(a.e.Item)
	a.need(a.manages(a.r, a.by), "%s is no release manager", a.by)
	a.need(ok && a.ahead(gateOf(a.e.Item)) && a.ahead(a.e.Gate) && !a.asksFor(a.e.Item), "%s to %s", a.e.Item, a.e.Gate)
	a.need(item.Origin != "glass" && item.Origin != "plan" && a.r.plans[a.e.Item] == planTold{}, "%s is owed where it is", a.e.Item)
}

func (a act) scoped() {
	a.need(a.makes(a.r, a.by) && (!a.late() || a.manages(a.r, a.by)), "by %s, late: %t", a.by, a.late())
	for _, e := range a.e.Entries {
		a.need(e.Late == a.late() && (!e.Late || e.Why != ""), "late: %t", a.late())
	}
}

// weighed: less care is a release manager's word, and says why. More is, too, or follows from a rule.
func (a act) weighed() {
	a.need(a.e.From == a.r.risk, "it was %s", a.r.risk)
	lower := care(a.e.To) < care(a.r.risk)
	a.need(!lower || a.e.Rule == "" && a.e.Why != "", "less care, because: %s", a.e.Why)
	a.need(a.e.Rule != "" || a.manages(a.r, a.by), "%s is no release manager", a.by)
	a.need(a.e.Rule == "" || a.rec.Ask == a.r.last.Ask, "raised by itself")
	a.refitted(a.r.passed)
}

// refitted: the gates behind stay as they are, and in the others goes and comes only what the risk asks for.
func (a act) refitted(behind int) {
	a.same(behind)
	for _, g := range a.r.gates {
		for _, i := range g.Items {
			a.need(i.Origin == "risk" || stays(a.e.Gates, g, i), "%s/%s is gone", g.key(), i.Key)
		}
	}
}

func stays(gates []gateTold, g gateTold, i itemTold) bool {
	for _, x := range gates {
		if x.key() == g.key() && slices.Contains(x.Items, i) {
			return true
		}
	}
	return false
}

// same: the gates that were passed are as they were.
func (a act) same(behind int) {
	for n, g := range a.r.gates[:min(behind, len(a.r.gates))] {
		a.need(n < len(a.e.Gates) && a.e.Gates[n].key() == g.key() && slices.Equal(a.e.Gates[n].Items, g.Items), "%s was passed, and is another", g.key())
	}
}

// adopted: what people brought stays, and all that the template asks comes, but where it was moved away.
func (a act) adopted() {
	a.need(a.manages(a.r, a.by), "%s is no release manager", a.by)
	a.same(a.r.passed)
	moved := map[string]bool{}
	for _, g := range a.r.gates {
		for _, i := range g.Items {
			byHand := slices.Contains([]string{"person", "plan", "glass", "moved"}, i.Origin)
			a.need(!byHand || stays(a.e.Gates, g, i), "%s/%s is gone", g.key(), i.Key)
			moved[i.Key] = moved[i.Key] || i.Origin == "moved"
		}
	}
	var e struct{ Template string }
	_ = json.Unmarshal(a.rec.Data, &e)
	for _, g := range a.cfgs[a.rec.Policy].Templates[e.Template].Gates {
		at := slices.IndexFunc(a.e.Gates, func(x gateTold) bool { return x.key() == g.Key() })
		if at >= 0 && at < a.r.passed || at < 0 && a.tooEarly(g.Stage, string(g.Half)) {
			continue
		}
		for _, i := range g.Items {
			comes := at >= 0 && slices.ContainsFunc(a.e.Gates[at].Items, func(x itemTold) bool { return x.Key == i.Key })
			a.need(comes || moved[i.Key], "%s/%s does not come", g.Key(), i.Key)
		}
	}
}

// tooEarly: a gate that would stand before one that was passed comes no more.
func (a act) tooEarly(stage workflows.Stage, half string) bool {
	order := []string{"preview.ready", "preview.done", "ga.ready", "ga.done"}
	return a.r.passed > 0 && slices.Index(order, string(stage)+"."+half) < slices.Index(order, a.r.gates[a.r.passed-1].key())
}

// known is what must be so after an event: what the risk asks for is there, and what raises it raises it next.
func (w *world) known(r *told, rec ledger.Record, e eventTold) {
	for _, g := range r.gates[r.passed:] {
		for _, key := range strings.Fields(addedBy[r.risk][g.key()]) {
			if _, ok := r.item(g.key() + "/" + key); !ok {
				w.wrongf(rec, "risk %s asks for %s/%s, and it is not there", r.risk, g.key(), key)
			}
		}
	}
	switch rec.Kind {
	case "release.opened", "release.candidate_set":
		if r.cand != nil {
			r.must = w.under(rec.Policy, rec.At).raised(r, w.touched(r), nil)
		}
	case "release.scope_added":
		for _, x := range e.Entries {
			r.must = w.under(rec.Policy, rec.At).raised(r, nil, x.Labels)
		}
	}
}

// touched lists the files of the commits that are bound.
func (w *world) touched(r *told) (files []string) {
	last := w.repo.index(r.cand.Commit.ID)
	files = append(files, w.repo.commits[last].Files...)
	for i := last - 1; r.cand.base != "" && i > w.repo.index(r.cand.base); i-- {
		if w.repo.touches(i, r.paths) {
			files = append(files, w.repo.commits[i].Files...)
		}
	}
	return files
}

// raised is the risk to which files and labels raise a release; nothing where they do not.
func (x eye) raised(r *told, files, labels []string) (to string) {
	for _, rule := range x.cfgs[x.b.Hash].Raise {
		name := strings.Join(append(slices.Clone(rule.Paths), rule.Labels...), ",") + " → " + string(rule.To)
		hit := slices.ContainsFunc(rule.Labels, func(l string) bool { return slices.Contains(labels, l) })
		for _, p := range rule.Paths {
			hit = hit || slices.ContainsFunc(files, func(f string) bool { return strings.HasPrefix(f, strings.TrimSuffix(p, "**")) })
		}
		above := care(string(rule.To)) > max(care(r.risk), care(to))
		if hit && above && peopleOf[string(rule.To)] <= len(x.known()) && !slices.Contains(r.calmed, name) {
			to = string(rule.To)
		}
	}
	return to
}
