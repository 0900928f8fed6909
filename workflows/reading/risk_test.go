package reading_test

import (
	"slices"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// weighs sets another risk, as the desk would.
func (f *forger) weighs(by string, from, to policy.Risk, why string) {
	f.Helper()
	f.put(by, forged, release.RiskSet{From: from, To: to, Why: why, Gates: checklists(to)})
}

// with is the checklists of a risk with one gate's items changed.
func with(risk policy.Risk, gate int, change func([]release.Item) []release.Item) []release.Gate {
	gates := checklists(risk)
	gates[gate].Items = change(slices.Clone(gates[gate].Items))
	return gates
}

func plus(i release.Item) func([]release.Item) []release.Item {
	return func(items []release.Item) []release.Item { return append(items, i) }
}

func other(change func(*release.Item)) func([]release.Item) []release.Item {
	return func(items []release.Item) []release.Item {
		change(&items[0])
		return items
	}
}

// A release is treated with more care or less by whoever may say so, and its gates follow.
func TestRisk(t *testing.T) {
	raisedIn := func(f *forger) (passed []release.Gate) {
		f.inGA()
		passed = checklists("normal")
		f.put("@ana", forged, release.RiskSet{From: "normal", To: "high", Gates: append(passed[:3:3], checklists("high")[3:]...)})
		return passed
	}
	forgeries{
		"rolled back after more care was asked for": {func(f *forger) {
			passed := raisedIn(f)
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors", Passed: 1, Gates: append(passed[:1:1], checklists("high")[1:]...)})
		}, nil},
		"rolled back as if it were not": {func(f *forger) {
			raisedIn(f)
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors", Passed: 1})
		}, []string{"event N: risk high asks for ga.ready/risk-assessment, and it is not there",
			"event N: risk high asks for ga.ready/rollback-rehearsal, and it is not there",
			"event N: risk high asks for ga.ready/compliance, and it is not there"}},
		"rolled back, and what was behind it is another": {func(f *forger) {
			raisedIn(f)
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors", Passed: 1, Gates: checklists("high")[1:]})
		}, []string{"event N: it changes the gate preview.ready, which was passed"}},
		"raised, and what that adds is signed": {func(f *forger) {
			f.open("low")
			f.weighs("@ana", "low", "normal", "")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"raised, and one person is no longer enough": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "ben")
			f.weighs("@ana", "low", "normal", "")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed with the votes of @ben; at risk normal it needs those of 2 different people"}},
		"raised by what a candidate touches": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, release.CandidateSet{Candidate: candidateOf("bbbbbbbb")})
			f.put("@ben", forged, release.RiskSet{From: "normal", To: "high", Why: "raised by db/migrations/1.sql", Rule: "**/migrations/** → high", Gates: checklists("high")})
		}, nil},
		"raised by what is planned": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, release.ScopeAdded{Entries: []release.Entry{{N: 1, URL: "#1", Labels: []string{"security"}, By: "ben"}}})
			f.put("@ben", forged, release.RiskSet{From: "normal", To: "high", Why: "raised by label security", Rule: "security → high", Gates: checklists("high")})
		}, nil},
		"raised by no rule, with a candidate": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, release.CandidateSet{Candidate: candidateOf("bbbbbbbb")})
			f.weighs("@ben", "normal", "high", "it moves money")
		}, []string{"event N: @ben set the risk to high and was no release manager of it"}},
		"raised by a machine": {func(f *forger) {
			f.open("normal")
			f.weighs("labels", "normal", "high", "label security")
		}, nil},
		"raised by nobody who may": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			h := f.header("@ben", forged)
			h.Ask = "another-ask"
			f.write(h, release.RiskSet{From: "normal", To: "high", Gates: checklists("high")})
		}, []string{"event N: @ben set the risk to high and was no release manager of it"}},
		"lowered by a release manager": {func(f *forger) {
			f.open("normal")
			f.weighs("@ben", "normal", "low", "it is a typo")
			f.sign("preview.ready/alerts", "mia")
			f.sign("preview.ready/tests", "mia")
			f.pass("preview.ready")
		}, nil},
		"lowered in the act of a candidate": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, release.CandidateSet{Candidate: candidateOf("bbbbbbbb")})
			f.weighs("@ben", "normal", "low", "it is a typo")
		}, []string{"event N: @ben set the risk to low and was no release manager of it"}},
		"lowered by a machine": {func(f *forger) {
			f.open("normal")
			f.weighs("labels", "normal", "low", "label trivial")
		}, []string{"event N: labels set the risk to low and was no release manager of it"}},
		"lowered without a reason": {func(f *forger) {
			f.open("normal")
			f.weighs("@ana", "normal", "low", "")
		}, []string{"event N: the risk was lowered from normal to low, and nobody said why"}},
		"lowered from what it was not": {func(f *forger) {
			f.open("normal")
			f.weighs("@ana", "high", "normal", "")
		}, []string{"event N: the risk was set from high, and it was normal"}},
		"set to what nobody knows": {func(f *forger) {
			f.open("low")
			f.put("@ana", forged, release.RiskSet{From: "low", To: "none", Why: "x", Gates: checklists("low")})
		}, []string{`event N: nobody here knows the risk "none"`}},
		"with an item of the template less": {func(f *forger) {
			f.open("low")
			f.put("@ana", forged, release.RiskSet{From: "low", To: "normal", Gates: with("normal", 1, func(items []release.Item) []release.Item { return items[1:] })})
		}, []string{"event N: it takes preview.done/feedback away, or makes another item of it"}},
		"with another item for one of the template": {func(f *forger) {
			f.open("low")
			f.put("@ana", forged, release.RiskSet{From: "low", To: "normal", Gates: with("normal", 1, other(func(i *release.Item) { i.Role = workflows.Engineering }))})
		}, []string{"event N: it takes preview.done/feedback away, or makes another item of it", "event N: it brings preview.done/feedback, which does not follow from it"}},
		"with an item that it does not ask for": {func(f *forger) {
			f.open("low")
			item := load
			item.Origin = release.OfRisk
			f.put("@ana", forged, release.RiskSet{From: "low", To: "normal", Gates: with("normal", 1, plus(item))})
		}, []string{"event N: it brings preview.done/load, which does not follow from it"}},
		"with a gate that was passed": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, release.RiskSet{From: "normal", To: "high", Gates: with("high", 0, func(items []release.Item) []release.Item { return items[1:] })})
		}, []string{"event N: it changes the gate preview.ready, which was passed"}},
		"without the gates that were passed": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, release.Adopted{Template: "other", Gates: nil})
		}, []string{"event N: it changes the gate preview.ready, which was passed"}},
	}.try(t)
}

