package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// review is the item in which a broken glass is reviewed.
var review = release.Item{Key: "review-glass", Role: workflows.ReleaseManager, Origin: release.OfGlass}

// glass is broken by ana at preview.ready over some items.
func glass(open ...string) release.GlassBroken {
	return release.GlassBroken{Item: review, Glass: release.Glass{Gate: "preview.ready", By: "ana", Why: "the site is down", Open: open, Review: "preview.done/review-glass"}}
}

// breaks has ana break the glass and pass the gate.
func (f *forger) breaks(e release.GlassBroken) {
	f.Helper()
	f.put("@ana", forged, e)
	f.put("@ana", forged, release.Passed{Gate: e.Glass.Gate, Commit: "aaaaaaaa", Glass: true})
}

// broken is app@1.0 at normal risk, let into preview without alerts; what else its definition of done asks is there.
func (f *forger) broken() {
	f.Helper()
	f.open("normal")
	f.sign("preview.ready/tests", "ben")
	f.breaks(glass("preview.ready/alerts"))
	f.sign("preview.done/feedback", "mia")
	f.wait(24 * time.Hour)
}

// A gate that does not hold is passed by an owner who breaks the glass for it, and that is reviewed and paid.
func TestGlass(t *testing.T) {
	forgeries{
		"reviewed and paid": {func(f *forger) {
			f.broken()
			f.sign("preview.done/review-glass", "ben")
			f.pass("preview.done")
			f.sign("ga.ready/tests", "ben")
			f.sign("ga.ready/rollback-plan", "ana")
			f.pass("ga.ready")
			f.sign("ga.done/feedback", "ben")
			f.sign("ga.done/validation", "ben")
			f.wait(24 * time.Hour)
			f.sign("preview.ready/alerts", "ben")
			f.pass("ga.done")
		}, nil},
		"never paid": {func(f *forger) {
			f.broken()
			f.sign("preview.done/review-glass", "ben")
			f.pass("preview.done")
			f.sign("ga.ready/tests", "ben")
			f.sign("ga.ready/rollback-plan", "ana")
			f.pass("ga.ready")
			f.sign("ga.done/feedback", "ben")
			f.sign("ga.done/validation", "ben")
			f.wait(24 * time.Hour)
			f.pass("ga.done")
		}, []string{"event N: the gate ga.done was passed, and preview.ready/alerts is owed since the glass was broken (event 4)"}},
		"waived instead": {func(f *forger) {
			f.broken()
			f.sign("preview.done/review-glass", "ben")
			f.pass("preview.done")
			f.sign("ga.ready/tests", "ben")
			f.sign("ga.ready/rollback-plan", "ana")
			f.pass("ga.ready")
			f.sign("ga.done/feedback", "ben")
			f.sign("ga.done/validation", "ben")
			f.waives("preview.ready/alerts", "ana")
			f.wait(23 * time.Hour)
			f.waives("ga.done/soak", "ana")
			f.pass("ga.done")
		}, nil},
		"not reviewed": {func(f *forger) {
			f.broken()
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and review-glass did not hold: no vote on it counts"}},
		"reviewed by who broke it": {func(f *forger) {
			f.broken()
			f.sign("preview.done/review-glass", "ana")
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and review-glass did not hold: no vote on it counts; the vote of @ana (event 7) is of whoever broke the glass"}},
		"reviewed by who broke it, where one is enough": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/tests", "ben")
			f.breaks(glass("preview.ready/alerts"))
			f.sign("preview.done/feedback", "mia")
			f.sign("preview.done/review-glass", "ana")
			f.pass("preview.done")
		}, nil},
		"reviewed as of no matter": {func(f *forger) {
			f.broken()
			f.put("@ben", forged, release.Signed{Vote: vote("ben", "preview.done/review-glass", release.NA)})
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and review-glass did not hold: no vote on it counts; the vote of @ben (event 7) reviews nothing"}},
		"its review waived": {func(f *forger) {
			f.broken()
			w := f.waiver("ana")
			f.put("@ana", forged, release.Waived{Item: "preview.done/review-glass", Waiver: w})
			f.pass("preview.done")
		}, []string{"event 7: the waiver of preview.done/review-glass is of the review of a broken glass, which is never waived",
			"event N: the gate preview.done was passed, and review-glass did not hold: no vote on it counts"}},
		"its review moved": {func(f *forger) {
			f.broken()
			f.put("@ana", forged, release.ItemMoved{Item: "preview.done/review-glass", Gate: "ga.done"})
		}, []string{"event N: preview.done/review-glass was moved to ga.done, and is owed where it was"}},
		"passed as if it were broken": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Glass: true})
		}, []string{"event N: the gate preview.ready was passed by breaking the glass, and none was broken for it just before"}},
		"passed in another act": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, glass("preview.ready/alerts", "preview.ready/tests"))
			h := f.header("@ana", forged)
			h.Ask = "another-ask"
			f.write(h, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Glass: true})
		}, []string{"event N: the gate preview.ready was passed by breaking the glass, and none was broken for it just before"}},
		"passed later": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, glass("preview.ready/alerts", "preview.ready/tests"))
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Glass: true})
		}, []string{"event 4: the glass was broken (event 3), and the gate preview.ready was not passed by that",
			"event N: the gate preview.ready was passed by breaking the glass, and none was broken for it just before"}},
		"broken for another gate": {func(f *forger) {
			f.inPreview()
			f.put("@ana", forged, glass())
			f.put("@ana", forged, release.Passed{Gate: "preview.done", Commit: "aaaaaaaa", Glass: true})
		}, []string{"event N: the gate preview.done was passed by breaking the glass, and none was broken for it just before"}},
		"without a word of an item": {func(f *forger) {
			f.open("normal")
			f.breaks(glass("preview.ready/alerts"))
		}, []string{"event N: the glass was broken at preview.ready without a word of preview.ready/tests, which did not hold: no vote on it counts"}},
		"on votes that were none": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, glass("preview.ready/alerts"))
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Glass: true, Voters: []workflows.PersonID{"ben", "mia"}})
		}, []string{"event N: the gate preview.ready was passed on the votes of @ben, @mia, and those that count are of @ben"}},
		"on hold": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Held{By: "ana", Why: "errors"})
			f.breaks(glass("preview.ready/alerts", "preview.ready/tests"))
		}, []string{"event N: the gate preview.ready was passed while the release was on hold (since event 3)"}},
		"by nobody who may": {func(f *forger) {
			f.open("low")
			e := glass("preview.ready/alerts", "preview.ready/tests")
			e.Glass.By = "ben"
			f.put("@ben", forged, e)
			f.put("@ben", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Glass: true})
		}, []string{"event 3: @ben broke the glass and was no owner"}},
		"in another's name": {func(f *forger) {
			f.open("low")
			e := glass("preview.ready/alerts", "preview.ready/tests")
			e.Glass.By = "ben"
			f.breaks(e)
		}, []string{"event 3: the glass was broken in the name of @ben, and @ana broke it"}},
		"without a reason": {func(f *forger) {
			f.open("low")
			e := glass("preview.ready/alerts", "preview.ready/tests")
			e.Glass.Why = ""
			f.breaks(e)
		}, []string{"event 3: the glass was broken, and nobody said why"}},
		"to be reviewed too late": {func(f *forger) {
			f.open("low")
			e := glass("preview.ready/alerts", "preview.ready/tests")
			e.Glass.Review = "ga.done/review-glass"
			f.breaks(e)
		}, []string{"event 3: the glass was broken at preview.ready, and its review is no new item of the next definition of done"}},
		"to be reviewed by what is there": {func(f *forger) {
			f.open("low")
			e := glass("preview.ready/alerts", "preview.ready/tests")
			e.Item.Key, e.Glass.Review = "feedback", "preview.done/feedback"
			f.breaks(e)
		}, []string{"event 3: the glass was broken at preview.ready, and its review is no new item of the next definition of done"}},
		"to be reviewed by an item of its own": {func(f *forger) {
			f.open("low")
			e := glass("preview.ready/alerts", "preview.ready/tests")
			e.Item.Origin = ""
			f.breaks(e)
		}, []string{"event 3: the glass was broken at preview.ready, and its review is no new item of the next definition of done"}},
		"to be reviewed nowhere": {func(f *forger) {
			f.inGA()
			e := glass("ga.done/feedback", "ga.done/validation")
			e.Glass.Gate, e.Glass.Review = "ga.done", "/review-glass"
			f.breaks(e)
		}, []string{"event 12: the glass was broken at ga.done, and its review is no new item of the next definition of done"}},
		"at the end": {func(f *forger) {
			f.inGA()
			e := glass("ga.done/feedback", "ga.done/validation", "ga.done/review-glass")
			e.Glass.Gate, e.Glass.Review = "ga.done", "ga.done/review-glass"
			f.breaks(e)
		}, []string{"event 12: the glass was broken at ga.done, and its review is no new item of the next definition of done"}},
	}.try(t)
}
