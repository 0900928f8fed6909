package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// maxProposals is how many pull requests may have been made for one version: the first, and corrections after a merge.
const maxProposals = 20

// Changelogs proposes sections of a change log, each by a pull request from a branch of its own. As long as that is open,
// what comes later changes it; once it is merged, there is another one. Branches and pull requests of others are left as
// they are.
type Changelogs struct{ *GitHub }

// Act carries out a workflows.Changelog. Done, there is an open or merged pull request with the section, or the file has
// it already.
func (g Changelogs) Act(ctx context.Context, data json.RawMessage) (link string, err error) {
	if g.GitHub == nil {
		return "", Off()
	}
	var want workflows.Changelog
	if err := json.Unmarshal(data, &want); err != nil {
		return "", fmt.Errorf("read what is to be written into the change log: %w", err)
	}
	p, err := g.at(want.Forge)
	if err != nil {
		return "", err
	}
	link, err = p.proposes(ctx, want)
	return link, g.whole(p.forge, err, "contents: write", "pull_requests: write")
}

// proposes brings a section into a pull request.
func (p place) proposes(ctx context.Context, want workflows.Changelog) (link string, err error) {
	for n := 1; n <= maxProposals; n++ {
		w := proposal{place: p, Changelog: want, head: "readyroom/changelog-" + want.Release.Version()}
		if n > 1 {
			w.head += fmt.Sprintf("-%d", n)
		}
		if why := workflows.WrongRef(w.head); why != "" {
			return "", workflows.Refuse(workflows.Invalid, "no branch can be called "+w.head+": "+why).By(operator).Type("/release notes publish --only channels")
		}
		link, again, err := w.put(ctx)
		if err != nil || !again {
			return link, err
		}
	}
	return "", workflows.Refuse(workflows.Exists, fmt.Sprintf("%s of %s has %d pull requests for the change log of %s already", want.File, want.Forge, maxProposals, want.Release.Version())).
		By("engineering").Type("delete what is merged of the branches readyroom/changelog-" + want.Release.Version())
}

// proposal is a section about to be proposed from a branch.
type proposal struct {
	place
	workflows.Changelog
	head string // the branch
	base string // the one it goes into
}

func (w proposal) what() string { return "the pull request for " + workflows.Display(w.File, 80) }

// put brings the section into the branch and its pull request; again: the branch has served its time, another one is
// needed.
func (w proposal) put(ctx context.Context) (link string, again bool, err error) {
	pull, err := w.find(ctx)
	if err != nil {
		return "", false, err
	}
	if pull != nil {
		mine, err := w.proposed(ctx, pull)
		if err != nil {
			return "", false, err
		}
		same, later := relation(mine, w.Op)
		open := pull.GetState() == "open"
		switch {
		case mine != "" && !same: // another product's of this repository, of the same version
			return "", true, nil
		case !same && open:
			return "", false, workflows.Refuse(workflows.Exists, fmt.Sprintf("the branch %s of %s has a pull request of others: %s", w.head, w.forge, pull.GetHTMLURL())).
				By("engineering").Type("close it and delete the branch, then: /release notes publish --only changelog")
		case later:
			return "", false, overtaken(w.what()+" of "+w.forge, pull.GetHTMLURL())
		case same && !open && ours(pull.GetBody()) == w.Op && !pull.GetMergedAt().IsZero():
			return pull.GetHTMLURL(), false, nil
		case same && !open && ours(pull.GetBody()) == w.Op:
			return "", false, workflows.Refuse(conflict, fmt.Sprintf("the pull request #%d of %s was closed without being merged: %s", pull.GetNumber(), w.forge, pull.GetHTMLURL())).
				By("engineering").Type("/release notes publish --only changelog")
		case !open:
			return "", true, nil
		}
	}
	if w.base, err = w.into(ctx); err != nil {
		return "", false, err
	}
	if pull == nil {
		if link, again, err = w.branched(ctx); err != nil || again || link != "" {
			return link, again, err
		}
	}
	if err := w.write(ctx); err != nil {
		return "", false, err
	}
	link, err = w.propose(ctx, pull)
	return link, false, err
}

// proposed is for which publication the bot opened a pull request; empty: others opened it. That its body says so is not
// enough: anybody could write that over commits of their own.
func (w proposal) proposed(ctx context.Context, pull *gh.PullRequest) (op string, err error) {
	if op = ours(pull.GetBody()); op == "" {
		return "", nil
	}
	self, err := w.g.self(ctx, w.forge)
	if err != nil || !self.wrote(pull.GetUser()) {
		return "", err
	}
	return op, nil
}

// into is the branch that the change log is changed in.
func (w proposal) into(ctx context.Context) (string, error) {
	if w.Branch != "" {
		return w.Branch, nil
	}
	r, err := get(ctx, w.place, "the default branch", func(c *gh.Client) (*gh.Repository, *gh.Response, error) {
		return c.Repositories.Get(ctx, w.owner, w.name)
	})
	if err == nil && r.GetDefaultBranch() == "" {
		err = lacks(w.place, "the facts", "without the default branch")
	}
	return r.GetDefaultBranch(), err
}

