package git_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

var hostile = []string{
	"--help", "-", "--", "--output=/tmp/x", "--upload-pack=touch x", "-h", "^main", "main..HEAD", "main...HEAD", ":/one", "HEAD:file", ":file",
	"HEAD^{/one}", "HEAD^{tree}", "HEAD@{1}", "@{-1}", "@{yesterday}", "main\n", "main\x00", "ma\x1b[31min", "main\u202e", "a b", "*", "m?in", "[m]ain",
	`a\b`, "main~1..", "\xff\xfe", "$(touch x)", "`touch x`", "main;ls", "|cat", "HEAD~99999999999999999999", "HEAD^9", "refs/../HEAD", "../HEAD", "/dev/null",
	"FETCH_HEAD", ".git/HEAD", strings.Repeat("a", 2048), strings.Repeat("/", 300), strings.Repeat("HEAD^", 60),
}

func TestHostileRefs(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "one", "", "file", "x")
	for _, ref := range hostile {
		for _, q := range []workflows.Query{{Ref: ref}, {Branch: ref}, {Log: true, Since: ref}} {
			_, err := over(r).Look(t.Context(), q)
			refused(t, err, workflows.UnknownRef)
			for _, c := range err.Error() {
				if workflows.Steers(c) {
					t.Errorf("the refusal of %q holds %q", ref, c)
				}
			}
			if len(err.Error()) > 600 {
				t.Errorf("the refusal of a ref of %d bytes has %d", len(ref), len(err.Error()))
			}
		}
	}
}

// Whatever is asked by, the answer is a refusal, or a commit that is in the repository: never a fault, an option that
// git understood, or something else's id.
func FuzzRef(f *testing.F) {
	for _, ref := range hostile {
		f.Add(ref)
	}
	f.Add("main")
	f.Add("v1~1")
	r := gittest.New(f)
	known := map[string]bool{}
	for i, s := range []string{"one", "two", "three"} {
		known[r.Commit(gittest.Ana, gittest.Day(i+1), s, "")] = true
		r.Tag("v" + s)
	}
	g := git.New(git.Options{Path: r.Path, Home: r.Home, Dir: r.Dir})
	f.Fuzz(func(t *testing.T, ref string) {
		found, err := g.Look(t.Context(), workflows.Query{Ref: ref})
		var no *workflows.Refusal
		switch {
		case err == nil && !known[found.Commit.ID]:
			t.Errorf("%q is %q", ref, found.Commit.ID)
		case err == nil && strings.HasPrefix(ref, "-"):
			t.Errorf("%q was read as an option", ref)
		case err != nil && !errors.As(err, &no):
			t.Errorf("%q: %v", ref, err)
		}
	})
}

// Whoever may push can call a branch or a tag as the id of a commit begins. Who types that id means the commit: where both
// are there, nobody guesses.
func TestABranchCalledLikeAnID(t *testing.T) {
	r := gittest.New(t)
	good := r.Commit(gittest.Ana, gittest.Day(1), "good", "")
	bad := r.Commit(gittest.Ana, gittest.Day(2), "bad", "")
	short := good[:10]
	for _, kind := range []string{"refs/heads/", "refs/tags/"} {
		r.Git("update-ref", kind+short, bad)
		_, err := over(r).Look(t.Context(), workflows.Query{Ref: short})
		refused(t, err, workflows.Ambiguous)
		if found, err := over(r).Look(t.Context(), workflows.Query{Ref: kind + short}); err != nil || found.Commit.ID != bad {
			t.Errorf("%s is %s, %v", kind+short, found.Commit.ID, err)
		}
		r.Git("update-ref", "-d", kind+short)
	}
	r.Git("update-ref", "refs/tags/"+short, good)
	r.Git("update-ref", "refs/tags/deadbeef", bad) // no commit begins so
	for ref, want := range map[string]string{short: good, "deadbeef": bad} {
		if found, err := over(r).Look(t.Context(), workflows.Query{Ref: ref}); err != nil || found.Commit.ID != want {
			t.Errorf("%s is %s, want %s: %v", ref, found.Commit.ID, want, err)
		}
	}
}

// What is asked for by its full name is that, or nothing: no branch that is called like a full name takes its place.
func TestAFullNameIsNothingElse(t *testing.T) {
	r := gittest.New(t)
	bad := r.Commit(gittest.Ana, gittest.Day(1), "bad", "")
	for _, full := range []string{"refs/heads/release", "refs/tags/v1"} {
		r.Git("update-ref", "refs/heads/"+full, bad)
		_, err := over(r).Look(t.Context(), workflows.Query{Ref: full})
		refused(t, err, workflows.UnknownRef)
	}
	good := r.Commit(gittest.Ana, gittest.Day(2), "good", "")
	r.Git("update-ref", "refs/remotes/origin/next", good)
	r.Git("update-ref", "refs/tags/refs/heads/next", bad) // as it comes with a fetch
	if found, err := over(r).Look(t.Context(), workflows.Query{Branch: "next"}); err != nil || found.Commit.ID != good {
		t.Errorf("the branch is at %s, %v, want %s", found.Commit.ID, err, good)
	}
}
