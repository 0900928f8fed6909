package workflows

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// messages are made of what patterns look for, of what ends it, and of what looks like either.
func messages() *rapid.Generator[string] {
	parts := rapid.SampledFrom([]string{
		"fix", "Fixes", "fixe\u017f", "RESOLVED", "re\u017folve", "close", "closed", "Closing", ":", " ", "  ", "\t", "\n", "\r\n", "\f", "\v", "\u0085", "\u00a0", "\xff", "é",
		"#", "!", "#1", "#12", "!7", "#0", "#1234567890", "GH-5", "UTF-8", "ABC-12", "a_B-1", "-", "_", "/", ".", ",", "(", ")", "<", ">", "`", "|", "12", "x", "acme/app#3",
		"http://", "https://github.com/acme/app/issues/9", "://", ":/", "BREAKING CHANGE: x", "BREAKING-CHANGE:", "BREAKING",
		"Co-authored-by:", "co-AUTHORED-by: ", "Ben <ben@example.org>", "<b@example.org>", "Co-", "authored-by:", "\n ", "\r\n\t",
	})
	lines := rapid.SampledFrom([]string{
		"\nRESOLVED #1", "\n\tfixes !2", "\r\nclose: ABC-3", "\nFixes\n#4", "a#b#5", "x\f#6", "\nBREAKING CHANGE: x", "\nCO-AUTHORED-BY: B <b@example.org>",
		"\nCo-authored-by:\n <b@example.org>", "\r\nco-authored-by: B <b@example.org>\r\n",
	})
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(parts, parts, lines), 0, 24), func(all []string) string { return strings.Join(all, "") })
}

// Not to look where nothing can be gives what looking everywhere gives.
func TestWhatIsPassedOverHoldsNothing(t *testing.T) {
	everywhere := regexp.MustCompile(`(?m)` + closing.String())
	numbered := regexp.MustCompile(`^(\S*)([#!])([1-9][0-9]{0,8})$`)
	rapid.Check(t, func(t *rapid.T) {
		text := messages().Draw(t, "text")
		var words []string
		for w := range pointing(text) {
			words = append(words, mention.FindAllString(w, -1)...)
		}
		if diff := cmp.Diff(mention.FindAllString(text, -1), words, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("mentions of %q (-everywhere +words):\n%s", text, diff)
		}
		var lines [][]string
		for l := range strings.SplitSeq(text, "\n") {
			if m := closer(l); m != nil {
				lines = append(lines, m)
			}
		}
		if diff := cmp.Diff(everywhere.FindAllStringSubmatch(text, -1), lines, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("what %q closes (-everywhere +lines):\n%s", text, diff)
		}
		if Breaking(text) != breaking.MatchString(text) {
			t.Errorf("Breaking(%q) = %v", text, Breaking(text))
		}
		if !authored(text) && coAuthor.MatchString(unfolded(text)) {
			t.Errorf("%q has a co-author", text)
		}
		short := strings.TrimSpace(text)
		m := numbered.FindStringSubmatch(short)
		if home, key := reference(short); m != nil && !strings.HasPrefix(short, "http") && !slices.Equal([]string{strings.ToLower(strings.Trim(m[1], "/")), m[2] + m[3]}, []string{home, key}) ||
			m == nil && strings.ContainsAny(key, "#!") && !strings.Contains(short, "://") && !strings.HasPrefix(strings.ToUpper(short), "GH-") {
			t.Errorf("reference(%q) = %q %q", short, home, key)
		}
	})
}
