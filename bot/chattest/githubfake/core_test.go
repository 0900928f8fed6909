package githubfake_test

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
)

// TestIDs: the ids are those that git gives the same files, authors, times and words.
func TestIDs(t *testing.T) {
	git := gittest.New(t)
	_, r, api := acme(t, githubfake.Options{})
	want := git.Commit(gittest.Ana, gittest.Day(2), "feat: sign in", "With a body.", "a/b.go", "package b\n", "a.go", "x", "a-b", "y")
	got := r.Push(githubfake.Change{
		Branch: "bare", Author: gittest.Ana, At: gittest.Day(2), Message: "feat: sign in\n\nWith a body.",
		Files: map[string]string{"README.md": githubfake.Gone, "a/b.go": "package b\n", "a.go": "x", "a-b": "y"},
	})
	tree := api.get("/repos/acme/app/commits/"+got).at(t, "commit.tree.sha")
	if is := git.Git("rev-parse", want+"^{tree}"); tree != is {
		t.Errorf("the tree is %v, git says %s", tree, is)
	}
	// That commit has a parent, the first one of git none: a whole commit is compared by its own words.
	raw := api.get("/repos/acme/app/git/commits/" + got)
	parent := raw.at(t, "parents.0.sha")
	text := fmt.Sprintf("tree %s\nparent %s\nauthor Ana <ana@example.org> %d +0000\ncommitter Ana <ana@example.org> %d +0000\n\nfeat: sign in\n\nWith a body.\n",
		tree, parent, gittest.Day(2).Unix(), gittest.Day(2).Unix())
	cmd := exec.CommandContext(t.Context(), filepath.Join(git.Path, "git"), "hash-object", "-t", "commit", "--literally", "--stdin")
	cmd.Dir, cmd.Stdin = git.Dir, strings.NewReader(text)
	if out, err := cmd.Output(); err != nil || strings.TrimSpace(string(out)) != got {
		t.Errorf("the commit is %s, git says %s (%v)", got, out, err)
	}
}

// TestCompareWindow: what nobody asks for in pages is cut at the newest 250; in pages it is whole, the oldest first.
func TestCompareWindow(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	base := r.Head("main")
	for n := range 301 {
		r.Commit("main", "ana", fmt.Sprintf("fix: %d", n+1), map[string]string{fmt.Sprintf("f%d", n): "x"})
	}
	whole := api.get("/repos/acme/app/compare/"+base+"...main").must(t, 200)
	whole.says(t, "commits.#", 250)
	whole.says(t, "total_commits", 301)
	whole.says(t, "commits.0.commit.message", "fix: 52")
	whole.says(t, "commits.249.commit.message", "fix: 301")
	whole.says(t, "files.#", 300)
	whole.says(t, "status", "ahead")
	whole.says(t, "merge_base_commit.sha", base)
	path, seen := "/repos/acme/app/compare/"+base+"...main?per_page=100", 0
	for path != "" {
		page := api.get(path).must(t, 200)
		page.says(t, "commits.0.commit.message", fmt.Sprintf("fix: %d", seen+1))
		if seen > 0 {
			page.says(t, "files", nil)
		}
		seen += page.at(t, "commits.#").(int)
		_, path = next(page.Response)
	}
	if seen != 301 {
		t.Errorf("%d commits in pages", seen)
	}
	api.get("/repos/acme/app/compare/main..."+base).says(t, "status", "behind")
	api.get("/repos/acme/app/compare/main...main").says(t, "status", "identical")
	api.get("/repos/acme/app/compare/nothing...main").must(t, 404)
}

// next is where the next page is.
func next(r *http.Response) (url, path string) {
	for part := range strings.SplitSeq(r.Header.Get("Link"), ", ") {
		if where, is := strings.CutSuffix(part, `>; rel="next"`); is {
			url = strings.TrimPrefix(where, "<")
			return url, "/" + strings.SplitN(url, "/", 4)[3]
		}
	}
	return "", ""
}

// TestRefs: branches, tags of both kinds, trees, and what a ref in a question may look like.
func TestRefs(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	one := r.Head("main")
	two := r.Commit("feature/x", "ben", "feat: x", map[string]string{"dir/x": "x", "dir/sub/y": "y"})
	r.Tag("v1", one)
	object := r.AnnotatedTag("v2", two, "the second")
	for ref, want := range map[string]string{"main": one, "feature/x": two, "feature%2Fx": two, "heads/main": one, "tags/v2": two, "v1": one, two: two, two[:7]: two} {
		a := api.get("/repos/acme/app/commits/"+ref).must(t, 200)
		a.says(t, "sha", want)
		if a := api.get("/repos/acme/app/commits/"+ref, "Accept", "application/vnd.github.sha"); string(a.text) != want {
			t.Errorf("%s is %q", ref, a.text)
		}
	}
	api.get("/repos/acme/app/commits/nothing").must(t, 422).says(t, "message", "No commit found for SHA: nothing")
	api.get("/repos/acme/app/git/ref/tags/v1").says(t, "object.type", "commit")
	a := api.get("/repos/acme/app/git/ref/tags/v2")
	a.says(t, "object.type", "tag")
	a.says(t, "object.sha", object)
	api.get("/repos/acme/app/git/tags/"+object).says(t, "object.sha", two)
	api.get("/repos/acme/app/git/ref/tags/v3").must(t, 404)
	api.get("/repos/acme/app/git/matching-refs/tags/v").says(t, "#", 2)
	api.get("/repos/acme/app/tags").says(t, "0.commit.sha", two)
	api.get("/repos/acme/app/branches/feature/x").says(t, "commit.sha", two)
	api.get("/repos/acme/app/branches/nothing").must(t, 404).says(t, "message", "Branch not found")
	api.get("/repos/acme/app/git/trees/feature%2Fx?recursive=1").says(t, "tree.#", 5)
	api.get("/repos/acme/app/git/trees/feature%2Fx").says(t, "tree.#", 2)
	r.CutTrees(2)
	a = api.get("/repos/acme/app/git/trees/feature%2Fx?recursive=1")
	a.says(t, "truncated", true)
	a.says(t, "tree.#", 2)
}
