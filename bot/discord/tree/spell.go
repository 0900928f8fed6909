package tree

import (
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// Spell gives what writes the commands that a text tells people to type as they are named here: of those groups that are
// commands of their own, "/release notes draft" is "/notes draft". A command stands at the beginning, or behind the marks
// that cards put before one: what people say in their own words stays as it is.
func Spell(rows []chat.Command) func(string) string {
	var own []string
	for _, row := range rows {
		if at, ok := placed(row.Path); ok && at.top != root && !slices.Contains(own, regexp.QuoteMeta(at.top)) {
			own = append(own, regexp.QuoteMeta(at.top))
		}
	}
	if len(own) == 0 {
		return func(text string) string { return text }
	}
	hint := regexp.MustCompile(`(^|→ |· |: )/` + root + ` (` + strings.Join(own, "|") + `)\b`)
	return func(text string) string { return hint.ReplaceAllString(text, "${1}/${2}") }
}
