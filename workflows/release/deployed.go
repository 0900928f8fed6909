package release

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// deployEnded is what follows once whoever carries a deployment out says how that ended.
func deployEnded(r Release, f Facts, w Acted) ([]workflows.Event, error) {
	var act workflows.Deploy
	if err := json.Unmarshal(w.Data, &act); err != nil {
		return nil, fmt.Errorf("the deployment that ended: %w", err)
	}
	d, ok := r.deploy(act.Op)
	if !ok {
		return nil, nil
	}
	waits := d.State == DeployAsked || d.State == DeployUnclear
	e := r.became(d, f)
	e.Link = w.Link
	switch {
	case w.Fate == workflows.Done && (waits || d.State == DeployPassed || d.State == DeployRefused): // some by a human's word
		e.State = workflows.DeployRunning
	case w.Fate == workflows.Refused && waits:
		e.State, e.Why = DeployRefused, w.Why
	case w.Fate == workflows.Unclear && (d.State == DeployAsked || d.State == DeployPassed):
		e.State, e.Why = DeployUnclear, w.Why
	default:
		return nil, nil
	}
	return []workflows.Event{e.telling(r, f)}, nil
}

// became begins to say what became of a deployment.
func (r Release) became(d Deploying, f Facts) Deployed {
	return Deployed{N: d.N, Op: d.Op, Env: d.Env, Users: d.Users, Commit: d.Commit, Of: d.Of, By: d.By, State: d.State, At: f.Now}
}

// telling fills in who must hear of what did not go well: whoever began it and the manager, and where users are, those who
// run it.
func (e Deployed) telling(r Release, f Facts) Deployed {
	overtaken := func(d Deploying) bool { return d.Env == e.Env && d.Back() && d.N > e.N }
	e.Late = e.State == workflows.DeploySucceeded && slices.ContainsFunc(r.Deploys, overtaken)
	switch e.State {
	case workflows.DeployFailed, DeployRefused, DeployUnclear:
	default:
		if !e.Late {
			return e
		}
	}
	who := append([]workflows.PersonID{e.By}, r.InCharge(f.Book, f.Now)...)
	if e.Users {
		who = append(who, f.Book.Holders(workflows.SRE, f.Now)...)
	}
	for _, id := range who {
		if id = f.Book.Canon(id); id != "" && !slices.Contains(e.Tells, id) {
			e.Tells = append(e.Tells, id)
		}
	}
	return e
}

// deployed follows deployments to their end: what the forge says of each, and what that says of the items that take their
// word from it.
func deployed(r Release, f Facts) ([]workflows.Event, error) {
	var out []workflows.Event
	for _, d := range r.Deploys {
		if e, news := r.hears(d, f); news {
			out = append(out, e)
		}
	}
	now := r
	for _, e := range out {
		now = e.(Deployed).evolve(now.clone(), workflows.Header{At: f.Now})
	}
	votes, err := now.vouchDeployed(f, out)
	return append(out, votes...), err
}

// hears is what the forge says of one deployment that was not said yet. What has ended is heard of no more, but for the
// newest in its environment: that may be tried again, or taken for bad afterwards.
func (r Release) hears(d Deploying, f Facts) (Deployed, bool) {
	i := slices.IndexFunc(f.Found.Deployments, d.is)
	if i < 0 {
		return Deployed{}, false
	}
	x := f.Found.Deployments[i]
	if newest, _ := r.latest(d.Env); !d.Open() && d.State != DeployPassed && newest.Op != d.Op {
		return Deployed{}, false
	}
	said := ""
	if x.State == workflows.DeployUnknown {
		said = x.Said
	}
	same := x.State == d.State && said == d.Said && (!d.Open() || x.Link == "" || x.Link == d.Link) // what ended does not end again
	ended := x.State == workflows.DeployGone && !d.Open()                                           // another took its place: that is no news of this one
	if same || ended {
		return Deployed{}, false
	}
	e := r.became(d, f)
	e.State, e.Said, e.Link = x.State, said, x.Link
	if !x.At.IsZero() {
		e.At = x.At
	}
	return e.telling(r, f), true
}

// is reports whether the forge speaks of this deployment. An operation can be copied into one of another commit, or to
// another environment, which says nothing of this one; a run of a workflow bears nothing else.
func (d Deploying) is(x workflows.Deployment) bool {
	return x.Op == d.Op && (x.Commit == "" || x.Commit == d.Commit && x.Env == d.Env)
}

// vouchDeployed gives, or takes back, the deployment's word: the candidate is where users are. While something is on its way
// there, nothing is said.
func (r Release) vouchDeployed(f Facts, news []workflows.Event) ([]workflows.Event, error) {
	last, own := r.latest(f.Users)
	run := f.Sites[f.Users].Run
	switch {
	case r.Candidate == nil || own && last.Open() || run != nil && run.Op != last.Op && !run.lost(f.Now):
		return nil, nil
	case own && last.Commit == r.Candidate.Commit.ID && last.State == workflows.DeployFailed && r.vouched():
		return Vouch{Source: Deployment, Note: "its deployment failed"}.decide(r, f)
	}
	top, ok := f.Sites[f.Users].top()
	for _, e := range news {
		if e := e.(Deployed); e.Users && e.State == workflows.DeploySucceeded {
			top, ok = Had{Release: r.ID, Commit: e.Commit, Link: e.Link}, true
		}
	}
	if !ok || top.Commit != r.Candidate.Commit.ID {
		return nil, nil
	}
	votes, err := Vouch{Source: Deployment, OK: true, Commit: top.Commit, Note: "deployed to " + string(f.Users), Link: top.Link}.decide(r, f)
	return slices.DeleteFunc(votes, func(e workflows.Event) bool {
		s, ok := e.(Signed)
		return ok && (r.stands(s.Vote) || r.holdsAlready(s.Vote))
	}), err
}

// holdsAlready reports whether the same source vouched for the same content already.
func (r Release) holdsAlready(v Vote) bool {
	return slices.ContainsFunc(r.Votes, func(w Vote) bool { return w.same(v) && w.Value == v.Value && w.Digest == v.Digest })
}

// vouched reports whether a deployment vouches for anything.
func (r Release) vouched() bool {
	return slices.ContainsFunc(r.Votes, func(v Vote) bool { return v.Machine == Deployment })
}

// Overtake tells a release that another's rollback took the place of what it had on its way to an environment.
type Overtake struct{ Op string }

// Needs says that no person may: it follows from the rollback.
func (Overtake) Needs() workflows.Need { return workflows.Machine }

func (w Overtake) decide(r Release, f Facts) ([]workflows.Event, error) {
	d, ok := r.deploy(w.Op)
	if !ok || d.State != DeployAsked && d.State != DeployUnclear {
		return nil, nil
	}
	e := r.became(d, f)
	e.State = DeployPassed
	return []workflows.Event{e}, nil
}
