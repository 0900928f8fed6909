package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// whims draws what people may wish of a release, sensible or not.
type whims struct {
	*rapid.T
	r   release.Release
	now time.Time
}

func oneOf[V any](t *rapid.T, what string, of ...V) V { return rapid.SampledFrom(of).Draw(t, what) }

// item is mostly one of the next gate.
func (w whims) item() string {
	var all []string
	next, _ := w.r.Next()
	for _, g := range w.r.Gates {
		for _, i := range g.Items {
			all = append(all, g.Full(i))
			if g.Key() == next.Key() {
				all = append(all, g.Full(i), g.Full(i), g.Full(i))
			}
		}
	}
	return oneOf(w.T, "item", all...)
}

// loose is an item that the risk does not ask for where it stands.
func (w whims) loose() string {
	full := w.item()
	gate, key, _ := strings.Cut(full, "/")
	if slices.ContainsFunc(release.AddedBy(w.r.Risk, gate), func(i release.Item) bool { return i.Key == key }) {
		return "nothing"
	}
	return full
}

// unplanned is an item ahead for which there is no plan yet.
func (w whims) unplanned() string {
	full := w.item()
	gate, _, _ := strings.Cut(full, "/")
	behind := slices.ContainsFunc(w.r.Gates[:w.r.Passed], func(g release.Gate) bool { return g.Key() == gate })
	if behind || w.r.Care[full].Plan != nil {
		return "nothing"
	}
	return full
}

func (w whims) gate() string {
	var keys []string
	for _, g := range w.r.Gates {
		keys = append(keys, g.Key())
	}
	return oneOf(w.T, "gate", keys...)
}

func (w whims) who() workflows.PersonID {
	return oneOf[workflows.PersonID](w.T, "who", "ana", "ben", "mia", "leo")
}

func (w whims) day() time.Time {
	return w.now.Truncate(24*time.Hour).AddDate(0, 0, rapid.IntRange(1, 9).Draw(w.T, "days"))
}

// whim is any wish.
func (w whims) whim() workflows.Intent {
	wish := oneOf(w.T, "wish",
		func() workflows.Intent {
			return release.Sign{Items: []string{w.item()}, Evidence: oneOf(w.T, "link", "", "https://example.org")}
		},
		func() workflows.Intent {
			return release.Sign{Items: []string{w.item()}, Note: "x", Value: oneOf(w.T, "value", release.NeedsWork, release.Block, release.NA, release.Withdraw)}
		},
		func() workflows.Intent {
			return release.PlanItem{Item: w.unplanned(), Owner: w.who(), Due: w.day(), What: "x"}
		},
		func() workflows.Intent {
			return release.Waive{Item: oneOf(w.T, "what", w.item(), "soak"), Owner: "ben", Until: w.day(), Why: "x"}
		},
		func() workflows.Intent {
			return release.AddItem{Gate: w.gate(), Key: "load", Role: workflows.SRE, Text: "x"}
		},
		func() workflows.Intent {
			return release.AddItem{Gate: w.gate(), Key: oneOf(w.T, "key", release.CatalogueKeys()...)}
		},
		func() workflows.Intent { return release.DropItem{Item: w.loose(), Why: "x"} },
		func() workflows.Intent { return release.MoveItem{Item: w.loose(), Gate: w.gate()} },
		func() workflows.Intent { return release.Ask{Item: w.item(), Who: w.who()} },
		func() workflows.Intent { return release.Assign{Item: w.item(), Owner: w.who()} },
		func() workflows.Intent { return release.Set{Risk: oneOf(w.T, "risk", policy.Risks()...), Note: "x"} },
		func() workflows.Intent {
			return release.Set{Template: oneOf(w.T, "template", "simple", "feature", "hotfix")}
		},
		func() workflows.Intent { return release.Set{Manager: w.who()} },
		func() workflows.Intent {
			return release.SetCandidate{Ref: oneOf(w.T, "ref", "aaaaaaaa", "bbbbbbbb", "eeeeeeee")}
		},
		func() workflows.Intent { return release.Advance{} },
		func() workflows.Intent { return release.BreakGlass{Why: "x"} },
		func() workflows.Intent {
			return oneOf[workflows.Intent](w.T, "stop", release.HoldOn{Why: "x"}, release.Resume{}, release.RollBack{Why: "x"})
		},
	)
	return wish()
}

