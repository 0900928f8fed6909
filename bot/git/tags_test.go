package git_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

// Tags are known by what they point at, and looked at alone: a repository whose branch has no commit has them too.
func TestTagsLikeAPattern(t *testing.T) {
	r := gittest.New(t)
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	r.Tag("v1.0.0")
	r.Tag("other")
	r.Tag("v1/x")
	r.Git("tag", "--annotate", "--message", "second", "v2.0.0")
	r.Git("tag", "--annotate", "--message", "of a tag", "v2.0.1", "v2.0.0")
	r.Git("tag", "v3.0.0", "HEAD^{tree}")
	object := func(name string) string { return strings.TrimSpace(r.Git("rev-parse", "refs/tags/"+name)) }
	want := []workflows.Tagged{{Name: "v1.0.0", Object: one, Commit: true}, {Name: "v2.0.0", Object: object("v2.0.0"), Commit: true},
		{Name: "v2.0.1", Object: object("v2.0.1"), Commit: true}, {Name: "v3.0.0", Object: object("v3.0.0")}}
	if diff := cmp.Diff(want, look(t, r, workflows.Query{Tags: "v*"}).Tags); diff != "" {
		t.Error(diff)
	}
	r.Git("checkout", "--orphan", "empty")
	if got := look(t, r, workflows.Query{Tags: "v*"}).Tags; len(got) != 4 {
		t.Errorf("a branch without a commit has the tags %v", got)
	}
	if got := look(t, r, workflows.Query{Tags: "none*"}); len(got.Tags) > 0 || got.Commit.ID != "" {
		t.Errorf("nothing is like that: %+v", got)
	}
}

func TestApart(t *testing.T) {
	r := gittest.New(t)
	one := r.Commit(gittest.Ana, gittest.Day(1), "one", "")
	two := r.Commit(gittest.Ana, gittest.Day(2), "two", "")
	for _, c := range []struct {
		ref, past string
		apart     bool
	}{{two, one, false}, {two, two, false}, {one, two, true}, {two, strings.Repeat("a", 40), true}, {two, "", false}} {
		if got := look(t, r, workflows.Query{Ref: c.ref, Past: c.past}); got.Apart != c.apart {
			t.Errorf("%s after %s: %v", c.ref, c.past, got.Apart)
		}
	}
}
