package desk

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// world is what the ledger says, replayed by the plainest code there is: lists, loops and strings, nothing of the rooms.
// What a vote vouches for is worked out from the order of things in the ledger and the repository itself, never from
// the digest that the vote carries.
type world struct {
	repo     *repo
	releases map[string]*told
	groups   map[string]group
	flags    map[string]*flagTold
	wrong    []string // what the ledger itself says that must never be
}

type group struct {
	handles []string
	asOf    time.Time
}

type flagTold struct {
	release string
	percent int // in production
}

// told is one release as the ledger tells it.
type told struct {
	id, risk, manager string
	paths             []string
	gates             []gateTold
	cand              *candTold
	votes             map[string]voteTold // item, machine and person → the last one
	passed            int
	since             time.Time // the soak
	held, cancelled   bool
	shipped           time.Time
	out               string
	places            []string
	openings          []int
	announced         []announcement
}

type announcement struct {
	what   string
	seq    uint64
	places []string
}

type gateTold struct {
	Stage, Half string
	Items       []struct{ Key, Role, Binds, From string }
}

type candTold struct {
	Commit struct{ ID string }
	Builds map[string]string
	base   string
}

type voteTold struct {
	Item, By, Machine, Value, Commit string
	Expires                          time.Time
	seq                              uint64
	over                             *candTold // the candidate of the moment
}

// replay reads the whole ledger.
func replay(r *repo, ledger []storage.Record) *world {
	w := &world{repo: r, releases: map[string]*told{}, groups: map[string]group{}, flags: map[string]*flagTold{}}
	for _, rec := range ledger {
		var e struct {
			ID, Risk, Manager, Place, To, Why, Item, By, From, Commit, Platform, Group, Release, Env, Key string
			Paths                                                                                         []string
			Gates                                                                                         []gateTold
			Candidate                                                                                     *candTold
			Vote                                                                                          voteTold
			Passed                                                                                        int
			Members                                                                                       []struct{ Handle string }
			AsOf                                                                                          time.Time `json:"as_of"`
		}
		switch rec.Kind {
		case "flag.turned", "flag.reverted", "flag.killed", "flag.created":
			w.flag(rec)
			continue
		case "notes.published", "briefing.sent":
			continue
		}
		if err := json.Unmarshal(rec.Data, &e); err != nil && strings.HasPrefix(rec.Kind, "release.") {
			w.wrong = append(w.wrong, fmt.Sprintf("%s: %v", rec.Kind, err))
			continue
		}
		id := rec.Stream.ID()
		now := w.releases[id]
		switch rec.Kind {
		case "team.arrived":
			g := group{asOf: e.AsOf}
			for _, m := range e.Members {
				g.handles = append(g.handles, m.Handle)
			}
			w.groups[e.Platform+"/"+e.Group] = g
		case "release.opened":
			w.releases[id] = &told{id: id, risk: e.Risk, manager: e.Manager, paths: e.Paths, gates: e.Gates, votes: map[string]voteTold{}, since: rec.At}
			if e.Candidate != nil {
				e.Candidate.base = w.base(id)
			}
			w.releases[id].cand = e.Candidate
		case "release.bound":
			now.places = append(now.places, e.Place)
		case "release.candidate_set":
			e.Candidate.base = w.base(id)
			now.cand, now.since = e.Candidate, rec.At
		case "release.signed":
			v := e.Vote
			v.seq, v.over = uint64(rec.Seq), now.cand
			now.votes[voter(v.Item, v.Machine, v.By)] = v
		case "release.withdrawn":
			for k, v := range now.votes { // a source takes all of its votes back, on whose word ever
				if v.Item == e.Item && v.Machine == e.From && (e.From != "" || v.By == e.By) {
					delete(now.votes, k)
				}
			}
		case "release.passed":
			if now.held || now.cancelled {
				w.wrong = append(w.wrong, fmt.Sprintf("%s passed a gate on hold or after it was cancelled (event %d)", id, rec.Seq))
			}
			g := now.gates[now.passed]
			if g.Half == "ready" {
				now.openings = append(now.openings, now.passed)
			}
			now.passed++
			now.since = rec.At
			if g.Stage == "ga" && g.Half == "ready" {
				now.shipped, now.out = rec.At, e.Commit
			}
			now.announce("passed", rec)
		case "release.held":
			now.held = true
			now.announce("held", rec)
		case "release.resumed":
			now.held = false
		case "release.cancelled":
			now.cancelled, now.held = true, false
			now.announce("cancelled", rec)
		case "release.rolled_back":
			now.passed, now.held, now.since = e.Passed, true, rec.At
			now.shipped, now.out = time.Time{}, ""
			now.openings = slices.DeleteFunc(now.openings, func(g int) bool { return g >= e.Passed })
			now.announce("rolled-back", rec)
		}
	}
	return w
}

func voter(item, machine, by string) string {
	return item + "|" + machine + "|" + by
}

func (r *told) announce(what string, rec storage.Record) {
	r.announced = append(r.announced, announcement{what, uint64(rec.Seq), slices.Clone(r.places)})
}

// flag follows how far users have a flag, and what the gates said then.
func (w *world) flag(rec storage.Record) {
	var e struct {
		Release, Env string
		To           json.RawMessage
		From         json.RawMessage
	}
	_ = json.Unmarshal(rec.Data, &e)
	f := w.flags[rec.Stream.ID()]
	switch rec.Kind {
	case "flag.created":
		w.flags[rec.Stream.ID()] = &flagTold{release: e.Release}
	case "flag.killed":
		f.percent = 0
	case "flag.reverted":
		var to map[string]int
		_ = json.Unmarshal(e.To, &to)
		if p, ok := to["production"]; ok {
			if p > f.percent {
				w.wrong = append(w.wrong, fmt.Sprintf("event %d: a rollback raised a flag", rec.Seq))
			}
			f.percent = p
		}
	case "flag.turned":
		var to int
		_ = json.Unmarshal(e.To, &to)
		if e.Env != "production" {
			return
		}
		if most := w.releases[f.release].reach(); to > f.percent && to > most {
			w.wrong = append(w.wrong, fmt.Sprintf("event %d: a flag of %s went to %d %%, %d is allowed", rec.Seq, f.release, to, most))
		}
		f.percent = to
	}
}

// reach is the most a flag may be raised to.
func (r *told) reach() int {
	if r.held || r.cancelled || r.passed == 0 {
		return 0
	}
	for i := range r.passed {
		if r.gates[i].Stage == "ga" {
			return 100
		}
	}
	return 99
}

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
