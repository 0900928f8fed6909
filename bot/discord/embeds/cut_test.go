package embeds

import "testing"

// TestQuotedStaysWhole: a title is taken apart between its own words only.
func TestQuotedStaysWhole(t *testing.T) {
	for _, tt := range []struct{ title, first, rest string }{
		{"@ben put it on hold: to look", "@ben put it on hold", "to look"},
		{"@ben set the candidate to 3f2a9c1 “docs: reminders”", "@ben set the candidate to 3f2a9c1 “docs: reminders”", ""},
		{"moved “a: b” to c: so", "moved “a: b” to c", "so"},
		{"never closed “a: b", "never closed “a: b", ""},
		{"", "", ""},
	} {
		if first, rest, _ := cutUnquoted(tt.title, ": "); first != tt.first || rest != tt.rest {
			t.Errorf("%q is cut into %q and %q", tt.title, first, rest)
		}
	}
}
