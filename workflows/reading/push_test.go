package reading_test

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// A candidate moves by itself only with the branch that it follows.
func TestPushes(t *testing.T) {
	moved := func(from, to, branch string) release.CandidateSet {
		c := candidateOf(to)
		c.Watch = branch
		return release.CandidateSet{Candidate: c, From: from}
	}
	follow := func(f *forger) {
		f.open("normal")
		f.put("@ana", forged, release.Watched{Branch: "main"})
	}
	forgeries{
		"as it was pushed": {func(f *forger) {
			follow(f)
			f.put("github", forged, moved("aaaaaaaa", "bbbbbbbb", "main"))
			f.put("github", forged, release.BranchLost{Branch: "main"})
			f.put("github", forged, moved("bbbbbbbb", "cccccccc", "main"))
		}, nil},
		"by hand": {func(f *forger) {
			follow(f)
			f.put("@ana", forged, moved("aaaaaaaa", "bbbbbbbb", "main"))
		}, []string{"event N: @ana moved the candidate with its branch, which machines do"}},
		"of a release that follows none": {func(f *forger) {
			f.open("normal")
			f.put("github", forged, moved("aaaaaaaa", "bbbbbbbb", "main"))
		}, []string{`event N: the candidate moved with the branch "main", and followed ""`}},
		"of one that follows none any more": {func(f *forger) {
			follow(f)
			f.put("@ana", forged, release.CandidateSet{Candidate: candidateOf("bbbbbbbb")})
			f.put("github", forged, moved("bbbbbbbb", "cccccccc", "main"))
		}, []string{`event N: the candidate moved with the branch "main", and followed ""`}},
		"from elsewhere": {func(f *forger) {
			follow(f)
			f.put("github", forged, moved("bbbbbbbb", "cccccccc", "main"))
		}, []string{"event N: the candidate moved from bbbbbbb, and was aaaaaaa"}},
		"opened by hand as if by a tag": {func(f *forger) {
			c := candidateOf("aaaaaaaa")
			f.put("@ana", forged, release.Opened{ID: "app@1.0", Risk: "low", Manager: "ana", Candidate: &c, Gates: []release.Gate{ready}, Tag: &workflows.Tagged{Name: "v1.0"}})
		}, []string{"event N: @ana opened it as if by a tag, which machines do"}},
	}.try(t)
}
