package git_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

func changelog(t *testing.T, r *gittest.Repo, text string, changes ...func(*workflows.Changelog)) error {
	t.Helper()
	c := workflows.Changelog{Repository: r.Dir, Op: "app@1.0.0/notes/1", File: "CHANGELOG.md", Release: "app@1.0.0", Head: workflows.Say("# Changelog"),
		Section: workflows.Approved("## [1.0.0] - 2026-01-05\n\n" + text)}
	for _, change := range changes {
		change(&c)
	}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = git.Changelogs{Git: gitOf(r)}.Act(t.Context(), data)
	return err
}

func logOf(t *testing.T, r *gittest.Repo) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Dir, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// It writes into the work tree, commits nothing, and done again changes nothing. What is in no commit stays: a section is
// added beside it, but none replaced.
func TestChangelog(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "CHANGELOG.md", "# Changelog\n\n## [0.9.0]\n\n- old\n")
	head := r.Head()
	r.Write("CHANGELOG.md", "# Changelog\n\nby hand\n\n## [0.9.0]\n\n- old\n")
	for range 2 {
		if err := changelog(t, r, "- one"); err != nil {
			t.Fatal(err)
		}
	}
	want := "# Changelog\n\nby hand\n\n## [1.0.0] - 2026-01-05\n\n- one\n\n## [0.9.0]\n\n- old\n"
	if got := logOf(t, r); got != want || r.Head() != head {
		t.Errorf("it reads %q at %s", got, r.Head())
	}
	refusedChangelog(t, changelog(t, r, "- two"), "changes that are in no commit")
	if got := logOf(t, r); got != want {
		t.Errorf("refused, it reads %q", got)
	}
	r.Git("add", "-A")
	r.Git("-c", "user.name=ana", "-c", "user.email=ana@example.org", "commit", "-qm", "change log")
	if err := changelog(t, r, "- two"); err != nil || !strings.Contains(logOf(t, r), "- two") || strings.Contains(logOf(t, r), "- one") {
		t.Errorf("corrected: %v, %q", err, logOf(t, r))
	}
	if left := r.Git("status", "--porcelain"); left != "M CHANGELOG.md" && left != " M CHANGELOG.md" {
		t.Errorf("beside it: %q", left)
	}
}

func TestChangelogMade(t *testing.T) {
	r := gittest.New(t)
	if err := changelog(t, r, "- one", func(c *workflows.Changelog) { c.File = "docs/NEWS.md" }); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(r.Dir, "docs", "NEWS.md")); err != nil || !strings.HasPrefix(string(text), "# Changelog\n") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestChangelogRefused(t *testing.T) {
	r := gittest.New(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(r.Dir, "CHANGELOG.md")); err != nil {
		t.Fatal(err)
	}
	refusedChangelog(t, changelog(t, r, "- one"), "is no file that can be written")
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(r.Dir, "docs")); err != nil {
		t.Fatal(err)
	}
	if err := changelog(t, r, "- one", func(c *workflows.Changelog) { c.File = "docs/secret" }); err == nil {
		t.Error("it left the work tree")
	}
	if text, err := os.ReadFile(outside); err != nil || string(text) != "secret" {
		t.Errorf("outside: %q, %v", text, err)
	}
	bare := gittest.New(t, "--bare")
	refusedChangelog(t, changelog(t, bare, "- one"), "no work tree")
	refusedChangelog(t, changelog(t, r, "- one", func(c *workflows.Changelog) { c.Repository = filepath.Join(r.Dir, "none") }), "no folder here")
}

// Where it is written before it takes its place, somebody may have put a link into the repository: nothing goes through it.
func TestChangelogWritesThroughNoLink(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "feat: export", "", "CHANGELOG.md", "# Changelog\n", "other", "mine\n")
	if err := os.Symlink("other", filepath.Join(r.Dir, "CHANGELOG.md.readyroom")); err != nil {
		t.Fatal(err)
	}
	if err := changelog(t, r, "- one"); err != nil || !strings.Contains(logOf(t, r), "- one") {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(r.Dir, "other")); err != nil || string(text) != "mine\n" {
		t.Errorf("the other file reads %q, %v", text, err)
	}
	if info, err := os.Lstat(filepath.Join(r.Dir, "CHANGELOG.md")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
}

func refusedChangelog(t *testing.T, err error, why string) {
	t.Helper()
	var no *workflows.Refusal
	if !errors.As(err, &no) || !strings.Contains(no.Why, why) || len(no.Next) == 0 {
		t.Errorf("got %v, want a refusal with %q", err, why)
	}
}
