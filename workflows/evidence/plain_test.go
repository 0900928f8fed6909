package evidence

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// TestSentences words every kind of event, also where an older program said less of it, without a mark of Markdown and
// without anything that steers a terminal.
func TestSentences(t *testing.T) {
	for name := range kinds {
		for _, facts := range []Facts{nil, {"why": "a\x1b[31m\n`b`", "commit": strings.Repeat("f", 40), "gate": "before GA"}} {
			got := Happening{Kind: name, Facts: facts}.Sentence()
			if got == "" || strings.ContainsFunc(got, workflows.Steers) || strings.Contains(strings.ReplaceAll(got, "`b`", ""), "`") || strings.Contains(got, strings.Repeat("f", 8)) {
				t.Errorf("%s reads %q", name, got)
			}
		}
	}
	if got := (Happening{Kind: "release.teleported"}).Sentence(); got != "release.teleported: this program does not know it" {
		t.Error(got)
	}
	for want, a := range map[string]Act{"@ana": {By: "ana", Handle: "chat/ana"}, "the bot (clock)": {Machine: "clock"}, "somebody": {}} {
		if got := a.Doer(); got != want {
			t.Errorf("%+v is %q", a, got)
		}
	}
}
