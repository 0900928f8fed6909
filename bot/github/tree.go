package github

import (
	"cmp"
	"context"
	"crypto/sha1" // #nosec G505 -- it is what git's ids are
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// maxTrees bounds how many folders are asked for one by one, where GitHub does not list a tree whole.
const maxTrees = 2000

const (
	kindTree = "tree"
	treeMode = "040000"
)

// files lists all files of a tree. What GitHub lists must add up to the ids that it was asked by, so that an answer that
// lacks something is noticed.
func (p place) files(ctx context.Context, tree string) ([]workflows.Entry, error) {
	var out []workflows.Entry
	type folder struct{ id, path string }
	asked := 0
	for open := []folder{{tree, ""}}; len(open) > 0; {
		at := open[0]
		open = open[1:]
		if asked++; asked > maxTrees {
			return nil, tooLarge(p)
		}
		list, truncated, err := p.listing(ctx, at.id, true)
		if err != nil {
			return nil, err
		}
		if truncated {
			if list, truncated, err = p.listing(ctx, at.id, false); err != nil {
				return nil, err
			}
			if truncated {
				return nil, tooLarge(p)
			}
		}
		deep := map[string]bool{}
		for _, e := range list { // those of a folder that were listed below it are here as well
			if dir := path.Dir(e.Path); dir != "." {
				deep[dir] = true
			}
		}
		for _, e := range list {
			full := path.Join(at.path, e.Path)
			switch {
			case e.Kind != kindTree:
				out = append(out, workflows.Entry{Mode: e.Mode, Kind: e.Kind, ID: e.ID, Path: full})
			case !deep[e.Path]:
				open = append(open, folder{e.ID, full})
			}
		}
	}
	return out, nil
}

func tooLarge(p place) error {
	return workflows.Refuse(workflows.Invalid, "the tree of "+p.forge+" is too large to be read at GitHub").By(operator).
		Type("products: app: repository: a clone's folder, in readyroom.yaml")
}

// listing asks for what stands in a folder, with deep also below it.
func (p place) listing(ctx context.Context, id string, deep bool) (list []workflows.Entry, truncated bool, err error) {
	what := "the tree " + workflows.ShortID(id)
	t, err := get(ctx, p, what, func(c *gh.Client) (*gh.Tree, *gh.Response, error) {
		return c.Git.GetTree(ctx, p.owner, p.name, id, deep)
	})
	if err != nil {
		return nil, false, err
	}
	if t.GetSHA() != id {
		return nil, false, lacks(p, what, "with another one: %s", t.GetSHA())
	}
	for _, e := range t.Entries {
		list = append(list, workflows.Entry{Mode: e.GetMode(), Kind: e.GetType(), ID: e.GetSHA(), Path: e.GetPath()})
	}
	if t.GetTruncated() {
		return nil, true, nil
	}
	return list, false, p.addsUp(id, list)
}

// addsUp checks that a listing is what its id says: of the folder itself, and of those whose own content is listed too.
func (p place) addsUp(id string, list []workflows.Entry) error {
	folders, ids := map[string][]workflows.Entry{".": nil}, map[string]string{".": id}
	for _, e := range list {
		if !idPattern.MatchString(e.ID) || e.Path == "" || path.Clean(e.Path) != e.Path {
			return lacks(p, "a tree", "without the id of %q", e.Path)
		}
		dir := path.Dir(e.Path)
		folders[dir] = append(folders[dir], e)
		if e.Kind == kindTree {
			ids[e.Path] = e.ID
		}
	}
	for dir, within := range folders {
		if got := treeID(within, len(id)); got != ids[dir] {
			return lacks(p, "the tree "+workflows.ShortID(id), "with a list of %q that does not add up to its id", dir)
		}
	}
	return nil
}

// treeID is the id of a folder, which follows from what stands in it.
func treeID(within []workflows.Entry, length int) string {
	name := func(e workflows.Entry) string {
		if e.Kind == kindTree {
			return path.Base(e.Path) + "/"
		}
		return path.Base(e.Path)
	}
	within = slices.SortedFunc(slices.Values(within), func(a, b workflows.Entry) int { return cmp.Compare(name(a), name(b)) })
	var body []byte
	for _, e := range within {
		id, err := hex.DecodeString(e.ID)
		if err != nil {
			return ""
		}
		body = append(fmt.Appendf(body, "%s %s\x00", strings.TrimLeft(e.Mode, "0"), path.Base(e.Path)), id...)
	}
	h := sha1.New() // #nosec G401 -- it is what git's ids are
	if length == 2*sha256.Size {
		h = sha256.New()
	}
	h.Write(append(fmt.Appendf(nil, "tree %d\x00", len(body)), body...)) // a hash cannot fail
	return hex.EncodeToString(h.Sum(nil))
}

// differ names the files that differ between two trees, sorted; an empty id is an empty tree.
func (p place) differ(ctx context.Context, a, b string) ([]string, error) {
	if a == b {
		return nil, nil
	}
	var trees [2]map[string]workflows.Entry
	for i, id := range []string{a, b} {
		trees[i] = map[string]workflows.Entry{}
		if id == "" {
			continue
		}
		list, err := p.files(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			trees[i][e.Path] = e
		}
	}
	var out []string
	for name, e := range trees[0] {
		if trees[1][name] != e {
			out = append(out, name)
		}
	}
	for name := range trees[1] {
		if _, ok := trees[0][name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}

// Diff names the files that differ between two commits, sorted; of a renamed file both names. Of the query count the
// forge and the paths; with paths only the files under them are named.
func (g *GitHub) Diff(ctx context.Context, in workflows.Query, from, to string) ([]string, error) {
	patterns, err := workflows.ParsePatterns(in.Paths)
	if err != nil {
		return nil, err
	}
	p, err := g.open(ctx, in.Forge)
	if err != nil {
		return nil, err
	}
	var trees [2]string
	for i, ref := range []string{from, to} {
		id, err := p.resolve(ctx, ref)
		if err != nil {
			return nil, err
		}
		w, err := p.commit(ctx, id)
		if err != nil {
			return nil, err
		}
		trees[i] = w.Tree
	}
	files, err := p.differ(ctx, trees[0], trees[1])
	return slices.DeleteFunc(files, func(f string) bool { return !workflows.Selected(patterns, f) }), err
}
