package notes_test

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// TestArea: what a subject's file or folder says of a change that nothing else says it of. A part of the program is no file.
func TestArea(t *testing.T) {
	for title, subjects := range map[string][]string{
		"Internal": {
			"RELEASE-NOTES: synced", "RELEASE_NOTES: synced", "THANKS: add contributors", "Changelog: typo", "ChangeLog: typo", "changelog.md: typo",
			"docs/CHANGELOG.md: typo", "NEWS.rst: typo", "AUTHORS: add Mia", "mailmap: Mia", ".mailmap: Mia", "CODEOWNERS: fewer", ".gitignore: logs",
			".github/workflows/ci.yml: newer Go", "tests/http: two more", "test2305: send three frames", "unit2600: no warning", "pytest: a case for pushes",
			"GHA: newer Go", "GHA/macos: newer Go", "Linux CI: newer Go", "Release 1.2.3", "release v1.2.3-rc.1", "v1.2.3", "1.2.3", "Bump version to 1.2.3",
			"Version 1.2", "Prepare release 1.2.3", "prepare for 1.2.3", "1.2.3 release",
		},
		"Documentation": {"HTTP3.md: newer branches", "docs/INSTALL: several backends", "curl_free.3: the return type", "README: how to begin", "guide/a.rst: b"},
		"Changed": {
			"news: the newest first", "changes: a view of its own", "changelog: groups", "history.go: shorter", "http2: drain", "testing: parallel", "contest: rules",
			"system.h: for OS400", "Release the lock: it was kept", "Bump zlib to 1.2.3", "history: shorter", "docsearch: quicker",
			"Thanks: to all", "a test: of words", "curl.h: 1.2.3", "1.2.3.4: a name", "v8: newer", "docs",
		},
	} {
		for _, subject := range subjects {
			f := with(func(f *notes.Facts) { f.Found = found(first, subject) })
			n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
			got := n.Entries[0].Section
			switch {
			case n.Internal > 0:
				got = "Internal"
			case got == "":
				got = "Changed"
			}
			if got != title {
				t.Errorf("%q: %s, want %s", subject, got, title)
			}
		}
	}
}

// A file that one commit of a pull request names says nothing of the pull request; its title does.
func TestAreaOfAPullRequest(t *testing.T) {
	for title, want := range map[string]string{"Quicker": "- Quicker (#5)", "README.md: how to begin": "## Documentation\n\n- README.md: how to begin (#5)"} {
		p := pull(5, title, "")
		f := with(func(f *notes.Facts) {
			f.Found = workflows.Found{Commit: workflows.Commit{ID: first}, Log: []workflows.Commit{commit("README.md: say so", p), commit("work", p)}}
		})
		if n, _ := act(t, notes.Notes{}, notes.Draft{}, f); !strings.HasSuffix(n.Text, "1.0.0\n\n"+want) {
			t.Errorf("%s:\n%s", title, n.Text)
		}
	}
}

// TestCloses: what a commit fixes stands behind it, as readers of this repository find it.
func TestCloses(t *testing.T) {
	for name, c := range map[string]struct {
		subject string
		closes  []string
		pull    *workflows.Pull
		want    string
	}{
		"a number":                   {"totals", []string{"#7"}, nil, "- totals (#7)"},
		"two":                        {"totals", []string{"#7", "#8"}, nil, "- totals (#7, #8)"},
		"its own repository":         {"totals", []string{"github.com/Acme/App#7", "acme/app#7", "#7"}, nil, "- totals (#7)"},
		"another repository":         {"totals", []string{"github.com/acme/a_lib_#7"}, nil, "- totals (acme/a_lib\\_#7)"},
		"another place":              {"totals", []string{"git.example.org/acme/app#7"}, nil, "- totals"},
		"the subject has one":        {"totals (#9)", []string{"#7"}, nil, "- totals (#9)"},
		"the pull request has one":   {"totals", []string{"#7"}, pull(5, "Totals", ""), "- Totals (#5)"},
		"a merge request":            {"totals", []string{"!7"}, nil, "- totals (!7)"},
		"two changes, the same word": {"typo", []string{"#7"}, nil, "- typo (#7)\n- typo"},
	} {
		t.Run(name, func(t *testing.T) {
			one := commit(c.subject, c.pull)
			one.Closes = c.closes
			log := []workflows.Commit{one}
			if c.subject == "typo" {
				log = append(log, commit("typo", nil))
			}
			f := with(func(f *notes.Facts) {
				f.Outside.Forge = "acme/app"
				f.Found = workflows.Found{Commit: workflows.Commit{ID: first}, Log: log}
			})
			if n, _ := act(t, notes.Notes{}, notes.Draft{}, f); n.Text != "# app 1.0.0\n\n"+c.want {
				t.Errorf("got\n%s\nwant\n%s", n.Text, c.want)
			}
		})
	}
}

// A BREAKING CHANGE: line in the body of any of its commits counts like one in the subject.
func TestBreaksInTheBody(t *testing.T) {
	for _, p := range []*workflows.Pull{nil, pull(5, "Totals", "")} {
		one := commit("fix: totals", p)
		one.Breaks = true
		f := with(func(f *notes.Facts) {
			f.Found = workflows.Found{Commit: workflows.Commit{ID: first}, Log: []workflows.Commit{commit("and so", p), one}}
		})
		if n, _ := act(t, notes.Notes{}, notes.Draft{}, f); !strings.Contains(n.Text, "## Breaking changes") {
			t.Errorf("got\n%s", n.Text)
		}
	}
}

// Of changes of which nobody said what they are, a summary gives the number.
func TestSummaryOfAPlainList(t *testing.T) {
	for want, log := range map[string][]string{"app 1.0.0: 2 changes, since tag v0.9.": {"one", "two"}, "app 1.0.0: 1 change, since tag v0.9.": {"one"},
		"app 1.0.0: 1 fixed, 1 other, since tag v0.9.": {"fix: one", "two"}} {
		f := with(func(f *notes.Facts) { f.Found = found(first, log...) })
		if n, _ := act(t, notes.Notes{}, notes.Draft{}, f); n.For(notes.ForExecutives, monday) != want {
			t.Errorf("got %q, want %q", n.For(notes.ForExecutives, monday), want)
		}
	}
}
