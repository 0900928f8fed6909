package githubfake_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// TestPulls: what a pull request is made of, which commits it brought, and what it closes.
func TestPulls(t *testing.T) {
	for _, squash := range []bool{false, true} {
		_, r, api := acme(t, githubfake.Options{})
		issue := r.Issue(githubfake.Issue{Title: "broken"})
		r.Branch("topic", "main")
		one := r.Commit("topic", "ben", "fix: one", map[string]string{"one": "1"})
		n := r.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: "Mend it", Author: "ben", Body: fmt.Sprint("Fixes #", issue), Labels: []string{"bug"}}, Head: "topic"})
		two := r.Commit("topic", "mia", "fix: two", map[string]string{"two": "2"})
		r.Commit("main", "ana", "fix: elsewhere", map[string]string{"three": "3"})
		api.get("/repos/acme/app/commits/"+two+"/pulls").says(t, "0.number", n)
		api.get("/repos/acme/app/pulls").says(t, "#", 1)
		merged := r.Merge
		if squash {
			merged = r.Squash
		}
		id := merged(n)
		api.get("/repos/acme/app/pulls").says(t, "#", 0)
		api.get("/repos/acme/app/pulls?state=closed&head=acme:topic&base=main").says(t, "0.merge_commit_sha", id)
		for _, sha := range []string{one, two, id} {
			a := api.get("/repos/acme/app/commits/"+sha+"/pulls").must(t, 200)
			a.says(t, "0.number", n)
			a.says(t, "0.labels.0.name", "bug")
		}
		api.get("/repos/acme/app/commits/"+r.Head("main")+"/pulls").says(t, "#", 1)
		api.get(fmt.Sprint("/repos/acme/app/pulls/", n)).says(t, "merged", true)
		api.get(fmt.Sprint("/repos/acme/app/pulls/", n, "/commits")).says(t, "#", 2)
		api.get(fmt.Sprint("/repos/acme/app/issues/", issue)).says(t, "state", "closed")
		api.get(fmt.Sprint("/repos/acme/app/issues/", n)).says(t, "pull_request.url", api.f.URL()+"repos/acme/app/pulls/"+fmt.Sprint(n))
		parents := 2
		if squash {
			parents = 1
		}
		api.get("/repos/acme/app/commits/"+id).says(t, "parents.#", parents)
		for _, path := range []string{"one", "two", "three"} {
			if _, ok := r.File("main", path); !ok {
				t.Errorf("squash %v: %s is not there", squash, path)
			}
		}
	}
}

// TestProposed: a pull request as a program makes it, by a file on a branch of its own.
func TestProposed(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	main := r.Head("main")
	const file = "/repos/acme/app/contents/CHANGELOG.md"
	text := base64.StdEncoding.EncodeToString([]byte("# Changes\n"))
	api.post("/repos/acme/app/git/refs", j{"ref": "refs/heads/changes", "sha": main}).must(t, 201)
	api.post("/repos/acme/app/git/refs", j{"ref": "refs/heads/changes", "sha": main}).must(t, 422).says(t, "message", "Reference already exists")
	pull := j{"title": "Changes", "head": "changes", "base": "main", "body": "b"}
	api.post("/repos/acme/app/pulls", pull).must(t, 422).says(t, "errors.0.message", "No commits between main and changes")
	api.get(file+"?ref=changes").must(t, 404)
	a := api.do("PUT", file, j{"message": "docs: 1.0", "content": text, "branch": "changes"}).must(t, 201)
	a.says(t, "commit.parents.0.sha", main)
	sha := a.at(t, "content.sha").(string)
	api.do("PUT", file, j{"message": "m", "content": text, "branch": "changes"}).must(t, 422).says(t, "message", "Invalid request.\n\n\"sha\" wasn't supplied.")
	api.do("PUT", file, j{"message": "m", "content": text, "branch": "changes", "sha": main}).must(t, 409)
	api.do("PUT", file, j{"message": "m", "content": text, "branch": "nothing"}).must(t, 404).says(t, "message", "Branch nothing not found")
	api.do("PUT", file, j{"message": "m", "content": "*", "branch": "changes", "sha": sha}).must(t, 422)
	longer := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("more ", 40)))
	api.do("PUT", file, j{"message": "m", "content": longer, "branch": "changes", "sha": sha}).must(t, 200)
	a = api.get(file+"?ref=changes").must(t, 200)
	got, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(a.at(t, "content").(string), "\n", ""))
	if err != nil || string(got) != strings.Repeat("more ", 40) {
		t.Errorf("%q, %v", got, err)
	}
	if raw := api.get(file+"?ref=changes", "Accept", "application/vnd.github.raw"); string(raw.text) != string(got) {
		t.Errorf("%q", raw.text)
	}
	a = api.post("/repos/acme/app/pulls", pull).must(t, 201)
	a.says(t, "user.login", githubfake.Bot)
	api.post("/repos/acme/app/pulls", pull).must(t, 422).says(t, "errors.0.message", "A pull request already exists for acme:changes.")
	n := fmt.Sprintf("%.0f", a.at(t, "number"))
	api.do("PATCH", "/repos/acme/app/pulls/"+n, j{"title": "Changes of 1.0", "state": "closed"}).must(t, 200).says(t, "state", "closed")
	api.do("PATCH", "/repos/acme/app/git/refs/heads/changes", j{"sha": main}).must(t, 422).says(t, "message", "Update is not a fast forward")
	api.do("PATCH", "/repos/acme/app/git/refs/heads/changes", j{"sha": main, "force": true}).must(t, 200)
	r.Protect("main")
	a = api.get("/repos/acme/app/branches/main")
	a.says(t, "protected", true)
	a.says(t, "protection.required_status_checks.enforcement_level", "off")
	api.do("PUT", file, j{"message": "m", "content": text, "branch": "main"}).must(t, 409)
	api.do("PATCH", "/repos/acme/app/git/refs/heads/main", j{"sha": main, "force": true}).must(t, 422)
	api.do("DELETE", "/repos/acme/app/git/refs/heads/changes", nil).must(t, 204)
	if got := r.Branches(); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// TestGitData: a commit made piece by piece has the ids that git gives it.
