package notes

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// maxSubject is how many characters of a subject are shown.
const maxSubject = 200

var (
	entity    = regexp.MustCompile(`^&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);`)
	broadcast = regexp.MustCompile(`(?i)^@(?:everyone|here|channel)`)
	ordered   = regexp.MustCompile(`^[0-9]+[.)]`)
)

// plain writes other people's text as Markdown that shows exactly that text, in one line: no heading, list, emphasis,
// code, link label or HTML can come of it. A `<` and the @ of a broadcast become character references rather than
// backslash escapes, so that no chat platform finds its own tokens (<!channel>, <@U1>, <url|label>, @everyone) in the
// raw text either.
func plain(s string) string {
	s = strings.TrimSpace(workflows.Display(s, maxSubject))
	list := ordered.FindString(s)
	if list == "" && !strings.ContainsAny(s, "<&@\\`*[~|_") && !strings.ContainsAny(s[:min(1, len(s))], "#>+-") {
		return s // most of them: there is nothing to escape
	}
	var b strings.Builder
	b.Grow(len(s))
	before := ' '
	for i, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&' && entity.MatchString(s[i:]):
			b.WriteString("&amp;")
		case r == '@' && broadcast.MatchString(s[i:]):
			b.WriteString("&#64;")
		case strings.ContainsRune("\\`*[~|", r),
			r == '_' && (!wordy(before) || !wordy(after(s[i+1:]))),
			i == 0 && strings.ContainsRune("#>+-", r),
			list != "" && i == len(list)-1:
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

func after(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// wordy reports whether a rune keeps an underscore beside it from being emphasis.
func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
