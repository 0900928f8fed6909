package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// The states of a deployment beside those that a forge gives it.
const (
	DeployAsked   workflows.DeployState = "asked"     // the wish is on record, and nobody has said yet that it was carried out
	DeployRefused workflows.DeployState = "refused"   // it was not made, and cannot be
	DeployUnclear workflows.DeployState = "unclear"   // nobody can say whether it was made: a human looks
	DeployPassed  workflows.DeployState = "overtaken" // a rollback took its place before anybody said that it was made
)

// maxDeploys is how many deployments a release remembers; the record has them all.
const maxDeploys = 60

// Deploying is one deployment of the release.
type Deploying struct {
	N      uint64                `json:"n"`
	Op     string                `json:"op"` // names it for ever, outside too
	Env    workflows.Environment `json:"env"`
	Users  bool                  `json:"users,omitempty"` // users are there
	Commit string                `json:"commit"`
	Of     workflows.ReleaseID   `json:"of,omitempty"` // whose commit a rollback brings back; empty: it is the candidate
	By     workflows.PersonID    `json:"by"`
	At     time.Time             `json:"at"`
	State  workflows.DeployState `json:"state"`
	Since  time.Time             `json:"since"` // when it came to that state
	Said   string                `json:"said,omitempty"`
	Why    string                `json:"why,omitempty"`
	Link   string                `json:"link,omitempty"`
}

// Open reports whether it has not come to an end.
func (d Deploying) Open() bool { return open(d.State) }

func open(s workflows.DeployState) bool {
	return s == DeployAsked || s == workflows.DeployRunning || s == workflows.DeployUnknown || s == DeployUnclear
}

// Back reports whether a rollback began it.
func (d Deploying) Back() bool { return d.Of != "" }

// Stands says how it stands, in a sentence: "failed", "is under way".
func (d Deploying) Stands() string {
	switch d.State {
	case DeployAsked:
		return "is about to begin"
	case workflows.DeployRunning:
		return "is under way"
	case workflows.DeploySucceeded:
		return "succeeded"
	case workflows.DeployFailed:
		return "failed"
	case workflows.DeployGone:
		return "was replaced by another"
	case DeployRefused:
		return "was refused"
	case DeployUnclear:
		return "is unclear: nobody can say whether it was begun"
	case DeployPassed:
		return "was overtaken by a rollback"
	}
	return fmt.Sprintf("stands as «%s», which says nothing here", workflows.Display(d.Said, 40))
}

// DeployBegun happened: a commit is to be brought to an environment. It carries all that whoever carries it out needs.
type DeployBegun struct {
	N        uint64                `json:"n"`
	Op       string                `json:"op"`
	Env      workflows.Environment `json:"env"`
	Users    bool                  `json:"users,omitempty"`
	After    workflows.Environment `json:"after,omitempty"` // where the commit had to have arrived first
	Commit   string                `json:"commit"`
	Of       workflows.ReleaseID   `json:"of,omitempty"` // of a rollback: whose commit it is
	By       workflows.PersonID    `json:"by"`
	Why      string                `json:"why,omitempty"` // of a rollback's that is begun again
	Forge    string                `json:"forge"`
	Workflow string                `json:"workflow,omitempty"`
	Ref      string                `json:"ref,omitempty"`
	Checks   []workflows.CheckName `json:"checks,omitempty"`
}

// Deployed is what became of a deployment since it was looked at last.
type Deployed struct {
	N      uint64                `json:"n"`
	Op     string                `json:"op"`
	Env    workflows.Environment `json:"env"`
	Users  bool                  `json:"users,omitempty"`
	Commit string                `json:"commit"`
	Of     workflows.ReleaseID   `json:"of,omitempty"`
	By     workflows.PersonID    `json:"by"` // who began it
	State  workflows.DeployState `json:"state"`
	Said   string                `json:"said,omitempty"`
	Why    string                `json:"why,omitempty"`
	Link   string                `json:"link,omitempty"`
	At     time.Time             `json:"at,omitzero"`     // when, as the forge says
	Late   bool                  `json:"late,omitempty"`  // it arrived although a rollback was begun since
	Tells  []workflows.PersonID  `json:"tells,omitempty"` // who must hear that it did not go well
}

// Kind names the event.
func (DeployBegun) Kind() string { return "release.deploy_begun" }

// Kind names the event.
func (Deployed) Kind() string { return "release.deployed" }

// beginning is the next deployment of a commit to an environment.
func (r Release) beginning(env workflows.Environment, commit string, f Facts) DeployBegun {
	n := r.Deployed + 1
	e := DeployBegun{N: n, Op: r.op(n), Env: env, Users: env == f.Users, Commit: commit, By: f.Actor.Person,
		Forge: f.Forge.Repository, Workflow: f.Forge.Deploys[env]}
	if e.Workflow != "" {
		e.Ref = f.Forge.Branch
	}
	return e
}

