package github_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

func repository(t *testing.T) (*githubfake.Fake, *githubfake.Repo, *github.GitHub) {
	t.Helper()
	f := githubfake.New(t, githubfake.Options{Portless: true})
	return f, f.AddRepo("acme/app"), over(t, f)
}

func look(t *testing.T, g *github.GitHub, q workflows.Query) workflows.Found {
	t.Helper()
	q.Forge = "acme/app"
	found, err := g.Look(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return found
}

// refused checks that somebody was told what, why, and what next.
func refused(t *testing.T, err error, reason workflows.Reason, parts ...string) {
	t.Helper()
	var no *workflows.Refusal
	if !errors.As(err, &no) || no.Reason != reason {
		t.Errorf("%v, want the refusal %s", err, reason)
		return
	}
	if no.Why == "" || len(no.Next) == 0 {
		t.Errorf("%+v does not say why and what next", no)
	}
	for _, p := range parts {
		if !strings.Contains(no.Error(), p) {
			t.Errorf("%q does not say %q", no.Error(), p)
		}
	}
}

// everything is a query for all that there is.
var everything = workflows.Query{Forge: "acme/app", Branch: "main", Log: true, Files: true, Paths: []string{"auth"}, Pulls: true, Checks: true, Rules: true,
	Envs: map[workflows.Environment]string{"staging": "", "production": "deploy.yml"}}

// Whenever a branch and a tag move between two of our reads, the answer is one of the answers that there were: what belongs
// to one commit never stands beside another.
func TestARefThatMovesMakesNoMixedAnswer(t *testing.T) {
	build := func() (*githubfake.Fake, *githubfake.Repo, [2]string) {
		f := githubfake.New(t, githubfake.Options{Portless: true, Now: func() time.Time { return gittest.Day(9) }})
		r, at := f.AddRepo("acme/app"), gittest.Day
		r.Push(githubfake.Change{Branch: "main", Author: people[0], Message: "root", Files: map[string]string{"auth/a": "1"}, At: at(1)})
		r.Tag("v1", r.Head("main"))
		var ends [2]string
		ends[0] = r.Push(githubfake.Change{Branch: "main", Author: people[0], Message: "one", Files: map[string]string{"auth/a": "2"}, At: at(2)})
		r.Branch("side", r.Head("v1"))
		ends[1] = r.Push(githubfake.Change{Branch: "side", Author: people[1], Message: "other", Files: map[string]string{"auth/b": "3"}, At: at(3)})
		for i, id := range ends {
			r.Check(id, "test", "completed", []string{"success", "failure"}[i])
		}
		r.Workflow(githubfake.Workflow{File: "deploy.yml"})
		return f, r, ends
	}
	f, r, ends := build()
	want := map[string]workflows.Found{}
	for _, id := range ends {
		r.ForcePush("main", id)
		want[id], _ = over(t, f).Look(t.Context(), everything)
	}
	for k := 1; ; k++ {
		f, r, ends = build()
		calls := 0
		f.Between(func(int) {
			if calls++; calls == k {
				r.ForcePush("main", ends[1])
				r.Tag("v1", ends[1]) // whoever asks for it now gets nothing since
			}
		})
		got, err := over(t, f).Look(t.Context(), everything)
		if err != nil {
			t.Fatalf("moved before read %d: %v", k, err)
		}
		expected := want[got.Commit.ID]
		if got.Since != expected.Since { // the tag moved before it was read
			expected.Since, expected.SinceAs, expected.Log, expected.Mentions = "", "the beginning", got.Log, got.Mentions
			if len(got.Log) != 2 || got.Log[0].ID != got.Commit.ID || got.SinceAs != "the beginning" && got.SinceAs != "tag v1" {
				t.Errorf("moved before read %d: the log is %+v since %s", k, got.Log, got.SinceAs)
			}
			got.Since, got.SinceAs = "", "the beginning"
		}
		if diff := gocmp.Diff(expected, got); diff != "" {
			t.Fatalf("moved before read %d: %s", k, diff)
		}
		if calls < k {
			t.Logf("%d reads", calls)
			return
		}
	}
}

// Beyond what one page holds, and beyond the 250 commits of a comparison that is not read in pages, nothing is lost.
func TestLongHistories(t *testing.T) {
	_, r, g := repository(t)
	base := r.Commit("main", "ana", "root", map[string]string{"a": "0"})
	r.Tag("v1", base)
	var want []string
	for i := range 420 {
		want = append(want, r.Push(githubfake.Change{Branch: "main", Author: "ana", Message: fmt.Sprint("change ", i), Files: map[string]string{"a": fmt.Sprint(i)}, At: gittest.Day(1).Add(time.Duration(i) * time.Minute)}))
	}
	slices.Reverse(want)
	for _, since := range []string{"", "v1", base[:10]} {
		found := look(t, g, workflows.Query{Log: true, Since: since})
		var got []string
		for _, c := range found.Log {
			got = append(got, c.ID)
		}
		if diff := gocmp.Diff(want, got); diff != "" || found.Since != base {
			t.Errorf("since %q: %s", since, diff)
		}
	}
}

// A commit with more files than a page lists, or than are listed at all, has them all; a tree that is not listed whole is
// read folder by folder, to the same digests.
func TestManyFiles(t *testing.T) {
	_, r, g := repository(t)
	files := map[string]string{}
	for i := range 3100 {
		files[fmt.Sprintf("many/%d/%04d", i%7, i)] = fmt.Sprint(i)
	}
	r.Commit("main", "ana", "root", map[string]string{"auth/a": "1"})
	r.Commit("main", "ana", "many", files)
	found := look(t, g, workflows.Query{Files: true, Log: true, Paths: []string{"many/3", "**"}})
	if diff := gocmp.Diff(slices.Sorted(maps.Keys(files)), found.Commit.Files); diff != "" {
		t.Errorf("the files of the commit: %s", diff)
	}
	if diff := gocmp.Diff(found.Commit.Files, found.Log[0].Files); diff != "" {
		t.Errorf("the files in the log: %s", diff)
	}
	r.CutTrees(500)
	cut := look(t, g, workflows.Query{Paths: []string{"many/3", "**"}})
	if diff := gocmp.Diff(found.Commit.Under, cut.Commit.Under); diff != "" {
		t.Errorf("a tree that is listed in parts: %s", diff)
	}
	diff, err := g.Diff(t.Context(), workflows.Query{Forge: "acme/app", Paths: []string{"many/**"}}, "main", found.Log[1].ID)
	if err != nil || len(diff) != len(files) {
		t.Errorf("%d files differ, want %d: %v", len(diff), len(files), err)
	}
}

// A list that lacks an entry does not add up to its id, and is no tree.
func TestAnIncompleteTreeIsNotBelieved(t *testing.T) {
	f, r, _ := repository(t)
	r.Commit("main", "ana", "root", map[string]string{"auth/a": "1", "auth/b": "2"})
	for name, twist := range map[string]func(tree []any) []any{
		"nothing":  func([]any) []any { return []any{} },
		"less":     func(tree []any) []any { return tree[:len(tree)-1] },
		"no inner": func(tree []any) []any { return tree[1:] },
		"a mode": func(tree []any) []any {
			tree[1].(map[string]any)["mode"] = "100755"
			return tree
		},
	} {
		f.Fail("GET /repos/{owner}/{repo}/git/trees/{sha...}", githubfake.Fault{Stored: true, Twist: func(answer map[string]any) { answer["tree"] = twist(answer["tree"].([]any)) }})
		if found, err := over(t, f).Look(t.Context(), workflows.Query{Forge: "acme/app", Paths: []string{"auth"}}); err == nil {
			t.Errorf("%s: believed: %v", name, found.Commit.Under)
		}
	}
	if f.Unspent() != 0 {
		t.Error("a fault did not happen")
	}
}

// What cannot be found is said: what, why, and what to do next.
func TestWhatGitHubLacksIsRefused(t *testing.T) {
	f, r, g := repository(t)
	missing := func(q workflows.Query, reason workflows.Reason, parts ...string) {
		t.Helper()
		if q.Forge == "" {
			q.Forge = "acme/app"
		}
		_, err := g.Look(t.Context(), q)
		refused(t, err, reason, parts...)
		q.Optional = true
		if found, err := g.Look(t.Context(), q); err != nil || found.Missing == nil || found.Missing.Reason != reason {
			t.Errorf("optional %+v: %+v, %v", q, found, err)
		}
	}
	missing(workflows.Query{}, workflows.NoCommit, "main has no commit")
	missing(workflows.Query{Ref: "HEAD"}, workflows.NoCommit)
	missing(workflows.Query{Forge: "acme/none"}, workflows.NoRepository, "acme/none", "an owner of acme", "readyroom doctor")
	missing(workflows.Query{Forge: "acme/../app"}, workflows.NoRepository)
	missing(workflows.Query{Forge: "https://github.com/acme/app"}, workflows.NoRepository)
	root := r.Commit("main", "ana", "root", map[string]string{"a": "1"})
	r.Tag("v1.2.0", root)
	missing(workflows.Query{Ref: "mian"}, workflows.UnknownRef, "nearest: main", "/release candidate set main")
	missing(workflows.Query{Ref: "v1.20"}, workflows.UnknownRef, "nearest: v1.2.0")
	missing(workflows.Query{Branch: "mein"}, workflows.UnknownRef)
	missing(workflows.Query{Ref: "refs/heads/mian"}, workflows.UnknownRef, "acme/app has no branch «mian»", "/release candidate set BRANCH --watch")
	missing(workflows.Query{Ref: "refs/heads/v1.2.0"}, workflows.UnknownRef, "«v1.2.0» is a tag of acme/app", "/release candidate set v1.2.0")
	missing(workflows.Query{Ref: strings.Repeat("7", 40)}, workflows.UnknownRef)
	missing(workflows.Query{Ref: "7777777"}, workflows.UnknownRef)
	missing(workflows.Query{Ref: root[:6]}, workflows.UnknownRef)
	missing(workflows.Query{Log: true, Since: strings.Repeat("7", 40)}, workflows.UnknownRef)
	missing(workflows.Query{Paths: []string{"[a"}}, workflows.Invalid)
	missing(workflows.Query{Ref: "--help"}, workflows.UnknownRef)
	missing(workflows.Query{Milestone: "1.0"}, "unknown_milestone", "no milestone of acme/app is called 1.0")
	other := r.Commit("main", "ana", "two", map[string]string{"a": "2"})
	r.Branch("twin", root)
	r.Tag("twin", other)
	missing(workflows.Query{Ref: "twin"}, workflows.Ambiguous, "refs/heads/twin", "refs/tags/twin")
	r.Tag("main", root)
	if found := look(t, g, workflows.Query{Branch: "main"}); found.Commit.ID != other {
		t.Error("a tag was taken for the branch")
	}
	for permission, q := range map[string]workflows.Query{"contents": {}, "checks": {Checks: true}, "statuses": {Checks: true}, "deployments": {Envs: map[workflows.Environment]string{"staging": ""}}, "pull_requests": {Pulls: true, Log: true}} {
		f.Permit(f.Token(), nil)
		may := map[string]string{}
		for _, name := range githubfake.Permissions {
			if name != permission {
				may[name] = "read"
			}
		}
		f.Permit(f.Token(), may)
		missing(q, "permission", permission+": read", "an owner of acme", "readyroom doctor")
	}
	f.RevokeToken(f.Token())
	missing(workflows.Query{}, "bad_token", "GITHUB_TOKEN")
}

// A log since a commit that was force-pushed away is what came instead, and says so.
func TestAForcePushedBase(t *testing.T) {
	_, r, g := repository(t)
	r.Commit("main", "ana", "root", map[string]string{"a": "1"})
	gone := r.Commit("main", "ana", "gone", map[string]string{"a": "2"})
	r.ForcePush("main", look(t, g, workflows.Query{Ref: gone, Log: true}).Log[1].ID)
	now := r.Commit("main", "ben", "instead", map[string]string{"a": "3"})
	found := look(t, g, workflows.Query{Log: true, Since: gone})
	if back := look(t, g, workflows.Query{Ref: now, Log: true, Since: found.Log[0].ID}); back.Aside {
		t.Error("a commit does not have itself in its past")
	}
	if len(found.Log) != 1 || !found.Aside || found.Log[0].ID != now || found.SinceAs != "commit "+gone[:7]+" (not an ancestor of "+now[:7]+")" {
		t.Errorf("%+v since %s", found.Log, found.SinceAs)
	}
}

func TestMilestones(t *testing.T) {
	_, r, g := repository(t)
	r.Commit("main", "ana", "root", nil)
	one := r.Milestone("1.0", time.Time{})
	empty := r.Milestone("2.0", time.Time{})
	r.CloseMilestone(one)
	r.Issue(githubfake.Issue{Title: "Sign in", Labels: []string{"feature"}, Milestone: one})
	r.Issue(githubfake.Issue{Title: "elsewhere"})
	closed := r.Issue(githubfake.Issue{Title: "Crash", Milestone: one})
	r.CloseIssue(closed)
	r.Branch("topic", r.Head("main"))
	r.Commit("topic", "ana", "work", map[string]string{"a": "1"})
	r.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "Dark mode", Milestone: one}, Head: "topic"})
	want := []workflows.Planned{
		{Ref: "https://github.com/acme/app/issues/1", Title: "Sign in", Labels: []string{"feature"}},
		{Ref: "https://github.com/acme/app/issues/3", Title: "Crash"},
		{Ref: "https://github.com/acme/app/pull/4", Title: "Dark mode"},
	}
	for _, name := range []string{"1.0", fmt.Sprint(one), fmt.Sprint("#", one)} {
		if diff := gocmp.Diff(want, look(t, g, workflows.Query{Milestone: name}).Planned); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	_, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Milestone: fmt.Sprint(empty)})
	refused(t, err, "unknown_milestone", "nothing is planned")
	_, err = g.Look(t.Context(), workflows.Query{Forge: "acme/app", Milestone: "3.0"})
	refused(t, err, "unknown_milestone", "/release scope from")
}

