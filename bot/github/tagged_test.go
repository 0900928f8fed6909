package github_test

import (
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// Tags are known by what they point at: the same tag, annotated anew, is another.
func TestTagsLikeAPattern(t *testing.T) {
	_, r, g := repository(t)
	one := r.Commit("main", "ana", "one", map[string]string{"a": "1"})
	r.Tag("v1.0.0", one)
	r.Tag("other", one)
	r.Tag("v1/x", one)
	object := r.AnnotatedTag("v2.0.0", one, "second")
	want := []workflows.Tagged{{Name: "v1.0.0", Object: one, Commit: true}, {Name: "v2.0.0", Object: object, Commit: true}}
	if diff := gocmp.Diff(want, look(t, g, workflows.Query{Tags: "v*"}).Tags); diff != "" {
		t.Error(diff)
	}
	if found := look(t, g, workflows.Query{Ref: "refs/tags/v2.0.0"}); found.Commit.ID != one {
		t.Errorf("it is a tag of %s", found.Commit.ID)
	}
	for i := range 250 {
		r.Tag(fmt.Sprintf("v0.%03d", i), one)
	}
	if got := look(t, g, workflows.Query{Tags: "v0.*"}).Tags; len(got) != 250 {
		t.Errorf("%d tags, all at once", len(got))
	}
	r.Delete()
	_, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Tags: "v*"})
	refused(t, err, workflows.NoRepository, "acme/app")
}

func TestApart(t *testing.T) {
	_, r, g := repository(t)
	one := r.Commit("main", "ana", "one", map[string]string{"a": "1"})
	two := r.Commit("main", "ana", "two", map[string]string{"a": "2"})
	for _, c := range []struct {
		ref, past string
		apart     bool
	}{{"refs/heads/main", one, false}, {two, two, false}, {one, two, true}, {two, "77777777777777777777777777777777777777aa", true}, {two, "", false}} {
		if got := look(t, g, workflows.Query{Ref: c.ref, Past: c.past}); got.Apart != c.apart {
			t.Errorf("%s after %s: %v", c.ref, c.past, got.Apart)
		}
	}
}
