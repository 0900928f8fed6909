package notes

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

func TestBygone(t *testing.T) {
	n := Notes{Out: &Publication{Outlets: []Outlet{{What: workflows.ActRelease, Op: "app@1/notes/2", Fate: workflows.Refused}, {What: workflows.ActChangelog, Op: "app@1/notes/1", Fate: workflows.Done}}}}
	for _, c := range []struct{ act, op, why string }{
		{workflows.ActRelease, "app@1/notes/2", ""},
		{workflows.ActRelease, "app@1/notes/1", "a later publication took its place"},
		{workflows.ActChangelog, "app@1/notes/1", "it is there"},
		{workflows.ActTag, "app@1/notes/1", "a later publication took its place"},
	} {
		if got := n.Bygone(c.act, c.op); got != c.why {
			t.Errorf("%s of %s: %q, want %q", c.act, c.op, got, c.why)
		}
	}
}
