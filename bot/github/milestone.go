package github

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// How many milestones are looked at, and how much of one is taken.
const maxMilestones, maxPlanned = 1000, 1000

const unknownMilestone workflows.Reason = "unknown_milestone"

// planned reads the issues and pull requests of a milestone, which is named by its title or its number, by their numbers.
func (p place) planned(ctx context.Context, name string) ([]workflows.Planned, error) {
	m, err := p.milestone(ctx, name)
	if err != nil {
		return nil, err
	}
	list, more, err := all(ctx, p, "the issues of the milestone "+workflows.Display(m.GetTitle(), 60), maxPlanned, func(c *gh.Client, o gh.ListOptions) ([]*gh.Issue, *gh.Response, error) {
		return c.Issues.ListByRepo(ctx, p.owner, p.name, &gh.IssueListByRepoOptions{Milestone: strconv.Itoa(m.GetNumber()), State: "all", ListOptions: o})
	})
	if err != nil {
		return nil, err
	}
	shown := workflows.Display(m.GetTitle(), 60)
	switch {
	case more:
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("the milestone %s has more than %d issues", shown, maxPlanned)).
			By("whoever plans at GitHub").Type("/release scope add URL")
	case len(list) == 0:
		return nil, workflows.Refuse(unknownMilestone, fmt.Sprintf("nothing is planned in the milestone %s of %s", shown, p.forge)).
			By("whoever plans at GitHub").Type("/release scope add URL")
	}
	slices.SortFunc(list, func(a, b *gh.Issue) int { return cmp.Compare(a.GetNumber(), b.GetNumber()) })
	var out []workflows.Planned
	for _, i := range list {
		if i.GetNumber() <= 0 || i.GetMilestone().GetNumber() != m.GetNumber() {
			return nil, lacks(p, "the issues of a milestone", "with one of another milestone: %d", i.GetNumber())
		}
		out = append(out, workflows.Planned{Ref: refOf(i.GetHTMLURL(), i.GetNumber()), Title: strings.TrimSpace(i.GetTitle()), Labels: labels(i.Labels)})
	}
	return out, nil
}

// milestone finds the milestone that a name means: its title, else its number.
func (p place) milestone(ctx context.Context, name string) (*gh.Milestone, error) {
	list, _, err := all(ctx, p, "the milestones", maxMilestones, func(c *gh.Client, o gh.ListOptions) ([]*gh.Milestone, *gh.Response, error) {
		return c.Issues.ListMilestones(ctx, p.owner, p.name, &gh.MilestoneListOptions{State: "all", ListOptions: o})
	})
	if err != nil {
		return nil, err
	}
	var byTitle, byNumber []*gh.Milestone
	var titles []string
	for _, m := range list {
		switch {
		case m.GetNumber() <= 0:
			return nil, lacks(p, "the milestones", "with one that has no number")
		case strings.EqualFold(strings.TrimSpace(m.GetTitle()), strings.TrimSpace(name)):
			byTitle = append(byTitle, m)
		case strconv.Itoa(m.GetNumber()) == strings.TrimPrefix(name, "#"):
			byNumber = append(byNumber, m)
		}
		titles = append(titles, workflows.Display(m.GetTitle(), 60))
	}
	found := byTitle
	if len(found) == 0 {
		found = byNumber
	}
	shown := workflows.Display(name, 60)
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%d milestones of %s are called %s", len(found), p.forge, shown)).
			By("whoever plans at GitHub").Type(fmt.Sprintf("/release scope from %d", found[0].GetNumber()))
	}
	no := workflows.Refuse(unknownMilestone, fmt.Sprintf("no milestone of %s is called %s", p.forge, shown))
	if no.Nearest = workflows.Nearest(name, titles, 3); len(no.Nearest) == 0 {
		no.Nearest = titles[:min(3, len(titles))]
	}
	if len(no.Nearest) == 0 {
		return nil, no.By("whoever plans at GitHub").Type("/release scope add URL")
	}
	return nil, no.Type(`/release scope from "` + no.Nearest[0] + `"`)
}

// refOf is how an issue or a pull request is referred to: by its address, where that is one.
func refOf(address string, number int) string {
	short := "#" + strconv.Itoa(number)
	if strings.HasPrefix(address, "https://") && workflows.Reference(address) == short {
		return address
	}
	return short
}

func labels(all []*gh.Label) []string {
	var out []string
	for _, l := range all {
		if name := strings.TrimSpace(l.GetName()); name != "" {
			out = append(out, name)
		}
	}
	return out
}
