package workflows_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// What people write of one thing in several ways is one reference.
func TestReference(t *testing.T) {
	for want, all := range map[string][]string{
		"#12": {"#12", " #12 ", "GH-12", "acme/app#12", "https://github.com/acme/app/issues/12", "http://github.com/acme/app/pull/12/files", "https://git.example.org/a/b/c/-/issues/12",
			"https://git.example.org/a/b/-/work_items/12", "https://code.example.org/a/b/pulls/12", "https://github.com/acme/app/issues/12#issuecomment-7", "https://github.com/acme/app/issues/12?x=1"},
		"!12":                                    {"!12", "acme/app!12", "https://git.example.org/a/b/-/merge_requests/12"},
		"ABC-12":                                 {"ABC-12", "abc-12", "https://jira.example.org/browse/ABC-12", "https://linear.example.org/acme/issue/abc-12/save-as-a-file", "https://you.example.org/issues/ABC-12"},
		"https://example.org/wishes/Speed?n=1":   {"https://Example.org/wishes/Speed/?n=1", "http://example.org/wishes/Speed?n=1#top"},
		"https://github.com/acme/app/issues":     {"https://github.com/acme/app/issues"},
		"https://github.com/acme/app/issues/012": {"https://github.com/acme/app/issues/012"},
		"https://github.com":                     {"https://github.com", "https://github.com/"},
		"":                                       {"", "12", "#0", "#012", "#12a", "#1234567890", "words", "app@invoices", "ABC-0", "A-1", "ftp://example.org/issues/12", "https://", "https:///x", "UTF-", "https://a b/"},
	} {
		for _, text := range all {
			if got := workflows.Reference(text); got != want {
				t.Errorf("Reference(%q) = %q, want %q", text, got, want)
			}
		}
	}
}

// Two addresses of two repositories are two things, though their numbers are the same.
func TestSameReference(t *testing.T) {
	const address = "https://github.com/acme/app/issues/12"
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{address, "#12", true},
		{address, "acme/app#12", true},
		{address, "github.com/acme/app#12", true},
		{address, "https://GitHub.com/Acme/App/pull/12", true},
		{address, "https://github.com/other/app/issues/12", false},
		{address, "other/app#12", false},
		{address, "xacme/app#12", false},
		{address, "#13", false},
		{"!12", "#12", false},
		{"ABC-12", "https://jira.example.org/browse/ABC-12", true},
		{"", "", false},
		{"words", "words", false},
	} {
		if got := workflows.SameReference(c.a, c.b); got != c.want || workflows.SameReference(c.b, c.a) != c.want {
			t.Errorf("SameReference(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

// References are found wherever they stand in a message; what only looks like one harms nobody.
func TestMentions(t *testing.T) {
	for message, want := range map[string][]string{
		"fix: totals (#12)": {"#12"},
		"fix totals\n\nCloses: #12, #13 and #12.\nRefs: ABC-7":       {"#12", "#13", "ABC-7"},
		"See merge request acme/app!4":                               {"acme/app!4"},
		"Merge pull request #9 from ben/abc-12":                      {"#9"},
		"see <https://github.com/acme/app/issues/12>, (acme/lib#3).": {"github.com/acme/app#12", "acme/lib#3"},
		"[DEF-1] and https://jira.example.org/browse/DEF-1: once":    {"DEF-1"},
		"a color of #123456789012, a##1b, x#7y, and nothing else":    nil,
		"see https://example.org/wishes/speed.":                      {"https://example.org/wishes/speed"},
		"nothing at all":                                             nil,
		"GH-5":                                                       {"#5"},
		strings.Repeat("x", 70<<10) + " #1":                          nil,
		strings.Repeat("\xff", 1000) + " #2":                         {"#2"},
	} {
		if diff := cmp.Diff(want, workflows.Mentions(message)); diff != "" {
			t.Errorf("%.80q: %s", message, diff)
		}
	}
	var many strings.Builder
	for i := range 200 {
		many.WriteString(" #1" + strings.Repeat("0", i%3) + strings.Repeat("1", i%6))
		many.WriteString(" ABC-1" + strings.Repeat("0", i%8))
		many.WriteString(" X" + string(rune('A'+i%26)) + "-" + string(rune('1'+i%9)))
	}
	if n := len(workflows.Mentions(many.String())); n != 50 {
		t.Errorf("%d mentions of one commit", n)
	}
}

// FuzzReference: what is canonical stays as it is, and a mention is what its reference is compared with.
func FuzzReference(f *testing.F) {
	for _, s := range []string{"#12", "a/b#1", "https://github.com/a/b/issues/1", "https://x/-/issues/1", "https://x/issues/1", "ABC-1", "https://é/ü?q=#x", "!1", "https://x//issues/9/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := workflows.Reference(s)
		if again := workflows.Reference(key); again != key {
			t.Errorf("%q is %q, and that %q", s, key, again)
		}
		if workflows.SameReference(s, s) != (key != "") {
			t.Errorf("%q is not itself", s)
		}
		for _, m := range workflows.Mentions(s) {
			if workflows.Reference(m) == "" || !workflows.SameReference(m, m) {
				t.Errorf("%q mentions %q, which is nothing", s, m)
			}
		}
	})
}
