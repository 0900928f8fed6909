package evidence

import (
	"cmp"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

func deployBegun(t *telling, h workflows.Header, e release.DeployBegun) Facts {
	t.Deploys = append(t.Deploys, Deployment{Act: act(h), Op: e.Op, Env: e.Env, Commit: e.Commit, Of: e.Of, State: release.DeployAsked})
	return Facts{"env": string(e.Env), "commit": e.Commit, "of": string(e.Of), "workflow": e.Workflow, "why": e.Why}
}

func deployed(t *telling, h workflows.Header, e release.Deployed) Facts {
	why := cmp.Or(e.Why, e.Said)
	if i := slices.IndexFunc(t.Deploys, func(d Deployment) bool { return d.Op == e.Op }); i >= 0 {
		d, when := &t.Deploys[i], act(h)
		d.State, d.Why, d.Ended, d.Link = e.State, why, &when, cmp.Or(e.Link, d.Link)
	}
	return Facts{"env": string(e.Env), "commit": e.Commit, "state": string(e.State), "link": e.Link, "why": why}
}
