package workflows_test

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// Who committed is told where it is somebody else, and no mailmap hides it.
func TestCommitter(t *testing.T) {
	as := func(mapped, written string) workflows.Signed {
		return workflows.Signed{Mapped: mapped, Written: written}
	}
	ana, ben := as("ana@x.org", "ana@x.org"), as("ben@x.org", "Ben@old.org")
	for name, c := range map[string]struct {
		author, by workflows.Signed
		want       string
	}{
		"the author":                  {ana, ana, ""},
		"in other letters":            {ana, as("ANA@x.org", " Ana@X.org "), ""},
		"somebody else":               {ana, ben, "ben@x.org"},
		"the author under an old one": {as("ana@x.org", "old@x.org"), ana, ""},
		"GitHub's pages":              {ana, as("noreply@github.com", "noreply@github.com"), ""},
		"a mailmap gives them a name": {ana, as("x@x.org", "noreply@github.com"), ""},
		"a mailmap makes them ana":    {ana, as("ana@x.org", "eve@x.org"), "eve@x.org"},
		"a mailmap makes them nobody": {ana, as("noreply@github.com", "eve@x.org"), "eve@x.org"},
		"without an address":          {ana, as("", ""), ""},
	} {
		if got := workflows.Committer(c.author, c.by); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
