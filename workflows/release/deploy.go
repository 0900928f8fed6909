package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Deploy brings the candidate to an environment.
type Deploy struct{ Env workflows.Environment }

// Needs says who may.
func (Deploy) Needs() workflows.Need { return workflows.Maker }

// Fits says that only an open release with a candidate can be meant where none is named.
func (Deploy) Fits(r Row) bool { return r.Open && r.Candidate != "" }

// The reasons for which nothing is deployed.
const (
	NotConfigured workflows.Reason = "not_configured"      // the configuration does not say how
	UnknownEnv    workflows.Reason = "unknown_environment" // the product has none of that name
	EarlierFirst  workflows.Reason = "earlier_first"       // the commit is not in the environment before
	UnderWay      workflows.Reason = "under_way"           // something else is on its way there, or may be
	Overtaken     workflows.Reason = "overtaken"           // a rollback took its place
)

// lostAfter is how long what is on its way to an environment keeps everything else from it. What has not come by then is
// followed still, and bars nothing.
const lostAfter = 24 * time.Hour

// Forge is what of a product's repository, where it is shared, deployments are decided by.
type Forge struct {
	Repository string // empty: there is none
	Branch     string // whose workflows are meant; empty: the default one
	Deploys    map[workflows.Environment]string
	Checks     []workflows.CheckName
}

// deploys reports whether the bot may deploy to an environment.
func (g Forge) deploys(env workflows.Environment) bool {
	_, ok := g.Deploys[env]
	return ok && g.Repository != ""
}

// rests: what nothing hides from users is opened to them by it. What waits for this very deployment does not matter.
func (w Deploy) rests(r Release, f Facts) (resting, bool) {
	for _, no := range []func(Release, Facts) error{w.stands, w.configured, w.inTurn, w.free} {
		if no(r, f) != nil {
			return resting{}, false
		}
	}
	g, open := w.reveals(r, f)
	return resting{gate: g, but: Deployment}, open
}

func (w Deploy) decide(r Release, f Facts) ([]workflows.Event, error) {
	sight := Sighted(r, w, f)
	r, err := r.shown(sight, f)
	if err != nil {
		return nil, err
	}
	if err := w.lacks(r, f); err != nil {
		return nil, err
	}
	if next, _ := r.Next(); sight.blind(f) != nil {
		return nil, sight.unseen(r, next, f, f.line("candidate deploy", string(w.Env)))
	}
	e := r.beginning(w.Env, r.Candidate.Commit.ID, f)
	e.Checks, e.After = slices.Clone(f.Forge.Checks), f.before(w.Env)
	return []workflows.Event{e}, nil
}

// lacks refuses what is not so by the record.
func (w Deploy) lacks(r Release, f Facts) error {
	for _, no := range []func(Release, Facts) error{w.stands, w.configured, w.inTurn, w.free, w.revealed} {
		if err := no(r, f); err != nil {
			return err
		}
	}
	return nil
}

// stands refuses what the release as it stands does not allow.
func (w Deploy) stands(r Release, f Facts) error {
	switch {
	case r.Over():
		return over(r)
	case f.Basis.Said && f.Basis != r.DeployBasis():
		return workflows.Refuse(workflows.Changed, "the candidate, or what is deployed, changed since this was drawn").Type(f.line("candidate where"))
	case r.Held != nil:
		return onHold(r, f)
	case r.Candidate == nil:
		return workflows.Refuse(workflows.NoCandidate, "there is no commit yet that could be deployed").By(workflows.Makers()...).Type(f.line("candidate set", "REF"))
	}
	return nil
}

// DeployBasis is what a button that deploys is drawn at.
func (r Release) DeployBasis() workflows.Basis {
	return workflows.Basis{Candidate: r.candidateMark(), Revision: r.Deployed, Said: true}
}

