package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// plan is mia's for alerts, due in preview.done.
func plan() release.Planned {
	return release.Planned{Item: "preview.ready/alerts", Gate: "preview.done",
		Plan: release.Planning{Owner: "ben", Due: monday.Add(48 * time.Hour), What: "the pager", Line: "preview.done/alerts-plan"},
		Line: release.Item{Key: "alerts-plan", Text: "the pager", Role: workflows.SRE, Origin: release.OfPlan}}
}

// plans has mia vote so, and plan.
func (f *forger) plans(e release.Planned) {
	f.Helper()
	f.put("@mia", forged, release.Signed{Vote: vote("mia", e.Item, release.ByPlan)})
	f.put("@mia", forged, e)
}

// What is put off counts as long as a later definition of done looks at it again.
func TestPlans(t *testing.T) {
	forgeries{
		"done later": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.sign("preview.done/alerts-plan", "ben")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"never done": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and alerts-plan did not hold: no vote on it counts"}},
		"done at once": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.sign("preview.ready/alerts", "mia")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"two people behind two plans": {func(f *forger) {
			f.open("high")
			f.put("@ben", forged, release.Signed{Vote: vote("ben", "preview.ready/alerts", release.ByPlan)})
			f.put("@ben", forged, plan())
			other := plan()
			other.Plan.What = "the other pager"
			f.plans(other)
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: @mia alone vouched for it, and risk high asks for 2 people"}},
		"done by another, and still planned": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and alerts-plan did not hold: no vote on it counts"}},
		"taken back": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.put("@mia", forged, release.Withdrawn{Item: "preview.ready/alerts", By: "mia"})
			f.sign("preview.ready/tests", "ben", "mia")
			f.waives("preview.ready/alerts", "ana")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"a vote without a plan": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.ByPlan)})
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts; the vote of @mia (event 3) puts it off, and no gate looks at it again"}},
		"a plan without a vote": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, plan())
		}, []string{"event N: the plan for preview.ready/alerts is by @mia, who did not vote so"}},
		"a plan without a date": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Plan.Due = time.Time{}
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts does not say who does what until when"}},
		"a plan for what was to open it": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Gate, e.Plan.Line = "ga.ready", "ga.ready/alerts-plan"
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts returns in ga.ready, which is no later definition of done"}},
		"a plan that returns behind it": {func(f *forger) {
			f.inGA()
			f.plans(plan())
		}, []string{"event N: the plan for preview.ready/alerts returns in preview.done, which is no later definition of done"}},
		"a plan that returns as another's business": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Line.Role = workflows.Docs
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts returns as something else"}},
		"a plan in the place of another item": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Plan.Line, e.Line.Key = "preview.done/feedback", "feedback"
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts returns in the place of preview.done/feedback"}},
		"a plan for nothing": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Item = "preview.ready/other"
			f.put("@mia", forged, e)
		}, []string{"event N: the plan for preview.ready/other is of no item that the release has"}},
		"a plan for a review": {func(f *forger) {
			f.open("normal")
			f.breaks(glass("preview.ready/alerts", "preview.ready/tests"))
			e := plan()
			e.Item, e.Gate, e.Plan.Line = "preview.done/review-glass", "ga.done", "ga.done/alerts-plan"
			e.Line.Role = workflows.ReleaseManager
			f.plans(e)
		}, []string{"event N: the plan for preview.done/review-glass is of the review of a broken glass, which is never put off"}},
		"changed": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.sign("preview.done/alerts-plan", "ben")
			e := plan()
			e.Line.Text, e.Plan.What = "two pagers", "two pagers"
			f.plans(e)
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.sign("preview.done/alerts-plan", "ben")
			f.put("@mia", forged, release.Withdrawn{Item: "preview.ready/alerts", By: "mia"})
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"taken back, and made again without its waiver": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.waives("preview.done/alerts-plan", "ana")
			f.put("@mia", forged, release.Withdrawn{Item: "preview.ready/alerts", By: "mia"})
			f.plans(plan())
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and alerts-plan did not hold: no vote on it counts"}},
		"moved with its item, and taken back": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.put("@ana", forged, release.ItemMoved{Item: "preview.ready/alerts", Gate: "ga.ready"})
			f.put("@mia", forged, release.Withdrawn{Item: "ga.ready/alerts", By: "mia"})
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
			f.sign("preview.done/feedback", "mia")
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, nil},
		"a plan by nobody": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Plan.Owner = ""
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts does not say who does what until when"}},
		"a plan for nothing to be done": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Plan.What = ""
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts does not say who does what until when"}},
		"a plan that returns where it is": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Item, e.Line.Role = "preview.done/feedback", workflows.ProductRole
			f.plans(e)
		}, []string{"event N: the plan for preview.done/feedback returns in preview.done, which is no later definition of done"}},
		"a plan that returns under another name": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Plan.Line = "preview.done/pager"
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts returns as something else"}},
		"a plan that returns as if the template asked": {func(f *forger) {
			f.open("normal")
			e := plan()
			e.Line.Origin = ""
			f.plans(e)
		}, []string{"event N: the plan for preview.ready/alerts returns as something else"}},
		"its line moved": {func(f *forger) {
			f.open("normal")
			f.plans(plan())
			f.put("@ana", forged, release.ItemMoved{Item: "preview.done/alerts-plan", Gate: "ga.done"})
		}, []string{"event N: preview.done/alerts-plan was moved to ga.done, and is owed where it was"}},
	}.try(t)
}
