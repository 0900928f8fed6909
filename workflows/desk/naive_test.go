package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows/ledger"
)

// world is what the ledger says, read by the plainest code there is: what an auditor would do with the printed ledger, the
// configurations and a pencil. Lists, loops and strings, nothing of the rooms. What a vote vouches for is worked out
// from the order of things in the ledger and the repository itself, never from the digest that the vote carries; what
// a waiver is worth from who agreed to it when, never from what the event says of itself.
type world struct {
	repo     *repo
	cfgs     map[string]Config // by the hash that the ledger names
	releases map[string]*told
	flags    map[string]*flagTold
	crowd
	wrong []string // what the ledger itself says that must never be
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
	votes             []voteTold // the last of each account and machine on each item, as they were cast
	passed            int
	entered, since    time.Time     // the stage, and its soak
	soak              time.Duration // the most that any risk asked of this stage since it was entered
	waivers           map[string]waiverTold
	plans             map[string]planTold
	adders            map[string]string
	care              map[string]careTold
	owing             []string
	glass             []glassTold
	raised, calmed    []string // rules
	cutoff            time.Time
	held, cancelled   bool
	heldAt, shipped   time.Time
	shippedAs         uint64
	out               string
	places            []string
	openings          []int
	announced         []announcement
	after             []afterTold
	last              ledger.Record // its last event
	must              string        // the risk to which it must be raised next
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
	Items       []itemTold
}

func (g gateTold) key() string { return g.Stage + "." + g.Half }

// itemTold is an item as it was asked.
type itemTold struct {
	Key, Text, Role, Binds, From, Evidence, Origin string
	Valid                                          int
	Late                                           bool
}

// asks is the question that a vote answers.
func (i itemTold) asks() string {
	return strings.Join([]string{i.Key, i.Text, i.Role, i.Binds, i.From}, "|")
}

type candTold struct {
	Commit struct{ ID string }
	Builds map[string]string
	base   string
}

type voteTold struct {
	Item, By, For, Machine, Value, Commit, Evidence string
	Expires, At                                     time.Time
	seq                                             uint64
	over                                            *candTold // the candidate of the moment
	asks                                            string    // the question of the moment
}

func (v voteTold) vouches() bool { return v.Value == "ok" || v.Value == "na" || v.Value == "plan" }

type givenTold struct {
	By, For string
	Manager bool
}

type waiverTold struct {
	Owner, Why string
	Until      time.Time
	Given      []givenTold
	at, first  time.Time // when the last one agreed, and the first
	asks       string    // the question of the moment
}

type planTold struct {
	Owner, What, Line string
	Due               time.Time
}

type careTold struct {
	owner, asked     string
	ownedAt, askedAt time.Time
	due              time.Time
	askedOf          bool
}

type glassTold struct {
	Gate, By, Why, Review string
	Open                  []string
}

func newWorld(r *repo) *world {
	return &world{repo: r, cfgs: map[string]Config{}, releases: map[string]*told{}, flags: map[string]*flagTold{}, crowd: newCrowd()}
}

func (w *world) wrongf(rec ledger.Record, format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf("event %d, %s: ", rec.Seq, rec.Kind)+fmt.Sprintf(format, args...))
}

// read takes the next record of the ledger.
func (w *world) read(rec ledger.Record) {
	switch room, _, _ := strings.Cut(rec.Kind, "."); room {
	case "flag":
		w.flag(rec)
	case "team", "people":
		w.crowded(rec)
	case "release":
		w.released(rec)
	}
}

// eventTold is all that the events of a release say, and of which one says a part.
type eventTold struct {
	ID, Risk, Manager, Place, To, From, Why, Item, By, Commit, Gate, Rule string
	Paths, Owing, Calms                                                   []string
	Gates                                                                 []gateTold
	Candidate                                                             *candTold
	Vote                                                                  voteTold
	Passed                                                                int
	Glass                                                                 json.RawMessage
	After                                                                 *[]afterTold
	Cutoff                                                                *time.Time
	Waiver                                                                waiverTold
	Plan                                                                  planTold
	Line                                                                  itemTold
	Owner                                                                 string
	Due                                                                   time.Time
	Asking                                                                struct{ By, Who string }
	Entries                                                               []struct {
		Late   bool
		Why    string
		Labels []string
	}
}

// eventItem is the item of an event that has one, where others have a name.
func eventItem(rec ledger.Record) (i itemTold) {
	var e struct{ Item itemTold }
	_ = json.Unmarshal(rec.Data, &e)
	return e.Item
}

func (w *world) released(rec ledger.Record) {
	var e eventTold
	data := rec.Data
	if rec.Kind == "release.item_added" || rec.Kind == "release.glass_broken" || rec.Kind == "release.scope_dropped" || rec.Kind == "release.heard" { // their item is no name
		var loose map[string]json.RawMessage
		_ = json.Unmarshal(data, &loose)
		delete(loose, "item")
		data, _ = json.Marshal(loose)
	}
	if err := json.Unmarshal(data, &e); err != nil {
		w.wrongf(rec, "%v", err)
		return
	}
	r := w.releases[rec.Stream.ID()]
	if rec.Kind == "release.opened" {
		r = &told{id: rec.Stream.ID(), risk: e.Risk, manager: e.Manager, paths: e.Paths, gates: e.Gates, entered: rec.At, since: rec.At,
			waivers: map[string]waiverTold{}, plans: map[string]planTold{}, adders: map[string]string{}, care: map[string]careTold{}}
		w.releases[r.id] = r
	}
	w.lawful(r, rec, e)
	w.happened(r, rec, e)
	w.known(r, rec, e)
	r.last = rec
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
				w.wrongf(rec, "a rollback raised a flag")
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
			w.wrongf(rec, "a flag of %s went to %d %%, %d is allowed", f.release, to, most)
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
