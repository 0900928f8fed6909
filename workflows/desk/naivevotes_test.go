package desk

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// What a risk asks for, written down once more.
var (
	soakOf    = map[string]time.Duration{"low": 0, "normal": 24 * time.Hour, "high": 7 * 24 * time.Hour}
	peopleOf  = map[string]int{"low": 1, "normal": 2, "high": 2}
	eachOf    = map[string]int{"low": 1, "normal": 1, "high": 2}
	waiversOf = map[string]int{"low": 1, "normal": 1, "high": 2}
	addedBy   = map[string]map[string]string{"low": {},
		"normal": {"preview.ready": "tests", "ga.ready": "tests rollback-plan", "ga.done": "validation"},
		"high":   {"preview.ready": "tests", "ga.ready": "tests rollback-plan risk-assessment rollback-rehearsal compliance", "ga.done": "validation"}}
)

func care(risk string) int { return slices.Index([]string{"low", "normal", "high"}, risk) }

// base is the last whole-tree candidate in GA of another release of the product.
func (w *world) base(id string) string {
	var best *told
	for _, r := range w.releases {
		product, _, _ := strings.Cut(r.id, "@")
		if r.id != id && strings.HasPrefix(id, product+"@") && r.out != "" && len(r.paths) == 0 && (best == nil || r.shippedAs > best.shippedAs) {
			best = r
		}
	}
	if best == nil {
		return ""
	}
	return best.out
}

// content is what a vote on an item vouches for under a candidate.
func (w *world) content(r *told, c *candTold, binds string) string {
	commit := w.repo.commits[w.repo.index(c.Commit.ID)]
	what := commit.ID
	_, version, _ := strings.Cut(r.id, "@")
	feature := version[0] < '0' || version[0] > '9'
	if feature || binds == "tree" {
		what = commit.Tree
		if len(r.paths) > 0 {
			what = "paths"
			for _, p := range r.paths {
				what += " " + commit.Under[p]
			}
		}
	}
	if binds == "commit" {
		for _, k := range slices.Sorted(maps.Keys(c.Builds)) {
			what += " " + k + "=" + c.Builds[k]
		}
	}
	return what
}

// fresh: what the vote was cast over is what the candidate holds.
func (w *world) fresh(r *told, v voteTold, binds string) bool {
	if binds == "" {
		return true
	}
	if r.cand == nil || v.over == nil || v.Machine != "" && v.Commit != v.over.Commit.ID {
		return false
	}
	return w.content(r, v.over, binds) == w.content(r, r.cand, binds)
}

// verdict is how an item stands by the ledger alone.
type verdict struct {
	state string   // ok, na, planned, waived, open
	why   string   // an open one: block, needs-work, or anything else
	by    []string // the human beings whose votes count
	vote  voteTold // the objection
}

// onItem lists what was said of an item: of each human being the last word, through each source.
func (x eye) onItem(r *told, full string) []voteTold {
	var all, out []voteTold
	for _, v := range r.votes {
		if v.Item == full {
			all = append(all, v)
		}
	}
	for i, v := range all {
		later := false
		for _, o := range all[i+1:] {
			later = later || o.Machine == v.Machine && x.one(o.By) == x.one(v.By)
		}
		if !later {
			out = append(out, v)
		}
	}
	return out
}

// stands says whether somebody's word still has the role behind it: their own now, or that of the one for whom they spoke.
func (x eye) stands(r *told, by, forWhom, role string) bool {
	if forWhom != "" {
		return x.isKnown(by) && x.self(forWhom, role, r.risk, false)
	}
	return x.plays(r, by, role)
}

// objects says whether an objection is heard: while its voter holds the role, by however old a roster.
func (x eye) objects(r *told, v voteTold, role string) bool {
	switch {
	case v.By == "":
		return true
	case v.For != "":
		return x.isKnown(v.By) && x.self(v.For, role, r.risk, true)
	}
	return x.self(v.By, role, r.risk, true) || x.plays(r, v.By, role)
}

// byVotes says how an item stands by its votes.
func (x eye) byVotes(r *told, g gateTold, i itemTold) verdict {
	full := g.key() + "/" + i.Key
	votes := x.onItem(r, full)
	for _, v := range votes {
		if v.Value == "block" && x.objects(r, v, i.Role) {
			return verdict{state: "open", why: "block", vote: v}
		}
	}
	for n, v := range votes {
		if v.Value != "needs-work" || !x.objects(r, v, i.Role) {
			continue
		}
		answered := false
		for _, later := range votes[n+1:] {
			answered = answered || later.vouches() && later.By != "" && x.stands(r, later.By, later.For, i.Role)
		}
		if !answered {
			return verdict{state: "open", why: "needs-work", vote: v}
		}
	}
	var counted []voteTold
	var by []string
	machine := false
	for _, v := range votes {
		if !v.vouches() || !x.counts(r, v, i) {
			continue
		}
		counted = append(counted, v)
		if v.By == "" {
			machine = true
		} else if id := x.one(v.By); !slices.Contains(by, id) {
			by = append(by, id)
		}
	}
	if len(counted) == 0 {
		return verdict{state: "open"}
	}
	return x.enough(r, g, i, counted, by, machine)
}