// through has three people sign what the next gate asks for, but for what slips, and one of them try to pass it.
func (r *house) through(t *rapid.T, id workflows.ReleaseID, tally map[string]int) {
	g, _ := r.release(id).Next()
	for _, i := range g.Items {
		for _, by := range []string{"ana", "ben", "mia"} {
			if rapid.IntRange(0, 9).Draw(t, "slips") > 0 {
				r.tries(r.ask(by, id, release.Sign{Items: []string{g.Full(i)}, Evidence: "https://example.org"}), tally)
			}
		}
	}
	if !g.Opens() {
		r.later(time.Duration(rapid.IntRange(1, 8).Draw(t, "days")) * 24 * time.Hour)
	}
	if rapid.IntRange(0, 7).Draw(t, "glass") == 0 {
		r.tries(r.ask("ana", id, release.BreakGlass{Why: "it is down"}), tally)
	}
	r.tries(r.ask("ben", id, release.Advance{}), tally)
}

// tries asks, confirms where that is wanted, and counts what happened.
func (r *house) tries(a workflows.Ask, tally map[string]int) {
	r.Helper()
	got, err := r.do(a)
	if err == nil && got.Confirm != nil {
		p := press(a, a.ID+"-press", got.Confirm.Key)
		p.Typed = got.Confirm.Typed
		got, err = r.do(p)
	}
	if err != nil && refusalOf(err) == nil {
		r.Fatalf("%s by %s: %v", a.Line, a.By, err)
	}
	for _, k := range kinds(got.Events) {
		tally[k]++
	}
}

// Whatever people wish, nothing is let through at which the second judge takes offence.
func TestTheJudgesAgree(t *testing.T) {
	const id workflows.ReleaseID = "app@1.0.0"
	tally := map[string]int{}
	apart := map[workflows.Role]policy.Members{workflows.ReleaseManager: {People: []workflows.PersonID{"ben", "mia"}}, workflows.SRE: {People: []workflows.PersonID{"ben", "mia"}},
		workflows.Engineering: {People: []workflows.PersonID{"ana", "ben"}}, workflows.QA: {People: []workflows.PersonID{"leo", "mia"}}, workflows.Compliance: {People: []workflows.PersonID{"ana", "mia"}}}
	rapid.Check(t, func(rt *rapid.T) {
		h := newHouse(t, func(c *Config) {
			c.Book.Roles = oneOf(rt, "roles", everyRole("ana", "ben", "mia", "leo"), everyRole("ben", "mia"), apart)
		})
		h.tries(h.ask("ana", "", release.New{ID: id, Ref: "dddddddd", Template: oneOf(rt, "template", "simple", "feature", "hotfix"), Risk: oneOf(rt, "risk", policy.Risks()...), Why: "x"}), tally)
		rows, err := h.Rows(t.Context(), release.KeyOpen)
		ok(t, err)
		for range len(rows) * rapid.IntRange(5, 40).Draw(rt, "wishes") {
			if rapid.IntRange(0, 5).Draw(rt, "through") == 0 {
				h.through(rt, id, tally)
			}
			by := string(whims{T: rt}.who())
			h.tries(h.ask(by, id, whims{rt, h.release(id), h.now}.whim()), tally)
			h.later(time.Duration(rapid.IntRange(0, 20).Draw(rt, "hours")) * time.Hour)
			h.tries(h.machine("clock", id, release.Tick{}), tally)
		}
		if _, err := Verify(t.Context(), h.store, func(key, why string) { rt.Errorf("%s: %s", key, why) }); err != nil {
			rt.Fatal(err)
		}
	})
	for _, e := range []workflows.Event{release.Passed{}, release.GlassBroken{}, release.Planned{}, release.Waived{}, release.WaiverEnded{}, release.ItemAdded{},
		release.ItemMoved{}, release.RiskSet{}, release.Adopted{}, release.RolledBack{}} {
		if tally[e.Kind()] == 0 {
			t.Errorf("in all these ledgers there is no %s", e.Kind())
		}
	}
}
