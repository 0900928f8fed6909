package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// A gate that is passed is held to its votes, its people, its soak and its turn.
func TestGates(t *testing.T) {
	forgeries{
		"a vote is missing": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, []string{"app@1.0, event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"its author alone": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "ana")
			f.pass("preview.ready")
		}, []string{"app@1.0, event N: the gate preview.ready was passed, and tests did not hold: only @ana vouched for it, who wrote aaaaaaa"}},
		"its author alone is enough at low risk": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ana")
			f.pass("preview.ready")
		}, nil},
		"one person for the whole gate": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed with the votes of @ben; at risk normal it needs those of 2 different people"}},
		"one person twice at high risk": {func(f *forger) {
			f.open("high")
			f.sign("preview.ready/alerts", "ben", "ben")
			f.sign("preview.ready/tests", "ben", "mia")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: @ben alone vouched for it, and risk high asks for 2 people"}},
		"the candidate moved": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, release.CandidateSet{Candidate: candidateOf("bbbbbbbb")})
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "bbbbbbbb"})
		}, []string{"event N: the gate preview.ready was passed, and tests did not hold: no vote on it counts; the vote of @ben (event 4) vouches for other content than the candidate's"}},
		"the candidate moved and the votes' digest with it": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			c := candidateOf("bbbbbbbb")
			c.Digests[release.ToCommit] = "aaaaaaaa"
			f.put("@ana", forged, release.CandidateSet{Candidate: c})
		}, []string{"event N: the candidate's digest of its commit stood for other content before"}},
		"a vote for another digest": {func(f *forger) {
			f.open("normal")
			v := vote("ben", "preview.ready/tests", release.OK)
			v.Digest = "bbbbbbbb"
			f.put("@ben", forged, release.Signed{Vote: v})
		}, []string{"event N: the vote of @ben on preview.ready/tests names other content than the candidate had"}},
		"while blocked": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.Block)})
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: @mia said block (event 3)"}},
		"with work to do": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.NeedsWork)})
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: @mia said needs-work (event 4)"}},
		"with the votes of one who only sent it back": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.NeedsWork)})
			f.sign("preview.ready/alerts", "ben")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed with the votes of @ben; at risk normal it needs those of 2 different people"}},
		"a vote taken back": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben", "mia")
			f.put("@ana", forged, release.Withdrawn{Item: "preview.ready/alerts", By: "ana"})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and alerts did not hold: no vote on it counts"}},
		"on hold": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, release.Held{By: "ana", Why: "errors"})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed while the release was on hold (since event 5)"}},
		"cancelled": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.put("@ana", forged, release.Cancelled{Why: "no"})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed after the release was cancelled (event 5)"}},
		"before its soak": {func(f *forger) {
			f.inPreview()
			f.sign("preview.done/feedback", "mia")
			f.wait(24*time.Hour - time.Second)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed at 2026-01-06T08:59:59Z, and at risk normal the stage had to stay open until 2026-01-06T09:00:00Z"}},
		"before the soak of another candidate": {func(f *forger) {
			f.inPreview()
			f.sign("preview.done/feedback", "mia")
			f.wait(20 * time.Hour)
			f.put("@ana", forged, release.CandidateSet{Candidate: candidateOf("bbbbbbbb")})
			f.wait(20 * time.Hour)
			f.put("@ana", forged, release.Passed{Gate: "preview.done", Commit: "bbbbbbbb"})
		}, []string{"event N: the gate preview.done was passed at 2026-01-07T01:00:00Z, and at risk normal the stage had to stay open until 2026-01-07T05:00:00Z"}},
		"on hold since a rollback": {func(f *forger) {
			f.inPreview()
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors"})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed while the release was on hold (since event 6)"}},
		"a skipped gate": {func(f *forger) {
			f.inPreview()
			f.sign("ga.ready/tests", "ana", "mia")
			f.sign("ga.ready/rollback-plan", "ana")
			f.pass("ga.ready")
		}, []string{"event N: the gate ga.ready was passed, and preview.done was next"}},
		"a gate that is none": {func(f *forger) {
			f.inGA()
			f.pass("ga.never")
		}, []string{`event N: the gate "ga.never" was passed, and the release has none of that name`}},
		"more gates than there are": {func(f *forger) {
			f.inGA()
			f.sign("ga.done/feedback", "mia")
			f.sign("ga.done/validation", "mia")
			f.wait(24 * time.Hour)
			f.pass("ga.done")
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and all were passed before"}},
		"checks that were asked for": {func(f *forger) {
			f.checked("aaaaaaaa", workflows.CheckPassed)
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Seen: []string{"preview.ready/tests"}})
		}, nil},
		"checks that had failed by then": {func(f *forger) {
			f.checked("aaaaaaaa", workflows.CheckFailed)
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Seen: []string{"preview.ready/tests"}})
		}, []string{"event N: the gate preview.ready was passed having asked the machines for preview.ready/tests, and the checks were last found failed of aaaaaaa"}},
		"checks of another commit": {func(f *forger) {
			f.checked("bbbbbbbb", workflows.CheckPassed)
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Seen: []string{"preview.ready/tests"}})
		}, []string{"event N: the gate preview.ready was passed having asked the machines for preview.ready/tests, and the checks were last found passed of bbbbbbb"}},
		"no machine's matter": {func(f *forger) {
			f.checked("aaaaaaaa", workflows.CheckPassed)
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Seen: []string{"preview.ready/alerts"}})
		}, []string{"event N: the gate preview.ready was passed having asked the machines for preview.ready/alerts, of which they say nothing"}},
		"another commit": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ana")
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "cccccccc"})
		}, []string{"event N: the gate preview.ready was passed with ccccccc, and the candidate was aaaaaaa"}},
		"voters who did not vote": {func(f *forger) {
			f.open("low")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ana")
			f.put("@ana", forged, release.Passed{Gate: "preview.ready", Commit: "aaaaaaaa", Voters: []workflows.PersonID{"ana", "mia"}})
		}, []string{"event N: the gate preview.ready was passed on the votes of @ana, @mia, and those that count are of @ana"}},
	}.try(t)
}
