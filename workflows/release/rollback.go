package release

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// RollBack takes a release back to the last stage whose users still have it, on hold.
type RollBack struct{ Why string }

// Needs says who may.
func (RollBack) Needs() workflows.Need { return workflows.Maker }

// Fits says that only a release that users have can be meant where none is named.
func (RollBack) Fits(r Row) bool { return r.Stage != workflows.Before }

// RolledBack happened. What it says of flags and people follows in their rooms.
type RolledBack struct {
	By     workflows.PersonID                                  `json:"by"`
	Why    string                                              `json:"why"`
	From   string                                              `json:"from"`             // as people read it
	Passed int                                                 `json:"passed"`           // the gates that stay behind it
	Flags  map[workflows.FlagKey]map[workflows.Environment]int `json:"flags,omitempty"`  // what each is set back to
	Commit string                                              `json:"commit,omitempty"` // that was out
	Good   string                                              `json:"good,omitempty"`   // the last good one
	Env    workflows.Environment                               `json:"env,omitempty"`    // where the good one is brought back by the bot; empty: nowhere
	Stays  string                                              `json:"stays,omitempty"`  // why nothing is, where deployments are configured
	Bad    bool                                                `json:"bad,omitempty"`    // what the release brought to users last is nothing to go back to
	Gates  []Gate                                              `json:"gates,omitempty"`  // where the risk asks those that open again for other items; nil: as they were
}

// Kind names the event.
func (RolledBack) Kind() string { return "release.rolled_back" }

// Plan is what a rollback would do, in its order.
type Plan struct {
	Opening Opening
	Gate    Gate // the gate that is taken back
	Flags   []FlagBack
	Passed  int
	Good    string // commit to redeploy; empty: none is known
	Gates   []Gate // as the risk asks for them, which may have changed since; nil: as they are
	Return  Return // what is done about the commit that users have
}

// FlagBack is one flag in one environment on its way back. A flag is never raised.
type FlagBack struct {
	Key  workflows.FlagKey
	Env  workflows.Environment
	From int
	To   int
}

// PlanBack says what taking the release back would do; refused when no users were let in.
func PlanBack(r Release, f Facts) (Plan, error) {
	if d, ok := r.again(f); ok && len(r.Openings) == 0 && !r.Cancelled {
		return Plan{Good: d.Commit, Passed: r.Passed, Return: Return{Again: true, To: &Had{Release: d.Of, Commit: d.Commit}}}, nil
	}
	if r.Cancelled || len(r.Openings) == 0 {
		return Plan{}, workflows.Refuse("nothing_to_roll_back", "no users were let in: "+r.ID.Name()+" is "+r.Whereabouts()).
			Type(f.line("hold", "-- why"))
	}
	last := r.Openings[len(r.Openings)-1]
	p := Plan{Opening: last, Gate: r.Gates[last.Gate], Good: f.Base}
	left := false
	for _, key := range slices.Sorted(maps.Keys(f.Flags)) {
		for _, env := range slices.Sorted(maps.Keys(f.Flags[key])) {
			now := f.Flags[key][env]
			then := min(now, last.Flags[key][env])
			left = left || then > 0 && env == f.Users
			if then < now {
				p.Flags = append(p.Flags, FlagBack{key, env, now, then})
			}
		}
	}
	if before := r.previewGate(); left && before >= 0 && before < last.Gate {
		p.Passed = before + 1
	}
	back := r
	back.Passed = p.Passed
	if gates := back.atRisk(r.Risk); !slices.EqualFunc(gates, r.Gates, sameGate) {
		p.Gates = gates
	}
	p.Return = r.back(p.Passed, f)
	switch {
	case p.Return.To != nil:
		p.Good = p.Return.To.Commit
	case p.Return.Why != "" && !p.Return.Hand:
		p.Good = ""
	}
	return p, nil
}

func sameGate(a, b Gate) bool { return a.Key() == b.Key() && slices.Equal(a.Items, b.Items) }

// heldStage is the stage whose users a rollback is about; of a closed release they are GA's.
func (r Release) heldStage() string {
	if r.Stage() == workflows.Closed {
		return workflows.GA.Title()
	}
	return r.Where()
}

// previewGate is the index of the gate that opens the preview; -1: the template has none.
func (r Release) previewGate() int {
	return slices.IndexFunc(r.Gates, func(g Gate) bool { return g.Opens() && g.Stage == workflows.Preview })
}

// Previews reports whether users are let into a tech preview of it.
func (r Release) Previews() bool { return r.previewGate() >= 0 }

// After is the release as a plan would leave it, for showing.
func (p Plan) After(r Release) Release {
	return RolledBack{Passed: p.Passed, Gates: p.Gates}.evolve(r.clone(), workflows.Header{})
}

func (w RollBack) decide(r Release, f Facts) ([]workflows.Event, error) {
	p, err := PlanBack(r, f)
	if err != nil {
		return nil, err
	}
	if w.Why == "" {
		return nil, workflows.Refuse(workflows.NeedsReason, "say why: customers and staff will ask").Type(f.line("rollback start", "-- why"))
	}
	if p.Return.Again {
		e := r.returning(*p.Return.To, f)
		e.Why = w.Why
		return []workflows.Event{e}, nil
	}
	e := RolledBack{By: f.Actor.Person, Why: w.Why, From: r.heldStage(), Passed: p.Passed, Commit: p.Opening.Commit, Good: p.Good, Gates: p.Gates,
		Stays: p.Return.Why, Bad: p.Passed == 0 || p.Return.To != nil}
	for _, b := range p.Flags {
		if e.Flags == nil {
			e.Flags = map[workflows.FlagKey]map[workflows.Environment]int{}
		}
		e.Flags[b.Key] = p.Opening.Flags[b.Key]
	}
	if p.Return.To == nil {
		return []workflows.Event{e}, nil
	}
	e.Env = f.Users
	taken, err := Vouch{Source: Deployment, Note: "rolled back"}.decide(r, f)
	return append([]workflows.Event{e, r.returning(*p.Return.To, f)}, taken...), err
}

func (e RolledBack) evolve(r Release, h workflows.Header) Release {
	r.Passed = e.Passed
	r.Openings = slices.DeleteFunc(r.Openings, func(o Opening) bool { return o.Gate >= e.Passed })
	r.Owing = slices.DeleteFunc(r.Owing, func(full string) bool { // those gates are passed again, or not
		gate, _, _ := strings.Cut(full, "/")
		return r.gate(gate) >= e.Passed
	})
	if e.Gates != nil {
		r = r.regate(slices.Clone(e.Gates))
	}
	r = r.enter(h.At)
	r.Ended, r.Shipped, r.ShippedAs = time.Time{}, time.Time{}, 0
	r.Held = &Hold{By: e.By, Why: "rolled back: " + e.Why, At: h.At}
	return r
}

func (e RolledBack) tell(r Release, h workflows.Header) []workflows.Effect {
	return slices.Concat(soakWake(r, h), []workflows.Effect{post(r, "rolled-back")}, askers(r))
}
