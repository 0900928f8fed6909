package commands

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxText  = 4000  // bytes of one typed line
	maxValue = 16000 // bytes of one field of a form
	maxShown = 40    // runes of what was typed that a refusal repeats
)

// clean refuses text that is too long, is no text, or holds control characters, and says where. Line breaks and tabs
// stay; all line breaks become one kind.
func clean(what, s string, limit int) (string, string) {
	if len(s) > limit {
		return "", fmt.Sprintf("%s is %d bytes long, more than %d", what, len(s), limit)
	}
	s = lineBreaks.Replace(s)
	n := 0
	for i, r := range s {
		n++
		if r == utf8.RuneError && strings.HasPrefix(s[i:], string(rune(utf8.RuneError))) {
			continue // the replacement character itself, typed or pasted
		}
		if r == utf8.RuneError {
			return "", fmt.Sprintf("%s is not valid UTF-8 at character %d: %s", what, n, workflows.Display(s[i:], maxShown))
		}
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", fmt.Sprintf("%s holds the control character %U at character %d", what, r, n)
		}
	}
	return s, ""
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// steering names the first character of s that is not seen but acts, such as a change of the direction of writing.
// Notes may hold them (some scripts need them, and showing escapes them); names and values may not.
func steering(s string) string {
	for _, r := range s {
		if workflows.Steers(r) && r != '\n' && r != '\t' {
			return fmt.Sprintf("%s holds %U, which cannot be seen", workflows.Display(s, maxShown), r)
		}
	}
	return ""
}

// markup is what chat makes of typed addresses and names: <mailto:a@b|a@b>, <https://x|text>, <#C012|general>,
// <@U012|ana>.
var markup = regexp.MustCompile(`<(?:mailto:([^|>\s]+)|(https?://[^|>\s]+)|#(\w+)|@!?(\w+))(?:\|([^<>]*))?>`)

var (
	unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
	reescaper = strings.NewReplacer("&amp;", "&amp;amp;", "&lt;", "&amp;lt;", "&gt;", "&amp;gt;")
)

// unwrap gives back what was typed before chat marked it up. A person keeps the id, which cannot be borrowed, a
// channel the name.
func unwrap(s string) string {
	s = markup.ReplaceAllStringFunc(s, func(m string) string {
		g := markup.FindStringSubmatch(m)
		switch {
		case g[1] != "" || g[2] != "":
			return g[1] + g[2]
		case g[4] != "":
			return "@" + g[4]
		case g[5] != "":
			return "#" + g[5]
		}
		return "#" + g[3]
	})
	return unescaper.Replace(s)
}

// wrap is the way back: unwrap(wrap(s)) is s. Text without markup stays as it is.
func wrap(s string) string {
	s = reescaper.Replace(s)
	if markup.MatchString(s) {
		s = strings.ReplaceAll(s, "<", "&lt;")
	}
	return s
}
