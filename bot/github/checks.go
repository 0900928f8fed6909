package github

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const maxChecks = 1000

// conclusions are what the ends of check runs and workflow runs mean. What is not among them is unknown, and never well.
var conclusions = map[string]workflows.CheckState{
	"success": workflows.CheckPassed, "neutral": workflows.CheckPassed, "skipped": workflows.CheckPassed,
	"failure": workflows.CheckFailed, "timed_out": workflows.CheckFailed, "cancelled": workflows.CheckFailed, "action_required": workflows.CheckFailed,
	"startup_failure": workflows.CheckFailed, "stale": workflows.CheckFailed,
}

// underway are the words for what has not ended.
var underway = []string{"queued", "in_progress", "waiting", "pending", "requested"}

// checks are the check runs and statuses of a commit, by name and maker. Of one suite's runs by one name it is the newest;
// where one maker has several of a name, the one that stands worst: a green one must not hide a red one.
func (p place) checks(ctx context.Context, id string) ([]workflows.Check, error) {
	all, _, err := p.checked(ctx, id)
	return all, err
}

// apps are programs that made checks: their names, by their ids.
type apps map[int64]string

func (p place) checked(ctx context.Context, id string) ([]workflows.Check, apps, error) {
	runs, known, err := p.runs(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	said, err := p.statuses(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	worst := map[workflows.CheckName]workflows.Check{}
	for _, c := range append(runs, said...) {
		key := workflows.CheckName{Name: c.Name, By: c.By}
		old, ok := worst[key]
		if !ok || cmp.Or(cmp.Compare(badness(c.State), badness(old.State)), cmp.Compare(ran(c), ran(old)), c.At.Compare(old.At)) > 0 {
			worst[key] = c
		}
	}
	var out []workflows.Check
	for _, c := range worst {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b workflows.Check) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.By, b.By)) })
	return out, known, nil
}

// ran is more for a check that looked at something.
func ran(c workflows.Check) int {
	if c.Idle {
		return 0
	}
	return 1
}

func badness(s workflows.CheckState) int {
	return slices.Index([]workflows.CheckState{workflows.CheckPassed, workflows.CheckRunning, workflows.CheckUnknown, workflows.CheckFailed}, s)
}

// runs are the newest check runs of each suite, and the programs that made them.
func (p place) runs(ctx context.Context, id string) ([]workflows.Check, apps, error) {
	what := "the check runs of " + workflows.ShortID(id)
	var totals counted
	list, more, err := all(ctx, p, what, maxChecks, func(c *gh.Client, o gh.ListOptions) ([]*gh.CheckRun, *gh.Response, error) {
		got, r, err := c.Checks.ListCheckRunsForRef(ctx, p.owner, p.name, id, &gh.ListCheckRunsOptions{Filter: gh.String("latest"), ListOptions: o})
		if err != nil {
			return nil, r, err
		}
		if got.Total == nil || got.CheckRuns == nil {
			return nil, r, lacks(p, what, "without their number, or without them")
		}
		totals.page(got.GetTotal())
		return got.CheckRuns, r, nil
	})
	if err == nil {
		err = totals.whole(p, what, ids(list), more)
	}
	if err != nil {
		return nil, nil, p.noCommit(id, err)
	}
	type one struct {
		name       string
		suite, app int64
	}
	newest := map[one]*gh.CheckRun{}
	for _, r := range list {
		if r.GetID() <= 0 || r.GetName() == "" || r.GetHeadSHA() != id {
			return nil, nil, lacks(p, what, "with one of another commit: %q", r.GetHeadSHA())
		}
		key := one{r.GetName(), r.GetCheckSuite().GetID(), r.GetApp().GetID()}
		if old := newest[key]; old == nil || cmp.Or(r.GetStartedAt().Compare(old.GetStartedAt().Time), cmp.Compare(r.GetID(), old.GetID())) > 0 {
			newest[key] = r
		}
	}
	var out []workflows.Check
	known := apps{}
	for _, r := range newest {
		if id, slug := r.GetApp().GetID(), r.GetApp().GetSlug(); id > 0 && slug != "" {
			known[id] = slug
		}
		out = append(out, checkOf(r))
	}
	return out, known, nil
}

// checkOf is what a check run says.
func checkOf(r *gh.CheckRun) workflows.Check {
	c := workflows.Check{Name: r.GetName(), By: r.GetApp().GetSlug(), Link: cmp.Or(link(r.GetHTMLURL()), link(r.GetDetailsURL()))}
	c.State, c.Said = standing(r.GetStatus(), r.GetConclusion())
	c.Idle = c.State == workflows.CheckPassed && r.GetConclusion() == "skipped"
	if c.At = r.GetStartedAt().UTC(); r.CompletedAt != nil {
		c.At = r.GetCompletedAt().UTC()
	}
	return c
}

// standing is what a status and a conclusion mean together; said is GitHub's word for what nobody here knows.
func standing(status, conclusion string) (state workflows.CheckState, said string) {
	switch {
	case slices.Contains(underway, status):
		return workflows.CheckRunning, ""
	case status == "completed" && conclusions[conclusion] != "":
		return conclusions[conclusion], ""
	case status == "completed":
		return workflows.CheckUnknown, word(conclusion)
	}
	return workflows.CheckUnknown, word(status)
}

// word is a word of GitHub's as it may be shown.
func word(text string) string { return cmp.Or(workflows.Display(text, 40), "nothing") }

// link is an address that people can follow; what is none is left out.
func link(address string) string {
	if (strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")) && len(address) < 2000 && !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || workflows.Steers(r) }) {
		return address
	}
	return ""
}

func utc(t gh.Timestamp) time.Time { return t.UTC() }

// noCommit says of a commit that GitHub does not have that it was not pushed.
func (p place) noCommit(id string, err error) error {
	if s := status(err); s != http.StatusNotFound && s != http.StatusUnprocessableEntity {
		return err
	}
	return refused{workflows.Refuse(workflows.UnknownRef, "GitHub shows no commit "+workflows.ShortID(id)+" of "+p.forge+": it is not pushed, or the bot's token may not see it").
		By("engineering", operator).Type("git push", "readyroom doctor"), &answered{status: status(err)}}
}

// number writes one.
func number(n int64) string { return strconv.FormatInt(n, 10) }
