package github

import (
	"context"

	"github.com/readyroom/readyroom/workflows"
)

// Look answers a query from GitHub alone.
func (g *GitHub) Look(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	return g.Complete(ctx, q, workflows.Found{})
}

// Complete adds to what a clone says of commits what GitHub alone knows.
func (g *GitHub) Complete(_ context.Context, _ workflows.Query, found workflows.Found) (workflows.Found, error) {
	return found, nil
}

// Diff lists the files that differ between two commits.
func (g *GitHub) Diff(context.Context, workflows.Query, string, string) ([]string, error) {
	return nil, Off()
}
