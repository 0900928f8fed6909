package workflows

import "testing"

// An issue is of a repository where its reference says so, or says none: the same number elsewhere is another one's.
func TestIssueOfARepository(t *testing.T) {
	app := Home{Host: "GitHub.com", Repository: "Acme/app"}
	for text, want := range map[string]int{
		"#12": 12, "GH-12": 12, "gh-12": 12, "acme/app#12": 12, "ACME/App#12": 12, " #12 ": 12,
		"https://github.com/acme/app/issues/12":                12,
		"http://github.com/Acme/App/pull/12/files?w=1":         12,
		"https://GITHUB.com/acme/app/issues/12#issuecomment-1": 12,
		"github.com/acme/app#12":                               12,
		"app#12":                                               0,
		"other/app#12":                                         0,
		"https://github.com/acme/app-2/issues/12":              0,
		"https://github.com.evil.example/acme/app/issues/12":   0,
		"https://evil.example/github.com/acme/app/issues/12":   0,
		"https://gitlab.com/acme/app/-/issues/12":              0,
		"https://github.com@evil.example/acme/app/issues/12":   0,
		"!12": 0, "ABC-12": 0, "#0": 0, "#012": 0, "": 0, "12": 0, "#": 0,
		"https://github.com/acme/app":                      0,
		"https://github.com/acme/app/issues/1234567890123": 0,
		"#1234567890": 0,
	} {
		if got := app.Issue(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
	if got := (Home{Host: "github.com"}).Issue("#12"); got != 0 {
		t.Errorf("of no repository: %d", got)
	}
	for text, want := range map[string]bool{"other/app#12": true, "https://tickets.example.org/t/7": false, "https://example.org/a/b/issues/7": true, "@ana": false} {
		if IsIssue(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}
