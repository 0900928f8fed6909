package githubfake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
)

// load brings every object and branch of a clone to a repository.
func load(t *testing.T, git *gittest.Repo, r *githubfake.Repo) {
	t.Helper()
	rest := git.Git("cat-file", "--batch-all-objects", "--batch") + "\n"
	for rest != "" {
		head, more, _ := strings.Cut(rest, "\n")
		var id, kind string
		var size int
		if _, err := fmt.Sscan(head, &id, &kind, &size); err != nil {
			t.Fatal(err)
		}
		if got := r.Load(kind, []byte(more[:size])); got != id {
			t.Errorf("a %s is %s, git says %s", kind, got, id)
		}
		rest = more[size+1:]
	}
	refs := map[string]string{}
	for line := range strings.Lines(git.Git("for-each-ref", "--format=%(objectname) %(refname)")) {
		id, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		refs[name] = id
	}
	r.Refs(refs)
}

// TestLoad: a clone's history is GitHub's, with its ids; what is listed and compared is what git lists and compares.
func TestLoad(t *testing.T) {
	git := gittest.New(t)
	f := githubfake.New(t, githubfake.Options{Portless: true})
	r := f.AddRepo("acme/app")
	api := &caller{t: t, f: f, client: f.Client(), token: f.Token()}
	git.Commit(gittest.Ana, gittest.Day(1), "feat: begin", "", "a", "a", "dir/b", "b")
	for n := range 6 {
		git.Branch(fmt.Sprint("topic", n))
		git.Commit(gittest.Ben, gittest.Day(2+3*n), fmt.Sprint("fix: ", n), "", fmt.Sprint("t", n), "x")
		git.Checkout("main")
		git.Commit(gittest.Mia, gittest.Day(3+3*n), fmt.Sprint("feat: ", n), "", fmt.Sprint("m", n), "x")
		if n%2 == 0 {
			git.Merge(gittest.Ana, gittest.Day(4+3*n), fmt.Sprint("topic", n))
		}
	}
	git.Git("tag", "-a", "v1", "-m", "one", "topic3")
	load(t, git, r)
	page := api.get("/repos/acme/app/commits?per_page=100").must(t, 200)
	for n, id := range strings.Fields(git.Git("rev-list", "--date-order", "main")) {
		page.says(t, fmt.Sprint(n, ".sha"), id)
	}
	for _, other := range []string{"topic1", "topic2", "topic5", "v1", "main"} {
		a := api.get("/repos/acme/app/compare/"+other+"...main").must(t, 200)
		a.says(t, "total_commits", git.Git("rev-list", "--count", other+"..main"))
		a.says(t, "behind_by", git.Git("rev-list", "--count", "main.."+other))
		a.says(t, "merge_base_commit.sha", git.Git("merge-base", other, "main"))
		a.says(t, "files.#", len(strings.Fields(git.Git("diff", "--name-only", other+"...main"))))
	}
	api.get("/repos/acme/app/git/trees/main").says(t, "sha", git.Git("rev-parse", "main^{tree}"))
	api.get("/repos/acme/app/git/trees/"+git.Git("rev-parse", "main:dir")).says(t, "tree.0.path", "b")
	if got, ok := r.File("v1", "t3"); got != "x" || !ok {
		t.Errorf("%q %v", got, ok)
	}
}
