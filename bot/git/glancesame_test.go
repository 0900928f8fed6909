package git

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git/gittest"
)

// odd makes a repository whose names are easily mistaken for one another, and gives them.
func odd(t *testing.T) (r *gittest.Repo, names []string) {
	r = gittest.New(t)
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "", "nowhere^{commit}", "a file that is called like a question", "main", "")
	r.Tag("tags/both")
	for _, ref := range []string{"refs/heads/same", "refs/tags/same", "refs/tags/both", "refs/tags/@", "refs/remotes/origin/x", "refs/remotes/origin/main", "refs/tags/refs/heads/lost", "refs/other/y", "refs/tags/" + one[:4], "refs/heads/refs/tags/lost"} {
		r.Git("update-ref", ref, one)
	}
	r.Git("tag", "--annotate", "--message", "notes", "v1")
	r.Git("tag", "--annotate", "--message", "of a tag", "v1-again", "v1")
	r.Git("tag", "atree", "HEAD^{tree}")
	r.Git("tag", "ablob", "HEAD:main")
	two := r.Commit(gittest.Ben, gittest.Day(2), "two", "")
	for _, ref := range []string{"refs/heads/both", "refs/heads/@", "refs/heads/origin/x", "refs/heads/v2", "refs/heads/true", "refs/heads/topic/a", "refs/heads/" + one, "refs/heads/" + one[:8], "refs/tags/" + one[:10], "refs/tags/deadbeef", "refs/heads/tags/deep"} {
		r.Git("update-ref", ref, two)
	}
	r.Git("symbolic-ref", "refs/tags/alias", "refs/tags/v1")
	r.Git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
	r.Git("symbolic-ref", "refs/heads/dangling", "refs/heads/gone")
	for _, pseudo := range []string{"ORIG_HEAD", "FETCH_HEAD", "false"} {
		if err := os.WriteFile(filepath.Join(r.Dir, ".git", pseudo), []byte(one+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return r, []string{
		"HEAD", "@", "main", "same", "both", "heads/both", "tags/both", "refs/heads/both", "refs/tags/both", "tags/deep", "origin", "origin/x", "remotes/origin/x",
		"x", "lost", "refs/heads/lost", "refs/tags/lost", "refs/tags/v1~0", "refs/heads/lost^0", "other/y", "v1", "v1~0", "v1-again", "v2", "atree", "ablob", "alias", "dangling", "true", "false", "ORIG_HEAD", "FETCH_HEAD",
		"topic", "topic/a", "HEAD~1", "main^", "main^0", "main^@", "main^!", "main^-", "nothing", "nowhere", "--all", "-q", "^main", "", "HEAD^{tree}",
		one, one[:4], one[:8], one[:9], one[:10], "deadbeef", two, two[:7], "7777777777777777777777777777777777777777", "7777777", one + "0",
	}
}

// What is read at once is what asking one by one says, in the same words where it is refused.
func TestAGlanceSaysTheSame(t *testing.T) {
	r, names := odd(t)
	bare := filepath.Join(t.TempDir(), "bare.git")
	r.Git("clone", "--quiet", "--mirror", r.Dir, bare)
	g := New(Options{Path: r.Path, Home: r.Home})
	check := func(dir string, names ...string) {
		for i, name := range names {
			glanced, err := g.open(t.Context(), dir, name, names[(i+1)%len(names)], "main")
			if err != nil {
				t.Fatal(err)
			}
			branch, err := g.open(t.Context(), dir, "refs/heads/"+name)
			if err != nil {
				t.Fatal(err)
			}
			alone := glanced
			alone.glance = glance{}
			for _, ask := range []struct {
				of   string
				seen repo
				by   func(r repo) (any, error)
			}{
				{"HEAD", glanced, func(r repo) (any, error) { return r.head(t.Context()) }},
				{"resolve", glanced, func(r repo) (any, error) { return r.resolve(t.Context(), name) }},
				{"tip", branch, func(r repo) (any, error) { return r.tip(t.Context(), name) }},
				{"named", glanced, func(r repo) (any, error) {
					begin, as, err := r.named(t.Context(), name)
					return begin + " " + as, err
				}},
			} {
				want, wantErr := ask.by(alone)
				got, err := ask.by(ask.seen)
				if diff := cmp.Diff(said(want, wantErr), said(got, err)); diff != "" {
					t.Errorf("%s, %s of %q (-one by one +at a glance):\n%s", filepath.Base(dir), ask.of, name, diff)
				}
			}
		}
	}
	check(r.Dir, names...)
	check(bare, "main", "both", "same", "@", "v1", "HEAD~1")
	r.Git("config", "core.warnAmbiguousRefs", "false")
	r.Detach()
	check(r.Dir, "HEAD", "both", "same", "@", "false")
	r.Git("checkout", "--quiet", "topic/a")
	r.Git("update-ref", "refs/heads/HEAD", "main~1")
	check(r.Dir, "HEAD", "both", "v1")
}

func said(answer any, err error) []any {
	if err != nil {
		return []any{err.Error()}
	}
	return []any{answer}
}

// Most of what is asked for is read at once: else nobody would see that it no longer is.
func TestAGlanceSuffices(t *testing.T) {
	r, _ := odd(t)
	g := New(Options{Path: r.Path, Home: r.Home})
	for name, sole := range map[string]bool{"main": true, "v1": true, "v2": true, "topic/a": true, "origin": false, "both": false, r.Head(): false} {
		opened, err := g.open(t.Context(), r.Dir, name, "v1-again")
		if err != nil {
			t.Fatal(err)
		}
		p, known := opened.glance.points[name]
		if !known || opened.glance.here != (Here{Branch: "main", Head: r.Head()}) || p.sole(name) != sole {
			t.Errorf("%q: %+v, HEAD %+v", name, opened.glance.points, opened.glance.here)
		}
	}
}
