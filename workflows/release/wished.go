package release

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// Bygone says why a deployment that was not carried out is no longer to be; empty: it still is. Something else came of the
// matter: it began after all, its release is over or has another candidate, or another deployment took its place, of
// whichever release. at is what the record says of its environment.
func (r Release) Bygone(op string, at map[workflows.Environment]Site) string {
	d, ok := r.deploy(op)
	newest, _ := r.latest(d.Env)
	switch {
	case !ok:
		return "nobody waits for it any more"
	case d.State != DeployAsked && d.State != DeployUnclear && d.State != DeployRefused && d.State != DeployPassed:
		return fmt.Sprintf("it was begun after all, and %s", d.Stands())
	case d.State == DeployPassed || newest.Op != op:
		return fmt.Sprintf("another deployment of %s to %s took its place", r.ID.Name(), d.Env)
	}
	if run := at[d.Env].Run; run != nil && run.Op != op {
		return fmt.Sprintf("since then %s of %s went on its way to %s", workflows.ShortID(run.Commit), run.Release.Name(), d.Env)
	}
	if top, ok := at[d.Env].top(); ok && top.Op != op && top.At.After(d.At) {
		return fmt.Sprintf("since then %s of %s came to %s", workflows.ShortID(top.Commit), top.Release.Name(), d.Env)
	}
	switch {
	case d.Back(): // users wait for it, whatever the release is
		return ""
	case r.Over():
		return r.ID.Name() + " is over"
	case r.Candidate == nil || r.Candidate.Commit.ID != d.Commit:
		return r.ID.Name() + " has another candidate now"
	}
	return ""
}
