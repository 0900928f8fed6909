package git_test

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

func over(r *gittest.Repo) *git.Git {
	return git.New(git.Options{Path: r.Path, Home: r.Home, Dir: r.Dir})
}

func look(t *testing.T, r *gittest.Repo, q workflows.Query) workflows.Found {
	t.Helper()
	found, err := over(r).Look(t.Context(), q)
	if err != nil {
		t.Fatalf("look %+v: %v", q, err)
	}
	return found
}

func refused(t *testing.T, err error, reason workflows.Reason, parts ...string) {
	t.Helper()
	var no *workflows.Refusal
	if !errors.As(err, &no) || no.Reason != reason {
		t.Fatalf("got %v, want the refusal %s", err, reason)
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

func TestACommitIsReadWhole(t *testing.T) {
	r := gittest.New(t)
	id := r.Commit(gittest.Ana, gittest.Day(2), "First of all", "", "README.md", "hello\n")
	found := look(t, r, workflows.Query{})
	want := workflows.Found{Branch: "main", Commit: workflows.Commit{
		ID: id, Ref: "main", Tree: r.Git("rev-parse", "HEAD^{tree}"), Subject: "First of all",
		At: gittest.Day(2), Authors: []string{"ana@example.org"}, Names: []string{"Ana"},
	}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

func TestRefsNameTheirCommit(t *testing.T) {
	r := gittest.New(t)
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Tag("v1.0.0")
	r.Git("tag", "--annotate", "--message", "notes", "signed")
	two := r.Commit(gittest.Ben, gittest.Day(2), "two", "")
	r.Branch("topic/ünïcode")
	three := r.Commit(gittest.Ben, gittest.Day(3), "three", "")
	r.Git("update-ref", "refs/remotes/origin/fetched", one)
	for ref, want := range map[string]string{
		"": three, "HEAD": three, "main": two, "v1.0.0": one, "signed": one, "HEAD~2": one, "main^": one, "@": three,
		one: one, one[:9]: one, "topic/ünïcode": three, "refs/heads/main": two, "origin/fetched": one,
	} {
		found := look(t, r, workflows.Query{Ref: ref})
		if found.Commit.ID != want {
			t.Errorf("%q is %s, want %s", ref, found.Commit.Short(), want[:7])
		}
		if found.Branch != "topic/ünïcode" || ref != "" && found.Commit.Ref != ref {
			t.Errorf("%q: branch %q, asked as %q", ref, found.Branch, found.Commit.Ref)
		}
	}
	for branch, want := range map[string]string{"main": two, "fetched": one} {
		if found := look(t, r, workflows.Query{Branch: branch}); found.Commit.ID != want || found.Commit.Ref != branch {
			t.Errorf("branch %s is %s as %s", branch, found.Commit.Short(), found.Commit.Ref)
		}
	}
}

func TestABranchIsNotMistakenForATag(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Git("tag", "main")
	same := look(t, r, workflows.Query{Ref: "main"})
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "")
	if same.Commit.ID == two {
		t.Fatal("the fixture has one commit only")
	}
	for _, warn := range []string{"true", "false"} { // what git would say to people
		r.Git("config", "core.warnAmbiguousRefs", warn)
		_, err := over(r).Look(t.Context(), workflows.Query{Ref: "main"})
		refused(t, err, workflows.Ambiguous, "refs/heads/main", "refs/tags/main")
	}
	if found := look(t, r, workflows.Query{Branch: "main"}); found.Commit.ID != two {
		t.Errorf("the branch main is at %s, want %s", found.Commit.Short(), two[:7])
	}
}

func TestWhatIsMissingIsRefused(t *testing.T) {
	r := gittest.New(t)
	g := over(r)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	missing := func(q workflows.Query, branch string, reason workflows.Reason, parts ...string) {
		t.Helper()
		_, err := g.Look(t.Context(), q)
		refused(t, err, reason, parts...)
		q.Optional = true
		found, err := g.Look(t.Context(), q)
		if err != nil || found.Missing == nil || found.Missing.Reason != reason || found.Branch != branch {
			t.Errorf("optional %+v: %+v, %v", q, found, err)
		}
	}
	missing(workflows.Query{}, "main", workflows.NoCommit, "main has no commit", "/release candidate set REF")
	missing(workflows.Query{Ref: "HEAD"}, "main", workflows.NoCommit, "main has no commit")
	missing(workflows.Query{Branch: "main"}, "main", workflows.NoCommit, "main has no commit")
	missing(workflows.Query{Repository: t.TempDir()}, "", workflows.NoRepository, "not in a git repository")
	missing(workflows.Query{Repository: "nowhere"}, "", workflows.NoRepository, "nowhere is no folder here")
	missing(workflows.Query{Repository: file}, "", workflows.NoRepository, "is no folder here")
	missing(workflows.Query{Repository: "a\x00b\x1b[1m"}, "", workflows.NoRepository, `a\u0000b\u001b[1m is no folder`)
	missing(workflows.Query{Repository: "https://example.org/app.git"}, "", workflows.NoRepository, "git clone")

	id := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Tag("v1.2.0")
	missing(workflows.Query{Ref: "mian"}, "main", workflows.UnknownRef, "nearest: main", "/release candidate set main")
	missing(workflows.Query{Ref: "v1.20"}, "main", workflows.UnknownRef, "nearest: v1.2.0")
	missing(workflows.Query{Branch: "mein"}, "main", workflows.UnknownRef, "nearest: main")
	missing(workflows.Query{Ref: strings.Repeat("7", 40)}, "main", workflows.UnknownRef, "has no commit, branch or tag")
	missing(workflows.Query{Ref: id + "0"}, "main", workflows.UnknownRef)
	r.Git("tag", "atree", "HEAD^{tree}")
	missing(workflows.Query{Ref: "atree"}, "main", workflows.UnknownRef, "is not a commit")
	r.Git("update-ref", "refs/remotes/origin/login", id)
	missing(workflows.Query{Ref: "login"}, "main", workflows.UnknownRef, "nearest: origin/login")
	missing(workflows.Query{Paths: []string{"[a"}}, "", workflows.Invalid, "no pattern of paths")

	r.Detach()
	missing(workflows.Query{}, "", workflows.Detached, "HEAD is detached at "+id[:7], "--candidate HEAD")
	if found := look(t, r, workflows.Query{Ref: "HEAD"}); found.Commit.ID != id || found.Branch != "" {
		t.Errorf("HEAD detached: %+v", found)
	}
}

func TestSeveralCommitsBeginAlike(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	format, tree := r.Git("cat-file", "commit", "HEAD"), r.Git("rev-parse", "HEAD^{tree}")
	format = strings.Replace(strings.TrimSuffix(format, "one"), gittest.Ana, "Readyroom <readyroom@example.org>", 2)
	seen := map[string]string{}
	for i := range 10000 { // an abbreviation has four digits at least
		message := strconv.Itoa(i)
		raw := format + message + "\n"
		id := fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "commit %d\x00%s", len(raw), raw)))
		if other, ok := seen[id[:4]]; ok {
			r.Git("commit-tree", "-m", other, tree)
			if got := r.Git("commit-tree", "-m", message, tree); got != id {
				t.Fatalf("the fixture's commit is %s, not %s:\n%s", got, id, raw)
			}
			_, err := over(r).Look(t.Context(), workflows.Query{Ref: id[:4]})
			refused(t, err, workflows.Ambiguous, "several commits begin with "+id[:4])
			return
		}
		seen[id[:4]] = message
	}
	t.Fatal("no two commits share four digits")
}

func TestWithoutGitEverythingIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("relative", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("relative/git", []byte("#!/bin/sh\necho false\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	g := git.New(git.Options{Path: t.TempDir() + string(filepath.ListSeparator) + "relative"})
	_, err := g.Look(t.Context(), workflows.Query{Repository: t.TempDir()})
	refused(t, err, workflows.Unavailable, "not installed")
	found, err := g.Look(t.Context(), workflows.Query{Repository: t.TempDir(), Optional: true})
	if err != nil || found.Missing == nil {
		t.Errorf("optional: %+v, %v", found, err)
	}
	if name, email := g.Identity(t.Context(), t.TempDir()); name != "" || email != "" {
		t.Errorf("somebody is %q %q", name, email)
	}
}

func TestFaultsAreNoRefusals(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "", "file", "x")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	slow := git.New(git.Options{Path: r.Path, Dir: r.Dir, Timeout: time.Nanosecond})
	small := git.New(git.Options{Path: r.Path, Dir: r.Dir, Limit: 20})
	for name, look := range map[string]func() error{
		"cancelled": func() error { _, err := over(r).Look(gone, workflows.Query{Optional: true}); return err },
		"too slow":  func() error { _, err := slow.Look(t.Context(), workflows.Query{Optional: true}); return err },
		"too much":  func() error { _, err := small.Look(t.Context(), workflows.Query{Optional: true}); return err },
	} {
		var no *workflows.Refusal
		if err := look(); err == nil || errors.As(err, &no) {
			t.Errorf("%s: %v, want a fault", name, err)
		}
	}
	if _, err := slow.Look(t.Context(), workflows.Query{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too slow: %v", err)
	}
}

func TestKindsOfRepository(t *testing.T) {
	r := gittest.New(t)
	id := r.Commit(gittest.Ana, gittest.Day(1), "one", "", "sub/dir/file", "x", "other", "y")
	sub := filepath.Join(r.Dir, "sub", "dir")
	bare := filepath.Join(t.TempDir(), "app.git")
	r.Git("clone", "--quiet", "--bare", r.Dir, bare)
	linked := filepath.Join(t.TempDir(), "linked")
	r.Git("worktree", "add", "--quiet", "-b", "side", linked)
	whole := look(t, r, workflows.Query{Paths: []string{"sub", "other"}})
	for dir, branch := range map[string]string{r.Dir: "main", sub: "main", bare: "main", linked: "side", "sub/../sub": "main"} {
		found := look(t, r, workflows.Query{Repository: dir, Paths: []string{"sub", "other"}})
		if found.Commit.ID != id || found.Branch != branch {
			t.Errorf("%s: %s on %q", dir, found.Commit.Short(), found.Branch)
		}
		if diff := cmp.Diff(whole.Commit.Under, found.Commit.Under); diff != "" {
			t.Errorf("%s: digests depend on the folder: %s", dir, diff)
		}
	}
	for dir, root := range map[string]string{r.Dir: r.Dir, sub: r.Dir, bare: bare, linked: linked} {
		here, err := over(r).Where(t.Context(), dir)
		want, linkErr := filepath.EvalSymlinks(root)
		if err != nil || linkErr != nil || here.Root != want || here.Head != id || here.Branch == "" {
			t.Errorf("where %s: %+v, %v", dir, here, err)
		}
	}
	_, err := over(r).Where(t.Context(), t.TempDir())
	refused(t, err, workflows.NoRepository)
}

func TestAFolderOfAnotherUser(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	for _, dir := range []string{r.Dir, filepath.Join(r.Dir, ".git")} {
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	_, err := over(r).Look(t.Context(), workflows.Query{})
	refused(t, err, workflows.NoRepository, "belongs to another user", "safe.directory "+r.Dir)
}

func TestSHA256Repository(t *testing.T) {
	r := gittest.New(t, "--object-format=sha256")
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "", "auth/a", "1")
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "", "auth/b", "2")
	found := look(t, r, workflows.Query{Ref: two, Log: true, Since: one, Paths: []string{"auth"}})
	if len(found.Commit.ID) != 64 || len(found.Log) != 1 || found.Log[0].ID != two || found.Since != one {
		t.Errorf("%+v", found)
	}
}

func TestTheRepositoryRunsNothing(t *testing.T) {
	r := gittest.New(t)
	trap := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(t.TempDir(), "trap")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+trap+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "", ".gitattributes", "* diff=evil filter=evil\n", "file", "x")
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "\n\nCo-authored-by: Ben <ben@example.org>", "file", "y")
	for _, key := range []string{"core.fsmonitor", "core.pager", "diff.external", "diff.evil.command", "diff.evil.textconv",
		"filter.evil.clean", "filter.evil.smudge", "gpg.program", "core.askPass", "core.sshCommand", "pager.log", "trailer.co.command"} {
		r.Git("config", key, script)
	}
	r.Git("config", "log.showSignature", "true")
	signed := strings.Replace(r.Git("cat-file", "commit", two), "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1)
	r.Write("../signed", signed)
	r.Git("update-ref", "HEAD", r.Git("hash-object", "-t", "commit", "-w", "../signed"))
	if _, err := over(r).Look(t.Context(), workflows.Query{Log: true, Since: one, Paths: []string{"file"}}); err != nil {
		t.Error(err)
	}
	if _, err := over(r).Diff(t.Context(), workflows.Query{Repository: "."}, one, two); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(trap); err == nil {
		t.Error("a program that the repository's configuration names was run")
	}
}

