package github

import (
	"context"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// statuses are what the states of commit statuses mean.
var statuses = map[string]workflows.CheckState{
	"success": workflows.CheckPassed, "failure": workflows.CheckFailed, "error": workflows.CheckFailed, "pending": workflows.CheckRunning,
}

// statuses are the newest statuses of a commit, one of each context.
func (p place) statuses(ctx context.Context, id string) ([]workflows.Check, error) {
	what := "the statuses of " + workflows.ShortID(id)
	var totals counted
	list, more, err := all(ctx, p, what, maxChecks, func(c *gh.Client, o gh.ListOptions) ([]*gh.RepoStatus, *gh.Response, error) {
		got, r, err := c.Repositories.GetCombinedStatus(ctx, p.owner, p.name, id, &o)
		switch {
		case err != nil:
			return nil, r, err
		case got.TotalCount == nil || got.GetSHA() != id:
			return nil, r, lacks(p, what, "with those of another commit: %q", got.GetSHA())
		case got.Statuses == nil:
			return nil, r, lacks(p, what, "without them")
		}
		totals.page(got.GetTotalCount())
		return got.Statuses, r, nil
	})
	if err == nil {
		err = totals.whole(p, what, ids(list), more)
	}
	if err != nil {
		return nil, p.noCommit(id, err)
	}
	makers, err := p.creators(ctx, id, len(list) > 0)
	if err != nil {
		return nil, p.noCommit(id, err)
	}
	var out []workflows.Check
	for _, s := range list {
		if s.GetContext() == "" {
			return nil, lacks(p, what, "with one that has no name")
		}
		c := workflows.Check{Name: s.GetContext(), By: makers[s.GetID()], State: statuses[s.GetState()], Link: link(s.GetTargetURL()), At: utc(s.GetUpdatedAt())}
		if c.State == "" {
			c.State, c.Said = workflows.CheckUnknown, word(s.GetState())
		}
		out = append(out, c)
	}
	return out, nil
}

// creators says who set the statuses of a commit, by their numbers: the newest ones of each name come without it. Of those
// beyond what is listed nobody is known, and no name counts as theirs.
func (p place) creators(ctx context.Context, id string, some bool) (map[int64]string, error) {
	if !some {
		return nil, nil
	}
	list, _, err := all(ctx, p, "who set the statuses of "+workflows.ShortID(id), maxChecks, func(c *gh.Client, o gh.ListOptions) ([]*gh.RepoStatus, *gh.Response, error) {
		return c.Repositories.ListStatuses(ctx, p.owner, p.name, id, &o)
	})
	if err != nil {
		return nil, err
	}
	out := map[int64]string{}
	for _, s := range list {
		out[s.GetID()] = maker(s.GetCreator())
	}
	return out, nil
}

// bot ends the login of a program's account. No person's has such signs.
const bot = "[bot]"

// maker is whose account it is, as checks are known by it: a program by its name, as its check runs are.
func maker(u *gh.User) string {
	if name, is := strings.CutSuffix(u.GetLogin(), bot); is && name != "" {
		return name
	}
	if u.GetLogin() == "" {
		return ""
	}
	return "@" + u.GetLogin()
}
