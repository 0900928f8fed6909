package reading

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// where is an environment of a product.
type where struct {
	product workflows.Product
	env     workflows.Environment
}

// onItsWay is a deployment that has not ended, as far as it was read.
type onItsWay struct {
	op string
	at time.Time
}

// deploys is what came to environments, and what is on its way there.
type deploys struct {
	begun map[string]release.DeployBegun // by operation
	came  map[where][]string             // commits
	way   map[where]onItsWay
}

func newDeploys() deploys {
	return deploys{begun: map[string]release.DeployBegun{}, came: map[where][]string{}, way: map[where]onItsWay{}}
}

// barred is how long what is on its way keeps others from an environment.
const barred = 24 * time.Hour

// begins reads that a commit is brought to an environment: the candidate, in its turn, by whoever may; or by a rollback
// what had been there before.
func (rd *Reading) begins(h workflows.Header, f *followed, e release.DeployBegun) {
	at := where{f.id.Product(), e.Env}
	if _, twice := rd.begun[e.Op]; twice {
		rd.wrongf(h, "it begins the deployment %s, which was begun before", e.Op)
	}
	rd.mayBegin(h, f)
	before := where{at.product, e.After}
	if e.After != "" && !slices.Contains(rd.came[before], e.Commit) {
		rd.wrongf(h, "it deploys %s to %s, and %s had not come to %s before", workflows.ShortID(e.Commit), e.Env, workflows.ShortID(e.Commit), e.After)
	}
	if e.Of != "" {
		rd.bringsBack(h, f, e)
	} else {
		rd.brings(h, f, e)
	}
	rd.begun[e.Op], rd.way[at] = e, onItsWay{e.Op, h.At}
}

// mayBegin: engineering, sre and a release manager deploy.
func (rd *Reading) mayBegin(h workflows.Header, f *followed) {
	m := momentOf(h, f)
	if rd.manages(m, f, h.By.Person) != no {
		return
	}
	for _, role := range []workflows.Role{workflows.Engineering, workflows.SRE} {
		if rd.holds(m, h.By.Person, role, false) != no {
			return
		}
	}
	rd.wrongf(h, "%s deployed and had no role that may", h.By.At())
}

func (rd *Reading) brings(h workflows.Header, f *followed, e release.DeployBegun) {
	if f.held != 0 {
		rd.wrongf(h, "it deploys while the release was on hold (since event %d)", f.held)
	}
	if f.over {
		rd.wrongf(h, "it deploys after the release was over")
	}
	if commit := f.commit(); e.Commit != commit {
		rd.wrongf(h, "it deploys %s, and the candidate was %s", workflows.ShortID(e.Commit), workflows.ShortID(commit))
	}
	if way, ok := rd.way[where{f.id.Product(), e.Env}]; ok && h.At.Before(way.at.Add(barred)) {
		rd.wrongf(h, "it deploys to %s while %s was on its way there", e.Env, way.op)
	}
}

func (rd *Reading) bringsBack(h workflows.Header, f *followed, e release.DeployBegun) {
	if f.held == 0 {
		rd.wrongf(h, "it brings %s back, and the release was not rolled back", workflows.ShortID(e.Commit))
	}
	if !slices.Contains(rd.came[where{f.id.Product(), e.Env}], e.Commit) {
		rd.wrongf(h, "it brings %s back to %s, where that had never come", workflows.ShortID(e.Commit), e.Env)
	}
}

// became reads how a deployment stands.
func (rd *Reading) became(h workflows.Header, f *followed, e release.Deployed) {
	at := where{f.id.Product(), e.Env}
	begun, ok := rd.begun[e.Op]
	switch {
	case !ok:
		rd.wrongf(h, "it tells of the deployment %s, which nobody began", e.Op)
	case begun.Commit != e.Commit || begun.Env != e.Env:
		rd.wrongf(h, "it tells of %s in %s, and %s was begun for %s in %s", workflows.ShortID(e.Commit), e.Env, e.Op, workflows.ShortID(begun.Commit), begun.Env)
	case h.By.Person != "":
		rd.wrongf(h, "%s says what became of a deployment, which only the forge does", h.By.At())
	}
	if e.State == workflows.DeploySucceeded {
		rd.came[at] = append(rd.came[at], e.Commit)
	}
	switch e.State {
	case release.DeployAsked, release.DeployUnclear, workflows.DeployRunning, workflows.DeployUnknown:
		return
	}
	if rd.way[at].op == e.Op {
		delete(rd.way, at)
	}
}
