package reading_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

var load = release.Item{Key: "load", Role: workflows.SRE, Origin: release.OfPerson}

// adds has somebody bring an item of their own to preview.ready.
func (f *forger) adds(by string) {
	f.Helper()
	f.put("@"+by, forged, release.ItemAdded{Gate: "preview.ready", Item: load, By: workflows.PersonID(by)})
}

// Whatever is brought into a checklist, taken from it or moved in it was somebody's to bring, take or move.
func TestItems(t *testing.T) {
	forgeries{
		"one more": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.sign("preview.ready/load", "ben")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"one more that nobody signed": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and load did not hold: no vote on it counts"}},
		"by nobody of the team": {func(f *forger) {
			f.open("normal")
			f.adds("zoe")
		}, []string{"event N: @zoe added preview.ready/load and held no role"}},
		"in another's name": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, release.ItemAdded{Gate: "preview.ready", Item: load, By: "ben"})
		}, []string{"event N: preview.ready/load was added in the name of @ben, and @mia added it"}},
		"in the name of the risk": {func(f *forger) {
			f.open("normal")
			item := load
			item.Origin = release.OfRisk
			f.put("@ben", forged, release.ItemAdded{Gate: "preview.ready", Item: item, By: "ben"})
		}, []string{`event N: preview.ready/load was added by @ben in the name of something else ("risk")`}},
		"twice": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.adds("mia")
		}, []string{"event N: preview.ready/load was added, and was there already"}},
		"behind it": {func(f *forger) {
			f.inPreview()
			f.adds("ben")
		}, []string{"event N: preview.ready/load was added, and there is no such gate still to be passed"}},
		"dropped by who added it": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.adds("ben")
			f.put("@ben", forged, release.ItemDropped{Item: "preview.ready/load"})
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"dropped by somebody else": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.adds("ben")
			f.put("@mia", forged, release.ItemDropped{Item: "preview.ready/load"})
		}, []string{"event N: @mia dropped preview.ready/load, which @ben had added, and was no release manager of it"}},
		"dropped with what was said of it": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/load", release.Block)})
			f.put("@ben", forged, release.ItemDropped{Item: "preview.ready/load"})
		}, []string{"event N: preview.ready/load was dropped, and had votes"}},
		"dropped behind it": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, release.ItemDropped{Item: "preview.ready/alerts"})
		}, []string{"event N: preview.ready/alerts was dropped after its gate was passed"}},
		"one of the template dropped": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.ItemDropped{Item: "preview.ready/alerts"})
		}, []string{"event N: preview.ready/alerts was dropped, and nobody had added it to this release"}},
		"one that there is not dropped": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.ItemDropped{Item: "preview.ready/load"})
		}, []string{`event N: "preview.ready/load" was dropped, and the release has no such item`}},
		"moved with its votes": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/alerts", Gate: "preview.done"})
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "ana")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"moved with its waiver": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/alerts", Gate: "preview.done"})
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "ana")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"moved, and dropped by who added it": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.adds("ben")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/load", Gate: "preview.done"})
			f.put("@ben", forged, release.ItemDropped{Item: "preview.done/load"})
		}, nil},
		"moved, and another in its place without its waiver": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.waives("preview.ready/load", "ana")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/load", Gate: "preview.done"})
			f.adds("ben")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and load did not hold: no vote on it counts"}},
		"dropped, and another in its place without its waiver": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.waives("preview.ready/load", "ana")
			f.put("@ben", forged, release.ItemDropped{Item: "preview.ready/load"})
			f.adds("ben")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and load did not hold: no vote on it counts"}},
		"moved, and open where it is": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/alerts", Gate: "preview.done"})
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "ana")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and alerts did not hold: no vote on it counts"}},
		"moved by nobody who may": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, release.ItemMoved{Item: "preview.ready/alerts", Gate: "preview.done"})
		}, []string{"event N: @ben moved preview.ready/alerts and was no release manager of it"}},
		"moved behind it": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, release.ItemMoved{Item: "ga.done/feedback", Gate: "preview.ready"})
		}, []string{"event N: ga.done/feedback was moved to preview.ready, and not both gates are still to be passed"}},
		"moved onto another": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.done/feedback", Gate: "ga.done"})
		}, []string{"event N: preview.done/feedback was moved to ga.done, which has one of that name"}},
		"one that there is not moved": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/load", Gate: "ga.done"})
		}, []string{`event N: "preview.ready/load" was moved, and the release has no such item`}},
		"asked for and assigned": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, release.Asked{Item: "preview.ready/alerts"})
			f.put("@ana", forged, release.Assigned{Item: "preview.ready/alerts", Owner: "zoe"})
			f.put("@zoe", forged, release.Asked{Item: "preview.ready/alerts"})
			f.put("@zoe", forged, release.Assigned{Item: "preview.ready/alerts", Owner: "mia"})
		}, nil},
		"asked for by nobody who may": {func(f *forger) {
			f.open("normal")
			f.put("@zoe", forged, release.Asked{Item: "preview.ready/alerts"})
		}, []string{"event N: @zoe asked for a vote on preview.ready/alerts, and did not hold the role sre"}},
		"one that there is not assigned": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Assigned{Item: "preview.ready/load", Owner: "mia"})
		}, []string{`event N: @ana assigned "preview.ready/load", and the release has no such item`}},
	}.try(t)
}

