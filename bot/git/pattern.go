package git

import "github.com/readyroom/readyroom/workflows"

// compile refuses a pattern that is none.
func compile(texts []string) ([]workflows.Pattern, error) {
	var out []workflows.Pattern
	for _, text := range texts {
		p, no := workflows.ParsePattern(text)
		if no != nil {
			return nil, no
		}
		out = append(out, p)
	}
	return out, nil
}

// under reports whether any pattern selects a path; without patterns every path is.
func under(patterns []workflows.Pattern, name string) bool {
	for _, p := range patterns {
		if p.Matches(name) {
			return true
		}
	}
	return len(patterns) == 0
}
