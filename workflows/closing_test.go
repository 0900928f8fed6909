package workflows_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// What a message fixes stands at the beginning of a line; what it only refers to, or speaks of, is none.
func TestClosing(t *testing.T) {
	for message, want := range map[string][]string{
		"a\n\nReported-by: Mia\nFixes #12\nCloses #13": {"#12"},
		"a\n\nCloses #13": {"#13"},
		"a\n\nfixed: #12.\nResolves #14, and more\nFixes #12":         {"#12", "#14"},
		"a\n\n  Closes https://github.com/acme/app/pull/12":           {"github.com/acme/app#12"},
		"a\n\nFixes acme/lib#7":                                       {"acme/lib#7"},
		"a\n\nCloses !7":                                              {"!7"},
		"fix #12":                                                     {"#12"},
		"a\n\nRef: #12\nthis together with #3 should fix #12, see #4": nil,
		"a\n\nFixes PROJ-12":                                          nil,
		"a\n\nFixes https://example.org/wishes/speed#12":              nil,
		"a\n\nFixes the totals (#12)":                                 nil,
		"Fixes":                                                       nil,
		"a" + strings.Repeat("\nFixes #1", 9) + "\nFixes #2\nFixes #3\nFixes #4\nFixes #5\nFixes #6": {"#1", "#2", "#3", "#4", "#5"},
	} {
		if diff := cmp.Diff(want, workflows.Closing(message)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", message, diff)
		}
	}
}

func TestBreaking(t *testing.T) {
	for message, want := range map[string]bool{
		"feat: a\n\nBREAKING CHANGE: the port is 8080":  true,
		"feat: a\n\nBREAKING-CHANGE: the port is 8080":  true,
		"feat: a\n\nno BREAKING CHANGE: it is the same": false,
		"feat: a\n\nBREAKING CHANGE:":                   false,
		"feat: a":                                       false,
	} {
		if got := workflows.Breaking(message); got != want {
			t.Errorf("Breaking(%q) = %v", message, got)
		}
	}
}
