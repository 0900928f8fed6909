package workflows

import (
	"regexp"
	"slices"
	"strings"
)

// maxClosing is how many references of one message are kept as what it closes.
const maxClosing = 5

var (
	closing  = regexp.MustCompile(`(?im)^[ \t]*(fix(?:e[sd])?|resolve[sd]?|close[sd]?)[ \t]*:?[ \t]+(\S+)`)
	breaking = regexp.MustCompile(`(?m)^BREAKING[ -]CHANGE:[ \t]*\S`)
)

// Closing finds what a commit's message says it fixes, in lines that begin with fixes, resolves or closes and the number
// of an issue. Where a message has both, what it fixes is the issue and what it closes the pull request that did: then
// only the former are given. A key of a tracker is none: it means nothing to who cannot read that tracker. Each is
// written as Mentions writes it.
func Closing(message string) []string {
	var fixed, closed []string
	for _, m := range closing.FindAllStringSubmatch(message[:min(len(message), maxMessage)], -1) {
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

// Breaking reports whether a commit's message has the line by which Conventional Commits say in the body that something
// breaks.
func Breaking(message string) bool {
	return breaking.MatchString(message[:min(len(message), maxMessage)])
}
