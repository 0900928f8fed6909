package git

import (
	"context"
	"fmt"
	"strings"
)

// Here is where a work tree stands.
type Here struct {
	Root   string // the work tree's top folder; a bare repository's own
	Branch string // empty: HEAD is detached
	Head   string // the commit checked out; empty: there is none yet
}

// Where says what is checked out around a folder. A folder that is in no repository is refused.
func (g *Git) Where(ctx context.Context, dir string) (Here, error) {
	r, err := g.open(ctx, dir)
	if err != nil {
		return Here{}, err
	}
	here, err := r.head(ctx)
	if err != nil {
		return Here{}, err
	}
	root, err := r.run(ctx, "", "rev-parse", "--show-toplevel")
	if failed(err) != nil { // bare, or inside the repository's own folder
		root, err = r.run(ctx, "", "rev-parse", "--absolute-git-dir")
	}
	if err != nil {
		return Here{}, fmt.Errorf("finding the top folder: %w", err)
	}
	here.Root = strings.TrimSuffix(root, "\n")
	return here, nil
}

// head reads HEAD: a branch with or without commits, or a commit alone.
func (r repo) head(ctx context.Context) (Here, error) {
	if r.glance.here.Head != "" {
		return r.glance.here, nil
	}
	var here Here
	out, err := r.lines(ctx, "symbolic-ref", "-q", "HEAD")
	if f := failed(err); err != nil && (f == nil || f.code != 1) {
		return here, fmt.Errorf("reading HEAD: %w", err)
	}
	if len(out) == 1 {
		here.Branch = short(out[0])
	}
	id, err := r.verify(ctx, "HEAD")
	if err != nil && (failed(err) == nil || here.Branch == "") {
		return here, fmt.Errorf("reading HEAD: %w", err)
	}
	here.Head = id
	return here, nil
}

// Identity is the person that git's configuration names at a folder; empty where it names none.
func (g *Git) Identity(ctx context.Context, dir string) (name, email string) {
	r := repo{g: g, dir: dir}
	return r.setting(ctx, "user.name"), r.setting(ctx, "user.email")
}

func (r repo) setting(ctx context.Context, key string) string {
	out, err := r.run(ctx, "", "config", "--get", key)
	if err != nil { // unset, or a configuration that git cannot read: nobody is named either way
		return ""
	}
	return strings.TrimSpace(out)
}