func TestGitData(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	main := r.Head("main")
	base := api.get("/repos/acme/app/git/commits/"+main).at(t, "tree.sha")
	blob := api.post("/repos/acme/app/git/blobs", j{"content": "aGk=", "encoding": "base64"}).must(t, 201).at(t, "sha")
	if blob != "32f95c0d1244a78b2be1bab8de17906fabb2c4a8" { // printf hi | git hash-object --stdin
		t.Errorf("the blob is %v", blob)
	}
	tree := api.post("/repos/acme/app/git/trees", j{"base_tree": base, "tree": []j{{"path": "docs/hi", "mode": "100644", "type": "blob", "sha": blob}}}).must(t, 201).at(t, "sha")
	a := api.post("/repos/acme/app/git/commits", j{"message": "docs: hi", "tree": tree, "parents": []any{main}}).must(t, 201)
	sha := a.at(t, "sha").(string)
	api.do("PATCH", "/repos/acme/app/git/refs/heads/main", j{"sha": sha}).must(t, 200)
	if got, _ := r.File("main", "docs/hi"); got != "hi" || r.Head("main") != sha {
		t.Errorf("%q at %s", got, r.Head("main"))
	}
	tag := api.post("/repos/acme/app/git/tags", j{"tag": "v1", "message": "m", "object": sha, "type": "commit"}).must(t, 201).at(t, "sha")
	api.post("/repos/acme/app/git/refs", j{"ref": "refs/tags/v1", "sha": tag}).must(t, 201).says(t, "object.type", "tag")
	api.get("/repos/acme/app/commits/v1").says(t, "sha", sha)
	api.post("/repos/acme/app/git/refs", j{"ref": "refs/heads/x", "sha": "0123456789abcdef0123456789abcdef01234567"}).must(t, 422).says(t, "message", "Object does not exist")
	for _, name := range []string{"heads/x", "refs/x", "refs/heads/a b", "refs/heads/a..b", "refs/heads/.a", "refs/heads/a.lock"} {
		api.post("/repos/acme/app/git/refs", j{"ref": name, "sha": sha}).must(t, 422)
	}
}

