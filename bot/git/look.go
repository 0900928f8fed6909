package git

import (
	"context"
	"errors"
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// Look answers a query from the repository as it is now. What is missing is refused, or said in Found.Missing when the
// query is optional; Found.Branch is filled as far as it is known.
func (g *Git) Look(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	found, err := g.look(ctx, q)
	var no *workflows.Refusal
	switch {
	case err == nil:
		return found, nil
	case q.Optional && errors.As(err, &no):
		return workflows.Found{Branch: found.Branch, Missing: no}, nil
	}
	return workflows.Found{}, err
}

func (g *Git) look(ctx context.Context, q workflows.Query) (found workflows.Found, err error) {
	patterns, err := workflows.ParsePatterns(q.Paths)
	if err != nil {
		return found, err
	}
	r, err := g.open(ctx, q.Repository, names(q)...)
	if err != nil {
		return found, err
	}
	if q.Tags != "" {
		found.Tags, err = r.tagsLike(ctx, q.Tags)
		return found, err
	}
	head, err := r.head(ctx)
	if err != nil {
		return found, err
	}
	found.Branch = head.Branch
	id, ref, err := r.target(ctx, q, head)
	if err != nil {
		return found, err
	}
	if found.Commit.ID = id; !q.Log { // else it is the first of the log
		if found.Commit, err = r.commit(ctx, id); err != nil {
			return found, err
		}
	}
	found.Commit.Ref = ref
	if q.Past != "" {
		if found.Apart, err = r.apart(ctx, id, q.Past); err != nil {
			return found, err
		}
	}
	if q.Milestone != "" {
		if found.Planned, err = r.planned(ctx, found.Commit, q); err != nil {
			return found, err
		}
	}
	if q.Files {
		if found.Commit.Files, err = r.changed(ctx, id); err != nil {
			return found, err
		}
	}
	if found.Commit.Under, err = r.digests(ctx, id, patterns); err != nil || !q.Log {
		return found, err
	}
	return r.history(ctx, found, q, patterns)
}

// names are those that a query has.
func names(q workflows.Query) []string {
	var out []string
	switch {
	case q.Ref != "":
		out = append(out, q.Ref)
	case q.Branch != "":
		out = append(out, "refs/heads/"+q.Branch)
	}
	if q.Log && q.Since != "" {
		out = append(out, q.Since)
	}
	return out
}

// target finds the commit that a query is about, and the name it was asked by.
func (r repo) target(ctx context.Context, q workflows.Query, head Here) (id, ref string, err error) {
	switch {
	case head.Head == "" && (q.Ref == "HEAD" || q.Ref == "" && (q.Branch == "" || q.Branch == head.Branch)):
		return "", "", noCommit(head.Branch)
	case q.Ref != "":
		id, err = r.resolve(ctx, q.Ref)
		return id, q.Ref, err
	case q.Branch != "":
		id, err = r.tip(ctx, q.Branch)
		return id, q.Branch, err
	case head.Branch == "":
		return "", "", workflows.Refuse(workflows.Detached, fmt.Sprintf("HEAD is detached at %s, so there is no branch to follow",
			workflows.ShortID(head.Head))).Type("--candidate HEAD")
	}
	return head.Head, head.Branch, nil
}

func noCommit(branch string) error {
	return workflows.Refuse(workflows.NoCommit, workflows.Display(branch, 60)+" has no commit").Type("/release candidate set REF")
}

// tip is where a branch stands: the clone's own branch, else what was last fetched of it. A tag of that name is not
// looked at.
func (r repo) tip(ctx context.Context, branch string) (string, error) {
	if workflows.WrongRef(branch) != "" {
		return r.resolve(ctx, branch) // refuses, with the reason
	}
	last := &failure{}
	for _, ref := range []string{"refs/heads/" + branch, "refs/remotes/origin/" + branch} {
		there, err := r.there(ctx, ref)
		if err != nil {
			return "", err
		}
		if !there {
			continue
		}
		id, err := r.verify(ctx, ref)
		if last = failed(err); last == nil {
			return id, err
		}
	}
	return "", r.unknown(ctx, branch, last)
}
