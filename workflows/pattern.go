package workflows

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// maxPattern bounds what one pattern costs to match.
const maxPattern = 512

// Pattern selects paths of a repository's tree. Digests, logs, diffs and the rules that raise a risk all select by it,
// so that they cannot disagree: git's own commands each read patterns a little differently, and listing a tree reads
// none.
//
// A plain path is the file, or everything in the folder. With *, ? or [a-z] it must match the whole path: * stays
// within a folder, ** is any number of folders; a slash at the end, or /** there, means everything below.
type Pattern struct {
	text  string // as typed
	parts []string
}

// String gives the pattern as it was typed.
func (p Pattern) String() string { return p.text }

// ParsePattern refuses a text that is no pattern.
func ParsePattern(text string) (Pattern, *Refusal) {
	p, why := parsePattern(text)
	if why != "" {
		return Pattern{}, Refuse(Invalid, fmt.Sprintf("«%s» is no pattern of paths: %s", Display(text, 60), why)).
			Type("auth", "auth/**", "docs/*.md", "**/migrations/**")
	}
	return p, nil
}

func parsePattern(text string) (p Pattern, why string) {
	if strings.TrimSpace(text) == "" {
		return p, "it is empty"
	}
	if len(text) > maxPattern {
		return p, fmt.Sprintf("it is longer than %d bytes", maxPattern)
	}
	below := strings.HasSuffix(text, "/") || !strings.ContainsAny(text, `*?[\`)
	p.text = text
	for part := range strings.SplitSeq(text, "/") {
		switch _, err := path.Match(part, ""); {
		case err != nil:
			return p, "a bracket or backslash is not closed"
		case part == "..":
			return p, "it leaves the repository"
		case part == "" || part == ".":
		case part == "**" && len(p.parts) > 0 && p.parts[len(p.parts)-1] == "**":
		default:
			p.parts = append(p.parts, part)
		}
	}
	if below {
		p.parts = append(p.parts, "**")
	}
	return p, ""
}

// Matches reports whether a path of the tree is selected. A trailing ** also matches the path before it, so that a
// folder that became a file, or a submodule, is still under its name.
func (p Pattern) Matches(name string) bool {
	segments := strings.Split(name, "/")
	// reach[i]: the parts so far match the first i segments
	reach := make([]bool, len(segments)+1)
	reach[0] = true
	for _, part := range p.parts {
		next := make([]bool, len(reach))
		for i := range reach {
			switch {
			case part == "**":
				next[i] = reach[i] || i > 0 && next[i-1]
			case i > 0 && reach[i-1]:
				ok, err := path.Match(part, segments[i-1])
				next[i] = ok && err == nil
			}
		}
		reach = next
	}
	return reach[len(segments)]
}

// ParsePatterns reads patterns. Its error is a *Refusal.
func ParsePatterns(texts []string) ([]Pattern, error) {
	var out []Pattern
	for _, text := range texts {
		p, no := ParsePattern(text)
		if no != nil {
			return nil, no
		}
		out = append(out, p)
	}
	return out, nil
}

// Selected reports whether any pattern selects a path; without patterns every path is.
func Selected(patterns []Pattern, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p Pattern) bool { return p.Matches(name) })
}
