package github

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/workflows"
)

// Look answers a query from the repository as it is at GitHub now, as a clone would, and with what GitHub alone knows.
// What is missing is refused, or said in Found.Missing when the query is optional.
func (g *GitHub) Look(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	if q.Only {
		return g.Complete(ctx, q, workflows.Found{Commit: workflows.Commit{ID: q.Ref}})
	}
	found, err := g.look(ctx, q)
	if err == nil {
		found, err = g.complete(ctx, q, found)
	}
	var no *workflows.Refusal
	switch {
	case err == nil:
		return found, nil
	case q.Optional && errors.As(err, &no):
		return g.lost(ctx, q, workflows.Found{Branch: found.Branch, Missing: no})
	}
	return workflows.Found{}, err
}

// lost adds to the answer that there is no such commit what is deployed all the same: a rollback of what somebody wrote
// history anew over is followed to its end.
func (g *GitHub) lost(ctx context.Context, q workflows.Query, found workflows.Found) (workflows.Found, error) {
	if found.Missing.Reason != workflows.UnknownRef && found.Missing.Reason != workflows.NoCommit {
		return found, nil
	}
	q.Optional, q.Checks, q.Rules, q.Pulls = false, false, false, false
	done, err := g.complete(ctx, q, found)
	var no *workflows.Refusal
	if errors.As(err, &no) {
		return workflows.Found{Branch: found.Branch, Missing: no}, nil
	}
	return done, err
}

func (g *GitHub) look(ctx context.Context, q workflows.Query) (found workflows.Found, err error) {
	patterns, err := workflows.ParsePatterns(q.Paths)
	if err != nil {
		return found, err
	}
	if q.Tags != "" {
		p, err := g.open(ctx, q.Forge)
		if err == nil {
			found.Tags, err = p.tagsLike(ctx, q.Tags)
		}
		return found, err
	}
	if q.Pull > 0 {
		p, err := g.at(q.Forge)
		if err == nil {
			found.Pull, err = p.pullStands(ctx, q.Pull)
		}
		return found, err
	}
	p, err := g.open(ctx, q.Forge)
	if err != nil {
		return found, err
	}
	found.Branch = p.branch
	id, ref, err := p.target(ctx, q)
	if err != nil {
		return found, err
	}
	w, err := p.commit(ctx, id)
	if err != nil {
		return found, err
	}
	m, err := p.mailmap(ctx, id)
	if err != nil {
		return found, err
	}
	found.Commit = sign([]written{w}, m)[0]
	found.Commit.Ref = ref
	if err := p.around(ctx, q, w, &found); err != nil {
		return found, err
	}
	if len(patterns) > 0 {
		entries, err := p.files(ctx, w.Tree)
		if err != nil {
			return found, err
		}
		found.Commit.Under = workflows.Digests(entries, patterns)
	}
	if !q.Log {
		return found, nil
	}
	return p.history(ctx, found, q, patterns, m)
}

// around adds what else a query wants of a commit: its past, what is planned, and what it changed.
func (p place) around(ctx context.Context, q workflows.Query, w written, found *workflows.Found) (err error) {
	if q.Past != "" {
		if found.Apart, err = p.apart(ctx, w.ID, q.Past); err != nil {
			return err
		}
	}
	if q.Milestone != "" {
		if found.Planned, err = p.planned(ctx, q.Milestone); err != nil {
			return err
		}
	}
	if q.Files {
		found.Commit.Files, err = p.changed(ctx, w)
	}
	return err
}
