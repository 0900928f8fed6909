package release

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// Where every check was skipped, nothing looked at the commit: that is no word for it. Beside one that did, a skipped one is
// no harm.
func TestSkippedChecksVouchForNothing(t *testing.T) {
	skipped := workflows.Check{Name: "test", State: workflows.CheckPassed, Idle: true}
	ran := workflows.Check{Name: "build", State: workflows.CheckPassed}
	for name, c := range map[string]struct {
		wanted []string
		found  []workflows.Check
		want   workflows.CheckState
	}{
		"all":       {nil, []workflows.Check{skipped}, CheckMissing},
		"all named": {[]string{"test"}, []workflows.Check{ran, skipped}, CheckMissing},
		"one of":    {nil, []workflows.Check{ran, skipped}, workflows.CheckPassed},
		"of named":  {[]string{"build", "test"}, []workflows.Check{ran, skipped}, workflows.CheckPassed},
	} {
		if got := standing(meaning(c.wanted...), workflows.Found{Checks: c.found}); got.State != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
