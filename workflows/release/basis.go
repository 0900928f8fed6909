package release

import (
	"github.com/readyroom/readyroom/workflows"
)

// candidateMark is the candidate as a basis names it: another build of the same commit is another candidate.
func (r Release) candidateMark() string {
	if r.Candidate == nil {
		return ""
	}
	mark := r.Candidate.Commit.Short()
	if len(r.Candidate.Builds) > 0 {
		mark += "b" + shortHash(withBuilds("", r.Candidate.Builds))[:5]
	}
	return mark
}

// BasisOf is what a button on an item is drawn at.
func (r Release) BasisOf(full string) workflows.Basis {
	return workflows.Basis{Candidate: r.candidateMark(), Revision: r.Revisions[full], Said: true}
}
