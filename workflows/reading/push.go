package reading

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// pushed: a candidate that moves by itself follows a branch, from where it was, and only until users have it.
func (rd *Reading) pushed(h workflows.Header, f *followed, e release.CandidateSet) {
	if e.From == "" {
		return
	}
	rd.machines(h, "moved the candidate with its branch")
	switch {
	case f.watch == "" || e.Candidate.Watch != f.watch:
		rd.wrongf(h, "the candidate moved with the branch %q, and followed %q", e.Candidate.Watch, f.watch)
	case e.From != f.commit():
		rd.wrongf(h, "the candidate moved from %s, and was %s", workflows.ShortID(e.From), workflows.ShortID(f.commit()))
	case f.out != "":
		rd.wrongf(h, "the candidate moved with its branch, and users had it")
	}
}
