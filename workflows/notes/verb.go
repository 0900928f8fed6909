package notes

import (
	"regexp"
	"strings"
)

// verbs are the words that say what a change is where a subject begins with the part of the program that it is in, as git,
// Go, curl and Linux write: "lib: fix a leak", "net: ethernet: ti: Add a driver".
var verbs = map[string]string{
	"fix": fixed, "fixes": fixed, "fixed": fixed,
	"add": added, "adds": added, "added": added,
	"implement": added, "implements": added, "implemented": added,
	"introduce": added, "introduces": added, "introduced": added,
	"remove": removed, "removes": removed, "removed": removed,
	"deprecate": deprecated, "deprecates": deprecated, "deprecated": deprecated,
}

const (
	maxParts = 4 // parts within parts
	maxVerb  = len("implemented")
)

var (
	part = regexp.MustCompile(`^[A-Za-z0-9_.][\w./,+*-]*$`)
	// within is about the program's text, or what checks it: whoever uses it sees nothing of that.
	within = regexp.MustCompile(`(?i)\b(?:tests?|test ?cases?|comments?|typos?|warnings?|asserts?|assertions?|todos?|indent(?:ation|ing)?|white ?space|spelling|formatting|refactor\w*)\b`)
	// missing is what makes of an addition a repair, and unused what makes of a removal one that nobody misses.
	missing = regexp.MustCompile(`(?i)^(?:an? |the |some |more )?(?:missing|lacking|forgotten|(?:null|nil|bounds|sanity|error) checks?)\b`)
	unused  = regexp.MustCompile(`(?i)\b(?:unused|unneeded|unnecessary|unreachable|needless|redundant|superfluous|duplicated?|dead|stray|leftovers?|extra|useless|obsolete|trailing|pointless|no longer (?:used|needed))\b`)
)

// deed is the section of what a subject says was done in a part of the program, by its verb. It is empty where there is no
// part, another verb, or more to it than the verb says.
func deed(subject string) string {
	rest, depth := subject, 0
	for {
		name, after, is := strings.Cut(rest, ": ")
		if !is || len(name) > maxName || !part.MatchString(name) || depth == maxParts {
			break
		}
		rest, depth = strings.TrimLeft(after, " "), depth+1
	}
	verb, object, _ := strings.Cut(rest, " ")
	if depth == 0 || len(verb) > maxVerb || strings.TrimSpace(object) == "" {
		return ""
	}
	title := verbs[strings.ToLower(verb)]
	switch {
	case title == "" || within.MatchString(object), title == added && missing.MatchString(object), title == removed && unused.MatchString(object):
		return ""
	}
	return title
}