// configured refuses an environment that there is not, or to which the bot may not deploy.
func (w Deploy) configured(r Release, f Facts) error {
	p := r.ID.Product()
	if !slices.Contains(f.Envs, w.Env) {
		var names []string
		for _, e := range f.Envs {
			names = append(names, string(e))
		}
		no := workflows.Refuse(UnknownEnv, fmt.Sprintf("%s has no environment %s", p, workflows.Display(string(w.Env), 40))).In("env")
		if no.Nearest = workflows.Nearest(string(w.Env), names, 3); len(no.Nearest) > 0 {
			names = no.Nearest
		} else {
			no.Why += "; there is " + strings.Join(names, ", ")
		}
		return no.Type(f.line("candidate deploy", names[0]))
	}
	if f.Forge.deploys(w.Env) {
		return nil
	}
	what := fmt.Sprintf("deploy: {%s: deployment}", w.Env)
	if f.Forge.Repository == "" {
		what = "repository: OWNER/NAME, " + what
	}
	return workflows.Refuse(NotConfigured, fmt.Sprintf("nothing says how %s is deployed to %s: by a workflow, or by a deployment that others carry out", p, w.Env)).
		By("whoever edits readyroom.yaml").Type(fmt.Sprintf("products: {%s: {github: {%s}}}", p, what))
}

// before is the environment in which a commit must have arrived before it goes to another: the nearest one in front of it
// that the bot deploys to. Of the others nothing is on record. Empty: there is none.
func (f Facts) before(env workflows.Environment) workflows.Environment {
	last := workflows.Environment("")
	for _, e := range f.Envs {
		if e == env {
			break
		}
		if f.Forge.deploys(e) {
			last = e
		}
	}
	return last
}

// inTurn refuses a commit that did not arrive in the environment before.
func (w Deploy) inTurn(r Release, f Facts) error {
	first, commit := f.before(w.Env), r.Candidate.Commit.ID
	if first == "" || r.arrived(first, commit) || f.Sites[first].had(commit) {
		return nil
	}
	why := fmt.Sprintf("%s comes after %s, and %s did not arrive there", w.Env, first, r.Candidate.Commit.Short())
	if d, ok := r.latest(first); ok && d.Commit == commit {
		why += fmt.Sprintf(": its deployment %s", d.Stands())
		if d.Open() {
			return workflows.Refuse(EarlierFirst, why).Type(f.line("candidate where"))
		}
	}
	return workflows.Refuse(EarlierFirst, why).By(workflows.Makers()...).Type(f.line("candidate deploy", string(first)))
}

// free refuses what would get in the way of something else that is on its way there.
func (w Deploy) free(_ Release, f Facts) error {
	run := f.Sites[w.Env].Run
	if run == nil || run.lost(f.Now) {
		return nil
	}
	what := fmt.Sprintf("%s of %s is on its way to %s since %s, by %s", workflows.ShortID(run.Commit), run.Release.Name(), w.Env, f.day(run.At), run.By.At())
	look := workflows.Line(string(run.Release), "candidate where")
	if run.State == DeployUnclear {
		return workflows.Refuse(UnderWay, what+", or not: nobody can say whether it was begun").
			By("whoever runs the bot").Type(look, "readyroom undelivered")
	}
	return workflows.Refuse(UnderWay, what).Type(look)
}

// reveals is the gate that it would open to users before that is passed.
func (w Deploy) reveals(r Release, f Facts) (Gate, bool) {
	g, open := r.Next()
	return g, open && w.Env == f.Users && len(f.Flags) == 0 && !r.Previews() && g.Opens()
}

// revealed refuses to bring to users what nothing hides from them, before the gate that opens to them holds. Code ships
// dark: behind a flag of the release, or where a preview is held apart by the template.
func (w Deploy) revealed(r Release, f Facts) error {
	g, open := w.reveals(r, f)
	if !open {
		return nil
	}
	if _, why := r.holds(f.Book.For(r.Risk), f.Actor.Person, workflows.ReleaseManager, f.Now); r.Risk.Tier().Managed && why != "" {
		return workflows.Refuse(why, fmt.Sprintf("no flag hides it, so deploying to %s opens it to users: at risk %s only a release manager does", w.Env, r.Risk)).
			By(f.Book.Who(workflows.Manager, r.Manager, f.Now)...).Type(f.line("flag new", "F"))
	}
	v := Check(r, f.Book, f.Now)
	awaited := func(s Status) bool { return s.Item.From == Deployment } // it waits for this very deployment
	v.Items = slices.DeleteFunc(slices.Clone(v.Items), func(s Status) bool { return s.State == Open && awaited(s) })
	if len(v.Open()) == 0 && len(v.Whole) == 0 {
		return nil
	}
	no := notReady(r, v, f)
	no.Why = fmt.Sprintf("no flag hides it, so deploying to %s opens it to users, and «%s» does not hold: %s", w.Env, g.Title(), no.Why)
	return no.Type(f.line("flag new", "F"))
}