// Another template changes what the template asks for, in the gates that are still to be passed, and nothing that people
// brought.
func TestAdoption(t *testing.T) {
	adopt := func(gates []release.Gate) release.Adopted { return release.Adopted{Template: "other", Gates: gates} }
	forgeries{
		"one more": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, adopt(with("normal", 0, plus(release.Item{Key: "docs", Role: workflows.Docs}))))
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.sign("preview.ready/docs", "ben")
			f.pass("preview.ready")
		}, nil},
		"one more that nobody signed": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, adopt(with("normal", 0, plus(release.Item{Key: "docs", Role: workflows.Docs}))))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and docs did not hold: no vote on it counts"}},
		"another item of the same name": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, adopt(with("normal", 0, other(func(i *release.Item) { i.Text = "at night, too" }))))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"another item in the place of one that was waived": {func(f *forger) {
			f.open("normal")
			f.waives("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.put("@ana", forged, adopt(with("normal", 0, other(func(i *release.Item) { i.Text = "at night, too" }))))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"another item of the same name, by a detour": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, adopt(with("normal", 0, func(items []release.Item) []release.Item { return items[1:] })))
			f.put("@ana", forged, adopt(with("normal", 0, other(func(i *release.Item) { i.Text = "at night, too" }))))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts; the vote of @ana (event 3) is on what the item asked for before"}},
		"by nobody who may": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("normal")
			f.put("@ben", forged, adopt(checklists("normal")))
		}, []string{"event N: @ben adopted the template other and was no release manager of it"}},
		"without what somebody brought": {func(f *forger) {
			f.open("normal")
			f.adds("ben")
			f.put("@ana", forged, adopt(checklists("normal")))
		}, []string{"event N: it takes preview.ready/load away, or makes another item of it"}},
		"with what nobody brought": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, adopt(with("normal", 0, plus(load))))
		}, []string{"event N: it brings preview.ready/load, which does not follow from it"}},
		"with a gate that was passed": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, adopt(with("normal", 0, plus(release.Item{Key: "docs"}))))
		}, []string{"event N: it changes the gate preview.ready, which was passed"}},
		"without what the risk adds": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, adopt(with("normal", 2, func(items []release.Item) []release.Item { return items[:1] })))
		}, []string{"event N: risk normal asks for ga.ready/rollback-plan, and it is not there"}},
	}.try(t)
}

