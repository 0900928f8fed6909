package notes_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// sectionOf is where a subject stands in notes that are drafted of it alone.
func sectionOf(t rapid.TB, subject string, p *workflows.Pull) string {
	t.Helper()
	f := with(func(f *notes.Facts) {
		f.Found = workflows.Found{Commit: workflows.Commit{ID: first}, Log: []workflows.Commit{commit(subject, p)}}
	})
	events, err := notes.Decide(notes.Notes{}, notes.Draft{}, f)
	if err != nil {
		t.Fatalf("%q: %v", subject, err)
	}
	e := events[0].(notes.Drafted)
	n := notes.Evolve(notes.Notes{}, workflows.Recorded{Event: e})
	switch {
	case n.Internal > 0:
		return "Internal"
	case n.Entries[0].Section == "":
		return "Changed"
	}
	return n.Entries[0].Section
}

// What was done in a part of the program stands where its verb says; what is about the program's text, or says more than
// its verb, and what names no part, stays where it would be.
func TestDeeds(t *testing.T) {
	for title, subjects := range map[string][]string{
		"Fixed": {"lib: fix a leak", "net/http: fix a race in Transport", "crypto/tls,crypto/x509: Fixed the order", "cmd/go: fixes lookup", "drm/amd/display: Fix a hang",
			"net: ethernet: ti: Fix the link", "curl_ngtcp2.c: fix reading", "x: fix a y: z", "lib:  fix two blanks"},
		"New": {"http: add a header", "net: ethernet: ti: Add a driver", "ALSA: hda/realtek: Adds a quirk", "url: implement RFC 3986", "vquic: introduce streams",
			"http: add checks of names"},
		"Removed":    {"cmd: remove the flag -x", "net: Removed the old API", "tls: removes SSLv3"},
		"Deprecated": {"cmd: deprecate -x", "go/types: Deprecated Info"},
		"Changed": {"lib: drain", "lib: fix", "lib: fixing a leak", "lib: fixture of a leak", "lib: prefix a leak", "Fix a leak", "we should: fix a leak", "lib:fix a leak",
			"lib: add missing quotes", "lib: add a null check", "lib: remove unused code", "lib: remove the dead branch", "lib: remove x, no longer used",
			"lib: fix a typo", "lib: add a test of pushes", "lib: fix compiler warnings", "lib: add comments", "a: b: c: d: e: fix it", "lib: do not add it",
			`Revert "lib: fix a leak"`, "“lib”: fix a leak", ": fix a leak", "-x: fix a leak", "lib: quick: as ever"},
		"Documentation": {"docs/x: add a page", "README: fix a link"},
		"Internal":      {"tests/http: add pushes", ".github/workflows: fix the cache", "test: add pushes"},
	} {
		for _, subject := range subjects {
			if got := sectionOf(t, subject, nil); got != title {
				t.Errorf("%q: %s, want %s", subject, got, title)
			}
		}
	}
}

// People's labels, and prefixes of the kinds, say more than a verb; and of a pull request its title counts, not its commits.
func TestDeedsSayLess(t *testing.T) {
	for want, p := range map[string]*workflows.Pull{"Security": pull(5, "lib: fix a leak", "", "security"), "Fixed": pull(5, "lib: fix a leak", ""), "Changed": pull(5, "Quicker", "")} {
		if got := sectionOf(t, "lib: add a leak", p); got != want {
			t.Errorf("%+v: %s, want %s", p, got, want)
		}
	}
	if got := sectionOf(t, "feat: fix it, at last", nil); got != "New" {
		t.Errorf("a kind: %s", got)
	}
	if got := sectionOf(t, "lib: fix it (BREAKING)", nil); got != "Breaking changes" {
		t.Errorf("what breaks: %s", got)
	}
}

// Whatever the part and the rest, a verb moves a change only among what users see: nothing is hidden for it, and what is
// hidden without it stays so.
func TestDeedsHideNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][a-z0-9_]{0,12}(/[a-z0-9_]{1,8}){0,2}`).Draw(t, "part")
		verb := rapid.SampledFrom([]string{"fix", "Fixes", "add", "remove", "deprecate", "drain", "implement"}).Draw(t, "verb")
		rest := rapid.StringMatching(`[a-z ]{0,30}[a-z]`).Draw(t, "rest")
		own, said := sectionOf(t, name+": drain", nil), sectionOf(t, name+": "+verb+" "+rest, nil)
		may := map[string][]string{"fix": {"Fixed"}, "Fixes": {"Fixed"}, "add": {"New"}, "implement": {"New"}, "remove": {"Removed"}, "deprecate": {"Deprecated"}}[verb]
		if said != own && (own != "Changed" || !slices.Contains(may, said)) {
			t.Fatalf("%s: %s %s is %s, and %s: drain is %s", name, verb, rest, said, name, own)
		}
	})
}
