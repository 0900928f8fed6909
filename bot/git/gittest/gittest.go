// Package gittest makes repositories for tests: fixed authors, fixed dates, so that commit ids are the same on every
// machine. It is for tests alone.
package gittest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Authors that tests share.
const (
	Ana = "Ana <ana@example.org>"
	Ben = "Ben <ben@example.org>"
	Mia = "Mia <mia@example.org>"
)

// Day is nine o'clock UTC on the nth day of January 2026: a date for the nth commit.
func Day(n int) time.Time { return time.Date(2026, time.January, n, 9, 0, 0, 0, time.UTC) }

// Repo is one repository under a test's temporary folder.
type Repo struct {
	Dir  string // the work tree
	Home string // a home folder with an empty configuration
	Path string // where the git command is: what a $PATH needs
	t    testing.TB
	when time.Time
}

// New makes an empty repository on the branch main; args go to git init. A machine without git skips the test.
func New(t testing.TB, args ...string) *Repo {
	t.Helper()
	program, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	r := &Repo{Dir: filepath.Join(t.TempDir(), "app"), Home: t.TempDir(), Path: filepath.Dir(program), t: t, when: Day(1)}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r.Git(append([]string{"init", "--quiet", "--initial-branch=main"}, args...)...)
	return r
}

// Git runs a git command in the repository and gives what it wrote, without the last line break.
func (r *Repo) Git(args ...string) string {
	r.t.Helper()
	return r.as("Readyroom <readyroom@example.org>", args...)
}

func (r *Repo) as(author string, args ...string) string {
	r.t.Helper()
	name, address, _ := strings.Cut(strings.TrimSuffix(author, ">"), "<")
	name, date := strings.TrimSpace(name), r.when.Format(time.RFC3339)
	guards := []string{"-c", "gc.auto=0", "-c", "commit.gpgSign=false", "-c", "core.autocrlf=false", "-c", "protocol.file.allow=always"}
	cmd := exec.CommandContext(r.t.Context(), filepath.Join(r.Path, "git"), append(guards, args...)...)
	cmd.Dir = r.Dir
	cmd.Env = []string{
		"HOME=" + r.Home, "PATH=" + r.Path, "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=" + name, "GIT_AUTHOR_EMAIL=" + address, "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=" + name, "GIT_COMMITTER_EMAIL=" + address, "GIT_COMMITTER_DATE=" + date,
	}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// Commit writes files (a path, its content, a path, …), commits the whole work tree and gives the commit's id. Without
// files the commit is empty.
func (r *Repo) Commit(author string, date time.Time, subject, body string, files ...string) string {
	r.t.Helper()
	for i := 0; i+1 < len(files); i += 2 {
		r.Write(files[i], files[i+1])
	}
	r.when = date
	r.Git("add", "--all")
	r.as(author, "commit", "--quiet", "--allow-empty", "--message", strings.TrimSpace(subject+"\n\n"+body))
	return r.Head()
}

// Write writes a file of the work tree without committing it.
func (r *Repo) Write(path, content string) {
	r.t.Helper()
	file := filepath.Join(r.Dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// Head is the id of the commit that is checked out.
func (r *Repo) Head() string { r.t.Helper(); return r.Git("rev-parse", "HEAD") }

// Tag names the commit that is checked out.
func (r *Repo) Tag(name string) { r.t.Helper(); r.Git("tag", name) }

// Branch starts a branch here and checks it out.
func (r *Repo) Branch(name string) { r.t.Helper(); r.Git("checkout", "--quiet", "-b", name) }

// Checkout goes to a branch.
func (r *Repo) Checkout(name string) { r.t.Helper(); r.Git("checkout", "--quiet", name) }

// Merge merges a branch with a merge commit of its own and gives its id.
func (r *Repo) Merge(author string, date time.Time, branch string) string {
	r.t.Helper()
	r.when = date
	r.as(author, "merge", "--quiet", "--no-ff", "--message", "Merge branch "+branch, branch)
	return r.Head()
}

// Detach leaves the branch: HEAD stays at its commit.
func (r *Repo) Detach() { r.t.Helper(); r.Git("checkout", "--quiet", "--detach") }
