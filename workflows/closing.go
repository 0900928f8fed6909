package workflows

import (
	"regexp"
	"slices"
	"strings"
)

// maxClosing is how many references of one message are kept as what it closes.
const maxClosing = 5

var (
	closing  = regexp.MustCompile(`(?i)^[ \t]*(fix(?:e[sd])?|resolve[sd]?|close[sd]?)[ \t]*:?[ \t]+(\S+)`)
	breaking = regexp.MustCompile(`(?m)^BREAKING[ -]CHANGE:[ \t]*\S`)
)

// Closing finds what a commit's message says it fixes, in lines that begin with fixes, resolves or closes and the number
// of an issue. Where a message has both, what it fixes is the issue and what it closes the pull request that did: then
// only the former are given. A key of a tracker is none: it means nothing to who cannot read that tracker. Each is
// written as Mentions writes it.
func Closing(message string) []string {
	var fixed, closed []string
	for line := range strings.SplitSeq(message[:min(len(message), maxMessage)], "\n") {
		m := closer(line)
		if m == nil {
			continue
		}
		refs := Mentions(m[2])
		if len(refs) != 1 || !strings.ContainsAny(refs[0], "#!") || strings.Contains(refs[0], "://") {
			continue
		}
		to := &fixed
		if strings.HasPrefix(strings.ToLower(m[1]), "close") {
			to = &closed
		}
		if len(*to) < maxClosing && !slices.Contains(*to, refs[0]) {
			*to = append(*to, refs[0])
		}
	}
	if len(fixed) > 0 {
		return fixed
	}
	return closed
}

// closer is what the pattern finds in a line. It is not asked where another letter begins the line than those of its words.
func closer(line string) []string {
	if word := strings.TrimLeft(line, " \t"); word == "" || strings.IndexByte("fFrRcC", word[0]) < 0 {
		return nil
	}
	return closing.FindStringSubmatch(line)
}

// Breaking reports whether a commit's message has the line by which Conventional Commits say in the body that something
// breaks.
func Breaking(message string) bool {
	message = message[:min(len(message), maxMessage)]
	return strings.Contains(message, "BREAKING") && breaking.MatchString(message)
}