// At high risk every item of a gate that opens has two people and its evidence, and a release manager passes it.
func TestHighRisk(t *testing.T) {
	shown := func(f *forger, by, item string, v release.Value, link string) {
		w := vote(by, item, v)
		w.Evidence = link
		f.put("@"+by, forged, release.Signed{Vote: w})
	}
	inGA := func(f *forger, evidence string) {
		f.open("high")
		f.sign("preview.ready/alerts", "ana", "ben")
		f.sign("preview.ready/tests", "ben", "mia")
		f.pass("preview.ready")
		f.sign("preview.done/feedback", "mia")
		f.wait(7 * 24 * time.Hour)
		f.pass("preview.done")
		f.sign("ga.ready/tests", "ben", "mia")
		for _, item := range []string{"rollback-plan", "risk-assessment"} {
			shown(f, "ana", "ga.ready/"+item, release.OK, "https://example.org")
			f.sign("ga.ready/"+item, "ben")
		}
		for _, by := range []string{"ana", "ben"} {
			w := vote(by, "ga.ready/rollback-rehearsal", release.OK)
			w.Evidence, w.Expires = "https://example.org", f.now.AddDate(0, 0, 30)
			f.put("@"+by, forged, release.Signed{Vote: w})
		}
		shown(f, "ana", "ga.ready/compliance", release.OK, evidence)
		shown(f, "ben", "ga.ready/compliance", release.NA, "")
	}
	forgeries{
		"all of it": {func(f *forger) {
			inGA(f, "https://example.org")
			f.pass("ga.ready")
		}, nil},
		"without evidence": {func(f *forger) {
			inGA(f, "")
			f.pass("ga.ready")
		}, []string{"event N: the gate ga.ready was passed, and compliance did not hold: no vote has the report URL, and risk high asks for it"}},
		"without evidence of what does not apply": {func(f *forger) {
			inGA(f, "")
			shown(f, "ana", "ga.ready/compliance", release.NA, "")
			f.pass("ga.ready")
		}, nil},
		"after the rehearsal grew old": {func(f *forger) {
			inGA(f, "https://example.org")
			f.wait(30 * 24 * time.Hour)
			f.pass("ga.ready")
		}, []string{"event N: the gate ga.ready was passed, and rollback-rehearsal did not hold: no vote on it counts; the vote of @ana"}},
		"with a rehearsal that never grows old": {func(f *forger) {
			f.open("high")
			f.sign("ga.ready/rollback-rehearsal", "ana")
		}, []string{"event N: the vote of @ana on ga.ready/rollback-rehearsal lasts longer than the 30 days that it may"}},
		"with a rehearsal that grows old late": {func(f *forger) {
			f.open("high")
			w := vote("ana", "ga.ready/rollback-rehearsal", release.OK)
			w.Expires = f.now.AddDate(0, 0, 31)
			f.put("@ana", forged, release.Signed{Vote: w})
		}, []string{"event N: the vote of @ana on ga.ready/rollback-rehearsal lasts longer than the 30 days that it may"}},
		"passed by engineering": {func(f *forger) {
			f.policy("p2", managersAnd("ana"))
			f.open("high")
			f.sign("preview.ready/alerts", "ana", "ben")
			f.sign("preview.ready/tests", "ben", "mia")
			f.put("@ben", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa"})
		}, []string{"event N: @ben passed the gate preview.ready and had no role that may"}},
		"passed before its week": {func(f *forger) {
			f.open("high")
			f.sign("preview.ready/alerts", "ana", "ben")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(6 * 24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed at 2026-01-11T09:00:00Z, and at risk high the stage had to stay open until 2026-01-12T09:00:00Z"}},
	}.try(t)
}

// A release is its manager's, until it is given to another.
func TestManager(t *testing.T) {
	roles := managersAnd("leo")
	forgeries{
		"answers for the release": {func(f *forger) {
			f.policy("p2", roles)
			f.openWith("low", with("low", 0, plus(release.Item{Key: "lessons", Role: workflows.ReleaseManager})))
			f.sign("preview.ready/lessons", "ana")
		}, nil},
		"who holds no role does not": {func(f *forger) {
			f.policy("p2", map[workflows.Role]ledger.Holders{workflows.EveryRole: {People: []workflows.PersonID{"ben"}}})
			f.openWith("low", with("low", 0, plus(release.Item{Key: "lessons", Role: workflows.ReleaseManager})))
			f.sign("preview.ready/lessons", "ana")
		}, []string{"event N: @ana voted on preview.ready/lessons and did not hold the role release-manager"}},
		"who was it before does not": {func(f *forger) {
			f.policy("p2", roles)
			f.openWith("low", with("low", 0, plus(release.Item{Key: "lessons", Role: workflows.ReleaseManager})))
			f.sign("preview.ready/lessons", "ana")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ana")
			f.put("@ana", forged, release.Changed{Manager: "ben"})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and lessons did not hold: no vote on it counts; the vote of @ana (event 4) is of one who did not hold the role release-manager"}},
		"is the same after another change": {func(f *forger) {
			f.policy("p2", roles)
			f.open("low")
			title := "Shop"
			f.put("@ana", forged, release.Changed{Title: &title})
			f.put("@ana", forged, release.Changed{Manager: "ben"})
		}, nil},
		"made by nobody who may": {func(f *forger) {
			f.policy("p2", roles)
			f.open("low")
			f.put("@ben", forged, release.Changed{Manager: "ben"})
		}, []string{"event N: @ben changed it and was no release manager of it"}},
		"of nobody": {func(f *forger) {
			f.open("low")
			f.put("@ana", forged, release.Changed{Manager: "zoe"})
		}, []string{"event N: the release was given to @zoe, who held no role"}},
		"cancelled by nobody who may": {func(f *forger) {
			f.policy("p2", roles)
			f.open("low")
			f.put("@ben", forged, release.Cancelled{Why: "no"})
		}, []string{"event N: @ben cancelled it and was no release manager of it"}},
		"a vote for somebody who holds the role": {func(f *forger) {
			f.open("low")
			f.leaves("ben", "zoe")
			w := vote("zoe", "preview.ready/alerts", release.OK)
			w.For = "ben"
			f.put("@zoe", forged, release.Signed{Vote: w})
			f.sign("preview.ready/tests", "ana")
			f.pass("preview.ready")
		}, nil},
		"a vote for somebody who does not": {func(f *forger) {
			f.open("low")
			f.leaves("zoe", "ben")
			w := vote("ben", "preview.ready/alerts", release.OK)
			w.For = "zoe"
			f.put("@ben", forged, release.Signed{Vote: w})
		}, []string{"event N: @ben voted on preview.ready/alerts for @zoe, who did not hold the role sre"}},
		"a vote for somebody who does not any more": {func(f *forger) {
			f.open("low")
			f.leaves("ben", "mia")
			w := vote("mia", "preview.ready/alerts", release.OK)
			w.For = "ben"
			f.put("@mia", forged, release.Signed{Vote: w})
			f.sign("preview.ready/tests", "ana")
			f.policy("p2", everyRole("ana", "mia"))
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts; the vote of @mia (event 4) is of one who did not hold the role sre"}},
		"a vote for oneself": {func(f *forger) {
			f.open("low")
			w := vote("ben", "preview.ready/alerts", release.OK)
			w.For = "ben"
			f.put("@ben", forged, release.Signed{Vote: w})
		}, []string{"event N: @ben voted on preview.ready/alerts for @ben and was not their deputy"}},
	}.try(t)
}