// TestIssues: comments once, changed in place, in pages; milestones and what belongs to them.
func TestIssues(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	m := r.Milestone("1.0", time.Date(2026, time.February, 1, 8, 0, 0, 0, time.UTC))
	n := r.Issue(githubfake.Issue{Title: "one", Labels: []string{"bug"}, Milestone: m})
	r.Issue(githubfake.Issue{Title: "two"})
	at := fmt.Sprint("/repos/acme/app/issues/", n)
	a := api.post(at+"/comments", j{"body": "hello"}).must(t, 201)
	a.says(t, "user.login", githubfake.Bot)
	id := fmt.Sprintf("%.0f", a.at(t, "id"))
	api.do("PATCH", "/repos/acme/app/issues/comments/"+id, j{"body": "again"}).must(t, 200)
	if got := r.Comments(n); len(got) != 1 || got[0].Body != "again" || got[0].Edits != 1 {
		t.Errorf("%+v", got)
	}
	for range 4 {
		r.Say(n, "ana", "x")
	}
	a = api.get(at+"/comments?per_page=2&page=2").must(t, 200)
	a.says(t, "#", 2)
	for _, rel := range []string{"prev", "next", "last", "first"} {
		if !strings.Contains(a.Header.Get("Link"), `rel="`+rel+`"`) {
			t.Errorf("no %s in %s", rel, a.Header.Get("Link"))
		}
	}
	api.get(fmt.Sprint("/repos/acme/app/issues?milestone=", m)).says(t, "#", 1)
	api.get("/repos/acme/app/issues?milestone=none").says(t, "#", 1)
	api.get("/repos/acme/app/issues?milestone=*&labels=bug").says(t, "0.number", n)
	api.get("/repos/acme/app/issues?milestone=9").must(t, 422)
	api.get("/repos/acme/app/milestones").says(t, "0.due_on", "2026-02-01T08:00:00Z")
	r.CloseIssue(n)
	a = api.get(fmt.Sprint("/repos/acme/app/milestones/", m))
	a.says(t, "closed_issues", 1)
	a.says(t, "open_issues", 0)
	r.CloseMilestone(m)
	api.get("/repos/acme/app/milestones").says(t, "#", 0)
	api.get("/repos/acme/app/milestones?state=all").says(t, "#", 1)
	r.ChangeIssue(n, func(i *githubfake.Issue) { i.Locked = true })
	api.post(at+"/comments", j{"body": "b"}).must(t, 403)
	r.ChangeIssue(n, func(i *githubfake.Issue) { i.Gone = true })
	api.get(at).must(t, 410)
	api.get("/repos/acme/app/issues/99").must(t, 404)
}

// TestChecks: the last run of each name counts, the last status of each context, and what none says is not well.
func TestChecks(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	sha := r.Head("main")
	api.get("/repos/acme/app/commits/main/status").says(t, "state", "pending")
	api.get("/repos/acme/app/commits/main/check-runs").says(t, "total_count", 0)
	r.Check(sha, "test", "completed", "failure")
	r.Check(sha, "test", "in_progress", "")
	r.Check(sha, "test", "completed", "success")
	r.Check(sha, "odd", "completed", "splendid")
	a := api.get("/repos/acme/app/commits/"+sha+"/check-runs").must(t, 200)
	a.says(t, "total_count", 2)
	a.says(t, "check_runs.0.conclusion", "splendid")
	a.says(t, "check_runs.1.conclusion", "success")
	api.get("/repos/acme/app/commits/"+sha+"/check-runs?filter=all").says(t, "total_count", 3)
	api.get("/repos/acme/app/commits/"+sha+"/check-runs?check_name=odd").says(t, "total_count", 1)
	r.Status(sha, "ci", "failure", "")
	r.Status(sha, "ci", "success", "")
	api.get("/repos/acme/app/commits/main/status").says(t, "state", "success")
	r.Status(sha, "lint", "pending", "")
	a = api.get("/repos/acme/app/commits/main/status")
	a.says(t, "state", "pending")
	a.says(t, "total_count", 2)
	r.Status(sha, "lint", "error", "")
	api.get("/repos/acme/app/commits/main/status").says(t, "state", "failure")
	api.get("/repos/acme/app/commits/main/statuses").says(t, "#", 4)
}

// TestLists: commits by path, author and time, the newest first.
func TestLists(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	f.AddUser(githubfake.User{Login: "ben", Name: "Ben B", Email: "ben@example.org"})
	day := func(n int) time.Time { return time.Date(2026, time.January, n, 9, 0, 0, 0, time.UTC) }
	for n := range 3 {
		r.Push(githubfake.Change{Branch: "main", Author: "ben", At: day(6 + n), Message: fmt.Sprint("fix: ", n), Files: map[string]string{fmt.Sprint("dir/f", n%2): fmt.Sprint(n)}})
	}
	a := api.get("/repos/acme/app/commits")
	a.says(t, "#", 4)
	a.says(t, "0.commit.message", "fix: 2")
	a.says(t, "0.author.login", "ben")
	a.says(t, "0.commit.author.name", "Ben B")
	api.get("/repos/acme/app/commits?path=dir/f0").says(t, "#", 2)
	api.get("/repos/acme/app/commits?path=dir").says(t, "#", 3)
	api.get("/repos/acme/app/commits?author=ben").says(t, "#", 3)
	api.get("/repos/acme/app/commits?since=2026-01-07T09:00:00Z").says(t, "#", 2)
	api.get("/repos/acme/app/commits?until=2026-01-06T09:00:00Z").says(t, "#", 2)
	api.get("/repos/acme/app/commits?sha=nothing").must(t, 404)
	f.AddRepo("acme/empty")
	api.get("/repos/acme/empty/commits").must(t, 409).says(t, "message", "Git Repository is empty.")
	r.Push(githubfake.Change{Branch: "main", Author: "Eve <eve@elsewhere.example>", Message: "who?"})
	api.get("/repos/acme/app/commits/main").says(t, "author", nil)
}
