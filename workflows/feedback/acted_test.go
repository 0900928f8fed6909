package feedback

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

func TestBygone(t *testing.T) {
	b := Feedback{Issues: []Issue{{Forge: "acme/app", N: 7, Comments: []Comment{{Op: "a", Fate: workflows.Refused}, {Op: "b", Fate: workflows.Done}, {Op: "c", Fate: workflows.Refused}, {Op: "d"}}}}}
	for _, c := range []struct {
		forge string
		n     int
		op    string
		why   string
	}{
		{"acme/app", 7, "a", "the issue was told what came later"},
		{"acme/app", 7, "b", "it is there"},
		{"Acme/App", 7, "c", ""}, // what comes later is not there yet
		{"acme/app", 7, "x", "nobody waits for it any more"},
		{"acme/app", 8, "a", "nobody waits for it any more"},
	} {
		if got := b.Bygone(c.forge, c.n, c.op); got != c.why {
			t.Errorf("%s#%d, %s: %q, want %q", c.forge, c.n, c.op, got, c.why)
		}
	}
}
