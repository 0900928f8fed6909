package release

import (
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Raise is a rule by which what a release touches raises its risk: any of its paths, or any of its labels.
type Raise struct {
	Paths  []string // patterns, as --paths has them
	Labels []string
	To     policy.Risk
}

// Raised finds the rule that raises the risk the most for changed files and labels, the first of those that raise it
// alike, and says what made it match: "a/migrations/1.sql", "label security". A pattern that is none matches nothing.
func Raised(rules []Raise, files, labels []string) (rule Raise, what string, ok bool) {
	for _, r := range rules {
		if ok && !r.To.Above(rule.To) {
			continue
		}
		if w := r.matches(files, labels); w != "" {
			rule, what, ok = r, w, true
		}
	}
	return rule, what, ok
}

// name is how a rule is remembered.
func (r Raise) name() string {
	return strings.Join(append(slices.Clone(r.Paths), r.Labels...), ",") + " → " + string(r.To)
}

func (r Raise) matches(files, labels []string) string {
	for _, text := range r.Paths {
		p, no := workflows.ParsePattern(text)
		if no != nil {
			continue
		}
		if i := slices.IndexFunc(files, p.Matches); i >= 0 {
			return files[i]
		}
	}
	for _, l := range r.Labels {
		if slices.ContainsFunc(labels, func(x string) bool { return strings.EqualFold(x, l) }) { // as trackers compare them
			return "label " + l
		}
	}
	return ""
}