// find gives the pull request from the branch: the open one, else the newest; nil: there is none.
func (w proposal) find(ctx context.Context) (*gh.PullRequest, error) {
	list, _, err := all(ctx, w.place, w.what(), perPage, func(c *gh.Client, o gh.ListOptions) ([]*gh.PullRequest, *gh.Response, error) {
		return c.PullRequests.List(ctx, w.owner, w.name, &gh.PullRequestListOptions{State: "all", Head: w.owner + ":" + w.head, ListOptions: o})
	})
	if err != nil {
		return nil, err
	}
	var found *gh.PullRequest
	for _, x := range list {
		if err := w.wellFormed(x); err != nil {
			return nil, err
		}
		if x.GetHead().GetRef() == w.head && (found == nil || x.GetState() == "open" || found.GetState() != "open" && x.GetNumber() > found.GetNumber()) {
			found = x
		}
	}
	return found, nil
}

func (w proposal) wellFormed(x *gh.PullRequest) error {
	if x.GetNumber() <= 0 || x.GetState() != "open" && x.GetState() != "closed" || !strings.HasPrefix(x.GetHTMLURL(), "https://") && !strings.HasPrefix(x.GetHTMLURL(), w.g.web("")) {
		return lacks(w.place, w.what(), "without its number, its state or its address")
	}
	return nil
}

// branched makes the branch where it is not there yet. A link says that nothing needs to be written: the file has it; again
// that another branch is needed.
func (w proposal) branched(ctx context.Context) (link string, again bool, err error) {
	base, there, err := w.ref(ctx, "heads/"+w.base)
	switch {
	case err != nil:
		return "", false, err
	case !there:
		return "", false, workflows.Refuse(workflows.UnknownRef, fmt.Sprintf("%s has no branch %s that the change log could be changed in", w.forge, workflows.Display(w.base, 80))).
			By(operator).Type("products: app: branch: main, in readyroom.yaml")
	}
	_, there, err = w.ref(ctx, "heads/"+w.head)
	switch {
	case err != nil:
		return "", false, err
	case there:
		again, err = w.others(ctx, base)
		return "", again, err
	}
	file, err := w.read(ctx, base)
	switch {
	case err != nil:
		return "", false, err
	case w.Has(file.text):
		return file.link, false, nil
	}
	made, err := get(ctx, w.place, "the branch "+w.head, func(c *gh.Client) (*gh.Reference, *gh.Response, error) {
		return c.Git.CreateRef(ctx, w.owner, w.name, &gh.Reference{Ref: gh.String("refs/heads/" + w.head), Object: &gh.GitObject{SHA: gh.String(base)}})
	})
	switch {
	case err != nil:
		return "", false, err
	case made.GetRef() != "refs/heads/"+w.head || made.GetObject().GetSHA() != base:
		return "", false, doubtful(lacks(w.place, "the branch "+w.head, "with another one"))
	}
	return "", false, nil
}

// others reports whether a branch has commits that the bot made for another product of the repository, and refuses one with
// commits of others.
func (w proposal) others(ctx context.Context, base string) (again bool, err error) {
	d, err := get(ctx, w.place, "the branch "+w.head, func(c *gh.Client) (*gh.CommitsComparison, *gh.Response, error) {
		return c.Repositories.CompareCommits(ctx, w.owner, w.name, base, w.head, &gh.ListOptions{PerPage: perPage})
	})
	if err != nil {
		return false, err
	}
	if d.Status == nil || d.TotalCommits == nil || d.GetTotalCommits() < len(d.Commits) {
		return false, lacks(w.place, "the branch "+w.head, "without what is in it")
	}
	others := d.GetTotalCommits() - len(d.Commits)
	for _, c := range d.Commits {
		made := workflows.OpOf(c.GetCommit().GetMessage())
		switch same, _ := relation(made, w.Op); {
		case made == "":
			others++
		case !same:
			again = true
		}
	}
	if others > 0 {
		return false, workflows.Refuse(conflict, fmt.Sprintf("the branch %s of %s has commits of others: the bot writes nothing there", w.head, w.forge)).
			By("engineering").Type("delete the branch " + w.head + ", then: /release notes publish --only changelog")
	}
	return again, nil
}

// propose opens the pull request, or makes the open one say for which publication it is now.
func (w proposal) propose(ctx context.Context, pull *gh.PullRequest) (string, error) {
	body := w.Text.String() + "\n\n" + marker(w.Op)
	if pull != nil && ours(pull.GetBody()) == w.Op {
		return pull.GetHTMLURL(), nil
	}
	made, err := get(ctx, w.place, w.what(), func(c *gh.Client) (*gh.PullRequest, *gh.Response, error) {
		if pull != nil {
			return c.PullRequests.Edit(ctx, w.owner, w.name, pull.GetNumber(), &gh.PullRequest{Title: gh.String(w.Title.String()), Body: gh.String(body)})
		}
		return c.PullRequests.Create(ctx, w.owner, w.name, &gh.NewPullRequest{Title: gh.String(w.Title.String()), Body: gh.String(body), Head: gh.String(w.head), Base: gh.String(w.base)})
	})
	var said *answered
	switch {
	case errors.As(err, &said) && strings.Contains(said.message, "already exists"): // it came meanwhile: it is found next time
		return "", doubtful(err)
	case err != nil:
		return "", err
	}
	if err := w.wellFormed(made); err != nil {
		return "", doubtful(err)
	}
	if ours(made.GetBody()) != w.Op {
		return "", doubtful(lacks(w.place, w.what(), "with another one"))
	}
	return made.GetHTMLURL(), nil
}
