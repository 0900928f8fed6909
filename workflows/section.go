package workflows

import (
	"regexp"
	"slices"
	"strings"
)

var (
	releaseHeading = regexp.MustCompile(`^ {0,3}##[ \t]+(?:\[([^\]]*)\]|(\S+))`)
	higherHeading  = regexp.MustCompile(`^ {0,3}(#{1,2})(?:[ \t]|$)`)
	linkDefinition = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:[ \t]*\S`)
	versionName    = regexp.MustCompile(`^v?[0-9]`)
)

// Into is a change log, Keep a Changelog's way, with the section in it: in the place of the one of that version, else
// below what is not released yet, else above the newest version. Every other line stays as it is, and so do the ends of
// lines. Done twice it is done once.
func (c Changelog) Into(file string) string {
	section := c.lines()
	if strings.TrimSpace(strings.TrimPrefix(file, "\ufeff")) == "" {
		if !c.Head.IsZero() {
			section = append([]string{c.Head.String(), ""}, section...)
		}
		return strings.Join(section, "\n") + "\n"
	}
	end := ""
	if first, _, ok := strings.Cut(file, "\n"); ok && strings.HasSuffix(first, "\r") {
		end = "\r"
	}
	body, ended := strings.CutSuffix(file, "\n")
	lines := strings.Split(body, "\n")
	from, to := c.place(lines)
	if from == to && stands(section, lines) || from < to && stands(section, lines[from:min(from+len(section), len(lines))]) {
		return file
	}
	if from == to { // a new one, with an empty line on both sides
		if from > 0 && strings.TrimSpace(lines[from-1]) != "" {
			section = append([]string{""}, section...)
		}
		if from < len(lines) {
			section = append(section, "")
		} else if !ended {
			lines[from-1], ended = lines[from-1]+end, true
		}
	}
	for i := range section {
		section[i] += end
	}
	all := strings.Join(slices.Concat(lines[:from], section, lines[to:]), "\n")
	if ended {
		return all + "\n"
	}
	return strings.TrimSuffix(all, "\r")
}

// stands reports whether a section is there as it is. That counts even where its heading is taken for none, as in a file
// that does not end a comment.
func stands(section, lines []string) bool {
	for at := range lines {
		if len(section) <= len(lines)-at && slices.EqualFunc(section, lines[at:at+len(section)], func(a, b string) bool { return a == strings.TrimSuffix(b, "\r") }) {
			return true
		}
	}
	return false
}

// Has reports whether a change log has the section as it is.
func (c Changelog) Has(file string) bool {
	return c.Into(file) == file && strings.TrimSpace(file) != ""
}

// lines are those of the section as it is written: its heading is the only one of its rank, and it ends what it begins.
func (c Changelog) lines() []string {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(c.Section.String(), "\r", "")), "\n")
	inside := literally(lines)
	for i, l := range lines {
		if m := higherHeading.FindStringSubmatchIndex(l); i > 0 && m != nil && !inside[i] {
			lines[i] = l[:m[2]] + "###" + l[m[3]:]
		}
	}
	return append(lines, unfinished(lines)...)
}

// place is which lines the section replaces; none, where from and to are the same: it goes there.
func (c Changelog) place(lines []string) (from, to int) {
	inside, foot := literally(lines), footOf(lines)
	newest, unreleased := -1, -1
	for i, l := range lines[:foot] {
		name, ok := sectionOf(l)
		switch {
		case !ok || inside[i]:
		case sameVersion(name, c.Release.Version()):
			to = i + 1 + sectionEnd(lines[i+1:foot], inside[i+1:foot])
			for to > i+1 && strings.TrimSpace(lines[to-1]) == "" {
				to--
			}
			return i, to
		case strings.EqualFold(name, "unreleased") && unreleased < 0:
			unreleased = i
		case versionName.MatchString(name) && newest < 0:
			newest = i
		}
	}
	switch {
	case unreleased >= 0:
		from = unreleased + 1 + sectionEnd(lines[unreleased+1:foot], inside[unreleased+1:foot])
	case newest >= 0:
		from = newest
	default:
		from = foot
	}
	return from, from
}

// sectionEnd is how many lines belong to a section after its heading.
func sectionEnd(lines []string, inside []bool) int {
	for i, l := range lines {
		if higherHeading.MatchString(l) && !inside[i] {
			return i
		}
	}
	return len(lines)
}

// sectionOf is what a heading of a change log's section names: a version, or "Unreleased".
func sectionOf(line string) (name string, ok bool) {
	m := releaseHeading.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

func sameVersion(a, b string) bool { return strings.TrimPrefix(a, "v") == strings.TrimPrefix(b, "v") }

// footOf is where the definitions of links begin that end a change log.
func footOf(lines []string) int {
	foot := len(lines)
	for i := len(lines) - 1; i >= 0; i-- {
		switch l := strings.TrimSuffix(lines[i], "\r"); {
		case linkDefinition.MatchString(l):
			foot = i
		case strings.TrimSpace(l) != "":
			return foot
		}
	}
	return foot
}

// literally tells which lines stand within a code block or a comment that ends: what looks like a heading there is none.
func literally(lines []string) []bool {
	inside := make([]bool, len(lines))
	for i := 0; i < len(lines); i++ {
		n := 0
		if fence := fenceOf(lines[i]); fence != "" {
			n = slices.IndexFunc(lines[i+1:], func(l string) bool { return closes(fence, l) }) + 1
		} else if at := strings.LastIndex(lines[i], "<!--"); at >= 0 && !strings.Contains(lines[i][at:], "-->") {
			n = slices.IndexFunc(lines[i+1:], func(l string) bool { return strings.Contains(l, "-->") }) + 1
		}
		for ; n > 0; n-- {
			i++
			inside[i] = true
		}
	}
	return inside
}

// unfinished is what ends a code block or a comment that goes on beyond the last line: it would swallow what follows.
func unfinished(lines []string) []string {
	inside := literally(lines)
	for i, l := range lines {
		if inside[i] {
			continue
		}
		if fence := fenceOf(l); fence != "" && !slices.ContainsFunc(lines[i+1:], func(l string) bool { return closes(fence, l) }) {
			return []string{fence}
		}
		if at := strings.LastIndex(l, "<!--"); at >= 0 && !strings.Contains(strings.Join(lines[i:], "\n")[at:], "-->") {
			return []string{"-->"}
		}
	}
	return nil
}

var fencePattern = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})([^\r]*)\r?$")

// fenceOf is the fence of a code block that a line begins, or may end; empty: none.
func fenceOf(line string) string {
	m := fencePattern.FindStringSubmatch(line)
	if m == nil || m[1][0] == '`' && strings.Contains(m[2], "`") {
		return ""
	}
	return m[1]
}

func closes(fence, line string) bool {
	m := fencePattern.FindStringSubmatch(line)
	return m != nil && strings.TrimSpace(m[2]) == "" && m[1][0] == fence[0] && len(m[1]) >= len(fence)
}
