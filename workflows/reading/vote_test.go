package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// A vote is cast in one's own name on an item that there is, and vouches for what the candidate was.
func TestVotes(t *testing.T) {
	forgeries{
		"a machine's vote that ran out": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana", "ben")
			v := vote("", "preview.ready/tests", release.OK)
			v.Machine, v.Expires = release.CI, f.now.Add(time.Hour)
			f.put("ci", forged, release.Signed{Vote: v})
			f.wait(time.Hour)
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and tests did not hold: no vote on it counts; the vote of ci (event 5) ran out at 2026-01-05T10:00:00Z"}},
		"a machine's vote by hand": {func(f *forger) {
			f.open("normal")
			v := vote("", "preview.ready/tests", release.OK)
			v.Machine = release.CI
			f.put("@ana", forged, release.Signed{Vote: v})
		}, []string{"event N: the vote on preview.ready/tests is in the name of ci, and @ana cast it"}},
		"a vote in another's name": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Signed{Vote: vote("ben", "preview.ready/alerts", release.OK)})
		}, []string{"event N: the vote on preview.ready/alerts is in the name of @ben, and @ana cast it"}},
		"a vote on nothing": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/other", "ana")
		}, []string{`event N: @ana voted on "preview.ready/other", and the release has no such item`}},
		"a machine's vote": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana", "ben")
			v := vote("", "preview.ready/tests", release.OK)
			v.Machine = release.CI
			f.put("ci", forged, release.Signed{Vote: v})
			f.pass("preview.ready")
		}, nil},
		"a machine's objection on the word of a person": {func(f *forger) {
			f.inPreview()
			f.sign("preview.done/feedback", "ana")
			v := vote("mia", "preview.done/feedback", release.Block)
			v.Machine = release.CI
			f.put("ci", forged, release.Signed{Vote: v})
			f.wait(24 * time.Hour)
			f.pass("preview.done")
		}, []string{"event N: the gate preview.done was passed, and feedback did not hold: ci on the word of @mia said block (event 7)"}},
		"a source that takes its votes back": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana", "ben")
			v := vote("mia", "preview.ready/tests", release.OK)
			v.Machine = release.CI
			f.put("ci", forged, release.Signed{Vote: v})
			f.put("ci", forged, release.Withdrawn{Item: "preview.ready/tests", From: release.CI})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and tests did not hold: no vote on it counts"}},
		"checks that had not passed": {func(f *forger) {
			f.open("normal")
			v := vote("", "preview.ready/tests", release.OK)
			v.Machine, v.Commit = release.CI, "aaaaaaaa"
			f.put("github", forged, release.Checked{Checks: release.Checks{Commit: "aaaaaaaa", State: workflows.CheckPassed, Name: "build"}})
			f.put("github", forged, release.Signed{Vote: v})
			f.put("github", forged, release.Checked{Checks: release.Checks{Commit: "aaaaaaaa", State: workflows.CheckRunning, Name: "build"}})
			f.put("github", forged, release.Signed{Vote: v})
		}, []string{"event N: checks vouch for preview.ready/tests of aaaaaaa, and were last found running"}},
		"checks by hand": {func(f *forger) {
			f.open("normal")
			f.put("@ana", forged, release.Checked{Checks: release.Checks{Commit: "aaaaaaaa", State: workflows.CheckPassed, Name: "build"}})
		}, []string{"event N: @ana looked at the checks, which machines do"}},
		"work that was done": {func(f *forger) {
			f.open("normal")
			f.put("@mia", forged, release.Signed{Vote: vote("mia", "preview.ready/alerts", release.NeedsWork)})
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			f.pass("preview.ready")
		}, nil},
		"for a candidate that there is not": {func(f *forger) {
			f.put("@ana", forged, release.Opened{ID: "app@1.0", Risk: "low", Manager: "ana", Gates: []release.Gate{ready}})
			f.sign("ga.ready/tests", "ana")
		}, []string{"event N: @ana vouched for a candidate with ga.ready/tests, and there was none"}},
		"the same content by another name": {func(f *forger) {
			f.open("normal")
			c := candidateOf("aaaaaaaa")
			c.Digests[release.ToTree] = "another"
			f.put("@ana", forged, release.CandidateSet{Candidate: c})
		}, []string{"event N: the candidate's tree had another digest before, with the same content"}},
		"the same commit, built again": {func(f *forger) {
			f.open("normal")
			f.sign("preview.ready/alerts", "ana")
			f.sign("preview.ready/tests", "ben")
			c := candidateOf("aaaaaaaa")
			c.Builds, c.Digests[release.ToCommit] = map[string]string{"web": "sha256:1f"}, "built"
			f.put("@ana", forged, release.CandidateSet{Candidate: c})
			f.pass("preview.ready")
		}, []string{"event N: the gate preview.ready was passed, and tests did not hold: no vote on it counts; the vote of @ben (event 4) vouches for other content than the candidate's"}},
		"a feature that moved": {func(f *forger) { f.feature("2") },
			[]string{"app@search, event N: the gate ga.ready was passed, and tests did not hold: no vote on it counts"}},
		"a feature beside which others moved": {func(f *forger) { f.feature("1") }, nil},
	}.try(t)
}

var ready = release.Gate{Stage: workflows.GA, Half: release.Ready,
	Items: []release.Item{{Key: "tests", Role: workflows.Engineering, Binds: release.ToCommit}}}

// feature passes the gate of a feature whose paths hold what they are given, after a vote on a commit where they held "1".
func (f *forger) feature(under string) {
	const stream = workflows.Stream("release/app@search")
	candidate := func(commit, under string) release.Candidate {
		c := candidateOf(commit)
		c.Commit.Under = map[string]string{"search": under}
		c.Digests = map[release.Binding]string{release.ToCommit: under, release.ToTree: under}
		return c
	}
	first := candidate("aaaaaaaa", "1")
	f.put("@ana", stream, release.Opened{ID: "app@search", Risk: "low", Manager: "ana", Paths: []string{"search"}, Candidate: &first, Gates: []release.Gate{ready}})
	f.put("@ben", stream, release.Signed{Vote: release.Vote{Item: "ga.ready/tests", By: "ben", Value: release.OK, Commit: "aaaaaaaa", Digest: "1"}})
	f.put("@ana", stream, release.CandidateSet{Candidate: candidate("bbbbbbbb", under)})
	f.put("@ana", stream, release.Passed{Gate: "ga.ready", Commit: "bbbbbbbb"})
}