// counts says whether a vote that vouches counts now.
func (x eye) counts(r *told, v voteTold, i itemTold) bool {
	if !v.Expires.IsZero() && !x.now.Before(v.Expires) || !x.fresh(r, v, i.Binds) || v.asks != i.asks() {
		return false
	}
	if v.By == "" {
		return true
	}
	if _, judged := x.authors(v.By); r.risk != "low" && i.Binds != "" && !judged {
		return false
	}
	return x.stands(r, v.By, v.For, i.Role) && !x.ownGlass(r, v.Item, v.By)
}

// ownGlass: who broke the glass does not review it, where several people are wanted or anybody else could.
func (x eye) ownGlass(r *told, full, by string) bool {
	for _, g := range r.glass {
		if g.Review != full || x.one(g.By) != x.one(by) {
			continue
		}
		others := slices.ContainsFunc(x.inTurn(r, "release-manager"), func(id string) bool { return id != x.one(by) })
		return r.risk != "low" || others
	}
	return false
}

// enough weighs the votes that count by what the risk asks for.
func (x eye) enough(r *told, g gateTold, i itemTold, counted []voteTold, by []string, machine bool) verdict {
	v := verdict{state: "na", by: by}
	shown := false
	for _, c := range counted {
		shown = shown || c.Evidence != ""
		switch {
		case c.Value == "plan":
			v.state = "planned"
		case c.Value == "ok" && v.state == "na":
			v.state = "ok"
		}
	}
	claimed := slices.ContainsFunc(counted, func(c voteTold) bool { return c.Value == "ok" })
	switch {
	case machine:
		return v
	case g.Half == "ready" && len(by) < eachOf[r.risk],
		r.risk != "low" && i.Binds != "" && x.alone(r, by),
		r.risk == "high" && i.Evidence != "" && claimed && !shown:
		v.state = "open"
	}
	return v
}

// alone reports a bound commit that all voters wrote.
func (x eye) alone(r *told, by []string) bool {
	last := x.repo.index(r.cand.Commit.ID)
	commits := []int{last}
	if r.cand.base != "" {
		for i := last - 1; i > x.repo.index(r.cand.base); i-- {
			if x.repo.touches(i, r.paths) {
				commits = append(commits, i)
			}
		}
	}
	for _, i := range commits {
		covered := false
		for _, id := range by {
			wrote := false
			addresses, _ := x.authors(id)
			for _, a := range addresses {
				wrote = wrote || slices.Contains(x.repo.commits[i].Authors, a)
			}
			covered = covered || !wrote
		}
		if !covered {
			return true
		}
	}
	return false
}

// stands says how an item stands, waivers included: nothing waives a block.
func (x eye) how(r *told, g gateTold, i itemTold) verdict {
	v := x.byVotes(r, g, i)
	if v.state == "open" && v.why != "block" && x.waived(r, g.key()+"/"+i.Key) {
		return verdict{state: "waived"}
	}
	return v
}

// behind lists the human beings who stand behind a waiver: release managers now, or who managed this release when they
// agreed, and hold some role still.
func (x eye) behind(r *told, w waiverTold) []string {
	var out []string
	for _, g := range w.Given {
		id := x.one(g.By)
		if (x.stands(r, g.By, g.For, "release-manager") || g.Manager && x.anyRole(id, r.risk)) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (x eye) waived(r *told, full string) bool {
	w, ok := r.waivers[full]
	return ok && x.now.Before(w.Until) && len(x.behind(r, w)) >= waiversOf[r.risk]
}

// opens says whether the next gate may be passed at this time.
func (x eye) opens(r *told) bool {
	if r.held || r.cancelled || r.passed == len(r.gates) {
		return false
	}
	g := r.gates[r.passed]
	people := map[string]bool{}
	for _, i := range g.Items {
		v := x.how(r, g, i)
		if v.state == "open" {
			return false
		}
		for _, id := range v.by {
			people[id] = true
		}
	}
	switch {
	case g.Half == "ready" && (!x.inOrder(r, g.Stage) || len(people) < peopleOf[r.risk]):
		return false
	case g.Half == "done" && x.now.Before(r.since.Add(max(r.soak, soakOf[r.risk]))) && !x.waived(r, g.key()+"/soak"):
		return false
	}
	return x.paid(r)
}

// paid: a waiver that no longer holds stops every gate, and the last one stays shut over a broken glass.
func (x eye) paid(r *told) bool {
	for _, g := range r.gates[:r.passed] {
		for _, i := range g.Items {
			full := g.key() + "/" + i.Key
			if !slices.Contains(r.owing, full) || x.byVotes(r, g, i).state != "open" {
				continue
			}
			if _, waived := r.waivers[full]; waived && !x.waived(r, full) || !waived && r.passed == len(r.gates)-1 {
				return false
			}
		}
	}
	return true
}

// inOrder says whether all that a release comes after let users in as far as a stage, and stand well.
func (w *world) inOrder(r *told, stage string) bool {
	for _, a := range r.after {
		other := w.releases[a.ID]
		if other.held || other.cancelled {
			return false
		}
		in := false
		for _, g := range other.gates[:other.passed] {
			if g.Half == "ready" && (g.Stage == stage || g.Stage == "ga") {
				in = true
			}
		}
		if !in {
			return false
		}
	}
	return true
}