// Whoever may push can call a branch or a tag as the id of a commit begins. Who types that id means the commit, and is not
// given another.
func TestABranchCalledLikeAnID(t *testing.T) {
	_, r, g := repository(t)
	good := r.Commit("main", "ana", "good", nil)
	for n := 0; !strings.ContainsAny(good[:10], "abcdef"); n++ {
		good = r.Commit("main", "ana", fmt.Sprint("good ", n), nil)
	}
	r.Branch("work", good)
	bad := r.Commit("work", "mallory", "bad", nil)
	short := good[:10]
	r.Branch(short, bad)
	_, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Ref: short})
	refused(t, err, workflows.Ambiguous, short, "branch", workflows.ShortID(bad))
	if found := look(t, g, workflows.Query{Ref: "refs/heads/" + short}); found.Commit.ID != bad {
		t.Errorf("the branch is at %s", found.Commit.ID)
	}
	r.DeleteBranch(short)
	r.Tag(short, bad)
	_, err = g.Look(t.Context(), workflows.Query{Forge: "acme/app", Ref: short})
	refused(t, err, workflows.Ambiguous, short, "tag", workflows.ShortID(bad))
	r.DeleteTag(short)
	r.Tag(short, good)
	r.Tag("20260105", bad)
	for ref, want := range map[string]string{short: good, "20260105": bad} {
		if found := look(t, g, workflows.Query{Ref: ref}); found.Commit.ID != want {
			t.Errorf("%s is %s, want %s", ref, found.Commit.ID, want)
		}
	}
}

