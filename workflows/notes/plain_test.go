package notes

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// tokens are what chat platforms and Markdown would act on, if it stood unescaped in a list item.
var tokens = regexp.MustCompile("(?i)<|@everyone|@here|@channel|\\]\\(|[*`~|]|(^|[^a-z0-9])_|_([^a-z0-9]|$)|^[#>+-]|^[0-9]+[.)]")

var escaped = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)

// FuzzPlain holds that what plain writes reads, as Markdown, exactly as the subject is displayed, and that no token is
// left.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"feat: one", "[a](b)", "<!channel>", "&lt;", "1. a", "#a", "a_b", "_a_", "@EveryOne", "\\*", "é_é", "\u202e", "a\nb", "&#64;", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, subject string) {
		got := plain(subject)
		want := strings.TrimSpace(workflows.Display(subject, maxSubject))
		if read := read(got); read != want {
			t.Errorf("plain(%q) = %q reads %q", subject, got, read)
		}
		if shown := workflows.Unmarked("- "+got, ""); want != "" && (len(shown) != 1 || shown[0] != "• "+want) {
			t.Errorf("plain(%q) = %q is shown as %q", subject, got, shown)
		}
		bare := escaped.ReplaceAllString(got, "!") // shown, and no more than that
		for _, m := range tokens.FindAllString(bare, -1) {
			if !strings.Contains(m, "](") && (!strings.Contains(m, "_") || !nonASCII(subject)) {
				t.Errorf("plain(%q) = %q holds %q", subject, got, m)
			}
		}
		if regexp.MustCompile(`(^|[^\\])(\\\\)*\[`).MatchString(got) {
			t.Errorf("plain(%q) = %q opens a link", subject, got)
		}
	})
}

// read undoes what Markdown undoes: backslash escapes and character references.
func read(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if m := escaped.FindString(s); m != "" && strings.HasPrefix(s, m) {
			b.WriteByte(m[1])
			s = s[2:]
			continue
		}
		if m := entity.FindString(s); m != "" {
			b.WriteString(html.UnescapeString(m))
			s = s[len(m):]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

func nonASCII(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 127 })
}
