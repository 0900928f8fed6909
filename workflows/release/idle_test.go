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
		if got := standing(meaning(c.wanted...), workflows.Found{Checks: c.found, Required: &workflows.Required{}}); got.State != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Where nobody asked what the repository requires, nothing is enough, unless the configuration names it.
func TestUnaskedRulesVouchForNothing(t *testing.T) {
	found := workflows.Found{Checks: []workflows.Check{{Name: "test", State: workflows.CheckPassed}}}
	if got := standing(nil, found); got.State != workflows.CheckUnknown {
		t.Errorf("%+v", got)
	}
	if got := standing(meaning("test"), found); got.State != workflows.CheckPassed {
		t.Errorf("%+v", got)
	}
}
