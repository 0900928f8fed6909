package release

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Return is what a rollback does about the commit that users have.
type Return struct {
	To    *Had   // what is deployed where users are; nil: nothing is
	Why   string // why nothing is, in words for people; empty: no deployment there is configured
	Run   *Run   // what is on its way there meanwhile, which may arrive behind it
	Hand  bool   // people should do it: the record does not say what was there before
	Again bool   // the release was rolled back before, and its deployment did not go well
}

// back says which commit comes back to users when a release goes back to where so many gates stay behind it: the last one
// that succeeded there before, by the record. A forge's own word on what was good counts for nothing here.
func (r Release) back(passed int, f Facts) Return {
	env, here := f.Users, f.Sites[f.Users]
	if !f.Forge.deploys(env) {
		return Return{}
	}
	out := Return{}
	if here.Run != nil && !here.Run.lost(f.Now) {
		out.Run = here.Run
	}
	top, ok := here.top()
	switch {
	case !ok:
		out.Why, out.Hand = fmt.Sprintf("no deployment to %s is on record", env), true
	case top.Release != r.ID && !r.brought(env):
		out.Why = fmt.Sprintf("nothing of %s was deployed to %s, by the record", r.ID.Name(), env)
	case top.Release != r.ID:
		out.Why = fmt.Sprintf("%s has %s of %s by now", env, workflows.ShortID(top.Commit), top.Release.Name())
	case passed > 0:
		if out.To = r.previous(env, top.Commit); out.To == nil {
			out.Why = fmt.Sprintf("%s keeps %s: the users of the preview have had no other", env, workflows.ShortID(top.Commit))
		}
	default:
		if out.To = r.others(here); out.To == nil {
			out.Why, out.Hand = fmt.Sprintf("nothing else was deployed to %s before, by the record", env), true
		}
	}
	return out
}

// brought reports whether a candidate of the release came to an environment.
func (r Release) brought(env workflows.Environment) bool {
	return slices.ContainsFunc(r.Deploys, func(d Deploying) bool { return d.own(env) })
}

// own reports whether it brought a candidate of the release to an environment.
func (d Deploying) own(env workflows.Environment) bool {
	return d.Env == env && d.State == workflows.DeploySucceeded && (!d.Back() || d.Of == "")
}

// previous is the last candidate of the release itself that was in an environment before another one came. What a rollback
// took away is none.
func (r Release) previous(env workflows.Environment, but string) *Had {
	var stack []Had
	for _, d := range r.Deploys {
		switch at := slices.IndexFunc(stack, func(h Had) bool { return h.Commit == d.Commit }); {
		case d.Env == env && d.Back():
			stack = stack[:max(at+1, 0)] // back to another release's: all of it is gone
		case d.own(env):
			stack = append(stack, Had{Release: r.ID, Op: d.Op, Commit: d.Commit, By: d.By, At: d.Since, Link: d.Link})
		}
	}
	for _, h := range slices.Backward(stack) {
		if h.Commit != but {
			return &h
		}
	}
	return nil
}

// others is the last commit of another release that came to an environment before, is none of this release's own, and was
// not itself gone back from.
func (r Release) others(here Site) *Had {
	for _, h := range here.Had[1:] {
		mine := slices.ContainsFunc(r.Deploys, func(d Deploying) bool { return d.Commit == h.Commit && !d.Back() }) ||
			slices.ContainsFunc(r.Openings, func(o Opening) bool { return o.Commit == h.Commit })
		if h.Release != r.ID && !h.Bad && !mine && h.Commit != here.Had[0].Commit {
			return &h
		}
	}
	return nil
}

// again is the deployment of a rollback that did not go well, where nothing else came to users since.
func (r Release) again(f Facts) (Deploying, bool) {
	d, ok := r.latest(f.Users)
	if !ok || !d.Back() || r.Held == nil || !f.Forge.deploys(f.Users) {
		return Deploying{}, false
	}
	top, _ := f.Sites[f.Users].top()
	failed := d.State == workflows.DeployFailed || d.State == DeployRefused || d.State == workflows.DeployGone
	return d, failed && top.Release == r.ID
}

// returning is the deployment that a rollback begins.
func (r Release) returning(to Had, f Facts) DeployBegun {
	e := r.beginning(f.Users, to.Commit, f)
	e.Of = to.Release
	return e
}