// Whatever a risk adds to a gate is missed wherever it is left out, moved or dropped, and whenever it asks for less.
func TestWhatTheRiskAdds(t *testing.T) {
	for _, risk := range policy.Risks() {
		for at, g := range checklists(risk) {
			for i, added := range release.AddedBy(risk, g.Key()) {
				full := g.Full(added)
				want := fmt.Sprintf("event N: risk %s asks for %s, and it is not there", risk, full)
				less := func(gates []release.Gate, change func(items []release.Item) []release.Item) []release.Gate {
					gates[at].Items = change(slices.Clone(gates[at].Items))
					return gates
				}
				without := func(items []release.Item) []release.Item {
					return slices.DeleteFunc(items, func(x release.Item) bool { return x.Key == added.Key })
				}
				weak := func(items []release.Item) []release.Item {
					for n := range items {
						items[n].Binds, items[n].Valid = "", 0
					}
					return items
				}
				ledgers := forgeries{
					"left out at the beginning": {func(f *forger) { f.openWith(risk, less(checklists(risk), without)) }, []string{want}},
					"left out when the risk was raised": {func(f *forger) {
						f.openWith("low", less(checklists("low"), without))
						f.put("@ana", forged, release.RiskSet{From: "low", To: risk, Gates: less(checklists(risk), without)})
					}, []string{want}},
					"moved": {func(f *forger) {
						f.open(risk)
						f.put("@ana", forged, release.ItemMoved{Item: full, Gate: checklists(risk)[1].Key()})
					}, []string{fmt.Sprintf("event N: %s was moved to preview.done, and risk %s asks for it where it was", full, risk)}},
					"dropped": {func(f *forger) {
						f.open(risk)
						f.put("@ana", forged, release.ItemDropped{Item: full})
					}, []string{fmt.Sprintf("event N: %s was dropped, and risk %s asks for it there", full, risk)}},
				}
				if added.Binds != "" || added.Valid > 0 {
					ledgers["weakened"] = struct {
						forge func(f *forger)
						want  []string
					}{func(f *forger) {
						f.openWith(risk, less(checklists(risk), func(items []release.Item) []release.Item {
							return append(without(items), weak([]release.Item{added})...)
						}))
					}, []string{fmt.Sprintf("event N: risk %s asks for %s, and what is there asks for less", risk, full)}}
				}
				t.Run(fmt.Sprintf("%s %s %d", risk, full, i), ledgers.try)
			}
		}
	}
}
