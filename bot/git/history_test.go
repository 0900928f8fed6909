package git_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

func subjects(log []workflows.Commit) []string {
	var out []string
	for _, c := range log {
		out = append(out, c.Subject)
	}
	return out
}

func TestTheLogBeginsAtTheNearestTag(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Commit(gittest.Ana, gittest.Day(2), "two", "")
	check := func(q workflows.Query, since, as string, want ...string) {
		t.Helper()
		q.Log = true
		found := look(t, r, q)
		if diff := cmp.Diff(want, subjects(found.Log)); diff != "" {
			t.Error(diff)
		}
		if found.Since != since || found.SinceAs != as || found.Aside != strings.Contains(as, "not an ancestor") {
			t.Errorf("since %q (%s, aside %v), want %q (%s)", found.SinceAs, found.Since, found.Aside, as, since)
		}
	}
	check(workflows.Query{}, "", "the beginning", "two", "one")
	two := r.Head()
	r.Git("tag", "--annotate", "--message", "first", "v1.0.0")
	check(workflows.Query{}, "", "the beginning", "two", "one")
	r.Commit(gittest.Ben, gittest.Day(3), "three", "")
	four := r.Commit(gittest.Ben, gittest.Day(4), "four", "")
	check(workflows.Query{}, two, "tag v1.0.0", "four", "three")
	r.Tag("v1.1.0")
	r.Tag("also")
	check(workflows.Query{}, two, "tag v1.0.0", "four", "three")
	check(workflows.Query{Own: "v1.0.0"}, "", "the beginning", "four", "three", "two", "one")
	check(workflows.Query{Own: "v*"}, two, "tag v1.0.0", "four", "three")
	r.Commit(gittest.Mia, gittest.Day(5), "five", "")
	check(workflows.Query{Since: two}, two, "commit "+two[:7], "five", "four", "three")
	check(workflows.Query{Since: "v1.1.0"}, four, "tag v1.1.0", "five")
	check(workflows.Query{Since: "main~1"}, four, "main~1 ("+four[:7]+")", "five")
	check(workflows.Query{Ref: "v1.0.0", Since: four}, four, "commit "+four[:7]+" (not an ancestor of "+two[:7]+")")
	check(workflows.Query{Since: "HEAD"}, r.Head(), "HEAD ("+r.Head()[:7]+")")
	_, err := over(r).Look(t.Context(), workflows.Query{Log: true, Since: strings.Repeat("a", 40)})
	refused(t, err, workflows.UnknownRef)
}

// The commit that a log is of is read with it, and is as it is without one.
func TestTheCommitOfALog(t *testing.T) {
	r := gittest.New(t)
	base := r.Commit(gittest.Ana, gittest.Day(1), "root", "", "auth/a", "1")
	r.Branch("topic")
	r.Commit(gittest.Ben, gittest.Day(2), "topic", "Fixes #1", "topic/a", "1")
	r.Checkout("main")
	r.Git("merge", "--no-ff", "--no-commit", "topic")
	merge := r.Commit(gittest.Mia, gittest.Day(4), "Merge branch topic", "Co-authored-by: Ana <ana@example.org>", "auth/a", "of the merge")
	for _, q := range []workflows.Query{{}, {Ref: "topic", Paths: []string{"auth"}}, {Ref: merge, Files: true}, {Branch: "topic", Files: true, Paths: []string{"topic"}}} {
		want := look(t, r, q)
		for _, since := range []string{"", base, merge} {
			q.Log, q.Since = true, since
			if diff := cmp.Diff(want.Commit, look(t, r, q).Commit); diff != "" || want.Commit.Ref == "" {
				t.Errorf("%+v (-alone +of a log):\n%s", q, diff)
			}
		}
	}
}

// Whether a log begins in the past of its commit follows from what it lists, by whichever parent.
func TestWhereALogBeginsBesideIt(t *testing.T) {
	r := gittest.New(t)
	base := r.Commit(gittest.Ana, gittest.Day(1), "root", "")
	r.Branch("other")
	other := r.Commit(gittest.Ana, gittest.Day(9), "other", "")
	r.Checkout("main")
	r.Branch("topic")
	topic := r.Commit(gittest.Ben, gittest.Day(2), "topic", "")
	r.Checkout("main")
	left := r.Commit(gittest.Ana, gittest.Day(3), "main", "")
	merge := r.Merge(gittest.Mia, gittest.Day(4), "topic")
	r.Commit(gittest.Mia, gittest.Day(5), "last", "")
	few := git.New(git.Options{Path: r.Path, Home: r.Home, Dir: r.Dir, Log: 1})
	for since, aside := range map[string]bool{base: false, topic: false, left: false, merge: false, r.Head(): false, other: true} {
		if found := look(t, r, workflows.Query{Log: true, Since: since}); found.Aside != aside {
			t.Errorf("since %q: aside %v", found.SinceAs, found.Aside)
		}
		_, err := few.Look(t.Context(), workflows.Query{Log: true, Since: since})
		if since == merge || since == r.Head() {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		refused(t, err, workflows.Invalid, "more than 1 commits since")
		if strings.Contains(err.Error(), "not an ancestor") != aside {
			t.Errorf("%v", err)
		}
	}
}

func TestMergesAreLeftOutAndWhatTheyBringStays(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "root", "")
	base := r.Head()
	r.Commit(gittest.Ana, gittest.Day(8), "by a clock that is fast", "")
	r.Branch("topic")
	r.Commit(gittest.Ben, gittest.Day(2), "topic", "", "topic/a", "1")
	r.Checkout("main")
	r.Commit(gittest.Ana, gittest.Day(3), "main", "", "main/a", "1")
	r.Merge(gittest.Mia, gittest.Day(4), "topic")
	found := look(t, r, workflows.Query{Log: true, Since: base})
	if diff := cmp.Diff([]string{"main", "topic", "by a clock that is fast"}, subjects(found.Log)); diff != "" {
		t.Error(diff)
	}
	if found.Commit.Subject != "Merge branch topic" {
		t.Errorf("the candidate is %q", found.Commit.Subject)
	}
	within := look(t, r, workflows.Query{Log: true, Since: base, Paths: []string{"topic"}})
	if diff := cmp.Diff([]string{"topic"}, subjects(within.Log)); diff != "" {
		t.Error(diff)
	}
}

