package git_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

// Digests move exactly when something under their pattern does.
func TestDigestsUnderPaths(t *testing.T) {
	r := gittest.New(t)
	patterns := []string{"auth", "auth/**", "docs/*.md", "**/migrations/**", "**", "lib"}
	under := func() map[string]string {
		return look(t, r, workflows.Query{Paths: patterns}).Commit.Under
	}
	r.Commit(gittest.Ana, gittest.Day(1), "start", "", "auth/a.go", "1", "auth/b/c.go", "1", "docs/index.md", "1", "docs/sub/x.md", "1",
		"db/migrations/1.sql", "1", "migrations/2.sql", "1", "author", "1")
	last, n := under(), 1
	if last["auth"] != last["auth/**"] || last["auth"] == last["**"] || len(last["auth"]) != 64 {
		t.Fatalf("%v", last)
	}
	step := func(name string, change func(), want ...string) {
		t.Helper()
		change()
		n++
		r.Commit(gittest.Ana, gittest.Day(n), name, "")
		now := under()
		var moved []string
		for _, p := range slices.Sorted(maps.Keys(now)) {
			if now[p] != last[p] {
				moved = append(moved, p)
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, moved); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		last = now
	}
	step("nothing", func() {})
	step("a change", func() { r.Write("auth/b/c.go", "2") }, "auth", "auth/**", "**")
	step("a look-alike", func() { r.Write("author", "2") }, "**")
	step("in the folder", func() { r.Write("docs/index.md", "2") }, "docs/*.md", "**")
	step("below the folder", func() { r.Write("docs/sub/x.md", "2") }, "**")
	step("any depth", func() { r.Write("db/migrations/1.sql", "2") }, "**/migrations/**", "**")
	step("no depth", func() { r.Write("migrations/2.sql", "2") }, "**/migrations/**", "**")
	step("a rename", func() { r.Git("mv", "auth/a.go", "auth/z.go") }, "auth", "auth/**", "**")
	step("the mode", func() { r.Git("update-index", "--chmod=+x", "auth/z.go"); r.Git("config", "core.fileMode", "false") }, "auth", "auth/**", "**")
	step("a submodule", func() { submodule(r, "1") }, "lib", "**")
	step("a submodule moves", func() { submodule(r, "2") }, "lib", "**")
	r.Git("checkout", "--quiet", "-B", "again", "HEAD~2")
	back := look(t, r, workflows.Query{Ref: "main~2", Paths: patterns})
	if diff := cmp.Diff(back.Commit.Under, under()); diff != "" {
		t.Errorf("moving back gives another digest: %s", diff)
	}
}

// submodule pins a folder to a commit of another repository, which need not be there.
func submodule(r *gittest.Repo, digit string) {
	r.Write("lib/.keep", "")
	r.Git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat(digit, 40)+",lib")
	r.Git("rm", "--quiet", "--cached", "--ignore-unmatch", "lib/.keep")
	r.Git("config", "core.excludesFile", "/dev/null")
	r.Write(".git/info/exclude", "lib/.keep\n")
}

func TestADiffNamesSubmodules(t *testing.T) {
	r := gittest.New(t)
	const hidden = "[submodule \"lib\"]\n\tpath = lib\n\turl = https://example.org/lib\n\tignore = all\n"
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "", "a", "1", ".gitmodules", hidden)
	r.Git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",lib")
	two := r.Git("commit-tree", "-m", "two", "-p", one, r.Git("write-tree"))
	found := look(t, r, workflows.Query{Ref: two, Since: one, Log: true, Files: true})
	if diff := cmp.Diff([]string{"lib"}, found.Log[0].Files); diff != "" {
		t.Error(diff)
	}
	files, err := over(r).Diff(t.Context(), workflows.Query{}, one, two)
	if diff := cmp.Diff([]string{"lib"}, files); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}
