package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows/ledger"
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
	after             []afterTold
}

// afterTold names a release that must be as far first. What else the event says of it was heard, and is not asked here.
type afterTold struct{ ID string }

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
func replay(r *repo, records []ledger.Record) *world {
	w := &world{repo: r, releases: map[string]*told{}, groups: map[string]group{}, flags: map[string]*flagTold{}}
	for _, rec := range records {
		var e struct {
			ID, Risk, Manager, Place, To, Why, Item, By, From, Commit, Platform, Group, Release, Env, Key string
			Paths                                                                                         []string
			Gates                                                                                         []gateTold
			Candidate                                                                                     *candTold
			Vote                                                                                          voteTold
			Passed                                                                                        int
			Members                                                                                       []struct{ Handle string }
			AsOf                                                                                          time.Time `json:"as_of"`
			After                                                                                         *[]afterTold
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
			if e.After != nil {
				w.releases[id].after = *e.After
			}
		case "release.changed":
			if e.After != nil {
				now.after = *e.After
			}
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

func (r *told) announce(what string, rec ledger.Record) {
	r.announced = append(r.announced, announcement{what, uint64(rec.Seq), slices.Clone(r.places)})
}

// flag follows how far users have a flag, and what the gates said then.
func (w *world) flag(rec ledger.Record) {
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