// What somebody writes into a merge itself is in no other commit: the author rule must see who did.
func TestAMergeWithChangesOfItsOwnIsListed(t *testing.T) {
	r := gittest.New(t)
	base := r.Commit(gittest.Ana, gittest.Day(1), "root", "", "auth/a", "1")
	r.Branch("topic")
	r.Commit(gittest.Ben, gittest.Day(2), "topic", "", "topic/a", "1")
	r.Checkout("main")
	r.Commit(gittest.Ana, gittest.Day(3), "main", "", "main/a", "1")
	r.Git("merge", "--no-ff", "--no-commit", "topic")
	r.Commit(gittest.Mia, gittest.Day(4), "Merge branch topic", "", "auth/a", "backdoor")
	found := look(t, r, workflows.Query{Log: true, Since: base, Paths: []string{"auth"}})
	if len(found.Log) != 1 || !found.Log[0].Merge || found.Log[0].Authors[0] != "mia@example.org" {
		t.Errorf("the merge that changes auth/a is not listed: %+v", found.Log)
	}
}

func TestFileNamesOfEveryKind(t *testing.T) {
	r := gittest.New(t)
	names := []string{"plain", "with space", "line\nbreak", "tab\there", ":100644 colon", "\n:fake", "ünï/✓", `quo"te`, "-dash", "*star", "\xff\xfe"}
	for _, n := range names {
		r.Write("odd/"+n, "1")
	}
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Git("mv", "odd/plain", "odd/renamed")
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "", "odd/line\nbreak", "2", "elsewhere", "3")
	found := look(t, r, workflows.Query{Log: true, Files: true, Paths: []string{"odd"}})
	if len(found.Log) != 2 {
		t.Fatalf("%d commits, want 2", len(found.Log))
	}
	var want []string
	for _, n := range names {
		want = append(want, "odd/"+n)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, found.Log[1].Files); diff != "" {
		t.Errorf("the first commit: %s", diff)
	}
	if diff := cmp.Diff([]string{"elsewhere", "odd/line\nbreak", "odd/plain", "odd/renamed"}, found.Log[0].Files); diff != "" {
		t.Errorf("the second commit: %s", diff)
	}
	files, err := over(r).Diff(t.Context(), workflows.Query{Paths: []string{"odd/**"}}, one, two)
	if diff := cmp.Diff([]string{"odd/line\nbreak", "odd/plain", "odd/renamed"}, files); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if files, err = over(r).Diff(t.Context(), workflows.Query{}, two, two); len(files) != 0 || err != nil {
		t.Errorf("a commit differs from itself: %q, %v", files, err)
	}
	_, err = over(r).Diff(t.Context(), workflows.Query{}, "--output=x", two)
	refused(t, err, workflows.UnknownRef)
	_, err = over(r).Diff(t.Context(), workflows.Query{}, one, strings.Repeat("b", 40))
	refused(t, err, workflows.UnknownRef)
}

func TestAShallowCloneSaysSo(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Commit(gittest.Ana, gittest.Day(2), "two", "")
	clone := filepath.Join(t.TempDir(), "clone")
	r.Git("clone", "--quiet", "--depth=1", "file://"+r.Dir, clone)
	found, err := git.New(git.Options{Path: r.Path, Home: r.Home}).Look(t.Context(), workflows.Query{Repository: clone, Log: true})
	if err != nil || found.SinceAs != "the beginning of this shallow clone" || len(found.Log) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestLongLogs(t *testing.T) {
	r := gittest.New(t)
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	for i, s := range []string{"two", "three", "four"} {
		r.Commit(gittest.Ana, gittest.Day(i+2), s, "")
	}
	g := git.New(git.Options{Path: r.Path, Home: r.Home, Dir: r.Dir, Log: 2})
	found, err := g.Look(t.Context(), workflows.Query{Log: true})
	if err != nil || found.SinceAs != "the beginning (the newest 2 commits)" || cmp.Diff([]string{"four", "three"}, subjects(found.Log)) != "" {
		t.Errorf("nobody named a beginning: %+v, %v", found, err)
	}
	_, err = g.Look(t.Context(), workflows.Query{Log: true, Since: one})
	refused(t, err, workflows.Invalid, "more than 2 commits since commit "+one[:7])
	if _, err = g.Look(t.Context(), workflows.Query{Log: true, Since: "HEAD~2"}); err != nil {
		t.Error(err)
	}
}
