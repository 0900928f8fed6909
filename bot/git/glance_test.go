package git_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

// counted is a Git whose processes are listed: what did gives the verbs of those since it was last asked.
func counted(t *testing.T, r *gittest.Repo) (g *git.Git, did func() string) {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := fmt.Sprintf(`#!/bin/sh
for word do
	case $skip$word in
	yes*) skip= ;;
	-c) skip=yes ;;
	-*) ;;
	*) echo "$word" >>'%s'; break ;;
	esac
done
exec '%s' "$@"
`, log, filepath.Join(r.Path, "git"))
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return git.New(git.Options{Path: dir, Home: r.Home, Dir: r.Dir}), func() string {
		all, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(log); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(string(all)), " ")
	}
}

// Each process takes longer to start than to answer. Whoever adds one to a question that is often asked sees it here.
func TestWhatIsAskedOfGit(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "", "auth/a", "1")
	r.Tag("v1.0.0")
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "", "auth/a", "2")
	r.Branch("next")
	r.Commit(gittest.Ana, gittest.Day(3), "three", "Co-authored-by: Ben <ben@example.org>")
	r.Checkout("main")
	r.Git("merge", "--no-ff", "--no-commit", "next")
	r.Commit(gittest.Ana, gittest.Day(4), "Merge branch next", "Co-authored-by: Mia <mia@example.org>")
	g, did := counted(t, r)
	for name, c := range map[string]struct {
		q    workflows.Query
		want string
	}{
		"the branch checked out": {workflows.Query{}, "rev-parse log check-mailmap"},
		"a branch":               {workflows.Query{Branch: "next"}, "rev-parse log check-mailmap"},
		"a ref":                  {workflows.Query{Ref: "v1.0.0"}, "rev-parse log"},
		"an id":                  {workflows.Query{Ref: two, Paths: []string{"auth"}}, "rev-parse log ls-tree"},
		"notes since a tag":      {workflows.Query{Ref: two, Log: true, Since: "v1.0.0"}, "rev-parse log"},
		"notes since an id":      {workflows.Query{Ref: "main", Log: true, Since: two}, "rev-parse log check-mailmap log"},
		"notes by themselves":    {workflows.Query{Ref: two, Log: true}, "rev-parse for-each-ref describe rev-parse log"},
		"an empty range":         {workflows.Query{Ref: two, Log: true, Since: two}, "rev-parse log log"},
		"by a way to it":         {workflows.Query{Ref: "main~1", Log: true, Since: "main~2"}, "rev-parse for-each-ref for-each-ref rev-parse log"},
	} {
		found, err := g.Look(t.Context(), c.q)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, did()); diff != "" {
			t.Errorf("%s (-want +asked):\n%s", name, diff)
		}
		if diff := cmp.Diff(look(t, r, c.q), found); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
