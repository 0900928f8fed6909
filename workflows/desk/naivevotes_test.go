package desk

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// base is the last whole-tree candidate in GA of another release of the product; of two at the same instant, the first
// by name.
func (w *world) base(id string) string {
	var best *told
	for _, name := range slices.Sorted(maps.Keys(w.releases)) {
		r := w.releases[name]
		product, _, _ := strings.Cut(r.id, "@")
		if r.id != id && strings.HasPrefix(id, product+"@") && r.out != "" && len(r.paths) == 0 && (best == nil || r.shipped.After(best.shipped)) {
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

// holds says from configuration and rosters who holds a role now.
func (w *world) holds(b *policy.Book, id, role string, now time.Time) bool {
	named := 0
	for configured, m := range b.Roles {
		if string(configured) != role && configured != "*" {
			continue
		}
		named += len(m.People) + len(m.Groups)
		for _, p := range m.People {
			if string(p) == id {
				return true
			}
		}
		for _, name := range m.Groups {
			g := w.groups[name]
			for _, h := range g.handles {
				if now.Sub(g.asOf) <= 24*time.Hour && w.who(b, h) == id {
					return true
				}
			}
		}
	}
	return named == 0 && slices.Contains(ids(b.Owners), id)
}

// who bears a handle; who has no line in the configuration is called after the handle.
func (w *world) who(b *policy.Book, handle string) string {
	for _, p := range b.People {
		for _, h := range p.Handles {
			if string(h) == handle {
				return string(p.ID)
			}
		}
	}
	return string(team.PersonID(workflows.Handle(handle)))
}

func ids[S ~string](in []S) []string {
	var out []string
	for _, s := range in {
		out = append(out, string(s))
	}
	return out
}

// satisfied reports whether the ledger alone holds what an item needs, and by whose votes.
func (w *world) satisfied(r *told, full, role, binds string, b *policy.Book, now time.Time) (bool, []string) {
	var votes []voteTold
	for _, v := range r.votes {
		if v.Item == full {
			votes = append(votes, v)
		}
	}
	sort.Slice(votes, func(i, j int) bool { return votes[i].seq < votes[j].seq })
	strict := r.risk == "normal" && binds != ""
	var by []string
	machine := false
	for i, v := range votes {
		if (v.Value == "block" || v.Value == "needs-work") && v.By != "" && !w.holds(b, v.By, role, time.Time{}) {
			continue // an objection counts while its voter holds the role, by however old a roster
		}
		switch {
		case v.Value == "block":
			return false, nil
		case v.Value == "needs-work":
			ended := false
			for _, later := range votes[i+1:] {
				ended = ended || later.By != "" && w.holds(b, later.By, role, now) && (later.Value == "ok" || later.Value == "na")
			}
			if !ended {
				return false, nil
			}
			continue
		case !v.Expires.IsZero() && !now.Before(v.Expires), !w.fresh(r, v, binds):
			continue
		case v.By == "":
			machine = true
			continue
		}
		p, known := personOf(b, v.By)
		if w.holds(b, v.By, role, now) && (!strict || known && (p.NoCode || len(p.Code) > 0)) {
			by = append(by, v.By)
		}
	}
	if machine {
		return true, by
	}
	return len(by) > 0 && (!strict || !w.alone(r, by, b)), by
}

// alone reports a bound commit that all voters wrote.
func (w *world) alone(r *told, by []string, b *policy.Book) bool {
	last := w.repo.index(r.cand.Commit.ID)
	commits := []int{last}
	if r.cand.base != "" {
		for i := last - 1; i > w.repo.index(r.cand.base); i-- {
			if w.repo.touches(i, r.paths) {
				commits = append(commits, i)
			}
		}
	}
	for _, i := range commits {
		covered := false
		for _, id := range by {
			p, _ := personOf(b, id)
			wrote := false
			for _, address := range p.Code {
				wrote = wrote || slices.Contains(w.repo.commits[i].Authors, address)
			}
			covered = covered || !wrote
		}
		if !covered {
			return true
		}
	}
	return false
}

// opens says whether the next gate may be passed at this time.
func (w *world) opens(r *told, b *policy.Book, now time.Time) bool {
	if r.held || r.cancelled || r.passed == len(r.gates) {
		return false
	}
	g := r.gates[r.passed]
	if g.Half == "ready" && !w.inOrder(r, g.Stage) {
		return false
	}
	people := map[string]bool{}
	for _, i := range g.Items {
		ok, by := w.satisfied(r, g.Stage+"."+g.Half+"/"+i.Key, i.Role, i.Binds, b, now)
		if !ok {
			return false
		}
		for _, id := range by {
			people[id] = true
		}
	}
	if r.risk == "low" {
		return g.Half == "done" || len(people) >= 1
	}
	if g.Half == "done" {
		return !now.Before(r.since.Add(24 * time.Hour))
	}
	return len(people) >= 2
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

func personOf(b *policy.Book, id string) (p struct {
	NoCode bool
	Code   []string
}, known bool) {
	for _, x := range b.People {
		if string(x.ID) == id {
			p.NoCode, p.Code = x.NoCode, x.Code
			return p, true
		}
	}
	return p, false
}
