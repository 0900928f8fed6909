package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

// managersAnd gives release-manager to some and all other roles of PROCESS to ana, ben and mia.
func managersAnd(managers ...workflows.PersonID) map[workflows.Role]ledger.Holders {
	roles := map[workflows.Role]ledger.Holders{}
	for _, r := range workflows.Roles() {
		roles[r] = ledger.Holders{People: []workflows.PersonID{"ana", "ben", "mia"}}
	}
	roles[workflows.ReleaseManager] = ledger.Holders{People: managers}
	return roles
}

// waiver is one of two days, given by some release managers; ana manages the release.
func (f *forger) waiver(by ...workflows.PersonID) release.Waiver {
	w := release.Waiver{Owner: "ben", Until: monday.Add(48 * time.Hour), Why: "it can wait"}
	for i, id := range by {
		w.Given = append(w.Given, release.Given{By: id, Manager: id == "ana", At: f.now.Add(time.Duration(i))})
	}
	return w
}

// waives has the last of them give it.
func (f *forger) waives(item string, by ...workflows.PersonID) {
	f.Helper()
	f.put("@"+string(by[len(by)-1]), forged, release.Waived{Item: item, Waiver: f.waiver(by...)})
}

// A waiver lets an item wait while it lasts and enough release managers stand behind it; what it let through is owed.
func TestWaivers(t *testing.T) {
	forgeries{
		"one at normal risk": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.put("clock", forged, release.Soaked{})
			f.sign("preview.done/feedback", "mia")
			f.wait(47 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"one that sends nobody's work back": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.NeedsWork)})
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, nil},
		"over a block": {func(f *forger) {
			f.open("normal")
			f.put("@ben", forged, release.Signed{Vote: vote("ben", "preview.ready/alerts", release.NeedsWork)})
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.Block)})
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: @mia said block (event 4)"}},
		"one for all voters": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed with the votes of @ben; at risk normal it needs those of 2 different people"}},
		"one at high risk": {func(f *forger) {
			f.open("high")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"two at high risk": {func(f *forger) {
			f.open("high")
			f.waives("preview.ready/alerts", "ana")
			f.waives("preview.ready/alerts", "ana", "mia")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, nil},
		"two that agreed to another day": {func(f *forger) {
			f.open("high")
			w := f.waiver("ana")
			w.Until = w.Until.Add(time.Hour)
			f.put("@ana", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
			f.waives("preview.ready/alerts", "ana", "mia")
		}, []string{"event N: the waiver of preview.ready/alerts names the agreement of others, which they gave to no such waiver"}},
		"two, the first of whom was never asked": {func(f *forger) {
			f.open("high")
			f.waives("preview.ready/alerts", "ben", "ana")
		}, []string{"event N: the waiver of preview.ready/alerts names the agreement of others, which they gave to no such waiver"}},
		"two by one person": {func(f *forger) {
			f.open("high")
			f.waives("preview.ready/alerts", "ana")
			f.waives("preview.ready/alerts", "ana", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"by nobody who may": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.waives("preview.ready/alerts", "mia")
		}, []string{"event N: @mia waived preview.ready/alerts and was no release manager of it"}},
		"in another's name": {func(f *forger) {
			f.open("normal")
			f.put("@ben", forged, release.Waived{Item: "preview.ready/alerts", Waiver: f.waiver("ana")})
		}, []string{"event N: the waiver of preview.ready/alerts is in the name of @ana, and @ben gave it"}},
		"as the manager that another one is": {func(f *forger) {
			f.open("normal")
			w := f.waiver("ben")
			w.Given[0].Manager = true
			f.put("@ben", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
		}, []string{"event N: the waiver of preview.ready/alerts says that @ben managed the release"}},
		"without a reason": {func(f *forger) {
			f.open("normal")
			w := f.waiver("ana")
			w.Why = ""
			f.put("@ana", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
		}, []string{"event N: the waiver of preview.ready/alerts does not say why, and who owes it"}},
		"without an end to come": {func(f *forger) {
			f.open("normal")
			f.wait(48 * time.Hour)
			f.waives("preview.ready/alerts", "ana")
		}, []string{"event N: the waiver of preview.ready/alerts was over before it was given"}},
		"without anybody who owes it": {func(f *forger) {
			f.open("normal")
			w := f.waiver("ana")
			w.Owner = ""
			f.put("@ana", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
		}, []string{"event N: the waiver of preview.ready/alerts does not say why, and who owes it"}},
		"of a soak that there is not": {func(f *forger) {
			f.open("normal")
			f.waives("beta.done/soak", "ana")
		}, []string{"event N: the waiver of beta.done/soak is of no item that the release has"}},
		"said to be over by somebody": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.wait(48 * time.Hour)
			f.put("@ben", forged, release.WaiverEnded{Item: "preview.ready/alerts"})
		}, []string{"event N: @ben says that the waiver of preview.ready/alerts ran out"}},
		"by nobody": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Waived{Item: "preview.ready/alerts", Waiver: f.waiver()})
		}, []string{"event N: the waiver of preview.ready/alerts was given by nobody"}},
		"of nothing": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/soak", "ana")
		}, []string{"event N: the waiver of preview.ready/soak is of no item that the release has"}},
		"by a release manager who is none any more": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "ben", "mia")
			f.policy("p2", managersAnd("ana"))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"by the deputy of one who is back since": {func(f *forger) {
			f.policy("p2", managersAnd("ana", "mia"))
			f.open("normal")
			f.leaves("mia", "ben")
			w := f.waiver("ben")
			w.Given[0].For = "mia"
			f.put("@ben", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
			f.wait(2 * time.Hour)
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, nil},
		"by the deputy of one who is no release manager any more": {func(f *forger) {
			f.policy("p2", managersAnd("ana", "mia"))
			f.open("normal")
			f.leaves("mia", "ben")
			w := f.waiver("ben")
			w.Given[0].For = "mia"
			f.put("@ben", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
			f.sign("preview.ready/tests", "ben", "mia")
			f.policy("p3", managersAnd("ana"))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"for somebody whose deputy they are not": {func(f *forger) {
			f.open("normal")
			w := f.waiver("ben")
			w.Given[0].For = "mia"
			f.put("@ben", forged, release.Waived{Item: "preview.ready/alerts", Waiver: w})
		}, []string{"event N: the waiver of preview.ready/alerts says that @ben was the deputy of @mia"}},
		"by whoever managed it then": {func(f *forger) {
			f.policy("p2", managersAnd("ben"))
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.put("@ana", forged, release.Changed{Manager: "ben"})
			f.pass("preview.ready")
		}, nil},
		"by whoever managed it and left the team": {func(f *forger) {
			f.policy("p2", managersAnd("ben"))
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.put("@ana", forged, release.Changed{Manager: "ben"})
			f.policy("p3", everyRole("ben", "mia"))
			f.put("@ben", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa"})
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"that ran out": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.wait(48 * time.Hour)
			f.put("clock", forged, release.WaiverEnded{Item: "preview.ready/alerts"})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"that ran out behind it": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(48 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and the waiver of preview.ready/alerts no longer held"}},
		"that ran out after it was paid": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.sign("preview.ready/alerts", "ben")
			f.wait(48 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"said to be over before it was": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.put("clock", forged, release.WaiverEnded{Item: "preview.ready/alerts"})
		}, []string{"event N: clock says that the waiver of preview.ready/alerts ran out, which lasts until 2026-01-07T09:00:00Z"}},
		"said to be over, and there was none": {func(f *forger) {
			f.open("normal")
			f.put("clock", forged, release.WaiverEnded{Item: "preview.ready/alerts"})
		}, []string{`event N: a waiver of "preview.ready/alerts" ran out, and there was none`}},
		"of the soak": {func(f *forger) {
			f.inPreview()
			f.waives("preview.done/soak", "ana")
			f.sign("preview.done/feedback", "mia")
			f.pass("preview.done")
		}, nil},
		"of the soak by one at high risk": {func(f *forger) {
			f.open("high")
			f.sign("preview.ready/alerts", "ana", "ben")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.waives("preview.done/soak", "ana")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed at 2026-01-06T09:00:00Z, and at risk high the stage had to stay open until 2026-01-12T09:00:00Z"}},
	}.try(t)
}
