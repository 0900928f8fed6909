package notes

import (
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// section is a part of the notes, in the order in which users read them.
type section int

const (
	added section = iota
	fixed
	changed
	documented
	sections
	internal // of no interest to users
)

var titles = [sections]string{"New", "Fixed", "Changed", "Documentation"}

// kinds are the prefixes of Conventional Commits as people write them. Any other word before a colon is part of the
// subject.
var kinds = map[string]section{
	"feat": added, "feature": added,
	"fix": fixed, "bugfix": fixed, "hotfix": fixed, "security": fixed,
	"perf": changed, "revert": changed, "deprecate": changed,
	"docs": documented, "doc": documented,
	"chore": internal, "ci": internal, "test": internal, "tests": internal, "build": internal, "refactor": internal,
	"style": internal, "deps": internal, "release": internal,
}

var (
	conventional = regexp.MustCompile(`^([A-Za-z]+)(?:\(([^()]*)\))?(!)?:\s+(\S.*)$`)
	breaks       = regexp.MustCompile(`^BREAKING(?:[ -]CHANGE)?!?:?\s+`)
	reverts      = regexp.MustCompile(`^Revert "(.*)"(?: \(#\d+\))?$`)
	noise        = regexp.MustCompile(`^(?:Merge pull request #\d+ from |Merge (?:remote-tracking )?branch(?:es)? '|Merge (?:tag|commit) '|` +
		`Merged in \S+ \(pull request #\d+\)|(?:fixup|squash|amend)! )`)
)

// changes are the commits of a range as users see them; the lines are Markdown, one change each.
type changes struct {
	breaking []string
	lines    [sections][]string
	internal int
	sorted   bool // somebody wrote prefixes: the list falls into sections
}

// sift reads the subjects of commits, newest first. Subjects are other people's text: see plain.
func sift(log []workflows.Commit) changes {
	var c changes
	for _, commit := range standing(log) {
		if subject := strings.TrimSpace(commit.Subject); subject != "" && !noise.MatchString(subject) {
			c.add(subject)
		}
	}
	return c
}

func (c *changes) add(subject string) {
	at, scope, breaking := changed, "", strings.Contains(subject, "BREAKING")
	if m := conventional.FindStringSubmatch(subject); m != nil {
		if kind, known := kinds[strings.ToLower(m[1])]; known {
			at, scope, subject, c.sorted = kind, strings.TrimSpace(m[2]), m[4], true
			breaking = breaking || m[3] != ""
		}
	}
	subject = breaks.ReplaceAllString(subject, "")
	if m := reverts.FindStringSubmatch(subject); m != nil {
		subject = "Reverted: " + m[1]
	}
	if scope != "" {
		subject = scope + ": " + subject
	}
	line := "- " + plain(subject)
	switch {
	case breaking:
		c.breaking = append(c.breaking, line)
	case at == internal:
		c.internal++
	default:
		c.lines[at] = append(c.lines[at], line)
	}
}

// standing leaves out each commit that was reverted within the range, and its revert.
func standing(log []workflows.Commit) []workflows.Commit {
	gone := make([]bool, len(log))
	waiting := map[string][]int{} // reverts met so far, by the subject they take back
	for i, c := range log {
		if by := waiting[c.Subject]; len(by) > 0 {
			gone[i], gone[by[len(by)-1]] = true, true
			waiting[c.Subject] = by[:len(by)-1]
		} else if m := reverts.FindStringSubmatch(c.Subject); m != nil {
			waiting[m[1]] = append(waiting[m[1]], i)
		}
	}
	var out []workflows.Commit
	for i, c := range log {
		if !gone[i] {
			out = append(out, c)
		}
	}
	return out
}
