package release

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Whereabouts is which commit is where, of a product.
type Whereabouts struct {
	Product workflows.Product
	Sites   []Whereabout // the environments in their order
	Asked   *workflows.Commit
	Holds   map[string]bool         // of the commits that are anywhere, whether they contain the one that was asked about
	Silent  string                  // why the forge did not say what is where; empty: it was asked
	Next    []workflows.Environment // where the candidate can be deployed now
}

// Whereabout is what is in one environment.
type Whereabout struct {
	Env    workflows.Environment
	Users  bool
	Had    *Had                  // what is there by the record; nil: nothing came there by the bot
	Run    *Run                  // what is on its way there
	Forge  *workflows.Deployment // what is there as the forge says; nil: it names nothing
	Coming *workflows.Deployment // what others have on its way there
	Drift  []string              // what is not as it should be, in words for people
}

// Commit is what is there: what the forge says, where it says something, for others deploy too.
func (w Whereabout) Commit() string {
	switch {
	case w.Forge != nil:
		return w.Forge.Commit
	case w.Had != nil:
		return w.Had.Commit
	}
	return ""
}

// Where says which commit is where, by the record and by what the forge says.
func Where(r Release, f Facts) Whereabouts {
	out := Whereabouts{Product: r.ID.Product()}
	var before *Whereabout
	for _, env := range f.Envs {
		w := Whereabout{Env: env, Users: env == f.Users, Run: f.Sites[env].Run}
		if top, ok := f.Sites[env].top(); ok {
			w.Had = &top
		}
		w.Forge, w.Coming = atForge(env, r.named(f))
		if f.Forge.deploys(env) || w.Had != nil { // elsewhere others are those who deploy
			w.Drift = drift(w)
		}
		others := w.Had == nil || w.Had.Commit != w.Commit() // what the bot brought there came in its turn
		if c := w.Commit(); before != nil && others && c != "" && before.Commit() != c && !f.Sites[before.Env].had(c) && !r.arrived(before.Env, c) {
			w.Drift = append(w.Drift, fmt.Sprintf("%s never had it, by the record, and comes before", before.Env))
		}
		if f.Forge.deploys(env) {
			before = &w
		}
		out.Sites = append(out.Sites, w)
		if f.Actor.Person != "" && r.toDeploy(env, f) {
			out.Next = append(out.Next, env)
		}
	}
	return out
}

// toDeploy reports whether the candidate can be deployed to an environment where it is not.
func (r Release) toDeploy(env workflows.Environment, f Facts) bool {
	if top, ok := f.Sites[env].top(); r.Candidate == nil || ok && top.Commit == r.Candidate.Commit.ID {
		return false
	}
	f.Basis = workflows.Basis{}
	err := Deploy{Env: env}.lacks(r, f)
	return err == nil && f.Book.For(r.Risk).Allows(f.Actor.Person, workflows.Maker, r.Manager, f.Now) == ""
}

// Known refuses where nobody can say what is where: a product without a repository at a forge has no deployments, neither
// the bot's nor anybody's.
func Known(r Release, f Facts) error {
	if f.Forge.Repository != "" {
		return nil
	}
	p := r.ID.Product()
	return workflows.Refuse(NotConfigured, fmt.Sprintf("nobody says which commit of %s is where: the configuration names no shared repository of it", p)).
		By("whoever edits readyroom.yaml").Type(fmt.Sprintf("products: {%s: {github: {repository: OWNER/NAME}}}", p))
}

// Asks are the environments whose deployments say what is where, with the workflow that deploys there: all that the product
// has, for others deploy as well, also where the bot does not.
func (f Facts) Asks() map[workflows.Environment]string {
	out := map[workflows.Environment]string{}
	for _, env := range f.Envs {
		out[env] = f.Forge.Deploys[env]
	}
	return out
}

// ToDeploy lists where the candidate can be deployed now, by whoever asks.
func ToDeploy(r Release, f Facts) []workflows.Environment { return Where(r, f).Next }

// named are the deployments at the forge with what each brings: a run of a workflow says only its operation. One of which
// nobody knows what it brings is left out.
func (r Release) named(f Facts) []workflows.Deployment {
	var out []workflows.Deployment
	for _, d := range f.Found.Deployments {
		if own, ok := r.deploy(d.Op); ok {
			d.Commit = own.Commit
		}
		for _, h := range f.Sites[d.Env].Had {
			if d.Op != "" && h.Op == d.Op {
				d.Commit = h.Commit
			}
		}
		if d.Commit != "" {
			out = append(out, d)
		}
	}
	return out
}

// atForge is what is in an environment as the forge says, and what others have on its way there. It lists the newest first.
func atForge(env workflows.Environment, all []workflows.Deployment) (there, coming *workflows.Deployment) {
	for _, d := range all {
		switch {
		case d.Env != env:
		case d.State == workflows.DeploySucceeded:
			return &d, coming
		case coming == nil && d.Op == "" && d.State == workflows.DeployRunning:
			coming = &d
		}
	}
	return nil, coming
}

// drift is in what the forge differs from the record.
func drift(w Whereabout) []string {
	switch {
	case w.Forge == nil || w.Run != nil && w.Run.Op != "" && w.Run.Op == w.Forge.Op: // the bot brought it, and is yet to hear of it
		return nil
	case w.Had != nil && (w.Forge.Commit == w.Had.Commit || w.Forge.Op == w.Had.Op):
		return nil
	case w.Had == nil:
		return []string{"others deployed it: nothing of that is on record"}
	}
	return []string{fmt.Sprintf("others deployed it: by the record, %s has %s of %s", w.Env, workflows.ShortID(w.Had.Commit), w.Had.Release.Name())}
}

// Commits are those that are anywhere, each once.
func (w Whereabouts) Commits() []string {
	var out []string
	for _, s := range w.Sites {
		if c := s.Commit(); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// Slow lists what has been on its way for longer than such things take, or of which nobody knows, and the rollbacks that did
// not arrive.
func (r Release) Slow(now time.Time) []Deploying {
	var out []Deploying
	for _, d := range r.Latest() {
		if d.Open() && (d.State == DeployUnclear || Slow(d.At, now)) || d.Back() && (d.State == workflows.DeployFailed || d.State == DeployRefused) {
			out = append(out, d)
		}
	}
	return out
}
