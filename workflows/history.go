package workflows

import "slices"

// Mentioned is what commits mention, each once, in their order: of a log, the newest first.
func Mentioned(log []Commit) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range log {
		for _, m := range c.Mentions {
			if !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out
}

// Written leaves of a log, whose commits have their files, what somebody wrote within the patterns. A merge that has no
// file of its own only joins what others wrote; one with changes of its own is like any other.
func Written(log []Commit, patterns []Pattern) []Commit {
	return slices.DeleteFunc(log, func(c Commit) bool {
		if c.Merge && len(c.Files) == 0 {
			return true
		}
		return len(patterns) > 0 && !slices.ContainsFunc(c.Files, func(f string) bool { return Selected(patterns, f) })
	})
}