// What is asked for by its full name is that, or nothing: no branch that is called like a full name takes its place.
func TestAFullNameIsNothingElse(t *testing.T) {
	_, r, g := repository(t)
	good := r.Commit("main", "ana", "good", nil)
	r.Branch("release", good)
	r.Tag("v1", good)
	r.Branch("work", good)
	bad := r.Commit("work", "mallory", "bad", nil)
	r.Branch("refs/heads/release", bad)
	r.Branch("refs/tags/v1", bad)
	for _, full := range []string{"refs/heads/release", "refs/tags/v1"} {
		if found := look(t, g, workflows.Query{Ref: full}); found.Commit.ID != good {
			t.Errorf("%s is %s", full, found.Commit.ID)
		}
	}
	r.DeleteBranch("release")
	r.DeleteTag("v1")
	for _, full := range []string{"refs/heads/release", "refs/tags/v1"} {
		_, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Ref: full})
		refused(t, err, workflows.UnknownRef)
	}
}

// A comparison with another commit than the one that was asked about is not believed, though it begins where it should.
func TestAComparisonWithAnotherCommit(t *testing.T) {
	f, r, g := repository(t)
	base := r.Commit("main", "ana", "root", nil)
	r.Branch("work", base)
	other := r.Commit("work", "ben", "other", nil)
	r.Commit("main", "ana", "ours", nil)
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/repos/acme/app/compare/"+base+"..."+other+"?page=1&per_page=100", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+f.Token())
	answer, err := f.Client().Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status, err)
	}
	f.Fail("GET /repos/{owner}/{repo}/compare/{basehead...}", githubfake.Raw(http.StatusOK, string(body)))
	found, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Branch: "main", Log: true, Since: base})
	if err == nil {
		t.Errorf("the log has %+v", found.Log)
	}
}
