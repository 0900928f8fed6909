package git_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

// partly clones a repository with a filter, bare, from a place that is gone afterwards: nothing can be fetched by mistake.
func partly(t *testing.T, r *gittest.Repo, filter string, bare ...string) (g *git.Git, dir string) {
	t.Helper()
	from := filepath.Join(t.TempDir(), "from.git")
	r.Git("clone", "--quiet", "--bare", r.Dir, from)
	r.Git("-C", from, "config", "uploadpack.allowFilter", "true")
	dir = filepath.Join(t.TempDir(), "app.git")
	r.Git(append(append([]string{"clone", "--quiet", "--no-checkout", "--filter=" + filter}, bare...), "file://"+from, dir)...)
	if err := os.RemoveAll(from); err != nil {
		t.Fatal(err)
	}
	return git.New(git.Options{Path: r.Path, Home: r.Home}), dir
}

// A clone without the files' content says the same of commits, logs, digests and differences as a whole one.
func TestABloblessCloneSaysTheSame(t *testing.T) {
	r := gittest.New(t)
	base := r.Commit(gittest.Ana, gittest.Day(1), "root", "", "auth/a", "1", "docs/x", "1", "ROADMAP.md", "# 1.0\n\n- sign in\n")
	r.Tag("v1.0.0")
	r.Branch("topic")
	r.Commit(gittest.Ben, gittest.Day(2), "topic", "Co-authored-by: Mia <mia@example.org>", "topic/a", "1")
	r.Checkout("main")
	r.Commit(gittest.Ana, gittest.Day(3), "main", "", "auth/b", "1")
	r.Git("merge", "--no-ff", "--no-commit", "topic")
	r.Commit(gittest.Mia, gittest.Day(4), "Merge branch topic", "", "auth/a", "of the merge")
	r.Git("mv", "auth/a", "auth/z")
	tip := r.Commit(gittest.Mia, gittest.Day(5), "rename", "")
	for name, bare := range map[string][]string{"bare": {"--bare"}, "with a folder": nil} {
		g, dir := partly(t, r, "blob:none", bare...)
		for _, q := range []workflows.Query{{}, {Log: true}, {Log: true, Files: true, Paths: []string{"auth"}}, {Ref: tip[:9], Files: true, Paths: []string{"**"}}, {Log: true, Since: base}} {
			want := look(t, r, q)
			q.Repository = dir
			got, err := g.Look(t.Context(), q)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s, %+v: %v %s", name, q, err, diff)
			}
		}
		files, err := g.Diff(t.Context(), workflows.Query{Repository: dir}, base, "HEAD")
		if diff := cmp.Diff([]string{"auth/a", "auth/b", "auth/z", "topic/a"}, files); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		_, err = g.Look(t.Context(), workflows.Query{Repository: dir, Milestone: "1.0"})
		refused(t, err, "partial_clone", "is a partial clone", "fetches nothing", "cat-file -p")
	}
}

// What a partial clone lacks and a question needs is refused, with what brings it; that a word names no commit still is
// what it says.
func TestAPartialCloneSaysWhatItLacks(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "", "auth/a", "1", ".mailmap", "Ana <ana@work.example.org> <ana@example.org>\n")
	blob := r.Git("rev-parse", "HEAD:auth/a")
	bare, dir := partly(t, r, "blob:none", "--bare")
	_, err := bare.Look(t.Context(), workflows.Query{Repository: dir})
	refused(t, err, "partial_clone", r.Git("rev-parse", "HEAD:.mailmap"))
	found, err := bare.Look(t.Context(), workflows.Query{Repository: dir, Optional: true})
	if err != nil || found.Missing == nil || found.Missing.Reason != "partial_clone" {
		t.Errorf("optional: %+v, %v", found, err)
	}
	whole, folder := partly(t, r, "blob:none")
	for _, ref := range []string{blob, blob[:8], "7777777777777777777777777777777777777777", "nothing"} {
		_, err := whole.Look(t.Context(), workflows.Query{Repository: folder, Ref: ref})
		refused(t, err, workflows.UnknownRef)
	}
	treeless, dir := partly(t, r, "tree:0")
	_, err = treeless.Look(t.Context(), workflows.Query{Repository: dir, Paths: []string{"auth"}})
	refused(t, err, "partial_clone", "fetch --refetch --no-filter")
}