// What a vote binds to are the objects, not what a clone pretends they are.
func TestReplacedObjectsDoNotDeceive(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "", "file", "x")
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "", "file", "y")
	before := look(t, r, workflows.Query{Paths: []string{"file"}})
	other := r.Git("commit-tree", "-m", "another", "HEAD~1^{tree}")
	r.Git("replace", two, other)
	if diff := cmp.Diff(before, look(t, r, workflows.Query{Paths: []string{"file"}})); diff != "" {
		t.Error(diff)
	}
}

func TestIdentity(t *testing.T) {
	r := gittest.New(t)
	g := over(r)
	if name, email := g.Identity(t.Context(), "."); name != "" || email != "" {
		t.Errorf("without configuration: %q %q", name, email)
	}
	r.Git("config", "--global", "user.name", "Ana María")
	r.Git("config", "--global", "user.email", "ana@home.example.org")
	r.Git("config", "user.email", "ana@work.example.org")
	if name, email := g.Identity(t.Context(), r.Dir); name != "Ana María" || email != "ana@work.example.org" {
		t.Errorf("in the repository: %q %q", name, email)
	}
	if name, email := g.Identity(t.Context(), t.TempDir()); name != "Ana María" || email != "ana@home.example.org" {
		t.Errorf("elsewhere: %q %q", name, email)
	}
}

func TestWhereBeforeTheFirstCommitAndDetached(t *testing.T) {
	r := gittest.New(t)
	here, err := over(r).Where(t.Context(), ".")
	if err != nil || here.Branch != "main" || here.Head != "" {
		t.Errorf("no commit: %+v, %v", here, err)
	}
	id := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Detach()
	here, err = over(r).Where(t.Context(), ".")
	if err != nil || here.Branch != "" || here.Head != id {
		t.Errorf("detached: %+v, %v", here, err)
	}
}

func BenchmarkLook(b *testing.B) {
	r := gittest.New(b)
	for i := range 40 {
		r.Commit(gittest.Ana, gittest.Day(1+i/4), "change", "", "auth/a", strconv.Itoa(i))
	}
	g := git.New(git.Options{Path: r.Path, Home: r.Home, Dir: r.Dir})
	for b.Loop() {
		if _, err := g.Look(b.Context(), workflows.Query{Ref: "HEAD", Log: true, Paths: []string{"auth/**"}}); err != nil {
			b.Fatal(err)
		}
	}
}
