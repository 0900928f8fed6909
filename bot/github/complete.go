package github

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/workflows"
)

// Complete adds to what is known of commits what GitHub alone knows: the pull requests that brought them, checks
// and which of them are required, deployments.
func (g *GitHub) Complete(ctx context.Context, q workflows.Query, found workflows.Found) (workflows.Found, error) {
	err := g.known(ctx, q)
	done := found
	if err == nil {
		done, err = g.complete(ctx, q, found)
	}
	var no *workflows.Refusal
	if q.Optional && errors.As(err, &no) {
		return workflows.Found{Branch: found.Branch, Missing: no}, nil
	}
	return done, err
}

// adds reports whether there is anything to add.
func adds(q workflows.Query) bool {
	return q.Forge != "" && (q.Pulls || q.Checks || q.Rules || len(q.Envs) > 0)
}

// known refuses a repository that is another one than before, of which there would be something to add.
func (g *GitHub) known(ctx context.Context, q workflows.Query) error {
	if !adds(q) {
		return nil
	}
	_, err := g.open(ctx, q.Forge)
	return err
}

func (g *GitHub) complete(ctx context.Context, q workflows.Query, found workflows.Found) (workflows.Found, error) {
	if !adds(q) {
		return found, nil
	}
	p, err := g.at(q.Forge)
	if err != nil {
		return found, err
	}
	if q.Pulls {
		if found, err = p.pulls(ctx, found); err != nil {
			return found, err
		}
	}
	var known apps
	if q.Checks && found.Commit.ID != "" {
		if found.Checks, known, err = p.checked(ctx, found.Commit.ID); err != nil {
			return found, err
		}
	}
	if q.Rules {
		if found.Required, err = p.required(ctx, q.Branch, found.Checks, known); err != nil {
			return found, err
		}
	}
	if len(q.Envs) > 0 {
		found.Deployments, err = p.deployments(ctx, q.Envs)
	}
	return found, err
}