// op names a deployment for ever. A release of the same name that began elsewhere, or anew, has others.
func (r Release) op(n uint64) string {
	born := shortHash(string(r.ID) + r.Created.UTC().Format(time.RFC3339Nano))
	return fmt.Sprintf("%s/deploy/%d/%s", r.ID, n, born[:6])
}

// act is what is carried out outside.
func (e DeployBegun) act(id workflows.ReleaseID, at time.Time) workflows.Deploy {
	return workflows.Deploy{Forge: e.Forge, Op: e.Op, Release: id, Env: e.Env, Users: e.Users, Commit: e.Commit, Workflow: e.Workflow, Ref: e.Ref,
		Checks: e.Checks, At: at}
}

func (e DeployBegun) evolve(r Release, h workflows.Header) Release {
	if e.Of != "" { // what was not begun before a rollback is not begun behind it
		for i, d := range r.Deploys {
			if d.Env == e.Env && (d.State == DeployAsked || d.State == DeployUnclear) {
				r.Deploys[i].State, r.Deploys[i].Since = DeployPassed, h.At
			}
		}
	}
	r.Deployed = e.N
	r.Deploys = append(r.Deploys, Deploying{N: e.N, Op: e.Op, Env: e.Env, Users: e.Users, Commit: e.Commit, Of: e.Of, By: e.By, At: h.At, State: DeployAsked, Since: h.At})
	if i := slices.IndexFunc(r.Deploys, func(d Deploying) bool { return !d.Open() }); len(r.Deploys) > maxDeploys && i >= 0 {
		r.Deploys = slices.Delete(r.Deploys, i, i+1)
	}
	return r
}

func (e DeployBegun) tell(r Release, h workflows.Header) []workflows.Effect {
	data, err := json.Marshal(e.act(r.ID, h.At))
	if err != nil { // plain data always marshals
		panic(err)
	}
	return []workflows.Effect{{Kind: workflows.Act, What: workflows.ActDeploy, Data: data}}
}

func (e Deployed) evolve(r Release, h workflows.Header) Release {
	i := slices.IndexFunc(r.Deploys, func(d Deploying) bool { return d.Op == e.Op })
	if i < 0 {
		return r
	}
	d := &r.Deploys[i]
	d.State, d.Said, d.Why, d.Since = e.State, e.Said, e.Why, h.At
	if e.Link != "" {
		d.Link = e.Link
	}
	return r
}

// WentWrong names what is said where a deployment did not go as it should.
const WentWrong = "deploy-trouble"

func (e Deployed) tell(r Release, _ workflows.Header) []workflows.Effect {
	var out []workflows.Effect
	if len(e.Tells) > 0 && (e.Of != "" || e.Late) { // what becomes of a rollback concerns everybody
		out = append(out, post(r, WentWrong))
	}
	for _, id := range e.Tells {
		out = append(out, told(WentWrong, id))
	}
	return out
}

// latest is the newest deployment to an environment.
func (r Release) latest(env workflows.Environment) (Deploying, bool) {
	for _, d := range slices.Backward(r.Deploys) {
		if d.Env == env {
			return d, true
		}
	}
	return Deploying{}, false
}

// Latest is the newest deployment to each environment, the environments in the order in which they were first deployed to.
func (r Release) Latest() []Deploying {
	var out []Deploying
	for _, d := range r.Deploys {
		if i := slices.IndexFunc(out, func(o Deploying) bool { return o.Env == d.Env }); i >= 0 {
			out[i] = d
		} else {
			out = append(out, d)
		}
	}
	return out
}

// arrived reports whether a commit came to an environment.
func (r Release) arrived(env workflows.Environment, commit string) bool {
	return slices.ContainsFunc(r.Deploys, func(d Deploying) bool {
		return d.Env == env && d.Commit == commit && d.State == workflows.DeploySucceeded
	})
}

// deploy finds a deployment by its operation.
func (r Release) deploy(op string) (Deploying, bool) {
	i := slices.IndexFunc(r.Deploys, func(d Deploying) bool { return d.Op == op })
	if i < 0 || op == "" {
		return Deploying{}, false
	}
	return r.Deploys[i], true
}

// Overtaken reports whether a deployment is not to be begun any more: another took its place, a rollback or one that was
// begun since it was refused; or the release was cancelled, is on hold, or has another candidate since it was refused. Whoever
// carries it out looks for it, and makes it no more.
func (r Release) Overtaken(op string) bool {
	d, ok := r.deploy(op)
	newest, _ := r.latest(d.Env)
	moved := r.Candidate == nil || r.Candidate.Commit.ID != d.Commit
	switch {
	case !ok:
		return false
	case d.State == DeployPassed, d.State == DeployRefused && newest.Op != op:
		return true
	}
	begun := d.State != DeployAsked && d.State != DeployUnclear && d.State != DeployRefused
	return !begun && !d.Back() && (r.Cancelled || r.Held != nil || d.State == DeployRefused && moved)
}
